"""The pieces that pages are drawn from: each one element or nearly, each escaping what people wrote.

A part takes plain text and shows it as plain text; only arguments said to be Markdown are read as Markdown, and those
come from our own content files.
"""

from ui.parts.asking import feedback, inject, options, progress, question, screen, sheet
from ui.parts.base import (
    FAVICON,
    ICONS,
    LOGO,
    Timed,
    actions,
    badges,
    card,
    empty,
    exercise,
    go,
    heading,
    logo,
    note,
    page_style,
    prose,
    row,
    saved,
    title,
)  # fmt: skip
from ui.parts.numbers import Figure, Moment, figures, meter, table, timeline
from ui.words import EXERCISE, LEGAL, Badge, Tone, due, inline, local, percent, plain, rich

__all__ = [
    "EXERCISE", "FAVICON", "ICONS", "LEGAL", "LOGO", "Badge", "Figure", "Moment", "Timed", "Tone", "actions", "badges",
    "card", "due", "empty", "exercise", "feedback", "figures", "go", "heading", "inject", "inline", "local", "logo",
    "meter", "note", "options", "page_style", "percent", "plain", "progress", "prose", "question", "rich", "row",
    "saved", "screen", "sheet", "table", "timeline", "title",
]  # fmt: skip
