"""The debrief of an exercise: the answer first, then the timeline, what each decision did, and what it says about you."""

import streamlit as st

from services import exercises
from ui import debriefing, parts, places, session

app, me = session.here()
number = session.number("id")
if number is None:
    parts.title("Debrief")
    parts.empty("Play an exercise first; its debrief stays here.")
    if places.EXERCISE.open_to(me.roles):
        parts.go(places.EXERCISE.file, "Open exercises", key="exercises")
    st.stop()

looking = exercises.debrief(app, me, number)
review = looking.review
title, lead = debriefing.answer(review)
parts.title(title, lead)
parts.exercise(*(parts.Badge(f"{label}: {value}") for label, value in review.dials))
debriefing.figures(review)
with parts.actions("next"):
    if places.READINESS.open_to(me.roles) and looking.evidence:
        parts.go(places.READINESS.file, "See what it did to your readiness", key="readiness", icon="readiness")
    if looking.exercise.mode == "live":
        parts.go(places.HOT_WASH.file, "Hot wash", key="wash", quiet=True, query={"exercise": str(number)})
    if places.EXERCISE.open_to(me.roles):
        parts.go(places.EXERCISE.file, "Play another", key="again", quiet=True)

time, decisions, skills = st.tabs(["Deadlines and timeline", "Decisions", "Skills and objectives"])
with time:
    debriefing.deadlines(review)
    debriefing.timeline(review)
    debriefing.people(review, looking.names)
with decisions:
    parts.heading("Decisions")
    for verdict in review.verdicts:
        debriefing.verdict(review, verdict, looking.votes.get(verdict.decision.id), looking.names)
with skills:
    debriefing.steps(review)
    debriefing.objectives(review)
    debriefing.learnt(looking.evidence, looking.part)
parts.heading("Hot wash")
debriefing.hot_wash(review)
