"""The hot wash: right after an exercise everybody writes what they saw, players before observers, then gives three dots.

It goes through its stages in order and never back, so nobody changes what others have weighed already.
"""

from dataclasses import dataclass
from typing import Literal

from domain.refusal import Refused

Stage = Literal["players", "observers", "dots", "closed"]
STAGES: tuple[Stage, ...] = ("players", "observers", "dots", "closed")

DOTS = 3
"""How many dots each person has."""

LONGEST = 400
"""Characters of a card."""

QUESTIONS = 3
"""How many of the scenario's questions are asked."""


@dataclass(frozen=True, slots=True)
class Card:
    """What one person wrote to one question. Nobody is told who."""

    id: int
    question: int
    text: str
    observer: bool
    dots: int
    mine: bool
    dotted: bool  # by whoever looks


def following(stage: Stage) -> Stage:
    """The stage after this one. Raises Refused after the last."""
    if stage == STAGES[-1]:
        raise Refused("The hot wash is closed.")
    return STAGES[STAGES.index(stage) + 1]


def may_write(stage: Stage, *, observer: bool, question: int, questions: int, text: str) -> str:
    """The text of a card as it is kept. Raises Refused when it is not this person's turn, or there is nothing in it."""
    if not 0 <= question < questions:
        raise Refused("That question is not part of this hot wash.")
    if stage in {"dots", "closed"}:
        raise Refused("Cards are collected. It is time for dots now." if stage == "dots" else "The hot wash is closed.")
    if observer and stage == "players":
        raise Refused("Players speak first. Your turn comes when the facilitator opens it for observers.")
    kept = text.strip()
    if not kept:
        raise Refused("Write a few words first.")
    if len(kept) > LONGEST:
        raise Refused(f"Keep a card under {LONGEST} characters; write a second one for a second thought.")
    return kept


def may_dot(stage: Stage, given: int) -> None:
    """Whether somebody who has given so many dots may give another. Raises Refused with the reason."""
    if stage != "dots":
        raise Refused("Dots come after the cards." if stage in {"players", "observers"} else "The hot wash is closed.")
    if given >= DOTS:
        raise Refused(f"You have given your {DOTS} dots. Take one back to give it to another card.")
