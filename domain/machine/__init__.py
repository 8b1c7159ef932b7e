"""Playing a scenario by machine: every way through it, or a seeded sample of them, and what they come to.

Each decision takes half the time a prepared team has for it; the oldest open one is taken first, as by somebody who
plays alone. What only a facilitator can send never comes. Nothing here reads a clock or chance.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, TypeVar

from domain.exercise import Regimes, State
from domain.exercise.variant import number
from domain.machine.search import LIMIT, Node, Search, choices, mean
from domain.machine.way import Dials, Way, settings, walk, walked
from domain.review import Review, rated
from domain.scenario import Scenario
from domain.skills import STEPS

__all__ = ["LIMIT", "Alike", "Played", "Way", "best", "play_all", "play_sample", "settings", "walk"]

K = TypeVar("K")

Told = Callable[[int, int], None]
"""Progress: so much done, of so much."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Options of one decision that bring the same injects, and the same facts that a duty, clock, milestone or condition looks at."""

    decision: str
    options: tuple[str, ...]
    whole: bool  # all options of the decision: it never matters but for its rating


@dataclass(frozen=True, slots=True)
class Played:
    """What playing by machine found. A share is the chance of a table that picks dials and options at random."""

    ways: int
    exact: bool
    seed: int | None
    best: Way
    worst: Way
    worth: float  # what such a table's decisions are worth, on average
    duties: Mapping[str, Mapping[str, float]]
    objectives: Mapping[str, Mapping[str, float]]  # by objective: P S M U, or "none" when nothing showed it
    facts: Mapping[str, float]
    injects: Mapping[str, float]
    steps: Mapping[int, float]  # how many of the six steps: in which share
    alike: tuple[Alike, ...]  # known only when exact


class _Tally:
    """What the ends of all searches come to together."""

    def __init__(self, scenario: Scenario, regimes: Regimes) -> None:
        self._scenario = scenario
        self._regimes = regimes
        self.ways = 0
        self.chance = 0.0
        self.total = 0.0
        self.duties: dict[str, dict[str, float]] = {}
        self.objectives: dict[str, dict[str, float]] = {objective.id: {} for objective in scenario.objectives}
        self.facts: dict[str, float] = {}
        self.injects: dict[str, float] = {}
        self.steps: dict[int, float] = {}
        self.best: Way | None = None
        self.worst: Way | None = None

    def one(self, way: Way, outcome: Review, state: State) -> None:
        """Count one way."""
        self.ways += 1
        self.chance += 1
        self.total += way.worth
        for duty, stands in way.duties.items():
            _add(self.duties.setdefault(duty, {}), stands, 1)
        for name, rating in way.objectives.items():
            _add(self.objectives[name], rating or "none", 1)
        for fact in way.facts:
            _add(self.facts, fact, 1)
        for inject in state.released:
            _add(self.injects, inject, 1)
        _add(self.steps, outcome.covered, 1)
        self.extremes(way)

    def all(self, search: Search) -> None:
        """Count every way of a search."""
        self.chance += 1
        ends: list[tuple[tuple[int, float, int], Any]] = []
        for node in search.ends:
            taken = self._end(search, node)
            for (facts, last), sums in node.table.items():
                self.ways += sums.ways
                self.total += sums.total / max(taken, 1)
                stands = search.stands(node, facts, last)
                for duty, standing in stands:
                    _add(self.duties.setdefault(duty, {}), standing, sums.chance)
                for fact, at in zip(search.seen, facts, strict=True):
                    if at is not None:
                        _add(self.facts, fact, sums.chance)
                told = [standing for _, standing in stands]
                for side in (sums.most, sums.least):
                    value = round(side[0] / max(taken, 1), 9)
                    ends.append(((told.count("late"), -value, told.count("running")), side[1]))
        for found in (min(ends, key=lambda end: end[0]), max(ends, key=lambda end: end[0])):
            self.extremes(walk(self._scenario, self._regimes, search.dials, choices(found[1]))[0])

    def _end(self, search: Search, node: Node) -> int:
        """Count what all ways to an end share, and say how many decisions they took."""
        for fact, chance in node.idle.items():
            _add(self.facts, fact, chance)
        for inject in node.state.released:
            _add(self.injects, inject, node.chance)
        taken = [search.scenario.decision(name) for name in node.state.decided]
        _add(self.steps, sum(any(step in each.skills for each in taken) for step in STEPS), node.chance)
        for place, (objective, shown) in enumerate(zip(search.scenario.objectives, node.shown, strict=True)):
            for (together, many, since), chance in shown.items():
                value = mean(search.ratings(place, since), together, many)
                _add(self.objectives[objective.id], "none" if value is None else rated(value), chance)
        return len(taken)

    def extremes(self, way: Way) -> None:
        """Remember it if it is the best or the worst so far."""
        if self.best is None or way.rank < self.best.rank:
            self.best = way
        if self.worst is None or way.rank > self.worst.rank:
            self.worst = way

    def played(self, *, exact: bool, seed: int | None, alike: tuple[Alike, ...]) -> Played:
        """Everything as shares."""
        assert self.best is not None
        assert self.worst is not None
        return Played(
            ways=self.ways,
            exact=exact,
            seed=seed,
            best=self.best,
            worst=self.worst,
            worth=self.total / self.chance,
            duties={name: self._shares(counts) for name, counts in self.duties.items()},
            objectives={name: self._shares(counts) for name, counts in self.objectives.items()},
            facts={fact.id: self.facts.get(fact.id, 0.0) / self.chance for fact in self._scenario.facts},
            injects={inject.id: self.injects.get(inject.id, 0.0) / self.chance for inject in self._scenario.injects},
            steps={covered: chance / self.chance for covered, chance in sorted(self.steps.items())},
            alike=alike,
        )

    def _shares(self, chances: dict[str, float]) -> dict[str, float]:
        return {name: chance / self.chance for name, chance in chances.items()}


