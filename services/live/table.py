"""One live exercise at hand: who asks, what has happened, and how an act is decided, kept and made known.

An act is asked of the rules with the newest state inside its own transaction. The key (exercise, seq) lets one of two
movers win; the other is asked again, and gets new events or a sentence.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from db import exercises, live, people, receipts, sessions
from db.engine import Connection
from db.live import Live, Member, Part, Versions
from db.receipts import Receipt
from domain.exercise import Event, Move, State, apply, due, evolve, moves
from domain.people import Person
from domain.refusal import Forbidden, Refused
from domain.review import about
from services import evidence as learnt
from services import scripts
from services.app import App
from services.authority import unguarded
from services.hub import hub
from services.learning import AGAIN
from services.scripts import Script

T = TypeVar("T")

FACILITATOR: frozenset[Part] = frozenset({"facilitator"})
STAFF: frozenset[Part] = frozenset({"facilitator", "observer"})
SEATED: frozenset[Part] = frozenset({"player", "deputy"})
EVERYBODY: frozenset[Part] = STAFF | SEATED

QUIET = frozenset({"voted", "noted", "observed", "held", "freed"})
"""Events that change nothing on a player's screen but perhaps their own."""

INSIDE = "for services/live, whose functions say which roles may call them"
NOBODY = "There is no such exercise of yours."
PRESENT = timedelta(seconds=45)
"""For how long after their screen was last seen open somebody counts as being here."""

_DONE: Mapping[type[Any], tuple[frozenset[str], str]] = {
    moves.Start: (frozenset({"started"}), "Started"),
    moves.Pause: (frozenset({"paused"}), "Paused"),
    moves.Resume: (frozenset({"resumed"}), "Resumed"),
    moves.Skip: (frozenset({"skipped"}), "Skipped ahead"),
    moves.Release: (frozenset({"released"}), "Sent"),
    moves.Hold: (frozenset({"released"}), "Sent"),
    moves.Undo: (frozenset({"released", "improvised", "withdrawn"}), "Something was sent or taken back"),
    moves.CloseVote: (frozenset({"vote_closed"}), "Closed"),
    moves.Extend: (frozenset({"vote_closed", "vote_extended"}), "Closed or extended"),
    moves.Vote: (frozenset({"vote_closed"}), "This vote was closed"),
    moves.Decide: (frozenset({"decided"}), "Decided"),
    moves.End: (frozenset({"ended"}), "Ended"),
}
"""What somebody else must have done when a move is refused, and how we say so."""


@dataclass(frozen=True, slots=True)
class Table:
    """A live exercise as one of its members finds it."""

    live: Live
    member: Member
    script: Script
    state: State
    log: tuple[Event, ...]


_Key = tuple[str, int, datetime]
_known: dict[_Key, tuple[int, tuple[Event, ...], State]] = {}
"""Logs that were read from the database, with the version at which they end and what they lead to. Events are only
ever added, so the start of a log stays true for ever; and nothing has come while the version is the same. Never what a
transaction has written that may still fail."""

_people: dict[_Key, tuple[int, tuple[Member, ...]]] = {}
"""Who belongs to an exercise, with the version at which it was so; when they were seen is not in it."""

_busy: defaultdict[tuple[str, int], threading.Lock] = defaultdict(threading.Lock)
"""One mover at a time per exercise in this process: PostgreSQL would let all try, and all but one try again."""


@unguarded(INSIDE)
def read_log(app: App, connection: Connection, exercise: Live, *, durable: bool) -> tuple[tuple[Event, ...], State]:
    """The log of an exercise and its state; `durable` says that what is read cannot be rolled back."""
    key = (app.db.url, exercise.id, exercise.created_at)
    version, log, state = _known.get(key, (-1, (), State()))
    if durable and version == exercise.version:
        return log, state
    new = exercises.events(connection, exercise.id, after=len(log))
    if new:
        for event in new:
            state = evolve(state, event)
        log = (*log, *new)
    if durable:
        _remember(_known, key, (exercise.version, log, state))
    return log, state


