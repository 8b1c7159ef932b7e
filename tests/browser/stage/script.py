"""One part or component a scene; `?scene=` chooses. Every scene counts its runs, so that a rerun can be seen."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import streamlit as st
import yaml

from domain.drill import Artefact, Clue, HeadLine
from domain.grade import feedback
from domain.lesson import Exhibit
from domain.present import order as order_of
from domain.present import show, show_artefact, size
from domain.quiz import Quiz
from domain.respond import wrong
from domain.spot import judge
from ui import parts
from ui.answering import ask, explain
from ui.components import Cell, Face, announce, artefact, clock, debrief, heatmap, live, match, order, tick, ticked

ROOT = Path(__file__).resolve().parents[3]
NASTY = "<img src=x onerror=alert(1)> **b** [l](http://elsewhere.example) www.elsewhere.example k@elsewhere.example :red[r] $x$"
MAIL = Artefact(
    id="export",
    kind="mail",
    title="Monday 08:12, your inbox",
    difficulty="moderate",
    because="Two cues, and an export is expected.",
    head=(HeadLine(label="From", text="[[sender|IT Service <it@c1inics.example>]]"),),
    body=f"Hi Kim,\n\nplease confirm with your [[password|usual password]]. {NASTY}\n\n[[wish|Have a nice day]]",
    clues=(
        Clue(id="sender", real=True, why="The digit 1 stands where an l should be."),
        Clue(id="password", real=True, why="Nobody needs your password."),
        Clue(id="wish", real=False, why="Everybody writes that."),
    ),
    verdict="breach",
    affects=("confidentiality",),
    why="It asks for your password.",
)
EVERY = Quiz.model_validate(
    yaml.safe_load((ROOT / "tests/every_kind/quizzes/every-kind.yaml").read_text(encoding="utf-8"))
)
FILLED = {"numeric", "text", "bins", "cloze", "clues", "rubric"}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
state = st.session_state


def nothing() -> None:
    pass


def told(text: str) -> None:
    st.markdown(f"`{text}`")


st.html(f"<style>{(ROOT / 'ui' / 'style.css').read_text(encoding='utf-8')}</style>")
parts.logo()
scene = st.query_params.get("scene", "parts")
state.runs = state.get("runs", 0) + 1

if scene == "parts":
    parts.title("Good morning", "One step today.")
    parts.exercise(parts.Badge("4 min", "plain", "clock"), parts.Badge("Overdue 3 days", "bad", "due"))
    parts.progress(3, 6, nothing)
    parts.question(
        "What do you do first?",
        title="The wrong *Anna*",
        exhibit=Exhibit(label="The mail", lines=("To: anna@paperworks.example",)),
    )
    parts.options([("a", NASTY), ("b", "Call the hotline")], lambda choice: state.update(taken=choice), key="q")
    with (
        parts.feedback("not_yet", "It hides the breach.", taken=NASTY, better="Call.", rule="GDPR Art. 33", key="q"),
        parts.actions("q"),
    ):
        st.button("Continue", type="primary")
    parts.heading(NASTY)
    parts.figures(parts.Figure("Ready", "112 / 164", "+14", "good"), parts.Figure("Overdue", "9", "+2", "bad"))
    parts.meter("Spot", 0.74, target=0.8, note="Asked in October.")
    parts.table(["Person", "Share"], [["A. Berg", "35 %"], [NASTY, "77 %"]], caption="People")
    parts.screen(
        "Count *from* now", "GDPR says **72 hours**. [Read it](https://elsewhere.example/a).\n\n- one\n- `two*`", None
    )
    parts.inject("T+25m", "Press", "A journalist asks", NASTY, sender="Harbour Post")
    parts.timeline([parts.Moment("14:07", "First report", "Team", "good")], caption="What happened")
    parts.empty("Nothing here yet.", sample="Finish a module.", action="Start")
    parts.note("Only you see your answers.", "lock")
    parts.saved()
    st.segmented_control("Range", ["30 days", "Year"], default="Year")
    st.caption("A caption")
    st.text_input("Reason", placeholder="Because …")
    told(f"taken {state.get('taken')}")
elif scene == "artefact":
    parts.title("Flag what feels wrong")
    with st.form("judge", border=False):
        flags = artefact(show_artefact(MAIL), key="mail")
        st.form_submit_button("Report it")
    told(f"flags {list(flags)} runs {state.runs}")
elif scene == "debrief":
    parts.title("What gave it away")
    debrief(show_artefact(MAIL), judge(MAIL, {"flags": [0, 2], "verdict": "report"}).pins, key="debrief")
elif scene == "clock":
    parts.title("Clocks")
    clock(
        [
            Face("Exercise time", NOON, "elapsed"),
            Face("Tell the authority", NOON + timedelta(hours=72), window=timedelta(hours=72), note="GDPR Art. 33"),
            Face("The journalist", NOON - timedelta(minutes=27)),
            Face("The insurer", NOON + timedelta(hours=2), window=timedelta(hours=4), met=NOON),
        ],
        now=NOON,
        speed=60,
        key="clock",
    )
    told(f"runs {state.runs}")
elif scene == "paused":
    parts.title("Clocks")
    clock([Face("Tell the authority", NOON + timedelta(hours=1))], now=NOON, speed=60, running=False, key="clock")
elif scene == "heatmap":
    parts.title("Where is the gap?")
    teams = [("care", "Care"), ("board", "Board")]
    skills = [("spot", "Spot"), ("report", "Report")]
    cells = {
        ("care", "spot"): Cell(0.91, coverage="18 of 20"),
        ("care", "report"): Cell(0.4, coverage="9 of 20"),
        ("board", "spot"): Cell(None, "<5"),
        ("board", "report"): Cell(0.7, coverage="6 of 6"),
    }
    chosen = heatmap(
        teams,
        skills,
        cells,
        caption="Share verified ready",
        selected=state.get("cell"),
        key="map",
        on_select=lambda row, column: state.update(cell=(row, column)),
    )
    told(f"chosen {chosen} kept {state.get('cell')}")
elif scene == "answers":
    parts.title("Answers")

    def send() -> None:
        state.sent = ticked("ticks", 2)

    with st.form("answer", border=False):
        moved = order(["Report", "Clean up", NASTY], key="order")
        pairs = match(["Read by others", "Gone"], ["Confidentiality", "Availability"], key="pairs")
        ticks = tick(["Tell them", "Wait"], key="ticks")
        st.form_submit_button("Answer", on_click=send)
    told(f"order {list(moved)} pairs {list(pairs)} ticks {list(ticks)} sent {state.get('sent')} runs {state.runs}")
elif scene == "kinds":
    parts.title("Filled in")
    for question in EVERY.questions:
        if question.kind in FILLED and question.kind == st.query_params.get("only", question.kind):
            positions = order_of(1, question.id, size(question))

            def keep(response: dict[str, Any], sure: bool, name: str = question.id) -> None:
                state[f"kept-{name}"] = (response, sure)

            parts.heading(question.ask)
            ask(show(question, positions), question.id, keep)
            told(f"{question.id} {state.get(f'kept-{question.id}')}")
elif scene == "explained":
    parts.title("Explained")
    for question in EVERY.questions:
        positions = order_of(1, question.id, size(question))
        response = wrong(question, positions, Random(1))
        with explain(feedback(question, positions, response), question.id):
            pass
elif scene == "live":
    parts.title("News")

    @st.fragment
    def part() -> None:
        state.draws = state.get("draws", 0) + 1
        live(1, 5 if state.draws == 1 else 8, ["first@0"] if state.draws == 1 else ["first@0", "second@60"])
        told(f"draws {state.draws}")

    part()
elif scene == "announce":
    number, taken = state.setdefault("number", 1), state.get("taken")

    def pick(choice: str) -> None:
        state.taken = choice

    def go_on() -> None:
        state.update(number=number + 1, taken=None)

    parts.question(f"Question {number}")
    if taken is None:
        parts.options([("a", "Wait"), ("b", "Report")], pick, key=f"q{number}")
        announce(f"Question {number} of 6", focus="title", token=f"{number}")
    else:
        with parts.feedback("not_yet", "It hides the breach.", taken=taken, key=f"q{number}"):
            st.button("Continue", type="primary", on_click=go_on)
        announce("Not yet.", focus=f"feedback-q{number}", token=f"{number}-answered")
