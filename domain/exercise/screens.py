"""Screens of a live exercise other than a seat's own: the facilitator's console, the room's projector, the evaluator's.

Each is built from nothing. The console holds all but what a person wrote down for themselves; the room holds what
everybody at the table has been shown; the evaluator's holds that, and what a good team does about it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from domain.exercise.clocks import Clock, Regimes, clocks, moment
from domain.exercise.decide import upcoming
from domain.exercise.events import BOT, Event, Observed
from domain.exercise.state import Phase, State
from domain.exercise.view import (
    Ask,
    Ballot,
    Message,
    Place,
    Taken,
    ask_of,
    awaited,
    ballots,
    messages,
    places,
    taken_of,
)
from domain.scenario import Decision, Inject, Objective, Scenario

Standing = Literal["sent", "held", "next", "due", "later", "waiting"]
"""Of an inject: in play; kept back; the next to come; due now; at its moment; until something else happens."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the run sheet."""

    inject: Inject
    standing: Standing
    t: timedelta | None  # when it was sent, or when it comes by itself if nothing else happens


@dataclass(frozen=True, slots=True)
class Tally:
    """An open decision as the facilitator sees it: who has voted what, and who has not."""

    decision: Decision
    opened: timedelta
    until: timedelta  # a prepared team is done by then
    closes: timedelta | None
    closed: bool
    ballots: tuple[Ballot, ...]
    silent: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the log."""

    seq: int
    at: datetime
    t: timedelta
    kind: str
    actor: str  # a person's number; empty for the clock
    text: str


@dataclass(frozen=True, slots=True)
class Console:
    """The facilitator's screen."""

    phase: Phase
    seq: int
    t: timedelta
    moment: datetime
    speed: float
    ticking: bool
    title: str
    setting: str
    notes: tuple[str, ...]  # the script's own, for whoever runs it
    places: tuple[Place, ...]
    clocks: tuple[Clock, ...]
    sheet: tuple[Row, ...]
    following: Row | None  # what comes by itself next
    tallies: tuple[Tally, ...]
    messages: tuple[Message, ...]  # as everybody got them
    improvised: tuple[tuple[str, tuple[str, ...]], ...]  # which of them were written at the table, and for which seats
    taken: tuple[Taken, ...]
    facts: tuple[tuple[timedelta, str], ...]
    observations: tuple[Observed, ...]
    log: tuple[Happened, ...]  # newest first
    undoable: str  # what Undo would take back; empty when nothing


@dataclass(frozen=True, slots=True)
class Room:
    """What is on the wall: nothing to press, nothing that one seat alone may know, nothing still to come."""

    phase: Phase
    seq: int
    t: timedelta
    moment: datetime
    speed: float
    ticking: bool
    title: str
    setting: str
    places: tuple[Place, ...]
    clocks: tuple[Clock, ...]  # duties that have begun
    messages: tuple[Message, ...]
    asks: tuple[Ask, ...]
    taken: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """The evaluator's screen."""

    room: Room
    expected: tuple[tuple[str, tuple[str, ...]], ...]  # by inject in play: what a good team does
    objectives: tuple[Objective, ...]
    observations: tuple[Observed, ...]  # this evaluator's own


def room(scenario: Scenario, regimes: Regimes, state: State, now: datetime) -> Room:
    """What may be on the wall at `now`."""
    t = state.clock.at(now)
    return Room(
        phase=state.phase,
        seq=state.seq,
        t=t,
        moment=moment(scenario, t),
        speed=state.clock.speed,
        ticking=state.clock.ticks(now),
        title=scenario.title,
        setting=scenario.setting,
        places=places(scenario, state),
        clocks=tuple(c for c in clocks(scenario, regimes, state, t) if c.deadline.standing != "not_started"),
        messages=messages(scenario, state, None),
        asks=tuple(ask_of(scenario, state, name, None) for name in state.open),
        taken=tuple(taken_of(scenario, state, name) for name in state.decided),
    )


def watch(scenario: Scenario, regimes: Regimes, state: State, by: str, now: datetime) -> Watch:
    """What an evaluator sees at `now`; `by` is how their observations are signed."""
    return Watch(
        room=room(scenario, regimes, state, now),
        expected=tuple((name, scenario.inject(name).expected) for name in state.released),
        objectives=scenario.objectives,
        observations=tuple(r for r in state.remarks if isinstance(r, Observed) and r.by == by),
    )


