"""Words that pages and parts share: people's text made harmless, shares, times and due dates as a person says them.

Nothing here draws anything.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

EXERCISE = "EXERCISE – not real"
LEGAL = "Training material, not legal advice."

Tone = Literal["plain", "good", "warn", "bad", "info"]

_MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\`*_{}[]()<>#+-.!|~$:^=&@/"})
_CUT = ":small[]"
# Addresses become links after escapes are gone, text run by text run; an empty directive in the middle ends the run.
_ADDRESS = re.compile(r"(?<=http:)(?=//)|(?<=https:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)


def plain(text: str) -> str:
    """`text` so that Streamlit's Markdown shows exactly these characters: no link, colour, icon, formula or image."""
    cut = _ADDRESS.sub("\0", " ".join(text.replace("\0", "").split()))
    return cut.translate(_MARKDOWN).replace("\0", _CUT)


_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE = re.compile(r"`([^`]+)`")
_INLINE: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"\[([^\]]+)\]\((https://[^\s)]+)\)"),
        r'<a href="\2" target="_blank" rel="noopener noreferrer">\1</a>',
    ),
    (re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\*(?=\S)(.+?)(?<=\S)\*"), r"<em>\1</em>"),
)
_ITEM = re.compile(r"(?:-|\d+[.)]) +")


def inline(text: str) -> str:
    """One run of our content's Markdown as HTML: strong, emphasis, code and https links; all else is text."""
    html = _ESCAPED.sub(lambda match: f"&#{ord(match[1])};", " ".join(text.replace(_CUT, "").split()))
    # An escaped character is a reference by now, and stays one: only what is not a reference is escaped.
    html = "".join(part if part.startswith("&#") else escape(part) for part in re.split(r"(&#\d+;)", html))
    # What stands in code keeps its stars.
    html = _CODE.sub(lambda match: f"<code>{match[1].replace('*', '&#42;')}</code>", html)
    for pattern, tag in _INLINE:
        html = pattern.sub(tag, html)
    return html


def rich(text: str) -> str:
    """Our content's Markdown as HTML: paragraphs and lists of `inline` runs."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip()):
        items = re.split(r"\n(?=(?:-|\d+[.)]) )", block.strip())
        if all(_ITEM.match(item) for item in items):
            tag = "ul" if items[0].startswith("-") else "ol"
            lines = "".join(f"<li>{inline(_ITEM.sub('', item, count=1))}</li>" for item in items)
            blocks.append(f"<{tag}>{lines}</{tag}>")
        else:
            blocks.append(f"<p>{inline(block)}</p>")
    return "".join(blocks)


def percent(share: float) -> str:
    """A share between 0 and 1 in words: "41 %", the number and its sign kept together."""
    return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"


def people(number: int) -> str:
    """So many people, in words that agree."""
    return "1 person" if number == 1 else f"{number} people"


@dataclass(frozen=True, slots=True)
class Badge:
    """A short status in words, with a tone and perhaps an icon; never a colour alone."""

    text: str
    tone: Tone = "plain"
    icon: str = ""


def local(when: datetime) -> datetime:
    """`when` in the time zone of whoever reads the page; UTC where the browser told none."""
    try:
        return when.astimezone(ZoneInfo(st.context.timezone or "UTC"))
    except (ValueError, ZoneInfoNotFoundError):
        return when.astimezone(UTC)


def due(when: datetime | None, now: datetime) -> Badge:
    """How long there is left until `when`, in the words a person would use; days are counted in UTC."""
    if when is None:
        return Badge("No due date", "plain", "calendar")
    days = (when.date() - now.date()).days
    if when < now:
        late = max(-days, 0)
        ago = {0: "Overdue today", 1: "Overdue since yesterday"}.get(late, f"Overdue {late} days")
        return Badge(ago, "bad", "due")
    if days == 0:
        return Badge("Due today", "warn", "due")
    if days == 1:
        return Badge("Due tomorrow", "warn", "due")
    if days < 7:
        return Badge(f"Due {when:%A}", "warn", "due")
    return Badge(
        f"Due {when.day} {when:%b %Y}" if when.year != now.year else f"Due {when.day} {when:%b}", "plain", "due"
    )
