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
        with st.expander(plain(f"{letter.title}: {state}{wrong}"), expanded=bool(untrue), key=f"{key}-{letter.id}-box"):
            _letter(letter, save, key=f"{key}-{letter.id}")


def _letter(letter: Desk, save: Callable[[str, str, int], None], *, key: str) -> None:
    with st.container(key=f"{key}-said"):  # always there, so that the field below keeps its place
        for found in letter.examined.untrue:
            with parts.card(f"untrue-{key}-{hash(found.sentence) & 0xFFFF}", tone="bad"):
                parts.note(f"Not true any more: “{found.sentence}”", icon="flag")
                parts.note(found.say)
        if letter.by:
            parts.note(f"Saved by {letter.by} at {moment(letter.t)}, version {letter.version}.", icon="check")
    if letter.may_write:
        _write(letter, save, key=key)
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


def _write(letter: Desk, save: Callable[[str, str, int], None], *, key: str) -> None:
    """The field. What is being written stays there when somebody else saves meanwhile: theirs is shown beside it."""
    state = st.session_state
    begun: int = state.setdefault(f"{key}-begun", letter.version)
    if begun != letter.version and str(state.get(f"{key}-{begun}", "")).strip() == letter.text:
        begun = state[f"{key}-begun"] = letter.version  # it is our own that was saved
    field = f"{key}-{begun}"
    with st.container(key=f"{key}-newer"):
        if begun != letter.version:
            with parts.card(f"newer-{key}", tone="warn"):
                parts.note(f"{letter.by} has saved a newer version than yours. What you are writing stays below.")
                for line in letter.text.split("\n"):
                    parts.note(line)
    first = state.setdefault(f"{field}-first", letter.text)
    st.text_area("The letter", first, key=field, max_chars=LONGEST, height=260)

    def newest() -> None:
        del state[f"{key}-begun"]

    def keep() -> None:
        save(letter.id, state.get(field) or "", begun)

    if begun == letter.version:
        st.button("Save the draft", key=f"{key}-save", on_click=keep)
    else:
        st.button("Take the newest version", key=f"{key}-newest", on_click=newest)
