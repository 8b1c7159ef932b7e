"""Attempts, answers and lesson progress as rows, read back as values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from db.receipts import digest
from db.tables import answer, assignment, attempt, lesson_progress, shown


@dataclass(frozen=True, slots=True)
class Attempt:
    """One person's go at a quiz or drill."""

    id: int
    person_id: int
    kind: str
    slug: str
    seed: int
    draw: tuple[str, ...]
    place: int
    draft: dict[str, str]
    started_at: datetime
    finished_at: datetime | None
    points: float | None
    out_of: float | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One response, as it was given."""

    id: int
    item: str
    response: dict[str, Any]
    y: float
    confidence: str | None
    cold: bool
    digest: str
    shown_at: datetime
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person is in a lesson."""

    lesson: str
    screen: int
    done_at: datetime | None


# What every answer runs is built once: building a statement costs as much as running it.
_ATTEMPT = select(attempt).where(attempt.c.id == bindparam("attempt"))
_LATEST = (
    select(attempt)
    .where(
        attempt.c.person_id == bindparam("person"),
        attempt.c.kind == bindparam("kind_of"),
        attempt.c.slug == bindparam("slug_of"),
    )
    .order_by(attempt.c.id.desc())
    .limit(1)
)
_MOVE = update(attempt).where(attempt.c.id == bindparam("attempt")).values(place=bindparam("to"))
_SEEN = (
    select(answer.c.id)
    .where(
        answer.c.person_id == bindparam("person"),
        answer.c.kind == bindparam("kind_of"),
        answer.c.slug == bindparam("slug_of"),
        answer.c.item == bindparam("item_of"),
    )
    .limit(1)
)
_ANSWER = select(answer).where(answer.c.attempt_id == bindparam("attempt"), answer.c.item == bindparam("item_of"))
_ADD = insert(answer)
_SHOWN = {
    "postgresql": postgresql.insert(shown).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(shown).on_conflict_do_nothing(),
}


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        id=row.id,
        person_id=row.person_id,
        kind=row.kind,
        slug=row.slug,
        seed=row.seed,
        draw=tuple(row.draw),
        place=row.place,
        draft=row.draft or {},
        started_at=row.started_at,
        finished_at=row.finished_at,
        points=row.points,
        out_of=row.out_of,
        passed=row.passed,
    )


def find(connection: Connection, attempt_id: int) -> Attempt | None:
    """The attempt, or None."""
    row = connection.execute(_ATTEMPT, {"attempt": attempt_id}).first()
    return _attempt(row) if row else None


def latest(connection: Connection, person_id: int, kind: str, slug: str) -> Attempt | None:
    """The person's newest attempt at this, open or finished."""
    row = connection.execute(_LATEST, {"person": person_id, "kind_of": kind, "slug_of": slug}).first()
    return _attempt(row) if row else None


def of_person(connection: Connection, person_id: int) -> list[Attempt]:
    """All attempts of a person, oldest first."""
    rows = connection.execute(select(attempt).where(attempt.c.person_id == person_id).order_by(attempt.c.id))
    return [_attempt(row) for row in rows]


def finished(connection: Connection, person_id: int, kind: str, slug: str) -> list[Attempt]:
    """The person's finished attempts at this, oldest first."""
    rows = connection.execute(
        select(attempt)
        .where(
            attempt.c.person_id == person_id,
            attempt.c.kind == kind,
            attempt.c.slug == slug,
            attempt.c.finished_at.is_not(None),
        )
        .order_by(attempt.c.id)
    )
    return [_attempt(row) for row in rows]


def begin(
    connection: Connection, person_id: int, kind: str, slug: str, *, seed: int, draw: tuple[str, ...], now: datetime
) -> Attempt:
    """The person's open attempt at this, or a new one."""
    open_one = select(attempt).where(
        attempt.c.person_id == person_id,
        attempt.c.kind == kind,
        attempt.c.slug == slug,
        attempt.c.finished_at.is_(None),
    )
    row = connection.execute(open_one).first()
    if row is None:
        connection.execute(
            insert(attempt).values(
                person_id=person_id, kind=kind, slug=slug, seed=seed, draw=list(draw), place=0, started_at=now
            )
        )
        row = connection.execute(open_one).one()
    return _attempt(row)


def move(connection: Connection, attempt_id: int, place: int) -> None:
    """Put another item on screen."""
    connection.execute(_MOVE, {"attempt": attempt_id, "to": place})


def keep_draft(connection: Connection, attempt_id: int, draft: dict[str, str]) -> None:
    """Keep a report that is being written."""
    connection.execute(update(attempt).where(attempt.c.id == attempt_id).values(draft=draft))


def finish(
    connection: Connection, attempt_id: int, *, points: float, out_of: float, passed: bool, now: datetime
) -> None:
    """Close an attempt with its result."""
    connection.execute(
        update(attempt)
        .where(attempt.c.id == attempt_id, attempt.c.finished_at.is_(None))
        .values(finished_at=now, points=points, out_of=out_of, passed=passed)
    )


def keep_shown(connection: Connection, body: dict[str, Any]) -> str:
    """Keep what was shown, once per content; returns its digest."""
    stamp = digest(body)
    connection.execute(_SHOWN[connection.dialect.name], {"digest": stamp, "body": body})
    return stamp


