"""Live exercises as rows: who belongs to one as what, the code that lets people in, and how screens learn of changes.

On PostgreSQL a change is announced in the transaction that makes it, so it is heard exactly when it is there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from db.tables import exercise, exercise_member, person, person_role
from domain.people import Role

CHANNEL = "muster_live"
"""What PostgreSQL announces changes on."""

Part = Literal["player", "deputy", "observer", "facilitator"]


@dataclass(frozen=True, slots=True)
class Live:
    """A live exercise without its events."""

    id: int
    scenario: str
    digest: str
    seed: int
    owner_id: int
    title: str
    planned_for: datetime | None
    status: str  # planned, lobby, running, paused, ended
    code: str  # empty while nobody can join by one
    version: int
    shown: int
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs to an exercise."""

    person_id: int
    name: str
    part: Part
    seat: str
    guest: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Versions:
    """How far an exercise has come: for those who run or watch it, and for those who play."""

    version: int
    shown: int
    status: str


_COLUMNS = (
    exercise.c.id,
    exercise.c.scenario,
    exercise.c.digest,
    exercise.c.seed,
    exercise.c.owner_id,
    exercise.c.title,
    exercise.c.planned_for,
    exercise.c.status,
    func.coalesce(exercise.c.code, "").label("code"),
    exercise.c.version,
    exercise.c.shown,
    exercise.c.created_at,
    exercise.c.ended_at,
)


_FIND = select(*_COLUMNS).where(exercise.c.id == bindparam("exercise_id"), exercise.c.mode == "live")
_FIND_LOCKED = _FIND.with_for_update()


def _live(row: Any) -> Live:
    return Live(*row[: len(_COLUMNS)])


def add(
    connection: Connection,
    *,
    scenario: str,
    script: str,
    seed: int,
    owner_id: int,
    title: str,
    planned_for: datetime | None,
    now: datetime,
) -> int:
    """A new exercise that its owner will run; returns its number."""
    row = insert(exercise).values(
        scenario=scenario,
        digest=script,
        mode="live",
        seed=seed,
        owner_id=owner_id,
        title=title,
        planned_for=planned_for,
        status="planned",
        created_at=now,
    )
    return int(connection.execute(row.returning(exercise.c.id)).scalar_one())


def find(connection: Connection, exercise_id: int, *, lock: bool = False) -> Live | None:
    """The live exercise of this number; `lock` makes other writers wait until the transaction ends."""
    row = connection.execute(_FIND_LOCKED if lock else _FIND, {"exercise_id": exercise_id}).first()
    return _live(row) if row is not None else None


def by_code(connection: Connection, code: str) -> Live | None:
    """The exercise that this code lets in to."""
    row = connection.execute(select(*_COLUMNS).where(exercise.c.code == code)).first()
    return _live(row) if row is not None else None


def of_person(connection: Connection, person_id: int) -> Sequence[tuple[Live, Part, str]]:
    """Every live exercise this person belongs to, newest first, with their part and seat."""
    member = exercise_member.c
    rows = connection.execute(
        select(*_COLUMNS, member.role, member.seat)
        .join(exercise_member, member.exercise_id == exercise.c.id)
        .where(member.person_id == person_id, exercise.c.mode == "live")
        .order_by(exercise.c.id.desc())
    )
    return [(_live(row), row.role, row.seat) for row in rows]


def running(connection: Connection) -> Sequence[Live]:
    """Every live exercise whose clock runs."""
    query = select(*_COLUMNS).where(exercise.c.status == "running", exercise.c.mode == "live")
    return [_live(row) for row in connection.execute(query)]


def change(connection: Connection, exercise_id: int, **values: Any) -> None:
    """Set columns of the exercise: title, planned_for, status, code."""
    connection.execute(update(exercise).where(exercise.c.id == exercise_id).values(**values))


def bump(connection: Connection, exercise_id: int, *, players: bool) -> Versions:
    """Count a change, also for players when they have to see it, and announce it; returns how far it has come."""
    values: dict[str, Any] = {"version": exercise.c.version + 1}
    if players:
        values["shown"] = exercise.c.version + 1
    query = update(exercise).where(exercise.c.id == exercise_id).values(values)
    row = connection.execute(query.returning(exercise.c.version, exercise.c.shown, exercise.c.status)).one()
    if connection.dialect.name == "postgresql":
        announced = f"{exercise_id} {row.version} {row.shown} {row.status}"
        connection.execute(select(func.pg_notify(CHANNEL, announced)))
    return Versions(row.version, row.shown, row.status)


