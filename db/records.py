"""Everything that people have finished, in the order of the clock's days, for systems that keep learning records.

Read-only, and row by row: nobody's answers are ever held in memory at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from db.tables import answer, attempt, lesson_progress, person


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that somebody did. `item` and `skill` are of an answer; `y`, `points` and `passed` as far as there are any."""

    sort: str  # answer, attempt, lesson
    id: str
    email: str
    name: str
    kind: str
    slug: str
    at: datetime
    item: str = ""
    skill: str = ""
    attempt_id: int | None = None
    began: datetime | None = None
    y: float | None = None
    points: float | None = None
    out_of: float | None = None
    passed: bool | None = None


def done(connection: Connection, since: datetime) -> Iterator[Record]:
    """What was done at or after `since` by people with an account that is open: lessons, answers, attempts."""
    connection = connection.execution_options(yield_per=500)
    who = (person.c.email, person.c.name)
    lessons = (
        select(lesson_progress, *who)
        .join(person, person.c.id == lesson_progress.c.person_id)
        .where(lesson_progress.c.done_at >= since, person.c.active)
        .order_by(lesson_progress.c.done_at, lesson_progress.c.person_id, lesson_progress.c.lesson)
    )
    for row in connection.execute(lessons):
        yield Record("lesson", f"{row.person_id}/{row.lesson}", row.email, row.name, "lesson", row.lesson, row.done_at)
    answers = (
        select(answer, *who)
        .join(person, person.c.id == answer.c.person_id)
        .where(answer.c.answered_at >= since, person.c.active)
        .order_by(answer.c.id)
    )
    for row in connection.execute(answers):
        yield Record(
            "answer", str(row.id), row.email, row.name, row.kind, row.slug, row.answered_at,
            item=row.item, skill=row.skill, attempt_id=row.attempt_id, began=row.shown_at, y=row.y,
        )  # fmt: skip
    attempts = (
        select(attempt, *who)
        .join(person, person.c.id == attempt.c.person_id)
        .where(attempt.c.finished_at >= since, person.c.active)
        .order_by(attempt.c.id)
    )
    for row in connection.execute(attempts):
        yield Record(
            "attempt", str(row.id), row.email, row.name, row.kind, row.slug, row.finished_at, attempt_id=row.id,
            began=row.started_at, points=row.points, out_of=row.out_of, passed=row.passed,
        )  # fmt: skip
