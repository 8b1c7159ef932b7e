"""What comes with a message of an exercise, drawn as what it is: a mail, an article, a post, a log, a letter."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from ui.words import EXERCISE

KINDS: Mapping[str, str] = {
    "mail": "Mail",
    "press": "Article",
    "post": "Post",
    "log": "Log",
    "letter": "Letter",
    "chat": "Chat",
    "note": "Note",
}
"""What an attachment of each kind is called."""


def attachment(kind: str, head: Sequence[tuple[str, str]], body: str = "", lines: Sequence[str] = ()) -> None:
    """One artefact: what it is, its own head as label and text, what it says, its lines as they are. All plain text."""
    told = "".join(f"<li>{escape(label)}: {escape(text)}</li>" for label, text in head)
    told = f'<ul class="m-lines">{told}</ul>' if told else ""
    text = "".join(f"<p>{escape(part)}</p>" for part in body.split("\n\n") if part.strip())
    text = f'<div class="m-text">{text}</div>' if text else ""
    rows = "".join(f"<li>{escape(line)}</li>" for line in lines)
    rows = f'<ul class="m-lines m-mono">{rows}</ul>' if rows else ""
    name = f'<p class="m-note">{escape(KINDS[kind])} · {escape(EXERCISE)}</p>'
    st.html(f'<article class="m-box">{name}{told}{text}{rows}</article>')
