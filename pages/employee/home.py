"""Home: one next step, the path behind it, and what is worth knowing today."""

from datetime import UTC, datetime, time

import streamlit as st

from services import learning, readiness
from ui import explaining, parts, places, session

app, me = session.here()
path = learning.path(app, me)
now = app.now()
todo = next((state for state in path if not state.done and (state.started or state.due_on)), None)
todo = todo or next((state for state in path if not state.done), None)
step = todo.next if todo else None

hour = parts.local(now).hour
greeting = "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"
mine = readiness.summary(app, me)
again = mine.refresher
lead = "Nothing is due. Well done."
if step:
    lead = f"One {step.minutes}-minute step is next."
elif again:
    lead = f"{again.practice.minutes} minutes keep you ready."
parts.title(f"{greeting}, {me.name.split()[0]}", lead)

left, right = st.columns([2, 1], gap="medium")
with left:
    if todo and step:
        with parts.card("next"):
            due = datetime.combine(todo.due_on, time(23, 59), UTC) if todo.due_on else None
            parts.badges(
                parts.Badge("Next up", "good", "next"),
                parts.Badge(f"{step.minutes} min", icon="clock"),
                *([parts.due(due, now)] if due else []),
            )
            parts.heading(step.title)
            parts.prose(todo.module.summary)
            label = "Continue" if step.started else "Start"
            parts.go(places.KINDS[step.kind].file, label, query={"slug": step.slug}, key="next")
    if again:
        with parts.card("refresher", tone="warn"):
            ends = f"ends on {explaining.day(again.until)}" if again.until else "has faded"
            parts.badges(
                parts.Badge("Refresher", "warn", "clock"), parts.Badge(f"{again.practice.minutes} min", icon="clock")
            )
            parts.heading(again.practice.title)
            parts.prose(f"Your readiness in **{again.skill.label}** {ends}. A few answers bring it back.")
            explaining.practise(again.practice, key="refresher")
    parts.heading("Your path")
    if not path:
        parts.empty("There are no modules yet.", sample="Your security team adds them as files in content/modules.")
    for state in path:
        result = f" · {parts.percent(state.result)}" if state.result is not None else ""
        right_text = f"Done{result}" if state.done else f"{state.minutes} min left"
        icon = "check" if state.done else "next" if state.started else "todo"
        skills = ", ".join(skill.label for skill in state.module.skills)
        parts.row(
            places.MODULE.file,
            state.module.title,
            sub=skills,
            right=right_text,
            icon=icon,
            query={"slug": state.slug},
            key=state.slug,
        )
with right:
    with parts.card("readiness"):
        parts.heading("Your readiness", 3)
        if mine.known:
            parts.meter(mine.title, mine.share, note=mine.sentence, target=mine.target)
        else:
            parts.note(f"{mine.title}. {mine.sentence}")
        parts.go(places.READINESS.file, "See why", icon="readiness", quiet=True, key="readiness")
    with parts.card("exercise"):
        parts.heading("Exercise", 3)
        parts.note("Play a breach from the first call to the debrief, alone, in about twenty minutes.")
        parts.go(places.EXERCISE.file, "Open exercises", icon="exercise", quiet=True, key="exercise")