_VERSIONS = select(exercise.c.id, exercise.c.version, exercise.c.shown, exercise.c.status).where(
    exercise.c.id.in_(bindparam("exercises", expanding=True))
)


def versions(connection: Connection, exercises: Collection[int]) -> Mapping[int, Versions]:
    """How far these exercises have come."""
    rows = connection.execute(_VERSIONS, {"exercises": list(exercises)})
    return {row.id: Versions(row.version, row.shown, row.status) for row in rows}


# ── members ───────────────────────────────────────────────────────────────────────────────────────────────────

_GUEST = (
    select(person_role.c.role)
    .where(person_role.c.person_id == person.c.id, person_role.c.role == Role.GUEST.value)
    .exists()
)
_MEMBER = select(
    exercise_member.c.person_id,
    person.c.name,
    exercise_member.c.role,
    exercise_member.c.seat,
    _GUEST.label("guest"),
    exercise_member.c.seen_at,
).join(person, person.c.id == exercise_member.c.person_id)
_ONE = _MEMBER.where(
    exercise_member.c.exercise_id == bindparam("exercise_id"), exercise_member.c.person_id == bindparam("who")
)
_MEET = (
    select(*_COLUMNS, *_MEMBER.selected_columns)
    .join(exercise_member, exercise_member.c.exercise_id == exercise.c.id)
    .join(person, person.c.id == exercise_member.c.person_id)
    .where(
        exercise.c.id == bindparam("exercise_id"),
        exercise.c.mode == "live",
        exercise_member.c.person_id == bindparam("who"),
    )
)


def meet(connection: Connection, exercise_id: int, person_id: int) -> tuple[Live, Member] | None:
    """The exercise and what this person is in it, in one question: every drawing of a screen asks it."""
    row = connection.execute(_MEET, {"exercise_id": exercise_id, "who": person_id}).first()
    return (_live(row), _member(row)) if row is not None else None


def _member(row: Any) -> Member:
    return Member(row.person_id, row.name, row.role, row.seat, bool(row.guest), row.seen_at)


def member(connection: Connection, exercise_id: int, person_id: int) -> Member | None:
    """What this person is in the exercise; None when nothing."""
    row = connection.execute(_ONE, {"exercise_id": exercise_id, "who": person_id}).first()
    return _member(row) if row is not None else None


def members(connection: Connection, exercise_id: int) -> tuple[Member, ...]:
    """Everybody who belongs to the exercise, by name."""
    rows = connection.execute(
        _MEMBER.where(exercise_member.c.exercise_id == exercise_id).order_by(func.lower(person.c.name), person.c.id)
    )
    return tuple(_member(row) for row in rows)


_PRESENT = select(exercise_member.c.person_id).where(
    exercise_member.c.exercise_id == bindparam("exercise_id"), exercise_member.c.seen_at > bindparam("since")
)


def present(connection: Connection, exercise_id: int, since: datetime) -> frozenset[int]:
    """Whose screens were open since then."""
    return frozenset(connection.scalars(_PRESENT, {"exercise_id": exercise_id, "since": since}))


def put(connection: Connection, exercise_id: int, person_id: int, part: Part, seat: str) -> None:
    """Make somebody a member, or another one than they were."""
    where = (exercise_member.c.exercise_id == exercise_id, exercise_member.c.person_id == person_id)
    if connection.execute(update(exercise_member).where(*where).values(role=part, seat=seat)).rowcount == 0:
        connection.execute(
            insert(exercise_member).values(exercise_id=exercise_id, person_id=person_id, role=part, seat=seat)
        )


def drop(connection: Connection, exercise_id: int, person_id: int) -> None:
    """Somebody does not belong to the exercise any more."""
    connection.execute(
        delete(exercise_member).where(
            exercise_member.c.exercise_id == exercise_id, exercise_member.c.person_id == person_id
        )
    )


def seen(connection: Connection, exercise_id: int, people: Collection[int], now: datetime) -> None:
    """Screens of these people are open."""
    connection.execute(
        update(exercise_member)
        .where(exercise_member.c.exercise_id == exercise_id, exercise_member.c.person_id.in_(people))
        .values(seen_at=now)
    )


def belong(connection: Connection, pairs: Collection[tuple[int, int]]) -> frozenset[tuple[int, int, str]]:
    """Which of these (exercise, person) still belong together, and as what."""
    member = exercise_member.c
    rows = connection.execute(
        select(member.exercise_id, member.person_id, member.role).where(
            member.exercise_id.in_({number for number, _ in pairs}), member.person_id.in_({who for _, who in pairs})
        )
    )
    return frozenset((row.exercise_id, row.person_id, row.role) for row in rows)
