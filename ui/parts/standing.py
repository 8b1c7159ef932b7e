"""The parts that show readiness: stacked bars of statuses with their bounds, and a number with its interval.

Every bar says in words what it shows; a status that is not known is pale and hatched, never a colour of the scale.
"""

from collections.abc import Sequence
from html import escape

import streamlit as st

from domain.readiness.rollup import Counts
from domain.readiness.standing import Standing, Status
from ui.parts.base import tag
from ui.parts.numbers import track
from ui.words import percent

ORDER = (Status.READY, Status.REFRESH, Status.UNCERTAIN, Status.NOT_ASSESSED, Status.GAP)


def number(counts: Counts, status: Status) -> int:
    """How many people of a group have a status."""
    return int(getattr(counts, status.value))


def said(counts: Counts) -> str:
    """A group in words: "4 ready, 12 refresh due, 30 uncertain"."""
    found = [(number(counts, status), status.words.lower()) for status in ORDER]
    return ", ".join(f"{n} {words}" for n, words in found if n)


def _segments(counts: Counts) -> str:
    return "".join(
        f'<i class="m-s m-s-{status.value}" style="flex-grow:{n}"><span>{n}</span></i>'
        for status in ORDER
        if (n := number(counts, status))
    )


def status_bars(rows: Sequence[tuple[str, Counts | None]], *, caption: str, hidden: str) -> None:
    """One stacked bar a group, with the share verified and the share possible; None is a group that is hidden."""
    body = []
    for name, counts in rows:
        if counts is None or not counts.people:
            body.append(
                f'<tr><th scope="row">{escape(name)}</th><td colspan="3" class="m-note">{escape(hidden)}</td></tr>'
            )
            continue
        words = f"{counts.people} people: {said(counts)}"
        body.append(
            f'<tr><th scope="row">{escape(name)}</th>'
            f'<td class="m-wide"><div class="m-stack" role="img" aria-label="{escape(words)}" title="{escape(words)}">'
            f"{_segments(counts)}</div></td>"
            f'<td class="m-number">{percent(counts.share)}</td><td class="m-number">{percent(counts.most)}</td></tr>'
        )
    keys = "".join(f'<li><i class="m-s m-s-{status.value}"></i>{status.words}</li>' for status in ORDER)
    head = '<th scope="col">Team</th><th scope="col">People by status</th>'
    head += '<th scope="col" class="m-number">Verified</th><th scope="col" class="m-number">At most</th>'
    st.html(
        f'<ul class="m-keys" aria-label="Colours">{keys}</ul>'
        f'<div class="m-scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table class="m-table m-bars">'
        f'<caption class="m-hide">{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def span(name: str, now: Standing, *, target: float, note: str = "") -> None:
    """A skill with its status, number and 80 % interval; without a number where too little is known."""
    badge = f'<span class="m-pill m-s-{now.status.value}">{now.status.words}</span>'
    head = f'<div class="m-meter-head"><h3 class="m-h3">{escape(name)}</h3>{badge}</div>'
    if now.status is Status.NOT_ASSESSED:
        bar = '<div class="m-span m-unknown" aria-hidden="true"></div>'
        words = "Not asked enough to say"
    else:
        low, high = min(now.low, now.p), max(now.high, now.p)
        bar = (
            f'<div class="m-span" aria-hidden="true"><i style="left:{low:.1%};width:{high - low:.1%}"></i>'
            f'<u style="left:{now.p:.1%}"></u><b style="left:{target:.1%}"></b></div>'
        )
        words = f"<strong>{percent(now.p)}</strong>, likely {percent(now.low)} to {percent(now.high)}"
    more = f" · {escape(note)}" if note else ""
    st.html(f'<div class="m-meter">{head}{bar}<p class="m-note">{words}{more}</p></div>')


def votes(options: Sequence[tuple[str, int, str, Sequence[str]]]) -> None:
    """How a table voted, as (option, votes, who, what they say): one bar an option."""
    most = max((votes for _, votes, _, _ in options), default=0)
    lines = "".join(
        f'<li class="m-meter"><div class="m-meter-head"><span>{escape(text)}</span><strong>{votes}</strong></div>'
        f"{track(votes / most if most else 0.0)}"
        + tag("p", who, "m-note")
        + "".join(tag("p", line, "m-note m-said") for line in said)
        + "</li>"
        for text, votes, who, said in options
    )
    st.html(f'<ul class="m-votes" aria-label="How the table voted">{lines}</ul>')
