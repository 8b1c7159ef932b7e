"""A micro-inject: one message, one decision, and what it was worth."""

import streamlit as st

from domain.channel import CHANNELS
from services.actions import micro_injects
from ui import debriefing, parts, places, session
from ui.components import announce

app, me = session.here()
number = session.number("id") or 0
if not number:
    parts.title("One-minute check")
    parts.empty("Nothing waits for you here.")
    st.stop()
check = micro_injects.check(app, me, number)
parts.title(check.title, "One message, one decision.")
parts.exercise()
parts.prose(check.setting)
if check.inject is not None:
    parts.inject(
        "Now",
        CHANNELS[check.inject.channel],
        check.inject.title,
        check.inject.text,
        sender=check.inject.sender,
        lines=check.inject.lines,
    )


def answer(chosen: str) -> None:
    """Keep the answer."""
    session.act(micro_injects.answer, number, chosen, st.session_state.get("reason", ""))


parts.heading(check.ask)
if check.context:
    parts.prose(check.context)
if check.taken is None:
    st.text_input("Your reason (optional)", key="reason", placeholder="Because …", max_chars=300)
    parts.options(check.options, answer, key=f"check-{number}")
    announce(check.ask, focus="title", token=f"check-{number}")
else:
    with parts.card("answered", tone=debriefing.TONES[check.taken.rating]):
        parts.heading(check.taken.text, 3)
        parts.prose(check.taken.then)
        parts.prose(check.taken.why)
        if check.better is not None:
            parts.prose(f"**Better: {check.better.text}.** {check.better.why}")
    parts.saved()
    parts.go(places.ACTIONS.file, "My actions", key="actions")
    announce("Saved.", token=f"check-{number}-answered")
