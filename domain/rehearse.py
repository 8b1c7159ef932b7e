"""Playing a rehearsal: the scenario with its written choices, and every way in which it came out differently."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain import solo
from domain.exercise import Event, Regimes, State, evolve, replay, variant
from domain.refusal import Refused
from domain.review import Review, review
from domain.scenario import Expected, Rehearsal, Scenario

SEED = 1
"""Rehearsals name every dial that matters; the rest is drawn from this."""

_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Played:
    """A rehearsal that was played."""

    review: Review
    state: State
    events: tuple[Event, ...]
    differences: tuple[str, ...]  # empty when it came out as written


def rehearse(scenario: Scenario, regimes: Regimes, rehearsal: Rehearsal) -> Played:
    """Play it from the first inject to the end. Only exercise time passes; nothing waits."""
    now = _START
    different: list[str] = []
    log = list(
        solo.begin(
            scenario,
            seat=rehearsal.seat,
            player="rehearsal",
            seed=SEED,
            dials=rehearsal.dials,
            now=now,
            speed=1.0,
            leash=None,
        )
    )
    state = replay(log)
    played = variant(scenario, state.dials)
    choices = {choice.decision: choice for choice in rehearsal.choices}
    while state.phase != "ended":
        events: tuple[Event, ...]
        if not state.open:
            events = solo.go_on(played, state, now)
        else:
            name = state.open[0]
            choice = choices.pop(name, None)
            if choice is None:
                different.append(f"`choices` says nothing about the decision `{name}`, which came up.")
                break
            now += choice.takes
            arguments: dict[str, Any] = {"seat": rehearsal.seat, "decision": name, "option": choice.option}
            try:
                voted = solo.vote(played, state, **arguments, reason="", now=now)
                events = (*voted, *solo.decide(played, _after(state, voted), **arguments, why="", now=now))
            except Refused as refusal:
                different.append(f"`{name}`: {refusal}")
                break
        log += events
        state = _after(state, events)
    different += [f"`choices` names `{name}`, which never came up." for name in choices]
    outcome = review(played, regimes, state, tuple(log))
    different += _differences(state, outcome, rehearsal.expect)
    return Played(outcome, state, tuple(log), tuple(different))


def _after(state: State, events: tuple[Event, ...]) -> State:
    for event in events:
        state = evolve(state, event)
    return state


def _differences(state: State, outcome: Review, expected: Expected) -> list[str]:
    """How the outcome differs from what was expected, one sentence each."""
    found = []
    standings = {f"{c.owed.regime}/{c.owed.duty}": c.deadline for c in outcome.clocks}
    for each in expected.duties:
        deadline = standings.get(each.duty)
        # On paper a duty that was done too late is late.
        stands = None if deadline is None else "late" if deadline.late_by else deadline.standing
        if stands != each.standing:
            found.append(f"The duty `{each.duty}` should be {each.standing} and is {stands or 'not owed'}.")
    ratings = {shown.objective.id: shown.rating for shown in outcome.objectives}
    for name, rating in expected.objectives.items():
        if ratings.get(name) != rating:
            found.append(f"The objective `{name}` should be {rating} and is {ratings.get(name) or 'not rated'}.")
    found += [
        f"The fact `{name}` should be established and is not." for name in expected.facts if name not in state.facts
    ]
    came = state.facts.keys() | state.released.keys()
    found += [f"`{name}` should never come, and came." for name in expected.never if name in came]
    if outcome.covered != expected.steps:
        found.append(f"{expected.steps} of the six steps should be covered, and {outcome.covered} were.")
    return found
