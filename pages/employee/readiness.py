"""Own readiness: each skill with its interval, its reasons and until when it holds, and what to practise."""

import streamlit as st

from domain.readiness.rollup import CRITICAL
from domain.readiness.standing import Status
from services import readiness
from ui import explaining, parts, session

app, me = session.here()
own, now = readiness.own(app, me), app.now()
parts.title(*explaining.answer(own))
need = explaining.needed(own)
if need and need.practice:
    with parts.card("next", tone="info"):
        parts.heading(f"{need.skill.label} would gain most")
        parts.prose(need.skill.promise)
        explaining.practise(need.practice, key="practise")

known = [found for found in own.skills if found.now.status is not Status.NOT_ASSESSED]
rest = [found for found in own.skills if found not in known]
if known:
    parts.heading("Where you stand")
    for column, several in zip(st.columns(2, gap="medium"), (known[::2], known[1::2]), strict=True):
        with column:
            for found in several:
                explaining.skill(found, own.moved, now)
explaining.fades(own)
if rest:
    parts.heading("Not asked enough yet")
    first = " and ".join(found.skill.label for found in rest if found.skill in CRITICAL)
    parts.note(f"Three answers are needed to say anything.{f' Start with {first}.' if first else ''}")
    explaining.unknown(rest)
explaining.lately(own.moved)
with st.expander("How is this computed?"):
    parts.prose(explaining.COMPUTED)
