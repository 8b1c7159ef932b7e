"""Drawing the draft desk: the letter being written, what is still missing, and which sentences are false by now."""

from collections.abc import Callable, Sequence

import streamlit as st

from domain.exercise.view import Desk
from domain.letter import LONGEST
from domain.span import moment
from ui import parts
from ui.words import plain


def draft_desk(letters: Sequence[Desk], save: Callable[[str, str, int], None], *, key: str) -> None:
    """Every letter on the desk; `save(letter, text, version)` keeps what was written on top of that version."""
    if not letters:
        return
    parts.heading("Draft desk")
    for letter in letters:
        missing, untrue = letter.examined.missing, len(letter.examined.untrue)
        state = f"{missing} missing" if missing else "complete"
        wrong = f", {untrue} not true any more" if untrue else ""
        with st.expander(plain(f"{letter.title}: {state}{wrong}"), expanded=bool(untrue)):
            _letter(letter, save, key=f"{key}-{letter.id}")


def _letter(letter: Desk, save: Callable[[str, str, int], None], *, key: str) -> None:
    for found in letter.examined.untrue:
        with parts.card(f"untrue-{key}-{hash(found.sentence) & 0xFFFF}", tone="bad"):
            parts.note(f"Not true any more: “{found.sentence}”", icon="flag")
            parts.note(found.say)
    if letter.by:
        parts.note(f"Saved by {letter.by} at {moment(letter.t)}, version {letter.version}.", icon="check")
    if letter.may_write:
        field = f"{key}-{letter.version}"
        st.text_area("The letter", letter.text, key=field, max_chars=LONGEST, height=260)

        def keep() -> None:
            save(letter.id, st.session_state.get(field, ""), letter.version)

        st.button("Save the draft", key=f"{field}-save", on_click=keep)
    else:
        parts.prose(plain(letter.text))
    rows = [(each.text, "There" if each.there else "Missing", each.why) for each in letter.examined.elements]
    parts.table(
        ("What it must hold", "In the draft", "Why"),
        rows,
        caption=f"{letter.title}: what it must hold",
        hide_caption=True,
    )
    parts.note(
        "The desk looks for words that were written down beforehand. It cannot tell a good letter from a bad one."
    )