@unguarded(INSIDE)
def everybody(app: App, connection: Connection, exercise: Live) -> tuple[Member, ...]:
    """Who belongs to the exercise, for reading; when they were last seen may be old."""
    key = (app.db.url, exercise.id, exercise.created_at)
    version, found = _people.get(key, (-1, ()))
    if version != exercise.version:
        found = live.members(connection, exercise.id)
        _remember(_people, key, (exercise.version, found))
    return found


def _remember(where: dict[_Key, T], key: _Key, value: T) -> None:
    if len(where) >= 64:  # more exercises than run at once
        where.clear()
    where[key] = value


@unguarded(INSIDE)
def at(
    app: App,
    connection: Connection,
    actor: Person,
    exercise_id: int,
    parts: frozenset[Part],
    *,
    writing: bool = False,
) -> Table:
    """The exercise if the person belongs to it as one of `parts`. Raises Forbidden otherwise: both read the same."""
    if writing:
        live.find(connection, exercise_id, lock=True)
    met = live.meet(connection, exercise_id, actor.id)
    if met is None or met[1].part not in parts:
        raise Forbidden(NOBODY)
    exercise, member = met
    log, state = read_log(app, connection, exercise, durable=not writing)
    return Table(exercise, member, scripts.kept(connection, exercise.digest, state), state, log)


@unguarded(INSIDE)
def read(app: App, actor: Person, exercise_id: int, parts: frozenset[Part]) -> Table:
    """The exercise for reading. Raises Forbidden."""
    with app.db.read() as connection:
        return at(app, connection, actor, exercise_id, parts)


Wish = Callable[[Table, Connection], Sequence[Move]]
"""What moves somebody's act stands for, once the table is known; may refuse."""


@unguarded(INSIDE)
def act(
    app: App,
    actor: Person,
    exercise_id: int,
    key: str,
    payload: object,
    wish: Wish,
    *,
    parts: frozenset[Part] = FACILITATOR,
) -> Receipt:
    """Make somebody's moves and keep what they lead to; the same key again returns the receipt of the first time.

    What is due by the clock happens before. Raises Refused with a sentence, Forbidden for whoever has no business here.
    """
    now = app.now()

    def work(connection: Connection) -> tuple[Receipt, Versions | None]:
        table = at(app, connection, actor, exercise_id, parts, writing=True)
        told: list[Versions] = []

        def write() -> dict[str, int]:
            scenario, state = table.script.scenario, table.state
            events: list[Event] = []
            if due(scenario, state, now):
                state, events = _made(table, state, [(moves.Advance(), "")], now)
            for move in wish(table, connection):
                if isinstance(move, moves.Release) and any(getattr(e, "inject", "") == move.inject for e in events):
                    continue  # it was due, and has come
                try:
                    state, more = apply(scenario, state, move, now, str(actor.id))
                except Refused as refusal:
                    raise _beaten(connection, table, events, move, actor, now) or refusal from None
                events += more
            if versions := keep(connection, table.live, table.state, tuple(events), now):
                told.append(versions)
            return {"seq": state.seq}

        receipt = receipts.once(connection, f"live:{exercise_id}:{key}", actor.id, payload, now, write)
        return receipt, told[0] if told else None

    receipt, versions = one_at_a_time(app, exercise_id, work)
    if versions is not None:
        hub.publish(exercise_id, versions)
    return receipt


@unguarded(INSIDE)
def change(
    app: App,
    actor: Person,
    exercise_id: int,
    work: Callable[[Connection, Table], Sequence[tuple[Move, str]]],
    *,
    parts: frozenset[Part] = FACILITATOR,
    players: bool = False,
) -> None:
    """Change who belongs to the exercise or what is known of it, with the moves that go with it, and make it known.

    The change must be the same when made twice. `players` says that they must see it too.
    """
    now = app.now()

    def write(connection: Connection) -> Versions:
        table = at(app, connection, actor, exercise_id, parts, writing=True)
        _, events = _made(table, table.state, work(connection, table), now)
        keep(connection, table.live, table.state, tuple(events), now)
        return live.bump(connection, exercise_id, players=players)

    hub.publish(exercise_id, one_at_a_time(app, exercise_id, write))


