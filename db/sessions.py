"""Sign-in sessions, known devices, failed tries and one-time codes as rows.

Only hashes of secrets are stored: who reads the database can sign in as nobody.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, or_, select, true, update

from db import people
from db.tables import device, one_time_code, person, session, sign_in_failure
from domain.people import Person


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that somebody signed in with."""

    id: int
    person_id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Tries:
    """Failed tries in a window: for this account from this address, for the account, from the address."""

    pair: int
    account: int
    address: int


_SESSION = (
    session.c.id,
    session.c.person_id,
    session.c.created_at,
    session.c.seen_at,
    session.c.expires_at,
    session.c.address,
    session.c.agent,
)


def _lives(now: Any, seen_after: Any) -> ColumnElement[bool]:
    return and_(
        session.c.revoked_at.is_(None),
        session.c.expires_at > now,
        session.c.seen_at > seen_after,
        person.c.active == true(),
    )


def _living(now: datetime, idle: timedelta) -> ColumnElement[bool]:
    return _lives(now, now - idle)


_WHOSE = people.PRESENT.join(session, session.c.person_id == person.c.id).where(
    session.c.id == bindparam("sid"), _lives(bindparam("now"), bindparam("seen_after"))
)


def whose(connection: Connection, sid: int, now: datetime, idle: timedelta) -> Person | None:
    """The person of a living session."""
    row = connection.execute(_WHOSE, {"sid": sid, "now": now, "seen_after": now - idle}).first()
    return None if row is None else people.present(row)


