"""The facilitator's console: everything that runs an exercise, on one screen."""

import streamlit as st

from services.live import watch
from services.live.watch import Conducting
from ui import conducting, parts, places, planning, pushed, run_sheet, session

app, me = session.here()
number = session.number("exercise")
if number is None:
    parts.title("Console")
    parts.empty("Choose an exercise first.", sample="Its console opens from the list.")
    parts.go(places.EXERCISES.file, "Live exercises", key="exercises")
    st.stop()


def draw(shown: Conducting) -> None:
    """The whole console, in places that are always there: nothing that somebody types into moves."""
    view = shown.console
    head, bar, clocks, body = (st.container(key=f"console-{name}") for name in ("head", "bar", "clocks", "body"))
    with head, st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        parts.title(shown.seen.live.title)
        with parts.actions("pace"):
            conducting.pace(shown)
            planning.windows(shown.seen.live.id)
    with bar:
        conducting.badges(shown)
        if view.phase == "ended":
            conducting.over(shown)
            return
        if view.phase == "planned":
            planning.start(shown.seen.live.id, shown.scenario)
        conducting.undo(shown)
    with clocks:
        conducting.strip(shown, 6)
    with body:
        left, middle, right = st.columns([5, 4, 3], gap="medium")
    with left:
        now, votes, log = (st.container(key=f"console-{name}") for name in ("now", "votes", "log"))
        with now:
            conducting.on_screen(view)
        with votes:
            conducting.votes(shown)
        with log:
            conducting.log(shown)
    with middle:
        sheet, more, later = (st.container(key=f"console-{name}") for name in ("sheet", "improvise", "later"))
        with sheet:
            run_sheet.sheet(shown)
        with more:
            run_sheet.improvise(shown)
        with later:
            run_sheet.rest(shown)
    with right:
        room, time, drafts, last = (st.container(key=f"console-{n}") for n in ("room", "time", "drafts", "last"))
        with room:
            conducting.people(shown)
        with time:
            run_sheet.time_and_facts(shown)
        with drafts:
            run_sheet.drafts(shown)
        with last:
            run_sheet.hand_over(shown)
    conducting.news(shown)


pushed.pushed(number, watch.facilitator, draw)
