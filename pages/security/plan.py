"""One planned exercise: who sits where, the lobby and its code, the start."""

import streamlit as st

from ui import parts, places, planning, pushed, session
from ui.planning import Planning

app, me = session.here()
number = session.number("exercise")
if number is None:
    parts.title("Plan")
    parts.empty("Choose an exercise first.", sample="Or plan one from the list.")
    parts.go(places.EXERCISES.file, "Live exercises", key="exercises")
    st.stop()


def draw(shown: Planning) -> None:
    """The plan, in places that are always there."""
    live = shown.lobby.live
    head, body = (st.container(key=f"plan-{name}") for name in ("head", "body"))
    with head:
        parts.title(live.title, planning.when(live.planned_for))
        planning.facts(shown)
        with parts.actions("ways"):
            parts.go(places.CONSOLE.file, "Console", key="console", quiet=True, query={"exercise": str(live.id)})
            planning.windows(live.id)
            if live.planned_for is not None:
                st.html(f'<a class="m-link" href="/live/{live.id}/invitation.ics" target="_self">Calendar (.ics)</a>')
    with body:
        left, right = st.columns([3, 2], gap="large")
    with left:
        planning.people(shown)
    with right:
        parts.heading("Lobby")
        lobby, start = (st.container(key=f"plan-{name}") for name in ("lobby", "start"))
        with lobby:
            planning.code(shown)
        with start:
            if live.status in {"planned", "lobby"}:
                planning.start(live.id, shown.lobby.scenario)
                parts.go(places.PAPER_RUN.file, "It was played on paper", key="paper", quiet=True,
                         query={"exercise": str(live.id)})  # fmt: skip


pushed.pushed(number, planning.read, draw)