def add_answer(
    connection: Connection,
    *,
    person_id: int,
    attempt_id: int | None,
    kind: str,
    slug: str,
    item: str,
    skill: str,
    response: dict[str, Any],
    y: float,
    confidence: str | None,
    body: dict[str, Any],
    shown_at: datetime,
    now: datetime,
) -> tuple[int, bool]:
    """Write an answer; returns its id and whether it is the person's first ever to this item."""
    stamp = keep_shown(connection, body)
    names = {"person": person_id, "kind_of": kind, "slug_of": slug, "item_of": item}
    before = connection.scalar(_SEEN, names)
    row = {
        "person_id": person_id,
        "attempt_id": attempt_id,
        "kind": kind,
        "slug": slug,
        "item": item,
        "skill": skill,
        "response": response,
        "y": y,
        "confidence": confidence,
        "cold": before is None,
        "digest": stamp,
        "shown_at": shown_at,
        "answered_at": now,
    }
    key = connection.execute(_ADD, row).inserted_primary_key
    assert key is not None
    return int(key[0]), before is None


def _answer(row: Row[Any]) -> Answer:
    return Answer(
        id=row.id,
        item=row.item,
        response=row.response,
        y=row.y,
        confidence=row.confidence,
        cold=row.cold,
        digest=row.digest,
        shown_at=row.shown_at,
        answered_at=row.answered_at,
    )


def answers(connection: Connection, attempt_id: int) -> dict[str, Answer]:
    """The answers of an attempt by item."""
    rows = connection.execute(select(answer).where(answer.c.attempt_id == attempt_id))
    return {row.item: _answer(row) for row in rows}


def answer_to(connection: Connection, attempt_id: int, item: str) -> Answer | None:
    """The answer to one item of an attempt, or None."""
    row = connection.execute(_ANSWER, {"attempt": attempt_id, "item_of": item}).first()
    return _answer(row) if row else None


def prediction(connection: Connection, person_id: int, lesson: str, item: str, stamp: str) -> Answer | None:
    """What the person predicted on this screen as it stands now, or None."""
    row = connection.execute(
        select(answer).where(
            answer.c.person_id == person_id,
            answer.c.kind == "predict",
            answer.c.slug == lesson,
            answer.c.item == item,
            answer.c.digest == stamp,
        )
    ).first()
    return _answer(row) if row else None


def answered_items(connection: Connection, person_id: int, kind: str, slug: str) -> set[str]:
    """Items of a quiz or drill that the person has answered at some time."""
    rows = connection.scalars(
        select(answer.c.item).where(answer.c.person_id == person_id, answer.c.kind == kind, answer.c.slug == slug)
    )
    return set(rows)


def total(connection: Connection, attempt_id: int) -> tuple[float, int]:
    """Points and number of answers of an attempt."""
    row = connection.execute(
        select(func.coalesce(func.sum(answer.c.y), 0.0), func.count()).where(answer.c.attempt_id == attempt_id)
    ).one()
    return float(row[0]), int(row[1])


def progress(connection: Connection, person_id: int) -> dict[str, Progress]:
    """How far the person is, by lesson."""
    rows = connection.execute(select(lesson_progress).where(lesson_progress.c.person_id == person_id))
    return {row.lesson: Progress(row.lesson, row.screen, row.done_at) for row in rows}


def progress_in(connection: Connection, person_id: int, lesson: str) -> Progress:
    """How far the person is in one lesson; at its start when they never opened it."""
    row = connection.execute(
        select(lesson_progress).where(lesson_progress.c.person_id == person_id, lesson_progress.c.lesson == lesson)
    ).first()
    return Progress(lesson, row.screen, row.done_at) if row else Progress(lesson, 0, None)


def keep_progress(
    connection: Connection, person_id: int, lesson: str, *, screen: int, done_at: datetime | None, now: datetime
) -> None:
    """Remember the screen a person is on; a lesson once done stays done."""
    changed = connection.execute(
        update(lesson_progress)
        .where(lesson_progress.c.person_id == person_id, lesson_progress.c.lesson == lesson)
        .values(screen=screen, at=now, done_at=func.coalesce(lesson_progress.c.done_at, done_at))
    )
    if changed.rowcount == 0:
        connection.execute(
            insert(lesson_progress).values(person_id=person_id, lesson=lesson, screen=screen, done_at=done_at, at=now)
        )


def assignments(connection: Connection, person_id: int) -> dict[str, tuple[date, datetime]]:
    """Due dates by module, each with when it was assigned."""
    rows = connection.execute(
        select(assignment.c.module, assignment.c.due_on, assignment.c.at).where(assignment.c.person_id == person_id)
    )
    return {row.module: (row.due_on, row.at) for row in rows}


def assign(
    connection: Connection, people: Iterable[int], module: str, due_on: date, assigned_by: int | None, now: datetime
) -> int:
    """Assign a module to people who do not have it yet; returns how many got it."""
    have = set(connection.scalars(select(assignment.c.person_id).where(assignment.c.module == module)))
    new = [person_id for person_id in people if person_id not in have]
    if new:
        connection.execute(
            insert(assignment),
            [{"person_id": p, "module": module, "due_on": due_on, "assigned_by": assigned_by, "at": now} for p in new],
        )
    return len(new)
