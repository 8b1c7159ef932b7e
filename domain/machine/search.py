"""Every way through one variant: situations that stand alike are played once, and the ways through them counted.

What can still happen depends on few facts; those are in the key of a situation. Facts that only duties, clocks and
milestones look at change nothing that comes, so they are carried along as a table and never multiply the play.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from typing import Any, Final

from domain.condition import Condition
from domain.exercise import Regimes, State, last_moment, variant
from domain.exercise.events import Established
from domain.machine.way import Dials, begin, standing, take
from domain.refusal import Refused
from domain.review import WORTH, reached, worth
from domain.scenario import Milestone, Rating, Scenario

LIMIT: Final = 200_000
"""Situations that are played before a sample is asked for instead."""

LARGEST: Final = 2_000_000
"""Rows of all tables together, likewise."""

Facts = tuple[timedelta | None, ...]
"""Since when each fact holds that something looks at."""

Trail = tuple[Any, tuple[str, str]] | None
"""Choices, the last one first."""


@dataclass(slots=True)
class Sums:
    """Ways with the same facts: how many, how likely, what their decisions are worth, the best and worst of them."""

    ways: int
    chance: float  # that somebody who picks every option by chance takes one of them
    total: float  # the worth of the decisions together, times the chance
    most: tuple[float, Trail]
    least: tuple[float, Trail]


@dataclass(slots=True)
class Node:
    """Ways that stand alike."""

    state: State
    table: dict[tuple[Facts, timedelta], Sums]  # with the latest moment from which a fact holds
    shown: list[dict[tuple[float, int, Facts], float]]  # chance by worth, of how many decisions, and milestones
    idle: dict[str, float]  # chance by fact that nothing looks at
    decision: str = ""
    next: list[tuple[str, Facts, "Node"]] = field(default_factory=list)

    @property
    def chance(self) -> float:
        """That somebody who picks every option by chance comes here."""
        return sum(each.chance for each in self.table.values())


# ── what tells situations apart ───────────────────────────────────────────────────────────────────────────────

_HANDLED: Final = frozenset(
    {"phase", "seq", "players", "dials", "seed", "alone", "clock", "released", "facts", "counts", "risks", "opened"}
    | {"votes", "closed", "decided", "remarks", "timed", "sent", "improvised", "nudged", "drafts"}
)


class _Looked:
    """What conditions look at, and how closely."""

    def __init__(self, scenario: Scenario) -> None:
        parts = [part for root in _roots(scenario) for part in root.walk()]
        self.after = {kind: _longest(parts, kind) for kind in ("fact", "inject", "decided")}
        self.options = {part.decided for part in parts if part.decided and part.option}
        self.flow = frozenset(part.fact for part in parts if part.fact)
        self.seen = tuple(fact.id for fact in scenario.facts if fact.id in _mentioned(scenario))
        self._others = tuple(each.name for each in fields(State) if each.name not in _HANDLED)

    def bare(self, state: State) -> State:
        """The state with no facts but those that can bring something about."""
        return replace(state, facts={name: fact for name, fact in state.facts.items() if name in self.flow})

    def key(self, state: State) -> tuple[Any, ...]:
        """Equal for situations of one variant from which the same follows."""
        t = state.clock.passed
        people = {count.people.where: count.people.model_dump_json() for count in state.counts}
        return (
            state.phase,
            t,
            state.open,
            frozenset(state.opened),
            frozenset((name, self._since("inject", name, at, t)) for name, at in state.released.items()),
            frozenset(
                (name, taken.option if name in self.options else "", self._since("decided", name, taken.t, t))
                for name, taken in state.decided.items()
                if name in self.after["decided"]
            ),
            frozenset((name, self._since("fact", name, fact.since, t)) for name, fact in state.facts.items()),
            frozenset(people.items()),
            judged(state),
            *(repr(getattr(state, name)) for name in self._others),
        )

    def _since(self, kind: str, name: str, since: timedelta, t: timedelta) -> timedelta | None:
        """Since when, as long as it makes a difference; None once every condition on it counts it as held."""
        waits = self.after[kind].get(name)
        return None if waits is None or since + waits <= t else since


def judged(state: State) -> tuple[Any, ...]:
    """How risk, protection and exposure are judged now, where anything has judged them anew."""
    found: dict[str, Any] = {}
    for each in state.risks:
        told = {"risk": each.risk, "protection": each.protection, "exposure": each.exposure}
        found |= {name: value for name, value in told.items() if value is not None}
    return tuple(sorted(found.items()))


def _longest(parts: list[Condition], kind: str) -> dict[str, timedelta]:
    found: dict[str, timedelta] = {}
    for part in parts:
        if name := getattr(part, kind):
            found[name] = max(found.get(name, timedelta()), part.after or timedelta())
    return found


def _roots(scenario: Scenario) -> Iterator[Condition]:
    effects = [effect for inject in scenario.injects for effect in inject.effects]
    effects += [e for decision in scenario.decisions for option in decision.options for e in option.effects]
    whens = [*(inject.when for inject in scenario.injects), *(owed.when for owed in scenario.duties)]
    whens += [effect.when for effect in effects]
    yield from (when for when in whens if when is not None)


def _mentioned(scenario: Scenario) -> frozenset[str]:
    """Facts that anything looks at: conditions, clocks, duties, milestones; establishing alone is not looking."""
    known = {fact.id for fact in scenario.facts}
    found: set[str] = set()
    body = scenario.model_dump(mode="json", exclude_defaults=True)
    del body["facts"]

    def look(part: Any, *, effect: bool = False) -> None:
        if isinstance(part, str) and part in known:
            found.add(part)
        elif isinstance(part, list):
            for each in part:
                look(each, effect=effect)
        elif isinstance(part, dict):
            for name, each in part.items():
                if not (effect and name == "fact"):
                    look(each, effect=name == "effects")

    look(body)
    return frozenset(found)


# ── the search ────────────────────────────────────────────────────────────────────────────────────────────────


class Search:
    """All ways of one variant. Raises Refused when there are too many situations for `budget`."""

    def __init__(self, scenario: Scenario, regimes: Regimes, dials: Dials, budget: int = LIMIT) -> None:
        self.dials = dials
        self.scenario = variant(scenario, dials)
        self._regimes = regimes
        self._looked = _Looked(self.scenario)
        self._place = {name: n for n, name in enumerate(self._looked.seen)}
        self._budget = budget
        self._rows = 0
        self._stands: dict[Any, tuple[tuple[str, str], ...]] = {}
        state, _ = begin(self.scenario, dials)
        facts = self._new(State(), state)
        last = last_moment(state, timedelta())
        shown = [{(0.0, 0, self._part(facts, objective.milestones)): 1.0} for objective in scenario.objectives]
        idle = dict.fromkeys(state.facts.keys() - self._place.keys(), 1.0)
        root = Node(self._looked.bare(state), {(facts, last): Sums(1, 1.0, 0.0, (0.0, None), (0.0, None))}, shown, idle)
        self._layers = [[root]]
        self.ends: list[Node] = []
        self.seen = self._looked.seen
        self.played = 1
        while self._layers[-1]:
            self._layers.append(self._step(self._layers[-1]))

    def _step(self, layer: list[Node]) -> list[Node]:
        """The situations one decision later."""
        found: dict[tuple[Any, ...], Node] = {}
        for node in layer:
            if node.state.phase == "ended":
                self.ends.append(node)
                continue
            node.decision = node.state.open[0]
            for option in self.scenario.decision(node.decision).options:
                state, _ = take(self.scenario, node.state, option.id)
                self.played += 1
                if self.played > self._budget or self._rows > LARGEST:
                    raise Refused(
                        f"This scenario has more than {LIMIT:,} different situations. Play a sample of it: "
                        "--sample 500 --seed 1."
                    )
                new = self._new(node.state, state)
                bare = self._looked.bare(state)
                key = self._looked.key(bare)
                child = found.setdefault(key, Node(bare, {}, [{} for _ in node.shown], {}))
                self._join(node, option.id, (state, new), child)
                node.next.append((option.id, new, child))
        return list(found.values())

    def _new(self, before: State, after: State) -> Facts:
        """What one step established, of the facts that something looks at."""
        return tuple(
            fact.since if (fact := after.facts.get(name)) is not None and fact is not before.facts.get(name) else None
            for name in self._looked.seen
        )

    def _join(self, node: Node, option: str, step: tuple[State, Facts], child: Node) -> None:
        """Add the ways that lead over `option` to the situation `child`."""
        state, new = step
        decision = self.scenario.decision(node.decision)
        share = 1 / len(decision.options)
        value = worth(decision, next(each for each in decision.options if each.id == option), timedelta())
        latest = max((fact.since for fact in state.facts.values()), default=timedelta())
        for (facts, last), sums in node.table.items():
            row = _earliest(facts, new), max(last, latest)
            most = (sums.most[0] + value, (sums.most[1], (node.decision, option)))
            least = (sums.least[0] + value, (sums.least[1], (node.decision, option)))
            chance = sums.chance * share
            total = sums.total * share + value * chance
            there = child.table.get(row)
            if there is None:
                child.table[row] = Sums(sums.ways, chance, total, most, least)
                self._rows += 1
                continue
            there.ways += sums.ways
            there.chance += chance
            there.total += total
            there.most = most if most[0] > there.most[0] else there.most
            there.least = least if least[0] < there.least[0] else there.least
        for objective, before, after in zip(self.scenario.objectives, node.shown, child.shown, strict=True):
            shows = node.decision in objective.shown_by
            fresh = self._part(new, objective.milestones)
            for (together, many, since), chance in before.items():
                both = (round(together + value, 6), many + 1) if shows else (together, many)
                entry = (*both, _earliest(since, fresh))
                after[entry] = after.get(entry, 0.0) + chance * share
        idle = state.facts.keys() - self._place.keys()
        for fact in idle | node.idle.keys():
            chance = node.chance if fact in idle else node.idle[fact]
            child.idle[fact] = child.idle.get(fact, 0.0) + chance * share

    def _part(self, facts: Facts, milestones: tuple[Milestone, ...]) -> Facts:
        return tuple(facts[self._place[milestone.fact]] for milestone in milestones)

    # ── at the end ──

    def stands(self, node: Node, facts: Facts, last: timedelta) -> tuple[tuple[str, str], ...]:
        """How each duty stands at an end with these facts."""
        end = max(last, node.state.clock.passed)
        found: list[tuple[str, str]] = []
        for regime, alone, looks in self._by_regime():
            part = tuple(facts[n] for n in looks)
            key = (id(node), regime, part, end)
            if key not in self._stands:
                state = replace(node.state, facts=self._established(looks, part))
                stands = standing(alone, self._regimes, state, end)
                self._stands[key] = tuple((duty, at) for duty, at in stands.items() if duty.startswith(f"{regime}/"))
            found += self._stands[key]
        return tuple(found)

    def _by_regime(self) -> list[tuple[str, Scenario, tuple[int, ...]]]:
        """The scenario with the duties of one regime alone, and which facts those look at."""
        if not hasattr(self, "_regimes_apart"):
            self._regimes_apart = []
            for slug in dict.fromkeys(owed.regime for owed in self.scenario.duties):
                # A duty may wait for one of another regime: those come along.
                whole = self._regimes[slug].model_dump_json() if slug in self._regimes else ""
                owed = tuple(each for each in self.scenario.duties if each.regime == slug or f"{each.regime}/" in whole)
                others = {each.met_by for each in self.scenario.duties} - {each.met_by for each in owed}
                looks = tuple(n for name, n in self._place.items() if name not in others)
                self._regimes_apart.append((slug, self.scenario.model_copy(update={"duties": owed}), looks))
        return self._regimes_apart

    def _established(self, looks: tuple[int, ...], part: Facts) -> dict[str, Established]:
        at = self._layers[0][0].state.clock.seen
        return {
            name: Established(at=at, t=since, fact=name, since=since, because="")
            for n, since in zip(looks, part, strict=True)
            if since is not None
            for name in (self._looked.seen[n],)
        }

    def ratings(self, number: int, since: Facts) -> tuple[Rating, ...]:
        """What the milestones of an objective are worth with these facts."""
        milestones = self.scenario.objectives[number].milestones
        return tuple(reached(at, milestone) for at, milestone in zip(since, milestones, strict=True))

    def split(self, groups: dict[str, list[set[str]]]) -> None:
        """Split the options of each decision wherever they lead to other injects or facts that something looks at."""
        numbers: dict[Any, int] = {}
        value: dict[int, int] = {}
        for layer in reversed(self._layers):
            for node in layer:
                people = frozenset({c.people.where: c.people.model_dump_json() for c in node.state.counts}.items())
                body: Any = frozenset(node.state.released), people, judged(node.state)
                if node.next:
                    apart: dict[Any, set[str]] = {}
                    for option, new, child in node.next:
                        apart.setdefault((new, value[id(child)]), set()).add(option)
                    groups[node.decision] = [g & v for g in groups[node.decision] for v in apart.values() if g & v]
                    body = (node.decision, *((new, value[id(child)]) for _, new, child in node.next))
                value[id(node)] = numbers.setdefault(body, len(numbers))


def _earliest(one: Facts, other: Facts) -> Facts:
    if not any(each is not None for each in other):
        return one
    return tuple(b if a is None else a if b is None else min(a, b) for a, b in zip(one, other, strict=True))


def choices(trail: Trail) -> Mapping[str, str]:
    """The choices of a trail, the first one first."""
    found: list[tuple[str, str]] = []
    while trail is not None:
        trail, step = trail
        found.append(step)
    return dict(reversed(found))


def mean(milestones: tuple[Rating, ...], together: float, many: int) -> float | None:
    """The mean worth of an objective's evidence; None when nothing showed it."""
    parts = many + len(milestones)
    return (together + sum(WORTH[each] for each in milestones)) / parts if parts else None
