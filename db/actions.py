"""Findings, actions and micro-injects as rows, read back as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, insert, select, update

from db.tables import action, exercise, finding, micro_inject, person
from domain.action import Action, Finding, Priority
from domain.scenario import Rating
from domain.skills import Skill


@dataclass(frozen=True, slots=True)
class MicroInject:
    """One decision put to one person, to see whether an action has worked."""

    id: int
    action_id: int
    digest: str
    scenario: str
    decision: str
    seed: int
    person_id: int
    person: str
    sent_at: datetime
    option: str
    rating: Rating | None
    answered_at: datetime | None


def add_finding(
    connection: Connection,
    *,
    exercise_id: int,
    skill: Skill,
    seat: str,
    text: str,
    events: Sequence[int],
    by_id: int,
    now: datetime,
) -> int:
    """A new finding; returns its number."""
    row = insert(finding).values(
        exercise_id=exercise_id, skill=skill.value, seat=seat, text=text, events=list(events), by_id=by_id, at=now
    )
    return int(connection.execute(row.returning(finding.c.id)).scalar_one())


def _finding(row: Row[Any]) -> Finding:
    return Finding(
        row.id, row.exercise_id, Skill(row.skill), row.seat, row.text, tuple(row.events), row.by_name, row.at
    )


def _findings() -> Select[Any]:
    return select(finding, person.c.name.label("by_name")).join(person, finding.c.by_id == person.c.id)


def findings(connection: Connection, exercise_id: int | None = None) -> Sequence[Finding]:
    """Findings of one exercise, or of all, oldest first."""
    query = _findings().order_by(finding.c.id)
    if exercise_id is not None:
        query = query.where(finding.c.exercise_id == exercise_id)
    return [_finding(row) for row in connection.execute(query)]


def find_finding(connection: Connection, finding_id: int) -> Finding | None:
    """The finding of this number."""
    row = connection.execute(_findings().where(finding.c.id == finding_id)).first()
    return _finding(row) if row else None


def add_action(
    connection: Connection,
    *,
    finding_id: int,
    text: str,
    owner_id: int,
    due_on: date,
    priority: Priority,
    retest: str,
    now: datetime,
) -> int:
    """A new, open action; returns its number."""
    row = insert(action).values(
        finding_id=finding_id, text=text, owner_id=owner_id, due_on=due_on, priority=priority, retest=retest,
        status="open", at=now,
    )  # fmt: skip
    return int(connection.execute(row.returning(action.c.id)).scalar_one())


def _actions() -> Select[Any]:
    return select(action, person.c.name.label("owner")).join(person, action.c.owner_id == person.c.id)


def _action(row: Row[Any]) -> Action:
    return Action(
        row.id, row.finding_id, row.text, row.owner_id, row.owner, row.due_on, row.priority, row.retest, row.status,
        row.done_at, row.verified_at, row.verified_by,
    )  # fmt: skip


def actions(connection: Connection, *, owner_id: int | None = None) -> Sequence[Action]:
    """All actions, or one person's, those due first before the others."""
    query = _actions().order_by(action.c.due_on, action.c.id)
    if owner_id is not None:
        query = query.where(action.c.owner_id == owner_id)
    return [_action(row) for row in connection.execute(query)]


def find_action(connection: Connection, action_id: int, *, lock: bool = False) -> Action | None:
    """The action of this number; `lock` makes other writers wait until the transaction ends."""
    query = _actions().where(action.c.id == action_id)
    row = connection.execute(query.with_for_update(of=action) if lock else query).first()
    return _action(row) if row else None


def change_action(connection: Connection, action_id: int, **values: Any) -> None:
    """Set columns of an action."""
    connection.execute(update(action).where(action.c.id == action_id).values(**values))


def ended_at(connection: Connection, exercise_id: int) -> datetime | None:
    """When an exercise ended; None while it has not."""
    found: datetime | None = connection.scalar(select(exercise.c.ended_at).where(exercise.c.id == exercise_id))
    return found


# ── micro-injects ─────────────────────────────────────────────────────────────────────────────────────────────


def send(
    connection: Connection,
    *,
    action_id: int,
    digest: str,
    scenario: str,
    decision: str,
    seed: int,
    person_id: int,
    sent_by: int,
    now: datetime,
) -> bool:
    """Put a decision to a person; False when it was before, for this action."""
    same = and_(
        micro_inject.c.action_id == action_id,
        micro_inject.c.person_id == person_id,
        micro_inject.c.scenario == scenario,
        micro_inject.c.decision == decision,
    )
    if connection.execute(select(micro_inject.c.id).where(same)).first() is not None:
        return False
    connection.execute(
        insert(micro_inject).values(
            action_id=action_id, digest=digest, scenario=scenario, decision=decision, seed=seed,
            person_id=person_id, sent_by=sent_by, sent_at=now,
        )
    )  # fmt: skip
    return True


def _micro_injects() -> Select[Any]:
    return select(micro_inject, person.c.name).join(person, micro_inject.c.person_id == person.c.id)


def _micro_inject(row: Row[Any]) -> MicroInject:
    return MicroInject(
        row.id, row.action_id, row.digest, row.scenario, row.decision, row.seed, row.person_id, row.name, row.sent_at,
        row.option, row.rating or None, row.answered_at,
    )  # fmt: skip


def micro_injects(
    connection: Connection, *, action_id: int | None = None, person_id: int | None = None
) -> Sequence[MicroInject]:
    """Those of an action or of a person, oldest first."""
    query = _micro_injects().order_by(micro_inject.c.id)
    if action_id is not None:
        query = query.where(micro_inject.c.action_id == action_id)
    if person_id is not None:
        query = query.where(micro_inject.c.person_id == person_id)
    return [_micro_inject(row) for row in connection.execute(query)]


def find_micro_inject(connection: Connection, key: int) -> MicroInject | None:
    """The micro-inject of this number."""
    row = connection.execute(_micro_injects().where(micro_inject.c.id == key)).first()
    return _micro_inject(row) if row else None


def answer(connection: Connection, key: int, *, option: str, reason: str, rating: Rating, now: datetime) -> None:
    """Keep what somebody answered."""
    values = {"option": option, "reason": reason, "rating": rating, "answered_at": now}
    connection.execute(update(micro_inject).where(micro_inject.c.id == key).values(values))