def console(scenario: Scenario, regimes: Regimes, state: State, log: tuple[Event, ...], now: datetime) -> Console:
    """What the facilitator sees at `now`; `log` is what led to the state."""
    t = state.clock.at(now)
    following = upcoming(scenario, state, t) if state.phase != "ended" else None
    sheet = tuple(_row(scenario, state, inject, t, following) for inject in scenario.injects)
    facts = sorted((fact.since, fact.fact) for fact in state.facts.values())
    return Console(
        phase=state.phase,
        seq=state.seq,
        t=t,
        moment=moment(scenario, t),
        speed=state.clock.speed,
        ticking=state.clock.ticks(now),
        title=scenario.title,
        setting=scenario.setting,
        notes=scenario.notes,
        places=places(scenario, state),
        clocks=clocks(scenario, regimes, state, t),
        sheet=sheet,
        following=next((row for row in sheet if following is not None and row.inject.id == following[1]), None),
        tallies=tuple(_tally(scenario, state, name) for name in state.open),
        messages=_everything(scenario, state),
        improvised=tuple((name, inject.seats) for name, inject in state.improvised.items()),
        taken=tuple(taken_of(scenario, state, name) for name in state.decided),
        facts=tuple((since, scenario.fact(name).text) for since, name in facts),
        observations=tuple(remark for remark in state.remarks if isinstance(remark, Observed)),
        log=tuple(_happened(scenario, seq, event) for seq, event in reversed([*enumerate(log, 1)]) if _public(event)),
        undoable=_undoable(state),
    )


def _everything(scenario: Scenario, state: State) -> tuple[Message, ...]:
    """Every message once, those for some seats too."""
    found = {message.id: message for message in messages(scenario, state, None)}
    for inject in state.improvised.values():
        for seat in inject.seats:
            found |= {each.id: each for each in messages(scenario, state, seat) if each.id == inject.inject}
    return tuple(found[name] for name in state.sent)


def _undoable(state: State) -> str:
    last = state.sent[-1] if state.sent else ""
    taken = any(opened.by == last and name in state.decided for name, opened in state.opened.items())
    return "" if taken else last


def _row(
    scenario: Scenario, state: State, inject: Inject, t: timedelta, following: tuple[timedelta, str] | None
) -> Row:
    if inject.id in state.released:
        return Row(inject, "sent", state.released[inject.id])
    if inject.id in state.held:
        return Row(inject, "held", None)
    alone = scenario.model_copy(update={"injects": (inject,)})
    turn = upcoming(alone, state, t)
    if turn is None:
        return Row(inject, "waiting", None)
    if following is not None and following[1] == inject.id:
        return Row(inject, "due" if turn[0] <= t else "next", turn[0])
    return Row(inject, "due" if turn[0] <= t else "later", turn[0])


def _tally(scenario: Scenario, state: State, name: str) -> Tally:
    decision, opened = scenario.decision(name), state.opened[name]
    silent = {seat for seat in awaited(scenario, state, decision) if seat not in state.votes.get(name, {})}
    return Tally(
        decision=decision,
        opened=opened.t,
        until=opened.t + decision.within,
        closes=opened.until,
        closed=name in state.closed,
        ballots=ballots(scenario, state, name),
        silent=tuple(place for place in places(scenario, state) if place.id in silent),
    )


def _public(event: Event) -> bool:
    """Whether the facilitator may know of it: all but what somebody wrote down for themselves."""
    return event.kind != "noted"


def _happened(scenario: Scenario, seq: int, event: Event) -> Happened:
    return Happened(seq, event.at, event.t, event.kind, event.actor, _sentence(scenario, event))


def _sentence(scenario: Scenario, event: Event) -> str:  # noqa: C901, PLR0911, PLR0912 - one case per event, flat
    titles = {seat.id: seat.title for seat in scenario.seats}
    match event.kind:
        case "released" | "withdrawn" | "held" | "freed":
            if event.inject.startswith("+"):
                return "Something improvised"
            return scenario.inject(event.inject).title
        case "improvised":
            return event.title
        case "opened" | "vote_closed" | "vote_extended":
            return scenario.decision(event.decision).ask
        case "voted":
            return f"{titles[event.seat]}: {scenario.decision(event.decision).ask}"
        case "decided":
            chosen = next(each for each in scenario.decision(event.decision).options if each.id == event.option)
            return f"{titles.get(event.by, event.by.capitalize())}: {chosen.text}"
        case "established":
            return scenario.fact(event.fact).text
        case "seated":
            return f"{titles[event.seat]}" + (" (bot)" if event.player == BOT else "")
        case "left" | "nudged":
            return titles[event.seat]
        case "speed_set":
            return f"×{event.speed:g}"
        case "observed":
            return event.text
        case "ended":
            return event.why
        case _:
            return ""
