"""What any import comes to before it is a scenario: rows, seats, and a list of what was lost or guessed.

Texts are cleaned here, once, of what content may not hold.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from domain.lint.texts import UNWRITTEN

_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


class Unreadable(Exception):  # noqa: N818 - an answer to whoever imports
    """Why a file cannot be imported, in one sentence."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was lost or guessed, and where it stood in the source."""

    kind: str  # lost, guessed
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Option:
    """An option as a source gives it; `rating` is empty when it says nothing."""

    text: str
    rating: str = ""
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A decision as a source gives it."""

    ask: str
    options: tuple[Option, ...] = ()
    seats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One inject of any source."""

    where: str  # for people: "row 7"
    title: str
    text: str = ""
    key: str = ""  # by which other rows name it
    at: timedelta | None = None
    after: tuple[str, ...] = ()  # keys of rows it waits for; with an option as key/number
    contingency: bool = False
    channel: str = ""
    sender: str = ""
    to: str = ""
    expected: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    attachments: tuple[Mapping[str, Any], ...] = ()


@dataclass(slots=True)
class Draft:
    """Everything a source says about an exercise."""

    title: str
    summary: str = ""
    setting: str = ""
    starts: datetime | None = None
    zone: str = ""
    minutes: int | None = None
    seats: dict[str, str] = field(default_factory=dict)  # id and title
    objectives: list[str] = field(default_factory=list)
    opening: str = ""
    facilitator: list[str] = field(default_factory=list)  # notes for the facilitator
    rows: list[Row] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def lost(self, where: str, what: str) -> None:
        """Say that something of the source is not in the scenario."""
        self.notes.append(Note("lost", where, what))

    def guessed(self, where: str, what: str) -> None:
        """Say that something in the scenario was not in the source."""
        self.notes.append(Note("guessed", where, what))


@dataclass(frozen=True, slots=True)
class Imported:
    """A scenario and a rehearsal as data for YAML, and what to look at."""

    scenario: dict[str, Any]
    rehearsal: dict[str, Any]
    notes: tuple[Note, ...]


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────────────────


def slug(text: str, taken: Mapping[str, Any] | set[str], fallback: str) -> str:
    """A name in our form that is not taken yet."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or fallback
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found


def invisible(text: str) -> str:
    """The text without characters that cannot be seen."""
    return _INVISIBLE.sub("", text)


def clean(text: Any) -> str:
    """A text without what content may not hold: invisible characters, HTML, our own markup for words."""
    plain = invisible(unicodedata.normalize("NFC", str(text if text is not None else "")))
    plain = plain.replace("\r\n", "\n").replace("\r", "\n").replace("<", "‹").replace(">", "›")
    return plain.replace("{{", "{ {").replace("}}", "} }").replace("](", "] (").replace("![", "! [").strip()


def to_write(what: str) -> str:
    """A text that somebody has yet to write."""
    return f"{UNWRITTEN} {what}"
