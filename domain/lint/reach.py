"""What some play can reach, dial setting by dial setting, and with an option taken or not.

Judged hopefully, as in `scenario_checks`: a part is out of reach only if no play whatever can reach it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Final

from domain.condition import Condition
from domain.machine.way import settings
from domain.scenario import Effect, Scenario

MOST: Final = 64
"""Dial settings that are looked at; of more, the first ones."""


@dataclass(slots=True)
class Reach:
    """What can be reached with these dials, and with these decisions fixed to one option each."""

    dials: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    facts: set[str] = field(default_factory=set)
    injects: set[str] = field(default_factory=set)
    decisions: set[str] = field(default_factory=set)
    by_hand: bool = True  # whether the facilitator sends what only they can send

    @property
    def size(self) -> int:
        """How much has been reached."""
        return len(self.facts) + len(self.injects) + len(self.decisions)

    def possible(self, condition: Condition | None) -> bool:  # noqa: PLR0911 - one case a line
        """Whether the condition can ever hold."""
        if condition is None:
            return True
        if condition.all:
            return all(self.possible(part) for part in condition.all)
        if condition.any:
            return any(self.possible(part) for part in condition.any)
        if condition.none:
            return not any(self._certain(part) for part in condition.none)
        if condition.dial:
            return self.dials.get(condition.dial) == condition.value
        if condition.decided:
            fixed = self.fixed.get(condition.decided)
            return condition.decided in self.decisions and (fixed is None or condition.option in {None, fixed})
        return (condition.fact is None or condition.fact in self.facts) and (
            condition.inject is None or condition.inject in self.injects
        )

    def _certain(self, condition: Condition) -> bool:
        """Whether the condition holds at every moment of every play."""
        if condition.all:
            return all(self._certain(part) for part in condition.all)
        if condition.any:
            return any(self._certain(part) for part in condition.any)
        if condition.none:
            return not any(self.possible(part) for part in condition.none)
        if condition.dial:
            return self.dials.get(condition.dial) == condition.value
        return condition.time is not None and condition.time == timedelta()


def reach(
    scenario: Scenario, dials: Mapping[str, str], fixed: Mapping[str, str] | None = None, *, by_hand: bool = True
) -> Reach:
    """Everything some play can reach with these dials, when decisions in `fixed` always take that option."""
    found = Reach(dials, fixed or {}, by_hand=by_hand)
    before = -1
    while before != found.size:
        before = found.size
        for inject in scenario.injects:
            if found.possible(inject.when) and (by_hand or not inject.by_hand):
                found.injects.add(inject.id)
                found.decisions.update(inject.asks)
                found.facts |= _facts(found, inject.effects)
        for decision in scenario.decisions:
            if decision.id in found.decisions:
                only = found.fixed.get(decision.id)
                for option in decision.options:
                    if only in {None, option.id}:
                        found.facts |= _facts(found, option.effects)
    return found


def _facts(found: Reach, effects: Iterable[Effect]) -> set[str]:
    return {effect.fact for effect in effects if effect.fact and found.possible(effect.when)}


def everywhere(scenario: Scenario) -> list[Reach]:
    """The reach under every setting of the dials, at most `MOST` of them."""
    return [reach(scenario, dials) for dials in islice(settings(scenario), MOST)]


def named(scenario: Scenario, dials: Mapping[str, str]) -> str:
    """A setting of the dials in words, for the end of a sentence; empty when there are none."""
    if not dials:
        return ""
    labels = [f"{name}={dials[name]}" for name in (dial.id for dial in scenario.dials)]
    return f" with {', '.join(labels)}"
