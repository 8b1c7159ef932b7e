"""The facilitator's remote for a phone: the clock, the next inject, who is silent."""

import streamlit as st

from services.live import watch
from services.live.watch import Conducting
from ui import conducting, parts, places, planning, pushed, run_sheet, session

app, me = session.here()
number = session.number("exercise")
if number is None:
    parts.title("Remote")
    parts.empty("Choose an exercise first.", sample="Its remote opens from the console.")
    parts.go(places.EXERCISES.file, "Live exercises", key="exercises")
    st.stop()


def draw(shown: Conducting) -> None:
    """One thing under the other, the big button first."""
    view = shown.console
    head, clock, send, votes, last = (
        st.container(key=f"remote-{n}") for n in ("head", "clock", "send", "votes", "end")
    )
    with head:
        parts.title(shown.seen.live.title)
        conducting.badges(shown)
        if view.phase == "ended":
            conducting.over(shown)
            return
        if view.phase == "planned":
            planning.start(shown.seen.live.id, shown.scenario)
    with clock:
        conducting.strip(shown, 2)
    with send:
        run_sheet.send_next(shown, 2)
        conducting.undo(shown)
        conducting.pace(shown)
    with votes:
        for tally in view.tallies:
            with parts.card(f"tally-{tally.decision.id}", tone="info"):
                parts.heading(tally.decision.ask, 3)
                parts.note(f"{len(tally.ballots)} of {len(tally.ballots) + len(tally.silent)} voted")
                if tally.closed:
                    parts.note("Closed. The seat that leads writes down the decision, or you do on the console.")
                else:
                    conducting.silent(shown, tally)
                    conducting.close(shown, tally)
    with last:
        parts.go(places.CONSOLE.file, "Console", key="console", quiet=True, query={"exercise": str(shown.seen.live.id)})
    conducting.news(shown)


pushed.pushed(number, watch.facilitator, draw)
