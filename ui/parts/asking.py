"""The parts of one thing a screen: where one is, what is told or asked, the options, what to say afterwards.

Content of our own files is Markdown; what a person chose or wrote is shown as it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from domain.lesson import Exhibit
from ui.parts.base import icon_html, tag
from ui.parts.numbers import track
from ui.words import Tone, inline, plain, rich


def progress(done: int, total: int, leave: str | Path | Callable[[], None], *, key: str = "leave") -> None:
    """Leave, the bar, and "3 of 6": `done` counts the screen that is shown; `leave` is a page file or a callback."""
    with st.container(key=f"m-progress-{key}", horizontal=True, vertical_alignment="center", gap="small"):
        if callable(leave):
            st.button("Leave", key=key, on_click=leave, type="tertiary", icon=":material/close:")
        else:
            st.page_link(leave, label="Leave", icon=":material/close:")
        words = f'<span class="m-count">{done} of {total}</span>'
        st.html(f'<div class="m-progress">{track(done / max(total, 1))}{words}</div>')


def _exhibit(exhibit: Exhibit) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in exhibit.lines)
    mono = " m-mono" if exhibit.mono else ""
    label = escape(exhibit.label)
    return f'<div class="m-box"><p class="m-note">{label}</p><ul class="m-lines{mono}">{lines}</ul></div>'


def question(ask: str, *, context: str = "", exhibit: Exhibit | None = None, title: str = "") -> None:
    """What is going on, what there is to look at, and what is asked, as Markdown; the first of them is the h1."""
    first = title or context or ask
    # A situation of several sentences makes a poor headline.
    head = first if len(first) <= 140 else ask
    parts = [f'<h1 class="m-h1">{inline(head)}</h1>']
    if context and context != head:
        parts.append(f'<div class="m-text">{rich(context)}</div>')
    if exhibit is not None:
        parts.append(_exhibit(exhibit))
    if ask != head:
        parts.append(f'<p class="m-ask">{inline(ask)}</p>')
    st.html(f'<div class="m-question">{"".join(parts)}</div>')


def screen(title: str, text: str, exhibit: Exhibit | None = None) -> None:
    """One idea: its title, its telling as Markdown, and what there is to look at."""
    look = _exhibit(exhibit) if exhibit is not None else ""
    telling = f'<div class="m-text">{rich(text)}</div>'
    st.html(f'<div class="m-question"><h1 class="m-h1">{inline(title)}</h1>{telling}{look}</div>')


def options(choices: Sequence[tuple[str, str]], pick: Callable[[str], None], *, key: str) -> None:
    """One full-width button per (id, text); pressing one calls `pick(id)` before the next run. Alt+1 takes the first."""
    with st.container(key=f"m-options-{key}", gap="small"):
        for number, (choice, text) in enumerate(choices, 1):
            st.button(
                plain(text),
                key=f"{key}-{choice}",
                on_click=pick,
                args=(choice,),
                width="stretch",
                shortcut=f"Alt+{number}" if number <= 9 else None,
            )


_VERDICTS: Mapping[str, tuple[Tone, str, str]] = {
    "right": ("good", "check", "Right."),
    "not_yet": ("warn", "bulb", "Not yet."),
    "partly": ("warn", "bulb", "Partly."),
    "told": ("info", "bulb", "Worth knowing."),
}


@contextmanager
def feedback(
    kind: Literal["right", "not_yet", "partly", "told"],
    why: str,
    *,
    taken: str = "",
    better: str = "",
    rule: str = "",
    key: str,
) -> Iterator[DeltaGenerator]:
    """What the choice causes, the better one and the rule, in the place of the options; buttons go inside.

    `taken` is plain text; `why`, `better` and `rule` are Markdown of our content. Focus comes by announce(focus=…).
    """
    tone, icon, verdict = _VERDICTS[kind]
    said = [f'<p class="m-verdict m-{tone}">{icon_html(icon)} {verdict}</p>', tag("p", taken, "m-taken"), rich(why)]
    if better:
        said.append(f'<p class="m-verdict m-good">{icon_html("check")} Better</p>{rich(better)}')
    if rule:
        said.append(f'<div class="m-rule">{icon_html("book")}<div>{rich(rule)}</div></div>')
    box = st.container(border=True, key=f"m-card-{tone}-feedback-{key}")
    with box:
        st.html(f'<div class="m-text m-feedback">{"".join(said)}</div>')
        yield box


def inject(at: str, channel: str, title: str, body: str, *, sender: str = "", lines: Sequence[str] = ()) -> None:
    """A message that has entered play: when, by which channel, from whom, what; `body` is Markdown of our content.

    `lines` are shown as they are: an excerpt of a log, a list.
    """
    excerpt = "".join(f"<li>{escape(line)}</li>" for line in lines)
    excerpt = f'<ul class="m-lines m-mono">{excerpt}</ul>' if lines else ""
    head = " · ".join(part for part in (at, channel, sender) if part)
    st.html(
        f'<article class="m-box m-inject"><p class="m-note">{escape(head)}</p>'
        f'{tag("h2", title, "m-h2")}<div class="m-text">{rich(body)}</div>{excerpt}</article>'
    )