def start(
    connection: Connection,
    *,
    token_hash: str,
    person_id: int,
    now: datetime,
    expires_at: datetime,
    address: str,
    agent: str,
) -> int:
    """A new session's id."""
    key = connection.execute(
        insert(session).values(
            token_hash=token_hash,
            person_id=person_id,
            created_at=now,
            seen_at=now,
            expires_at=expires_at,
            address=address[:64],
            agent=agent[:300],
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def by_token(connection: Connection, token_hash: str, now: datetime, idle: timedelta) -> Session | None:
    """The living session of a token."""
    row = connection.execute(
        select(*_SESSION).join(person).where(session.c.token_hash == token_hash, _living(now, idle))
    ).first()
    return Session(*row) if row else None


def living(connection: Connection, ids: Collection[int], now: datetime, idle: timedelta) -> dict[int, int]:
    """Which of these sessions still hold, with whose they are."""
    rows = connection.execute(
        select(session.c.id, session.c.person_id).join(person).where(session.c.id.in_(ids), _living(now, idle))
    )
    return {row.id: row.person_id for row in rows}


def of_person(connection: Connection, person_id: int, now: datetime, idle: timedelta) -> tuple[Session, ...]:
    """A person's living sessions, the latest seen first."""
    rows = connection.execute(
        select(*_SESSION)
        .join(person)
        .where(session.c.person_id == person_id, _living(now, idle))
        .order_by(session.c.seen_at.desc(), session.c.id.desc())
    )
    return tuple(Session(*row) for row in rows)


def touch(connection: Connection, ids: Collection[int], now: datetime, idle: timedelta) -> None:
    """Somebody did something in these sessions; one that was idle for too long stays over."""
    connection.execute(update(session).where(session.c.id.in_(ids), session.c.seen_at > now - idle).values(seen_at=now))


def belongs(connection: Connection, sid: int, person_id: int) -> bool:
    """Whether this is or was a session of this person."""
    query = select(session.c.id).where(session.c.id == sid, session.c.person_id == person_id)
    return connection.execute(query).first() is not None


def revoke(connection: Connection, now: datetime, *, person_id: int, only: int | None = None) -> int:
    """End the person's sessions, or only one of them; how many ended."""
    query = update(session).where(session.c.person_id == person_id, session.c.revoked_at.is_(None))
    if only is not None:
        query = query.where(session.c.id == only)
    return connection.execute(query.values(revoked_at=now)).rowcount


def add_device(connection: Connection, person_id: int, token_hash: str, now: datetime) -> None:
    """Remember that this browser once signed this person in."""
    connection.execute(insert(device).values(person_id=person_id, token_hash=token_hash, created_at=now))


def knows_device(connection: Connection, person_id: int, token_hash: str) -> bool:
    """Whether this browser once signed this person in."""
    query = select(device.c.id).where(device.c.person_id == person_id, device.c.token_hash == token_hash)
    return connection.execute(query).first() is not None


def forget_devices(connection: Connection, person_id: int) -> None:
    """Treat all browsers as new again, after a password may have leaked."""
    connection.execute(delete(device).where(device.c.person_id == person_id))


def knows_address(connection: Connection, person_id: int, address: str, since: datetime) -> bool:
    """Whether the person signed in from this address since then."""
    query = select(session.c.id).where(
        session.c.person_id == person_id, session.c.address == address, session.c.created_at > since
    )
    return connection.execute(query.limit(1)).first() is not None


def tries(connection: Connection, account: str, address: str, since: datetime) -> Tries:
    """Failed tries since then."""
    failure = sign_in_failure.c
    row = connection.execute(
        select(
            func.count().filter(and_(failure.account == account, failure.address == address)),
            func.count().filter(failure.account == account),
            func.count().filter(failure.address == address),
        ).where(failure.at > since, or_(failure.account == account, failure.address == address))
    ).one()
    return Tries(*row)


def add_try(connection: Connection, account: str, address: str, now: datetime) -> None:
    """Count a try as failed; forgotten again if it turns out right."""
    connection.execute(insert(sign_in_failure).values(account=account, address=address, at=now))


def forget_tries(connection: Connection, account: str, address: str) -> None:
    """The person got in: start counting from nothing."""
    connection.execute(
        delete(sign_in_failure).where(sign_in_failure.c.account == account, sign_in_failure.c.address == address)
    )


def add_code(
    connection: Connection, purpose: str, code_hash: str, expires_at: datetime, person_id: int | None = None
) -> None:
    """A code that works once, in place of earlier ones for the same purpose and person."""
    same = one_time_code.c.person_id.is_(None) if person_id is None else one_time_code.c.person_id == person_id
    connection.execute(
        delete(one_time_code).where(one_time_code.c.purpose == purpose, same, one_time_code.c.used_at.is_(None))
    )
    connection.execute(
        insert(one_time_code).values(purpose=purpose, code_hash=code_hash, expires_at=expires_at, person_id=person_id)
    )


def use_code(connection: Connection, purpose: str, code_hash: str, now: datetime) -> tuple[bool, int | None]:
    """Whether the code was good, which it is no longer, and for whom it was."""
    row = connection.execute(
        update(one_time_code)
        .where(
            one_time_code.c.purpose == purpose,
            one_time_code.c.code_hash == code_hash,
            one_time_code.c.used_at.is_(None),
            one_time_code.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(one_time_code.c.person_id)
    ).first()
    return row is not None, row.person_id if row else None


def burn(connection: Connection, purpose: str, code_hash: str, now: datetime, until: datetime) -> bool:
    """Mark something as used up; False when it already was."""
    if connection.execute(select(one_time_code.c.id).where(one_time_code.c.code_hash == code_hash)).first():
        return False
    connection.execute(
        insert(one_time_code).values(purpose=purpose, code_hash=code_hash, expires_at=until, used_at=now)
    )
    return True


def sweep(connection: Connection, now: datetime) -> None:
    """Delete what no rule asks for any more: tries after a day, codes and sessions 90 days after their end."""
    connection.execute(delete(sign_in_failure).where(sign_in_failure.c.at < now - timedelta(days=1)))
    old = now - timedelta(days=90)
    connection.execute(delete(one_time_code).where(one_time_code.c.expires_at < old))
    connection.execute(delete(session).where(session.c.expires_at < old))
