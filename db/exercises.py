"""Exercises as rows: an append-only log of events, and the scenario each was started with, kept by digest.

The key (exercise, seq) is the concurrency control: of two movers only one can write the next event.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from db.receipts import digest
from db.tables import exercise, exercise_event, exercise_member, scenario_text
from domain.exercise import Event, from_json, to_json


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise without its events, as one person at the table sees it."""

    id: int
    scenario: str
    digest: str
    mode: str
    seed: int
    owner_id: int
    seat: str
    created_at: datetime
    ended_at: datetime | None


def keep_script(connection: Connection, script: dict[str, Any]) -> str:
    """Keep the text an exercise is played from, once, and return its digest."""
    name = digest(script)
    if connection.execute(select(scenario_text.c.digest).where(scenario_text.c.digest == name)).first() is None:
        connection.execute(insert(scenario_text).values(digest=name, body=script))
    return name


def script(connection: Connection, name: str) -> str:
    """The kept text as JSON."""
    return json.dumps(
        connection.execute(select(scenario_text.c.body).where(scenario_text.c.digest == name)).scalar_one()
    )


def add(
    connection: Connection, *, scenario: str, script: str, mode: str, seed: int, owner_id: int, seat: str, now: datetime
) -> int:
    """A new exercise with its owner on a seat; returns its number."""
    row = insert(exercise).values(
        scenario=scenario, digest=script, mode=mode, seed=seed, owner_id=owner_id, created_at=now
    )
    number: int = connection.execute(row.returning(exercise.c.id)).scalar_one()
    connection.execute(insert(exercise_member).values(exercise_id=number, person_id=owner_id, seat=seat))
    return number


def _seated(person_id: int) -> Select[Any]:
    member = exercise_member.c
    return (
        select(exercise, member.seat)
        .join(exercise_member, member.exercise_id == exercise.c.id)
        .where(member.person_id == person_id)
    )


def _exercise(row: Row[Any]) -> Exercise:
    return Exercise(
        row.id, row.scenario, row.digest, row.mode, row.seed, row.owner_id, row.seat, row.created_at, row.ended_at
    )


def find(
    connection: Connection, exercise_id: int, person_id: int, *, mode: str = "", lock: bool = False
) -> Exercise | None:
    """The exercise if this person belongs to it; `lock` makes other writers wait until the transaction ends."""
    query = _seated(person_id).where(exercise.c.id == exercise_id)
    if mode:
        query = query.where(exercise.c.mode == mode)
    row = connection.execute(query.with_for_update(of=exercise) if lock else query).first()
    return _exercise(row) if row is not None else None


def of_person(connection: Connection, person_id: int) -> Sequence[Exercise]:
    """Everything this person has played, plays, runs or watches, newest first."""
    rows = connection.execute(_seated(person_id).order_by(exercise.c.id.desc()))
    return [_exercise(row) for row in rows]


def events(connection: Connection, exercise_id: int, after: int = 0) -> tuple[Event, ...]:
    """The log after its first `after` events, in order."""
    log = exercise_event.c
    rows = connection.execute(select(log.body).where(log.exercise_id == exercise_id, log.seq > after).order_by(log.seq))
    return tuple(from_json(row.body) for row in rows)


def append(connection: Connection, exercise_id: int, seq: int, new: Iterable[Event]) -> None:
    """Write events after the first `seq`. Fails with IntegrityError when somebody else has written there."""
    rows = [
        {"exercise_id": exercise_id, "seq": seq + n, "at": event.at, "kind": event.kind, "body": to_json(event)}
        for n, event in enumerate(new, 1)
    ]
    if rows:
        connection.execute(insert(exercise_event), rows)


def end(connection: Connection, exercise_id: int, now: datetime) -> None:
    """Mark an exercise as over; nobody gets in by its code any more."""
    over = {"ended_at": now, "status": "ended", "code": None}
    connection.execute(update(exercise).where(exercise.c.id == exercise_id).values(over))
