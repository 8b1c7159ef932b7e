"""Content: problems and what the app does meanwhile, what learners flagged, what trains which skill, every file."""

import streamlit as st

from services import content
from ui import parts, session

USE = {"good": "In use", "kept": "Last good version in use", "absent": "Not in the app"}

app, me = session.here()
health = content.content_health(app, me)
parts.title(health.answer, "Content is files in content/ and quizzes/. A broken file never replaces a good one.")
parts.figures(*(parts.Figure(kind.capitalize(), str(count)) for kind, count in sorted(health.in_use.items())))

parts.heading("Problems")
if health.troubles:
    parts.table(
        ("Where", "Code", "What is wrong", "Meanwhile"),
        [(t.place, t.problem.code, t.problem.message, t.meanwhile) for t in health.troubles],
        caption="Mend these in an editor; the app reads a changed file within seconds. docs/problems.md explains codes.",
    )
else:
    parts.empty("No problems.", sample="A mistake would be listed as file:line:column with what to do about it.")

parts.heading("Flagged by learners")
if not health.flags:
    parts.empty("Nothing is flagged.", sample="Every lesson, question and drill has a button to flag a problem.")
for flag in health.flags:
    with parts.card(f"flag-{flag.id}"):
        parts.heading(f"{flag.kind.capitalize()} {flag.slug}, {flag.item}", 3)
        parts.note(f"“{flag.note}” · {parts.local(flag.at):%d %b, %H:%M}")
        st.button(
            "Dealt with",
            key=f"resolve-{flag.id}",
            on_click=session.act,
            args=(content.resolve_flag, flag.id),
            icon=":material/check:",
        )

parts.heading("What trains which skill")
parts.table(
    ("Skill", "Modules", "Lessons", "Questions", "Practice", "Decisions"),
    [
        (c.skill.label, str(c.modules), str(c.lessons), str(c.questions), str(c.artefacts), str(c.decisions))
        for c in health.coverage
    ],
    caption="Counted over what is in use: practice is artefacts to judge and situations to report.",
)

parts.heading("Files")
for kind in sorted({state.kind for state in health.files}):
    states = [state for state in health.files if state.kind == kind]
    broken = sum(state.use != "good" for state in states)
    with st.expander(f"{kind.capitalize()} ({len(states)})", expanded=bool(broken)):
        parts.table(
            ("File", "State", "Since"),
            [(s.file, USE[s.use], f"{parts.local(s.since):%d %b, %H:%M}" if s.since else "") for s in states],
            caption=f"Files of kind {kind}",
            hide_caption=True,
        )
