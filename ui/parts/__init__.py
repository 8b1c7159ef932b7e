"""The pieces that pages are drawn from: each one element or nearly, each escaping what people wrote.

A part takes plain text and shows it as plain text; only arguments said to be Markdown are read as Markdown, and those
come from our own content files.
"""

from ui.parts.artefact import attachment
from ui.parts.asking import feedback, inject, options, progress, question, screen
from ui.parts.base import (
    FAVICON,
    ICONS,
    LOGO,
    Timed,
    actions,
    at_hand,
    badges,
    card,
    empty,
    exercise,
    folded,
    go,
    heading,
    logo,
    note,
    prose,
    row,
    saved,
    title,
)  # fmt: skip
from ui.parts.numbers import Figure, Moment, channels, figures, meter, table, timeline
from ui.parts.standing import span, status_bars, votes
from ui.words import EXERCISE, LEGAL, Badge, Tone, due, inline, local, people, percent, plain, rich

__all__ = [
    "EXERCISE", "FAVICON", "ICONS", "LEGAL", "LOGO", "Badge", "Figure", "Moment", "Timed", "Tone", "actions", "at_hand",
    "attachment", "badges", "card", "channels", "due", "empty", "exercise", "feedback", "figures", "folded", "go", "heading", "inject", "inline", "local", "logo",
    "meter", "note", "options", "people", "percent", "plain", "progress", "prose", "question", "rich", "row",
    "saved", "screen", "span", "status_bars", "table", "timeline", "title", "votes",
]  # fmt: skip
