"""The audit trail: who did what, when, from where. Rows are only ever added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from db.tables import audit
from domain.people import Person


def add(
    connection: Connection,
    *,
    now: datetime,
    actor: Person | None,
    action: str,
    subject: str,
    detail: dict[str, Any] | None = None,
    address: str = "",
) -> None:
    """One row; `actor` is None for strangers and for the command line."""
    connection.execute(
        insert(audit).values(
            at=now,
            actor_id=actor.id if actor else None,
            actor=actor.email if actor else "",
            action=action,
            subject=subject[:320],
            detail=detail or {},
            address=address,
        )
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the trail."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    address: str


def search(connection: Connection, *, action: str, words: str, before: int | None, limit: int) -> tuple[Entry, ...]:
    """The newest entries that fit; empty strings and None filter nothing."""
    columns = (audit.c.id, audit.c.at, audit.c.actor, audit.c.action, audit.c.subject, audit.c.detail, audit.c.address)
    query = select(*columns).order_by(audit.c.id.desc()).limit(limit)
    if action:
        query = query.where(audit.c.action == action)
    if words:
        query = query.where(
            or_(
                *(
                    column.icontains(words, autoescape=True)
                    for column in (audit.c.actor, audit.c.subject, audit.c.address)
                )
            )
        )
    if before is not None:
        query = query.where(audit.c.id < before)
    return tuple(Entry(*row) for row in connection.execute(query))


def actions(connection: Connection) -> tuple[str, ...]:
    """Every action in the trail, in alphabetical order."""
    return tuple(connection.scalars(select(audit.c.action).distinct().order_by(audit.c.action)))
