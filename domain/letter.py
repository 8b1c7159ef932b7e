"""The draft desk: a letter that the team writes, checked element by element, and the sentences that are false by now.

The check looks for declared phrases, not for meaning: it can be satisfied by a bad letter, and says what it looked for
only by what it asks.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from pydantic import Field

from domain.condition import Condition, Known, holds
from domain.value import Line, Prose, Slug, Value

LONGEST = 6000
"""Characters of a draft."""


class Element(Value):
    """Something a letter must hold."""

    text: Line = Field(description="What must be in it, as the duty's own content list says it.")
    phrases: tuple[Line, ...] = Field(min_length=1, description="It is there when one of these is in the text.")
    why: Line | None = Field(default=None, description="What the reader misses without it.")


class Claim(Value):
    """Something a letter may say that can stop being true."""

    phrases: tuple[Line, ...] = Field(
        min_length=1, description="A sentence makes the claim when it holds one of these."
    )
    false_when: Condition = Field(description="From when on it is not true, or not known to be.")
    say: Line = Field(description="What is wrong with the sentence then.")


class Letter(Value):
    """A letter or notice of a scenario, written by the team at the draft desk."""

    id: Slug
    title: Line = Field(description="'Letter to the patients'.")
    regime: Slug = Field(description="A file of content/regimes.")
    duty: Slug = Field(description="A duty of that file, whose content list the elements cover.")
    seats: tuple[Slug, ...] = Field(default=(), description="Who may write; everybody when empty.")
    when: Condition | None = Field(default=None, description="It can be written only once this holds.")
    opening: Prose | None = Field(default=None, description="What stands there at first.")
    elements: tuple[Element, ...] = Field(min_length=1, description="What it must hold, line by line.")
    claims: tuple[Claim, ...] = Field(default=(), description="What it may say that can stop being true.")


@dataclass(frozen=True, slots=True)
class Checked:
    """One element, and whether the draft holds it."""

    text: str
    there: bool
    why: str


@dataclass(frozen=True, slots=True)
class Untrue:
    """A sentence of the draft that is not true any more, and what is wrong with it."""

    sentence: str
    say: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What the desk says of a draft."""

    elements: tuple[Checked, ...]
    untrue: tuple[Untrue, ...]

    @property
    def missing(self) -> int:
        """How many elements are not there."""
        return sum(not element.there for element in self.elements)


def examine(letter: Letter, text: str, known: Known, at: timedelta) -> Examined:
    """A draft against what the letter must hold, and against what is known at exercise time `at`."""
    whole = normal(text)
    elements = tuple(
        Checked(element.text, any(normal(phrase) in whole for phrase in element.phrases), element.why or "")
        for element in letter.elements
    )
    now_false = [claim for claim in letter.claims if holds(claim.false_when, known, at)]
    untrue = tuple(
        Untrue(sentence, claim.say)
        for sentence in sentences(text)
        for claim in now_false
        if any(normal(phrase) in normal(sentence) for phrase in claim.phrases)
    )
    return Examined(elements, untrue)


def normal(text: str) -> str:
    """Text as phrases are compared: small letters and digits, one space between words, one at each end."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "


def sentences(text: str) -> list[str]:
    """The sentences of a text, in their order."""
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip()]