def _add(chances: dict[K, float], name: K, chance: float) -> None:
    chances[name] = chances.get(name, 0.0) + chance


def play_all(scenario: Scenario, regimes: Regimes, *, told: Told | None = None, limit: int = LIMIT) -> Played:
    """Every way through the scenario, under every setting of its dials. Raises Refused when there are too many."""
    tally = _Tally(scenario, regimes)
    groups = {decision.id: [{option.id for option in decision.options}] for decision in scenario.decisions}
    whole = prod(len(dial.values) for dial in scenario.dials)
    left = limit
    for done, dials in enumerate(settings(scenario)):
        if told is not None:
            told(done, whole)
        search = Search(scenario, regimes, dials, left)
        left -= search.played
        tally.all(search)
        search.split(groups)
    if told is not None:
        told(whole, whole)
    alike = [
        Alike(decision.id, tuple(o.id for o in decision.options if o.id in group), len(group) == len(decision.options))
        for decision in scenario.decisions
        for group in groups[decision.id]
        if len(group) > 1
    ]
    return tally.played(exact=True, seed=None, alike=tuple(alike))


def play_sample(scenario: Scenario, regimes: Regimes, count: int, seed: int, *, told: Told | None = None) -> Played:
    """`count` ways drawn from the seed: dials and options each equally likely. The same seed, the same ways."""
    tally = _Tally(scenario, regimes)
    for each in range(count):
        if told is not None:
            told(each, count)
        dials = {dial.id: dial.values[number(seed, each, dial.id) % len(dial.values)].id for dial in scenario.dials}
        choices = {
            decision.id: decision.options[number(seed, each, "takes", decision.id) % len(decision.options)].id
            for decision in scenario.decisions
        }
        tally.one(*walked(scenario, regimes, dials, choices))
    if told is not None:
        told(count, count)
    return tally.played(exact=False, seed=seed, alike=())


def best(scenario: Scenario, regimes: Regimes, dials: Dials) -> Way:
    """The best way under one setting of the dials: fewest duties late, then the best decisions."""
    tally = _Tally(scenario, regimes)
    tally.all(Search(scenario, regimes, dials))
    assert tally.best is not None
    return tally.best
