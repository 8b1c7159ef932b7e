"""What any question bank comes to before it is a quiz: questions as the source has them, and what was lost or guessed.

Texts are cleaned here, once, of what content may not hold; what is clean already stays as it is.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from catalog.formats.draft import Note, invisible
from catalog.read import MAX_MARKS


@dataclass(frozen=True, slots=True)
class Answer:
    """Something that can be answered: its worth is 1 when right, 0 when wrong, and may be anything between or below."""

    text: str
    worth: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things that belong together."""

    left: str
    right: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers around a value, both ends included."""

    value: float
    tolerance: float = 0.0
    worth: float = 1.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap of a text, which marks it as `[[id]]`: a text to give, or one of its answers to choose."""

    id: str
    kind: str  # choice, text
    answers: tuple[Answer, ...]
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of any source. `kind` is one of ours, or the source's own word for what Muster has not."""

    where: str  # for people: "question 3 (line 41)"
    kind: str
    text: str
    name: str = ""
    answers: tuple[Answer, ...] = ()
    pairs: tuple[Pair, ...] = ()
    decoys: tuple[str, ...] = ()
    ranges: tuple[Range, ...] = ()
    gaps: tuple[Gap, ...] = ()
    unit: str = ""
    otherwise: str = ""  # what is said to any other answer
    rule: str = ""
    skill: str = ""
    difficulty: str = ""


@dataclass(slots=True)
class Bank:
    """Everything a source says."""

    title: str
    asked: list[Asked] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    draw: int | None = None

    def lost(self, where: str, what: str) -> None:
        """Say that something of the source is not in the quiz."""
        self.notes.append(Note("lost", _short(where), _short(what)))

    def guessed(self, where: str, what: str) -> None:
        """Say that something in the quiz was not in the source."""
        self.notes.append(Note("guessed", _short(where), _short(what)))


@dataclass(frozen=True, slots=True)
class Imported:
    """Quizzes as data for YAML, more than one when there are too many questions for one file, and what to look at."""

    quizzes: tuple[dict[str, Any], ...]
    notes: tuple[Note, ...]


def _short(what: str) -> str:
    one = line(what)
    return one if len(one) <= 300 else f"{one[:299]}…"


def brief(text: str, most: int = 60) -> str:
    """A text in quotes, shortened, for a sentence about it."""
    one = " ".join(text.split())
    return f"“{one if len(one) <= most else one[: most - 1].rstrip() + '…'}”"


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────────────────

_TAG: Final = re.compile(r"<(/?[A-Za-z][^<>@]*)>|<(?=!--)")
_LINK: Final = re.compile(r"\](?=\(\s*(?!https?://|mailto:|#|/)[a-zA-Z][\w+.-]*:)")


def tidy(text: str) -> str:
    """Prose without what content may not hold. What is tidy stays as it is."""
    while (found := _tidied(text)) != text:
        text = found
    return text


def _tidied(text: str) -> str:
    text = invisible(text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    text = unicodedata.normalize("NFC", text if text.isascii() else "".join(_bearable(text)))
    text = _TAG.sub(lambda found: f"‹{found[1]}›" if found[1] else "‹", text)
    text = _LINK.sub("] ", text.replace("![", "! ["))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def _bearable(text: str) -> Iterator[str]:
    """Letters, each with no more accents than our own reader bears."""
    run = 0
    for letter in text:
        run = run + 1 if unicodedata.combining(letter) else 0
        if run < MAX_MARKS:
            yield letter


def line(text: str) -> str:
    """A tidy text on one line."""
    return " ".join(tidy(text).split())
