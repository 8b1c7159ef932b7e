"""A live exercise that was played on paper, typed in by whoever ran it."""

import streamlit as st

from services.live import plan, typed
from ui import parts, places, session, typing_in

app, me = session.here()
number = session.number("exercise")
mine = [each for each in plan.mine(app, me) if each.part == "facilitator"]
if number is None:
    parts.title("Typed in from paper", "Played with the printed pack? Type it in, and it counts like any other.")
    waiting = [each.live for each in mine if each.live.status in {"planned", "lobby"}]
    for live in waiting:
        query = {"exercise": str(live.id)}
        parts.row(places.PAPER_RUN.file, live.title, icon="log", query=query, key=f"paper-{live.id}")
    if not waiting:
        parts.empty("No exercise of yours waits to be played.", sample="Plan one first, in the variant of your pack.")
    st.stop()
shown = typed.to_type(app, me, number)
here = {"exercise": str(number)}
if shown.live.status == "ended":
    parts.title(shown.live.title, "It is over, and kept.")
    parts.exercise()
    with parts.actions("after"):
        parts.go(places.FINDINGS.file, "Findings and report", key="findings", query=here)
        parts.go(places.HOT_WASH.file, "Hot wash", key="wash", query=here, quiet=True)
    st.stop()
parts.title(shown.live.title, "As it was played on paper. Times are exercise time: T+1h20m, or just 1h20m.")
parts.exercise()
parts.note("An inject without a time came when the script says; a dash means that it was not sent.", icon="info")
left, right = st.columns(2)
facts = int(left.number_input("Lines for facts", 0, 40, 2, key="facts"))
seen = int(right.number_input("Lines for observations", 0, 60, 4, key="seen"))


def keep() -> None:
    """Keep all of it, or say what is wrong with which line."""
    run, began = typing_in.typed(shown, facts, seen), typing_in.began(app.now())
    if session.act(typed.type_in, number or 0, run, began=began, lasted=typing_in.lasted()):
        session.tell("The exercise is typed in, and over.")


with st.form("paper", border=False, enter_to_submit=False):
    typing_in.when(shown, app.now())
    typing_in.lines(shown)
    typing_in.more(shown, facts, seen)
    st.form_submit_button("Keep and end the exercise", type="primary", on_click=keep)
