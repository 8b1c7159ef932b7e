"""Playing alone: one person holds a seat and speaks for the team, bots hold the others.

Each function turns one act of the person into the moves it stands for, and returns the events of all of them or none.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain import bots
from domain.exercise import BOT, Event, Move, State, apply, moves, replay, variant
from domain.refusal import Refused
from domain.scenario import Scenario

LEASH = timedelta(minutes=30)
"""Exercise time that passes at most between two acts: closing the laptop for the night costs half an hour, no more."""


def begin(
    scenario: Scenario,
    *,
    seat: str,
    player: str,
    seed: int,
    dials: Mapping[str, str],
    now: datetime,
    speed: float | None = None,
    leash: timedelta | None = LEASH,
) -> tuple[Event, ...]:
    """Lay the table, start the clock, bring the first inject.

    `scenario` is the file's own; all later acts take the variant that the dials of the state make of it.
    """
    players = {each.id: player if each.id == seat else BOT for each in scenario.seats}
    if seat not in players:
        raise Refused("There is no such seat in this scenario.")
    plan = moves.Plan(players=players, seed=seed, alone=True, dials=dials)
    opening = _all(scenario, State(), [plan, moves.Start(speed or scenario.speed, leash)], now)
    state = replay(opening)
    return (*opening, *go_on(variant(scenario, state.dials), state, now))


def vote(
    scenario: Scenario,
    state: State,
    *,
    seat: str,
    decision: str,
    option: str,
    reason: str,
    sure: bool | None = None,
    now: datetime,
) -> tuple[Event, ...]:
    """Vote blind; then the bots vote, and the votes are shown."""
    steps: list[Move] = []
    voters = scenario.voters(scenario.decision(decision)) if decision in state.opened else ()
    if seat in voters or not voters:
        steps.append(moves.Vote(decision, seat, option, reason, sure))
    held = tuple(name for name, player in state.players.items() if player == BOT)
    if voters:
        said = bots.opinions(scenario, scenario.decision(decision), held, state.seed)
        steps += [moves.Vote(decision, each.seat, each.option, each.reason) for each in said]
    return _all(scenario, state, [*steps, moves.CloseVote(decision)], now)


def decide(
    scenario: Scenario, state: State, *, seat: str, decision: str, option: str, why: str, now: datetime
) -> tuple[Event, ...]:
    """Decide for the team."""
    return _all(scenario, state, [moves.Decide(decision, option, seat, why)], now)


def go_on(scenario: Scenario, state: State, now: datetime) -> tuple[Event, ...]:
    """On to the next thing that happens, or to the end."""
    return _all(scenario, state, [moves.Continue()], now)


def _all(scenario: Scenario, state: State, steps: list[Move], now: datetime) -> tuple[Event, ...]:
    events: list[Event] = []
    for step in steps:
        state, more = apply(scenario, state, step, now)
        events += more
    return tuple(events)
