"""The hot wash on one's own device: cards to three questions, players before observers, then dots."""

import secrets

import streamlit as st

from domain.hot_wash import DOTS, LONGEST, Card
from services import hot_wash
from ui import parts, places, session
from ui.words import plain

SAID = {
    "players": "Players speak first. Observers add theirs after that.",
    "observers": "Now observers add what they saw.",
    "dots": f"Give {DOTS} dots to what matters most.",
    "closed": "The hot wash is closed. Thank you.",
}
ON = {"players": "Open it for observers", "observers": "Collect cards, hand out dots", "dots": "Close the hot wash"}

exercise = session.number("exercise") or 0


def fresh(question: int) -> str:
    """The key of the card being written: the same until it is put up, so that a second click is the same card."""
    return str(st.session_state.setdefault(f"card-key-{question}", secrets.token_hex(8)))


def put(question: int) -> None:
    """Put up what was written, and clear the field once it is in the database."""
    field = f"card-{question}"
    if session.act(hot_wash.write, exercise, question, st.session_state.get(field, ""), key=fresh(question)):
        st.session_state[field] = ""
        st.session_state[f"card-key-{question}"] = secrets.token_hex(8)


def dot(card: Card) -> None:
    """Give the card a dot, or take it back."""
    session.act(hot_wash.dot, exercise, card.id, given=not card.dotted, key=secrets.token_hex(8))


@st.fragment(run_every="4s", key="cards")
def cards() -> None:
    """What the table has put up so far; asks again by itself."""
    app, me = session.arrive()
    seen = hot_wash.hot_wash(app, me, exercise)
    if seen.stage != stage:
        st.rerun()
    for place, question in enumerate(seen.questions):
        parts.heading(question)
        found = [card for card in seen.cards if card.question == place]
        if not found:
            parts.note("Nothing yet.")
        for card in found:
            who = "observer" if card.observer else "you" if card.mine else ""
            note = " · ".join(text for text in (who, f"{card.dots} dots" if card.dots else "") if text)
            parts.prose(f"{plain(card.text)}" + (f" *{note}*" if note else ""))
            if seen.stage == "dots":
                label = "Take the dot back" if card.dotted else "Give a dot"
                st.button(label, key=f"dot-{card.id}", on_click=dot, args=(card,), type="tertiary")


app, me = session.here()
wash = hot_wash.hot_wash(app, me, exercise)
stage = wash.stage
parts.title("Hot wash", SAID[stage])
left = [parts.Badge(f"{wash.dots_left} dots left")] if stage == "dots" else []
parts.exercise(*left)
if wash.may_write:
    with st.expander("Write a card", expanded=True):
        for place, question in enumerate(wash.questions):
            st.text_area(plain(question), key=f"card-{place}", max_chars=LONGEST, height=80)
            st.button("Put it up", key=f"put-{place}", on_click=put, args=(place,))
cards()
if wash.facilitator and stage in ON:
    act = (hot_wash.go_on, exercise, stage)
    st.button(ON[stage], type="primary", key=f"on-{stage}", on_click=session.act, args=act)
if wash.facilitator:
    parts.go(places.FINDINGS.file, "Findings and report", key="findings", query={"exercise": str(exercise)})
