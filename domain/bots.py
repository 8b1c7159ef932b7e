"""Colleagues that nobody plays: they vote as somebody in that seat plausibly would, better answers more often.

A bot's vote depends on the seed, the decision and the seat alone, so an exercise replays with the same colleagues.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.exercise.variant import number
from domain.scenario import Choice, Decision, Scenario

LEANING: Mapping[str, int] = {"P": 4, "S": 3, "M": 2, "U": 1}
"""How much an answer draws anybody."""

VOICED = 4
"""How many times more it draws a seat for which the script has a reason."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a bot votes, and why."""

    seat: str
    option: str
    reason: str


def opinion(decision: Decision, seat: str, seed: int) -> Opinion:
    """How the bot on `seat` votes."""
    weights = [_weight(choice, seat) for choice in decision.options]
    left = number(seed, "bot", decision.id, seat) % sum(weights)
    for choice, weight in zip(decision.options, weights, strict=True):
        if left < weight:
            return Opinion(seat, choice.id, choice.voices.get(seat, ""))
        left -= weight
    raise AssertionError("the weights were summed")


def opinions(scenario: Scenario, decision: Decision, bots: tuple[str, ...], seed: int) -> tuple[Opinion, ...]:
    """How all bots that are asked vote."""
    return tuple(opinion(decision, seat, seed) for seat in scenario.voters(decision) if seat in bots)


def _weight(choice: Choice, seat: str) -> int:
    return LEANING[choice.rating] * (VOICED if seat in choice.voices else 1)
