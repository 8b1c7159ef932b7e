"""The fields of a question that is filled in: typed, or chosen part by part, with Streamlit's own widgets.

They stand in a form, so that nothing is sent before its button is pressed; what was filled in outlives a refusal.
"""

from typing import Any

import streamlit as st

from domain.present import Shown
from domain.typed import LONG, SHORT
from ui import parts


def fields(shown: Shown, key: str) -> None:
    """Draw the fields of a numeric, text, rubric, bins or cloze question."""
    match shown.kind:
        case "numeric":
            label = f"Your answer, in {parts.plain(shown.unit)}" if shown.unit else "Your answer, a number"
            st.text_input(label, key=key, max_chars=SHORT, autocomplete="off", width=320)
        case "text":
            st.text_input("Your answer, in a few words", key=key, max_chars=SHORT, autocomplete="off")
        case "rubric":
            st.text_area("Your text", key=key, max_chars=LONG, height=220)
            parts.note("It is checked for what it must hold, by the words it uses.")
        case "bins":
            for number, item in enumerate(shown.options):
                _pick(item, shown.bins, f"{key}-{number}")
        case "cloze":
            parts.prose(shown.text)
            for number, options in enumerate(shown.gaps):
                label = f"Gap {number + 1}"
                if options:
                    _pick(label, options, f"{key}-{number}")
                else:
                    st.text_input(label, key=f"{key}-{number}", max_chars=SHORT, autocomplete="off")


def _pick(label: str, options: tuple[str, ...], key: str) -> None:
    st.radio(
        parts.plain(label),
        range(len(options)),
        None,
        key=key,
        format_func=lambda number: parts.plain(options[number]),
        horizontal=True,
    )


def filled(shown: Shown, key: str) -> dict[str, Any]:
    """The response that the fields hold, for a callback; None where nothing was chosen."""
    state = st.session_state
    match shown.kind:
        case "numeric":
            return {"number": state.get(key, "")}
        case "bins":
            return {"bins": [state.get(f"{key}-{number}") for number in range(len(shown.options))]}
        case "cloze":
            return {"gaps": [state.get(f"{key}-{number}") for number in range(len(shown.gaps))]}
        case _:
            return {"text": state.get(key, "")}
