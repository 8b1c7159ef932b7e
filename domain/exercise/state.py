"""How an exercise stands, and how each event changes that.

The state is a pure fold of the log: nothing here reads a clock, a file or the scenario.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any, Literal, TypeVar, assert_never

from domain.condition import Known
from domain.exercise.events import (
    Counted,
    Decided,
    Drafted,
    Ended,
    Established,
    Event,
    Freed,
    HandedOver,
    Held,
    Improvised,
    Judged,
    Left,
    Noted,
    Nudged,
    Observed,
    Opened,
    Paused,
    Planned,
    Released,
    Resumed,
    Seated,
    Skipped,
    SpeedSet,
    Started,
    VoteClosed,
    Voted,
    VoteExtended,
    Withdrawn,
)

Phase = Literal["new", "planned", "running", "paused", "ended"]
V = TypeVar("V")

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Exercise time: how much had passed at a moment, and how fast it passes since."""

    passed: timedelta = timedelta()
    seen: datetime = _NEVER
    speed: float = 1.0
    leash: timedelta | None = None
    running: bool = False

    def at(self, now: datetime) -> timedelta:
        """Exercise time at `now`; never less than before, even if the server's clock was set back."""
        if not self.running:
            return self.passed
        more = max(now - self.seen, timedelta()) * self.speed
        return self.passed + (more if self.leash is None else min(more, self.leash))

    def ticks(self, now: datetime) -> bool:
        """Whether time passes at `now`: it runs and is not at the end of its leash."""
        return self.running and (self.leash is None or max(now - self.seen, timedelta()) * self.speed < self.leash)


@dataclass(frozen=True, slots=True)
class State:
    """Everything that has happened, as far as the rules and the views need it."""

    phase: Phase = "new"
    seq: int = 0
    players: Mapping[str, str] = field(default_factory=dict)
    dials: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    alone: bool = False
    timed: bool = False  # votes close by themselves
    clock: Clock = field(default_factory=Clock)
    released: Mapping[str, timedelta] = field(default_factory=dict)  # in the order of release
    improvised: Mapping[str, Improvised] = field(default_factory=dict)
    sent: tuple[str, ...] = ()  # everything in play, from the script or not, in the order in which it came
    nudged: Mapping[str, timedelta] = field(default_factory=dict)  # by seat
    held: frozenset[str] = frozenset()
    facts: Mapping[str, Established] = field(default_factory=dict)
    counts: tuple[Counted, ...] = ()
    risks: tuple[Judged, ...] = ()
    opened: Mapping[str, Opened] = field(default_factory=dict)
    votes: Mapping[str, Mapping[str, Voted]] = field(default_factory=dict)
    closed: Mapping[str, timedelta] = field(default_factory=dict)
    decided: Mapping[str, Decided] = field(default_factory=dict)
    remarks: tuple[Observed | Noted, ...] = ()
    drafts: Mapping[str, tuple[Drafted, ...]] = field(default_factory=dict)  # by letter, oldest first

    @property
    def known(self) -> Known:
        """What conditions may look at."""
        return Known(
            facts={name: fact.since for name, fact in self.facts.items()},
            decided={name: (taken.option, taken.t) for name, taken in self.decided.items()},
            injects=self.released,
            dials=self.dials,
        )

    @property
    def open(self) -> tuple[str, ...]:
        """Decisions that wait for the team, oldest first."""
        return tuple(name for name in self.opened if name not in self.decided)


def _with(mapping: Mapping[str, V], key: str, value: V) -> dict[str, V]:
    return {**mapping, key: value}


def _without(mapping: Mapping[str, V], keys: Iterable[str]) -> dict[str, V]:
    gone = set(keys)
    return {key: value for key, value in mapping.items() if key not in gone}


def evolve(state: State, event: Event) -> State:
    """The state after an event."""
    clock = replace(state.clock, passed=event.t, seen=max(event.at, state.clock.seen))
    return replace(state, **{"seq": state.seq + 1, "clock": clock, **_changes(state, clock, event)})


def _changes(state: State, clock: Clock, event: Event) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 - one case per event, flat
    """The fields that an event changes, with what they become; the clock stands where the event put it."""
    match event:
        case Planned():
            return {
                "phase": "planned",
                "players": event.players,
                "dials": event.dials,
                "seed": event.seed,
                "alone": event.alone,
            }
        case Seated():
            return {"players": _with(state.players, event.seat, event.player)}
        case Left():
            return {"players": _with(state.players, event.seat, "")}
        case HandedOver():
            return {}
        case Started():
            running = replace(clock, speed=event.speed, leash=event.leash, running=True)
            return {"phase": "running", "clock": running, "timed": event.timed}
        case Paused():
            return {"phase": "paused", "clock": replace(clock, running=False)}
        case Resumed():
            return {"phase": "running", "clock": replace(clock, running=True)}
        case SpeedSet():
            return {"clock": replace(clock, speed=event.speed)}
        case Skipped():
            return {"clock": replace(clock, passed=event.to)}
        case Released():
            released = _with(state.released, event.inject, event.t)
            held = state.held - {event.inject}
            return {"released": released, "held": held, "sent": (*state.sent, event.inject)}
        case Improvised():
            improvised = _with(state.improvised, event.inject, event)
            return {"improvised": improvised, "sent": (*state.sent, event.inject)}
        case Nudged():
            return {"nudged": _with(state.nudged, event.seat, event.t)}
        case Withdrawn():
            return _withdrawn(state, event.inject)
        case Held():
            return {"held": state.held | {event.inject}}
        case Freed():
            return {"held": state.held - {event.inject}}
        case Opened():
            return {"opened": _with(state.opened, event.decision, event)}
        case Voted():
            votes = _with(state.votes.get(event.decision, {}), event.seat, event)
            return {"votes": _with(state.votes, event.decision, votes)}
        case VoteExtended():
            opened = state.opened[event.decision].model_copy(update={"until": event.until})
            return {"opened": _with(state.opened, event.decision, opened)}
        case VoteClosed():
            return {"closed": _with(state.closed, event.decision, event.t)}
        case Decided():
            return {"decided": _with(state.decided, event.decision, event)}
        case Established():
            return {"facts": _with(state.facts, event.fact, event)}
        case Counted():
            return {"counts": (*state.counts, event)}
        case Judged():
            return {"risks": (*state.risks, event)}
        case Observed() | Noted():
            return {"remarks": (*state.remarks, event)}
        case Drafted():
            written = (*state.drafts.get(event.letter, ()), event)
            return {"drafts": _with(state.drafts, event.letter, written)}
        case Ended():
            return {"phase": "ended", "clock": replace(clock, running=False)}
    assert_never(event)


def _withdrawn(state: State, inject: str) -> dict[str, Any]:
    """What becomes of the fields when an inject goes, with what it brought about."""
    sent = tuple(name for name in state.sent if name != inject)
    if inject in state.improvised:
        return {"sent": sent, "improvised": _without(state.improvised, [inject])}
    asked = [name for name, opened in state.opened.items() if opened.by == inject]
    return {
        "sent": sent,
        "released": _without(state.released, [inject]),
        "held": state.held | {inject},
        "opened": _without(state.opened, asked),
        "votes": _without(state.votes, asked),
        "closed": _without(state.closed, asked),
        "facts": _without(state.facts, [name for name, fact in state.facts.items() if fact.because == inject]),
        "counts": tuple(count for count in state.counts if count.because != inject),
        "risks": tuple(risk for risk in state.risks if risk.because != inject),
    }


def replay(events: Iterable[Event]) -> State:
    """The state that a log leads to."""
    return reduce(evolve, events, State())
