"""A spot drill: flag what looks wrong, give the verdict, read the pins."""

import streamlit as st

from domain.present import ShownArtefact
from domain.refusal import Refused
from services import drills
from ui import answering, parts, places, session
from ui.components import announce, artefact, debrief, flagged
from ui.flagging import flag

app, me = session.here()
slug = st.query_params.get("slug", "")


def begin() -> None:
    """Start, or go on where it was left."""
    session.act(drills.begin, slug)


try:
    view = drills.spot_drill(app, me, slug)
except Refused:
    drill = app.content().drills.get(slug)
    if drill is None:
        raise
    note = "Some of what you will see is harmless. Flag what looks wrong, then say what you would do."
    answering.start(drill.title, drill.summary, note, begin)
    st.stop()

attempt, shown, result = view.attempt, view.shown, view.result
place, total = attempt.place, len(attempt.draw)


def go_on() -> None:
    """Leave this artefact."""
    session.act(drills.next_artefact, attempt.id, place)


if view.tally:
    tally = view.tally
    parts.title("Drill done", view.drill.title)
    parts.figures(
        parts.Figure("Spotted", f"{tally.hits} of {tally.to_report}", "worth reporting"),
        parts.Figure("False alarms", f"{tally.false_alarms} of {tally.harmless}", "harmless ones"),
    )
    parts.note("Both count: reporting everything is not spotting. When in doubt at work, report.")
    answering.after(begin)
    st.stop()
parts.progress(place + 1, total, places.HOME.file)
if shown is None:
    parts.title("This one was changed", "It is left out of your result.")
    st.button("Continue", type="primary", on_click=go_on)
    st.stop()

key = f"s-{attempt.id}-{shown.id}"
shown_at = st.session_state.setdefault(f"shown-{key}", app.now())
parts.title(shown.title, "Flag what looks wrong. Then decide.")
if result is None or view.artefact is None:

    def judge(item: ShownArtefact, verdict: str) -> None:
        """Keep the verdict with the flags."""
        response = {"flags": list(flagged(key, item)), "verdict": verdict}
        session.act(drills.judge, attempt.id, item.id, response, shown_at=shown_at)

    artefact(shown, key=key)
    with parts.actions("verdict"):
        st.button("Report it", type="primary", on_click=judge, args=(shown, "report"), icon=":material/flag:")
        st.button("It is harmless", on_click=judge, args=(shown, "harmless"))
    announce(f"Artefact {place + 1} of {total}", focus="title", token=f"{key}-asked")
else:
    with answering.judged(view.artefact, result), parts.actions("turn"):
        st.button(
            "Continue" if place + 1 < total else "See the result", type="primary", on_click=go_on, key=f"on-{key}"
        )
        flag("spot", slug, shown.id)
    debrief(shown, result.pins, key=f"{key}-pins")
    answering.sources_of(view.drill.sources, view.artefact.cites)
    parts.saved(view.receipt)
    announce("Right." if result.grade.right else "Not yet.", focus="feedback-said", token=key)
