"""The plain parts: title, text, badges, cards, rows of buttons, links, and the word *Saved*.

Text is shown as it was written; nothing here reads Markdown but `prose`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Literal, Protocol

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.words import EXERCISE, Badge, Tone, local, plain, rich

LOGO = "/app/static/muster.svg"
FAVICON = "/app/static/favicon.png"


ICONS: Mapping[str, str] = {
    "alarm": "alarm",
    "arrow": "arrow_forward",
    "book": "menu_book",
    "bulb": "lightbulb",
    "calendar": "event",
    "call": "call",
    "chat": "chat",
    "check": "check_circle",
    "clip": "attach_file",
    "clock": "timer",
    "due": "event_upcoming",
    "download": "download",
    "exercise": "groups",
    "flag": "flag",
    "home": "home",
    "info": "info",
    "lesson": "school",
    "later": "lock_clock",
    "lock": "lock",
    "log": "list_alt",
    "mail": "mail",
    "medal": "workspace_premium",
    "next": "play_circle",
    "people": "groups",
    "press": "newspaper",
    "readiness": "monitoring",
    "report": "campaign",
    "shield": "shield",
    "siren": "siren",
    "spot": "phishing",
    "todo": "radio_button_unchecked",
    "warning": "warning",
}
"""Our words for icons, and the glyph of the symbol font that Streamlit ships and serves itself."""


class Timed(Protocol):
    """Anything that knows when it was written, as a receipt does."""

    @property
    def at(self) -> datetime:
        """When it was written; aware."""
        ...


def at_hand(page: st.Page) -> None:
    """The one link that stands in the header of every page, on a phone too."""
    with st.container(key="m-at-hand", width="content"):
        # The page itself, not its file: Streamlit would ask the disk for the file's real path at every click.
        st.page_link(page, label=page.title, icon=f":material/{ICONS['siren']}:")


def logo() -> None:
    """The mark and the name in the header."""
    st.logo(LOGO, size="medium")


def icon_html(name: str) -> str:
    """The glyph beside words; hidden from assistive technology, which has the words."""
    return f'<span class="m-i" aria-hidden="true">{ICONS[name]}</span>' if name else ""


def tag(name: str, text: str, css: str) -> str:
    """Plain text in an element of its own; nothing where there is no text."""
    return f'<{name} class="{css}">{escape(text)}</{name}>' if text else ""


def title(text: str, lead: str = "") -> None:
    """The page's one h1, and the line under it."""
    st.html(tag("h1", text, "m-h1") + tag("p", lead, "m-lead"))


def heading(text: str, level: Literal[2, 3] = 2) -> None:
    """A heading inside the page."""
    st.html(tag(f"h{level}", text, f"m-h{level}"))


def note(text: str, icon: str = "") -> None:
    """One small line of explanation."""
    st.html(f'<p class="m-note">{icon_html(icon)} {escape(text)}</p>')


def folded(summary: str, text: str, note: str = "") -> None:
    """Markdown of our own content that is there for whoever opens it, and a small line under it; one element."""
    under = f'<p class="m-note">{icon_html("book")} {escape(note)}</p>' if note else ""
    st.html(
        f'<details class="m-folded"><summary>{escape(summary)}</summary><div class="m-text">{rich(text)}</div>{under}</details>'
    )


def prose(text: str) -> None:
    """Paragraphs and lists of our own content, as Markdown; addresses in it stay text, so nobody follows a lure."""
    st.html(f'<div class="m-text">{rich(text)}</div>')


def _badge(badge: Badge, more: str = "") -> str:
    return f'<li class="m-badge m-{badge.tone}{more}">{icon_html(badge.icon)}{escape(badge.text)}</li>'


def badges(*several: Badge) -> None:
    """A row of badges."""
    st.html(f'<ul class="m-badges">{"".join(_badge(badge) for badge in several)}</ul>')


def exercise(*more: Badge) -> None:
    """The mark that every exercise screen and artefact carries, and what else is worth knowing."""
    mark = _badge(Badge(EXERCISE, "bad", "siren"), " m-exercise")
    st.html(f'<ul class="m-badges">{mark}{"".join(_badge(badge) for badge in more)}</ul>')


@contextmanager
def card(key: str, *, tone: Tone = "plain") -> Iterator[DeltaGenerator]:
    """A bordered box; `tone` colours its left edge."""
    box = st.container(border=True, key=f"m-card-{tone}-{key}")
    with box:
        yield box


@contextmanager
def actions(key: str) -> Iterator[DeltaGenerator]:
    """Buttons side by side; they wrap on a phone."""
    box = st.container(key=f"m-actions-{key}", horizontal=True, vertical_alignment="center", gap="small")
    with box:
        yield box


def empty(
    sentence: str,
    *,
    sample: str = "",
    action: str = "",
    on_action: Callable[[], None] | None = None,
    key: str = "empty",
) -> None:
    """Nothing here yet: one sentence, one sample of what will be, one action."""
    st.html(f'<div class="m-empty"><p>{escape(sentence)}</p>{tag("p", sample, "m-note")}</div>')
    if action:
        st.button(plain(action), key=key, on_click=on_action, type="primary")


def saved(receipt: Timed | None = None) -> None:
    """*Saved*, with the time of the receipt; call it only once the write has come back."""
    at = f" {local(receipt.at):%H:%M}" if receipt is not None else ""
    st.html(f'<p class="m-saved">{icon_html("check")} Saved{at}</p>')


def row(
    page: str | Path,
    title: str,
    *,
    sub: str = "",
    right: str = "",
    icon: str = "",
    query: Mapping[str, str] | None = None,
    key: str,
) -> None:
    """A full-width line of a list that opens `page`, in the same session."""
    label = f"**{plain(title)}**" + "".join(f" *{plain(text)}*" for text in (sub, right) if text)
    with st.container(key=f"m-row-{key}"):
        st.page_link(
            page,
            label=label,
            icon=f":material/{ICONS[icon]}:" if icon else None,
            width="stretch",
            query_params=dict(query) if query else None,
        )


def go(
    page: str | Path,
    label: str,
    *,
    key: str,
    icon: str = "arrow",
    query: Mapping[str, str] | None = None,
    quiet: bool = False,
) -> None:
    """A link to `page` that looks like the button it is: the next step, or with `quiet` another way to go."""
    with st.container(key=f"m-go-{'quiet-' if quiet else ''}{key}", width="content"):
        st.page_link(
            page,
            label=plain(label),
            icon=f":material/{ICONS[icon]}:" if icon else None,
            icon_position="left" if quiet else "right",
            query_params=dict(query) if query else None,
        )
