"""What the people of teams did: drills judged, reports sent, modules assigned and passed; counted by team or person."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, delete, exists, func, insert, literal_column, or_, select, update

from db.tables import answer, assignment, attempt, audit, calibration, evidence, lesson_progress, person


@dataclass(frozen=True, slots=True)
class Spotted:
    """First judgements of one person in spot drills."""

    team_id: int
    hits: int
    to_report: int
    false_alarms: int
    harmless: int


@dataclass(frozen=True, slots=True)
class Assigned:
    """One person's assignment."""

    person_id: int
    team_id: int
    module: str
    due_on: date
    at: datetime


def stamp(connection: Connection) -> tuple[int, int, int]:
    """Changes whenever evidence comes in, a calibration is made, or anything is assigned or done to an account."""
    found = [connection.scalar(select(func.max(c))) for c in (evidence.c.id, calibration.c.id, audit.c.id)]
    return found[0] or 0, found[1] or 0, found[2] or 0


def sizes(connection: Connection, teams: Iterable[int]) -> dict[int, int]:
    """How many active people each team has."""
    ids = list(teams)
    rows = connection.execute(
        select(person.c.team_id, func.count().label("n"))
        .where(person.c.team_id.in_(ids), person.c.active)
        .group_by(person.c.team_id)
    )
    return dict.fromkeys(ids, 0) | {row.team_id: row.n for row in rows}


def spotting(connection: Connection, teams: Iterable[int], since: datetime) -> list[Spotted]:
    """Everybody's first judgements in spot drills since a moment, one row a person who judged anything."""
    found: dict[tuple[int, int], list[int]] = {}
    # Written out: PostgreSQL takes two parameters for two expressions and would not group by the one it selects.
    right = evidence.c.y > literal_column("0.5")
    for row in connection.execute(
        select(
            evidence.c.person_id,
            person.c.team_id,
            evidence.c.kind,
            right.label("right"),
            func.count().label("n"),
        )
        .join_from(evidence, person, evidence.c.person_id == person.c.id)
        .where(
            person.c.team_id.in_(list(teams)),
            person.c.active,
            evidence.c.kind.in_(("spot-breach", "spot-harmless")),
            evidence.c.weight == 1.0,
            evidence.c.at >= since,
        )
        .group_by(evidence.c.person_id, person.c.team_id, evidence.c.kind, right)
    ):
        numbers = found.setdefault((row.person_id, row.team_id), [0, 0, 0, 0])
        breach = row.kind == "spot-breach"
        numbers[1 if breach else 3] += row.n
        if breach == bool(row.right):  # a hit, or a false alarm
            numbers[0 if breach else 2] += row.n
    return [Spotted(team_id, *numbers) for (_, team_id), numbers in found.items()]


def report_times(connection: Connection, teams: Iterable[int], since: datetime) -> list[tuple[int, int, float]]:
    """(team, person, minutes from situation to report) of every report drill since a moment."""
    rows = connection.execute(
        select(person.c.team_id, answer.c.person_id, answer.c.shown_at, answer.c.answered_at)
        .join_from(answer, person, answer.c.person_id == person.c.id)
        .where(
            person.c.team_id.in_(list(teams)),
            person.c.active,
            answer.c.kind == "report",
            answer.c.answered_at >= since,
        )
    )
    return [(r.team_id, r.person_id, (r.answered_at - r.shown_at).total_seconds() / 60) for r in rows]


def assigned(
    connection: Connection, teams: Iterable[int], *, module: str | None = None, due_before: date | None = None
) -> list[Assigned]:
    """What active people of the teams were assigned: of one module, or due before a day."""
    query = (
        select(assignment, person.c.team_id)
        .join_from(assignment, person, assignment.c.person_id == person.c.id)
        .where(person.c.team_id.in_(list(teams)), person.c.active)
    )
    if module is not None:
        query = query.where(assignment.c.module == module)
    if due_before is not None:
        query = query.where(assignment.c.due_on < due_before)
    return [Assigned(r.person_id, r.team_id, r.module, r.due_on, r.at) for r in connection.execute(query)]


def passed(
    connection: Connection, teams: Iterable[int], last: Collection[str] = ()
) -> dict[tuple[int, str, str], datetime]:
    """When people of the teams last passed what: (person, kind, slug). Of the quizzes `last` the last attempt counts."""
    query = (
        select(attempt.c.person_id, attempt.c.kind, attempt.c.slug, func.max(attempt.c.finished_at).label("at"))
        .join_from(attempt, person, attempt.c.person_id == person.c.id)
        .where(person.c.team_id.in_(list(teams)), attempt.c.passed)
        .group_by(attempt.c.person_id, attempt.c.kind, attempt.c.slug)
    )
    if last:
        later = attempt.alias("later")
        undone = exists().where(
            *(later.c[name] == attempt.c[name] for name in ("person_id", "kind", "slug")),
            later.c.id > attempt.c.id,
            later.c.finished_at.is_not(None),
            later.c.passed.is_not(True),
        )
        query = query.where(or_(attempt.c.kind != "quiz", attempt.c.slug.not_in(last), ~undone))
    rows = connection.execute(query)
    return {(r.person_id, r.kind, r.slug): r.at for r in rows}


def read(connection: Connection, teams: Iterable[int]) -> set[tuple[int, str]]:
    """(person, lesson) of every lesson that people of the teams have read to its end."""
    rows = connection.execute(
        select(lesson_progress.c.person_id, lesson_progress.c.lesson)
        .join_from(lesson_progress, person, lesson_progress.c.person_id == person.c.id)
        .where(person.c.team_id.in_(list(teams)), lesson_progress.c.done_at.is_not(None))
    )
    return {(r.person_id, r.lesson) for r in rows}


def give(
    connection: Connection, people: Collection[int], module: str, due_on: date, assigned_by: int, now: datetime
) -> None:
    """Assign a module to people who do not have it."""
    if people:
        rows = [
            {"person_id": p, "module": module, "due_on": due_on, "assigned_by": assigned_by, "at": now} for p in people
        ]
        connection.execute(insert(assignment), rows)


def renew(
    connection: Connection, person_id: int, module: str, due_on: date, now: datetime, *, given_at: datetime
) -> bool:
    """Give an assignment that was made at `given_at` another date; whether it was still there."""
    changed = connection.execute(
        update(assignment)
        .where(and_(assignment.c.person_id == person_id, assignment.c.module == module, assignment.c.at == given_at))
        .values(due_on=due_on, at=now)
    )
    return changed.rowcount == 1


def withdraw(connection: Connection, people: Collection[int], module: str, given_at: datetime) -> int:
    """Take back what was assigned at `given_at`; returns from how many."""
    gone = connection.execute(
        delete(assignment).where(
            assignment.c.person_id.in_(list(people)), assignment.c.module == module, assignment.c.at == given_at
        )
    )
    return gone.rowcount
