"""The parts that show figures: big numbers, tables, timelines and bars, each saying in words what it draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from ui.parts.base import tag
from ui.words import Tone, percent


@dataclass(frozen=True, slots=True)
class Figure:
    """One big number with what it counts and a line on where it comes from."""

    label: str
    value: str
    note: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Moment:
    """One point of a timeline."""

    at: str
    text: str
    who: str = ""
    tone: Tone = "plain"


def track(share: float, target: float | None = None) -> str:
    """A bar without words; whoever draws it says them."""
    line = f'<b style="left:{target:.1%}"></b>' if target is not None else ""
    return f'<div class="m-track" aria-hidden="true"><i style="width:{min(max(share, 0), 1):.1%}"></i>{line}</div>'


def figures(*several: Figure) -> None:
    """The row of big numbers."""
    cells = "".join(
        f'<div class="m-figure"><dt>{escape(figure.label)}</dt><dd class="m-value">{escape(figure.value)}</dd>'
        + (f'<dd class="m-badge m-{figure.tone}">{escape(figure.note)}</dd>' if figure.note else "")
        + "</div>"
        for figure in several
    )
    st.html(f'<dl class="m-figures">{cells}</dl>')


def _is_number(text: str) -> bool:
    return text[:1].isdigit() and text.rstrip(" \N{NO-BREAK SPACE}%").replace(".", "").isdigit()


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str, hide_caption: bool = False) -> None:
    """A small real table: every row's first cell names the row; columns of numbers are set to the right."""
    columns = range(1, len(head))
    numbers = {column for column in columns if rows and all(_is_number(row[column]) for row in rows)}

    def css(column: int) -> str:
        return ' class="m-number"' if column in numbers else ""

    top = "".join(f'<th scope="col"{css(column)}>{escape(text)}</th>' for column, text in enumerate(head))
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td{css(column)}>{escape(row[column])}</td>" for column in columns)
        + "</tr>"
        for row in rows
    )
    name = tag("caption", caption, "m-hide" if hide_caption else "m-caption")
    sheet = f'<table class="m-table">{name}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    # A table wider than a phone scrolls, and whatever scrolls can be reached with the keyboard.
    st.html(f'<div class="m-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">{sheet}</div>')


def channels(several: Sequence[tuple[str, str, str, str]]) -> None:
    """Ways to reach somebody now, as (name, how, when, best for); the first one stands out."""
    cards = "".join(
        f'<li class="m-channel"><strong class="m-h3">{escape(name)}</strong><span class="m-reach">{escape(reach)}</span>'
        f"<span>{escape(best)}</span>{tag('span', hours, 'm-note')}</li>"
        for name, reach, hours, best in several
    )
    st.html(f'<ul class="m-channels">{cards}</ul>')


def timeline(moments: Sequence[Moment], *, caption: str) -> None:
    """What happened, in order."""
    points = "".join(
        f'<li class="m-{moment.tone}"><time>{escape(moment.at)}</time>'
        + (f"<strong>{escape(moment.who)}</strong> " if moment.who else "")
        + f"{escape(moment.text)}</li>"
        for moment in moments
    )
    st.html(f'<ol class="m-timeline" aria-label="{escape(caption)}">{points}</ol>')


def meter(label: str, share: float, *, note: str = "", tone: Tone = "plain", target: float | None = None) -> None:
    """A share between 0 and 1 as a bar, always with its number; the line across it is the target."""
    words = f'<div class="m-meter-head"><span>{escape(label)}</span><strong>{percent(share)}</strong></div>'
    st.html(f'<div class="m-meter m-{tone}">{words}{track(share, target)}{tag("p", note, "m-note")}</div>')