def _made(table: Table, state: State, wanted: Sequence[tuple[Move, str]], now: datetime) -> tuple[State, list[Event]]:
    events: list[Event] = []
    for move, actor in wanted:
        state, more = apply(table.script.scenario, state, move, now, actor)
        events += more
    return state, events


@unguarded(INSIDE)
def one_at_a_time(app: App, exercise_id: int, work: Callable[[Connection], T]) -> T:
    """Write, without racing others of this process for the same exercise."""
    if app.db.sqlite:  # its one writer is fair already
        return app.db.write(work)
    with _busy[app.db.url, exercise_id]:
        return app.db.write(work)


def keep(
    connection: Connection, exercise: Live, before: State, events: tuple[Event, ...], now: datetime
) -> Versions | None:
    """Append events to the log with all that follows from them; how far the exercise has come, None without events."""
    if not events:
        return None
    exercises.append(connection, exercise.id, before.seq, events)
    state = before
    for event in events:
        state = evolve(state, event)
    if state.phase == "ended":
        exercises.end(connection, exercise.id, now)
        _learn(connection, exercise, state, now)
    elif state.phase in {"running", "paused"} and state.phase != exercise.status:
        live.change(connection, exercise.id, status=state.phase)
    return live.bump(connection, exercise.id, players=any(event.kind not in QUIET for event in events))


def _beaten(
    connection: Connection, table: Table, fresh: Sequence[Event], move: Move, actor: Person, now: datetime
) -> Refused | None:
    """A refusal that names whoever was faster with the same thing; None when nobody was."""
    kinds, done = _DONE.get(type(move), (frozenset(), ""))
    about = getattr(move, "inject", "") or getattr(move, "decision", "")
    for event in reversed([*table.log, *fresh]):
        same = not about or isinstance(move, moves.Undo) or about in {
            getattr(event, "inject", ""), getattr(event, "decision", "")
        }  # fmt: skip
        if event.kind in kinds and same:
            if event.actor == str(actor.id):
                return None
            return Refused(f"{done} by {_called(connection, event.actor)} {_ago(now - event.at)}.")
    return None


def _called(connection: Connection, actor: str) -> str:
    person = people.find(connection, int(actor)) if actor.isdecimal() else None
    return person.name if person is not None else "the clock"


def _ago(passed: timedelta) -> str:
    minutes = int(passed / timedelta(minutes=1))
    return "a moment ago" if minutes < 1 else "a minute ago" if minutes == 1 else f"{minutes} minutes ago"


# ── at the end ────────────────────────────────────────────────────────────────────────────────────────────────


def _learn(connection: Connection, exercise: Live, state: State, now: datetime) -> None:
    """What the exercise says about everybody with an account; less of it about those who know the story already."""
    script = scripts.kept(connection, exercise.digest, state)
    log = exercises.events(connection, exercise.id)
    for member in live.members(connection, exercise.id):
        if member.guest:
            continue
        found = about(
            script.scenario,
            exercise.scenario,
            state,
            log,
            part=member.part,
            seat=member.seat,
            player=str(member.person_id),
        )
        runs = exercises.of_person(connection, member.person_id)
        again = any(run.scenario == exercise.scenario and run.id < exercise.id for run in runs)
        for each in found:
            learnt.record(
                connection,
                person_id=member.person_id,
                item=each.item[:140],
                skill=each.skill,
                kind=each.kind,
                y=each.y,
                guess=each.guess,
                weight=each.weight * (AGAIN if again else 1.0),
                now=now,
                exercise_id=exercise.id,
            )


def send_guests_home(connection: Connection, exercise_id: int, now: datetime) -> None:
    """What guests came for is over, the hot wash too: their sessions end with it."""
    for member in live.members(connection, exercise_id):
        if member.guest:
            sessions.revoke(connection, now, person_id=member.person_id)
            people.set_active(connection, member.person_id, active=False)
