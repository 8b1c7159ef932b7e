"""Flags that learners put on content, for the security team's queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from db.tables import content_flag


@dataclass(frozen=True, slots=True)
class Flag:
    """What somebody said is wrong, and where. Who said it is nobody's business here."""

    id: int
    kind: str
    slug: str
    item: str
    note: str
    at: datetime
    resolved_at: datetime | None


def add(connection: Connection, *, person_id: int, kind: str, slug: str, item: str, note: str, now: datetime) -> int:
    """A new flag's id."""
    key = connection.execute(
        insert(content_flag).values(person_id=person_id, kind=kind, slug=slug, item=item, digest="", note=note, at=now)
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def unresolved(connection: Connection, limit: int = 200) -> Sequence[Flag]:
    """Flags that nobody has dealt with, oldest first."""
    columns = [content_flag.c[name] for name in Flag.__match_args__]
    rows = connection.execute(
        select(*columns).where(content_flag.c.resolved_at.is_(None)).order_by(content_flag.c.id).limit(limit)
    )
    return [Flag(*row) for row in rows]


def find(connection: Connection, key: int) -> Flag | None:
    """The flag of this id."""
    columns = [content_flag.c[name] for name in Flag.__match_args__]
    row = connection.execute(select(*columns).where(content_flag.c.id == key)).first()
    return Flag(*row) if row else None


def resolve(connection: Connection, key: int, *, by: int, now: datetime) -> bool:
    """Mark a flag as dealt with; False when it already was, or is not there."""
    open_ = (content_flag.c.id == key) & content_flag.c.resolved_at.is_(None)
    done = connection.execute(update(content_flag).where(open_).values(resolved_at=now, resolved_by=by))
    return done.rowcount == 1
