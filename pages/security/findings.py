"""Findings of a finished exercise: record them, give actions, take the report."""

import streamlit as st

from services.actions import register
from ui import following_up, parts, places, session

app, me = session.here()
number = session.number("exercise") or 0
if not number:
    parts.title("Findings")
    parts.empty("Open a finished exercise first.", sample="Its findings and report are found from there.")
    st.stop()
found = register.worklist(app, me, number)
actions = [action for _, given in found.findings for action in given]
parts.title(
    f"{len(found.findings)} findings, {len(actions)} actions",
    "A finding says what the exercise showed. An action is closed by a re-test, not by its owner.",
)
parts.exercise()
with parts.actions("papers"):
    # Plain links: a paper is a file of this exercise, fetched from our own route.
    for kind, label in (("pdf", "Report (PDF)"), ("docx", "Report (Word)"), ("pdf?names=no", "PDF without names")):
        st.html(f'<a class="m-link" href="/papers/{number}/after-action.{kind}" target="_self">{label}</a>')
    parts.go(places.HOT_WASH.file, "Hot wash", key="wash", quiet=True, query={"exercise": str(number)})
    parts.go(places.REGISTER.file, "All actions", key="register", quiet=True)

for finding, given in found.findings:
    with parts.card(f"finding-{finding.id}"):
        seat = dict(found.seats).get(finding.seat, "the whole table")
        parts.badges(parts.Badge(finding.skill.label), parts.Badge(seat, icon="people"))
        parts.heading(finding.text, 3)
        rests = f"Rests on events {', '.join(map(str, finding.events))} of the log. " if finding.events else ""
        parts.note(f"{rests}Recorded by {finding.by}.")
        for action in given:
            parts.heading(action.text, 3)
            following_up.badges(action, overdue=action.overdue(app.now().date()))
        following_up.action_form(finding.id, found, app.now().date())
following_up.finding_form(number, found)
