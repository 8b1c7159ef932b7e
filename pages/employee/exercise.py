"""Exercises: choose a scenario, and play it alone with bots on the other seats."""

import streamlit as st

from services import exercises
from services.live import plan
from ui import desk, parts, places, playing, session

app, me = session.here()
number = session.number("id") or 0

if not number:

    def start(slug: str) -> None:
        """Start, or go on where it was left."""
        seat, dials = playing.wishes(slug, app.content().scenarios[slug])
        begun = session.act(exercises.start, slug, seat=seat, dials=dials)
        if begun is not None:
            st.query_params["id"] = str(begun)

    parts.title("Exercises", "Play a breach from the first sign to the debrief. Colleagues who are not there are bots.")
    playing.invited(plan.mine(app, me))
    if not (found := exercises.offers(app, me)):
        parts.empty("There is no scenario yet.", sample="Your security team adds them as files in content/scenarios.")
    for each in found:
        playing.offer(each, start)
    playing.runs(exercises.mine(app, me))
    st.stop()

screen = exercises.screen(app, me, number)
view = screen.view
parts.title(view.title)
parts.exercise(parts.Badge(f"You are {view.seat.title}", icon="people"))
if view.phase == "ended":
    parts.note("This exercise is over.")
    parts.go(places.DEBRIEF.file, "Go to the debrief", key="debrief", query={"id": str(number)})
    st.stop()


def vote(decision: str, option: str, reason: str) -> None:
    """Vote blind."""
    session.act(exercises.vote, number, decision, option, reason, sure=playing.sure(f"x-{number}-{decision}"))


def decide(decision: str, option: str, why: str) -> None:
    """Decide for the team."""
    session.act(exercises.decide, number, decision, option, why)


def save(letter: str, text: str, version: int) -> None:
    """Keep a draft."""
    session.act(exercises.draft, number, letter, text, version)


def go_on() -> None:
    session.act(exercises.go_on, number, view.seq)


def stop() -> None:
    session.act(exercises.stop, number)


playing.strip(view, still="Waiting for you" if view.phase == "running" else "Paused")
if screen.decided and view.taken:
    playing.outcome(view.taken[-1])
elif view.messages:
    playing.message(view.messages[-1])
if view.asks:
    playing.ask(view.asks[0], key=f"x-{number}-{view.asks[0].id}", vote=vote, decide=decide)
else:
    label = "Continue" if screen.more else "End and debrief"
    st.button(label, type="primary", on_click=go_on, key=f"on-{view.seq}", shortcut="Alt+Enter")
parts.saved(screen.receipt)
desk.draft_desk(view.desk, save, key=f"d-{number}")
with st.expander("The setting, your seat and the table", expanded=view.seq < 8):
    playing.table(view)
with st.expander("Log"):
    playing.log(view)
    st.button("Stop here and go to the debrief", on_click=stop, type="tertiary", key="stop")
playing.focus(screen)
