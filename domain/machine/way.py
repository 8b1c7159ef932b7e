"""One way through a scenario: every decision named, played to the end, and what it comes to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final

from domain.exercise import Event, Regimes, State, apply, clocks, last_moment, moves, variant
from domain.review import WORTH, Review, review
from domain.scenario import Choice, Decision, Rating, Scenario

_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)

Dials = Mapping[str, str]
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way through a scenario, and what it comes to."""

    dials: Dials
    choices: Choices
    worth: float  # mean over its decisions
    duties: Mapping[str, str]  # by regime/duty: met, late, running, not_owed
    objectives: Mapping[str, Rating | None]
    facts: tuple[str, ...]
    steps: int

    @property
    def rank(self) -> tuple[int, float, int]:
        """Better ways have a lower rank: fewer duties late, then better decisions, then fewer duties open."""
        standings = list(self.duties.values())
        return standings.count("late"), -round(self.worth, 9), standings.count("running")


def settings(scenario: Scenario) -> Iterator[dict[str, str]]:
    """Every setting of the dials."""
    names = [dial.id for dial in scenario.dials]
    for values in product(*([value.id for value in dial.values] for dial in scenario.dials)):
        yield dict(zip(names, values, strict=True))


def begin(scenario: Scenario, dials: Dials) -> tuple[State, list[Event]]:
    """To the first decision of a variant, with the events that lead there."""
    plan = moves.Plan(players={}, seed=0, alone=True, dials=dials)
    log: list[Event] = []
    state = State()
    for move in (plan, moves.Start(1.0)):
        state, events = apply(scenario, state, move, _NOW)
        log += events
    return on(scenario, state, log)


def on(scenario: Scenario, state: State, log: list[Event]) -> tuple[State, list[Event]]:
    """To the next decision, or to the end."""
    while not state.open and state.phase != "ended":
        state, events = apply(scenario, state, moves.Continue(), _NOW)
        log += events
    return state, log


def take(scenario: Scenario, state: State, option: str) -> tuple[State, list[Event]]:
    """Take the oldest open decision after half its time."""
    name = state.open[0]
    log: list[Event] = []
    to = state.clock.passed + scenario.decision(name).within / 2
    for move in (moves.Skip(to), moves.CloseVote(name), moves.Decide(name, option, scenario.leads)):
        state, events = apply(scenario, state, move, _NOW)
        log += events
    return on(scenario, state, log)


def standing(scenario: Scenario, regimes: Regimes, state: State, end: timedelta) -> dict[str, str]:
    """How each duty stands at `end`, by regime/duty; what is done too late is late."""
    found = {f"{owed.regime}/{owed.duty}": "not_owed" for owed in scenario.duties if owed.regime in regimes}
    for clock in clocks(scenario, regimes, state, end):
        deadline = clock.deadline
        stands = "late" if deadline.late_by else deadline.standing
        found[f"{clock.owed.regime}/{clock.owed.duty}"] = "not_owed" if stands == "not_started" else stands
    return found


def walk(scenario: Scenario, regimes: Regimes, dials: Dials, choices: Mapping[str, str]) -> tuple[Way, Review]:
    """Play one way; a decision that `choices` does not name takes its best option. The second part is its debrief."""
    way, outcome, _ = walked(scenario, regimes, dials, choices)
    return way, outcome


def walked(scenario: Scenario, regimes: Regimes, dials: Dials, choices: Mapping[str, str]) -> tuple[Way, Review, State]:
    """`walk`, with the state at the end."""
    played = variant(scenario, dials)
    state, log = begin(played, dials)
    taken: list[tuple[str, str]] = []
    while state.phase != "ended":
        name = state.open[0]
        choice = choices.get(name) or best_option(played.decision(name)).id
        taken.append((name, choice))
        state, events = take(played, state, choice)
        log += events
    outcome = review(played, regimes, state, tuple(log))
    worths = [verdict.worth for verdict in outcome.verdicts]
    way = Way(
        dials=dict(dials),
        choices=tuple(taken),
        worth=sum(worths) / len(worths) if worths else 0.0,
        duties=standing(played, regimes, state, last_moment(state, state.clock.passed)),
        objectives={shown.objective.id: shown.rating for shown in outcome.objectives},
        facts=tuple(fact.id for fact in scenario.facts if fact.id in state.facts),
        steps=outcome.covered,
    )
    return way, outcome, state


def best_option(decision: Decision) -> Choice:
    """The option with the best rating, the first of several."""
    return max(decision.options, key=lambda each: WORTH[each.rating])
