"""People, teams and roles as rows, read back as values."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    String,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
    true,
    update,
)

from db.tables import manages, person, person_role, team
from domain.people import Person, Role


def email_key(email: str) -> str:
    """What makes two spellings of a mailbox one account."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def _joined(column: ColumnElement[str], owner: ColumnElement[int]) -> ScalarSelect[str]:
    """The values of a column that belong to the person of the row, with commas."""
    # As text of the statement: a parameter here is put in anew at each call, three times the work of the whole question.
    comma: Any = literal_column("','")
    return select(func.aggregate_strings(column, comma)).where(owner == person.c.id).scalar_subquery()


PRESENT = select(
    person.c.id,
    person.c.name,
    person.c.email,
    person.c.team_id,
    person.c.active,
    person.c.demo,
    _joined(person_role.c.role, person_role.c.person_id).label("roles"),
    _joined(cast(manages.c.team_id, String), manages.c.person_id).label("teams"),
)
"""People as `present` reads them: one question, made once, because every click asks it several times."""

_FIND = PRESENT.where(person.c.id == bindparam("id"))


def present(row: Row[Any]) -> Person:
    """The person of a row of PRESENT."""
    roles = frozenset(Role(role) for role in row.roles.split(",")) if row.roles else frozenset()
    teams = row.teams.split(",") if row.teams and Role.MANAGER in roles else ()
    return Person(
        id=row.id,
        name=row.name,
        email=row.email,
        roles=roles,
        team_id=row.team_id,
        manages=frozenset(int(team) for team in teams),
        active=row.active,
        demo=row.demo,
    )


def find(connection: Connection, person_id: int) -> Person | None:
    """The person, or None."""
    row = connection.execute(_FIND, {"id": person_id}).first()
    return None if row is None else present(row)


def add_team(connection: Connection, name: str, *, demo: bool = False) -> int:
    """A new team's id."""
    key = connection.execute(insert(team).values(name=name, demo=demo)).inserted_primary_key
    assert key is not None
    return int(key[0])


def add(
    connection: Connection,
    *,
    name: str,
    email: str,
    roles: frozenset[Role],
    now: datetime,
    team_id: int | None = None,
    manages_teams: frozenset[int] = frozenset(),
    password_hash: str | None = None,
    demo: bool = False,
) -> int:
    """A new person's id."""
    key = connection.execute(
        insert(person).values(
            name=name,
            email=email,
            email_key=email_key(email),
            team_id=team_id,
            password_hash=password_hash,
            created_at=now,
            demo=demo,
        )
    ).inserted_primary_key
    assert key is not None
    person_id = int(key[0])
    if roles:
        connection.execute(
            insert(person_role), [{"person_id": person_id, "role": role.value} for role in sorted(roles)]
        )
    if manages_teams:
        connection.execute(insert(manages), [{"person_id": person_id, "team_id": t} for t in sorted(manages_teams)])
    return person_id


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against; without a hash no password is right."""

    person_id: int
    password_hash: str | None
    active: bool


def credentials(connection: Connection, email: str) -> Credentials | None:
    """Of the account with this e-mail address, however it is spelt."""
    row = connection.execute(
        select(person.c.id, person.c.password_hash, person.c.active).where(person.c.email_key == email_key(email))
    ).first()
    return Credentials(row.id, row.password_hash, row.active) if row else None


def password_hash(connection: Connection, person_id: int) -> str | None:
    """The stored hash of one person."""
    return connection.scalar(select(person.c.password_hash).where(person.c.id == person_id))


def set_password(connection: Connection, person_id: int, new_hash: str | None, now: datetime) -> None:
    """Store a new hash; None means that no password works."""
    connection.execute(
        update(person).where(person.c.id == person_id).values(password_hash=new_hash, password_changed_at=now)
    )


def set_active(connection: Connection, person_id: int, *, active: bool) -> None:
    """Open or close the account."""
    connection.execute(update(person).where(person.c.id == person_id).values(active=active))


def set_team(connection: Connection, person_id: int, team_id: int | None) -> None:
    """Put the person into a team, or none."""
    connection.execute(update(person).where(person.c.id == person_id).values(team_id=team_id))


def set_roles(connection: Connection, person_id: int, roles: frozenset[Role], manages_teams: frozenset[int]) -> None:
    """Replace the person's roles and the teams they manage."""
    connection.execute(delete(person_role).where(person_role.c.person_id == person_id))
    connection.execute(delete(manages).where(manages.c.person_id == person_id))
    if roles:
        connection.execute(
            insert(person_role), [{"person_id": person_id, "role": role.value} for role in sorted(roles)]
        )
    if manages_teams:
        connection.execute(insert(manages), [{"person_id": person_id, "team_id": t} for t in sorted(manages_teams)])


def everyone(connection: Connection) -> tuple[Person, ...]:
    """All accounts, open and closed, by name; guests have none."""
    roles: dict[int, set[Role]] = {}
    for row in connection.execute(select(person_role)):
        roles.setdefault(row.person_id, set()).add(Role(row.role))
    teams: dict[int, set[int]] = {}
    for row in connection.execute(select(manages)):
        teams.setdefault(row.person_id, set()).add(row.team_id)
    guests = select(person_role.c.person_id).where(person_role.c.role == Role.GUEST.value)
    rows = connection.execute(
        select(person).where(person.c.id.not_in(guests)).order_by(func.lower(person.c.name), person.c.id)
    )
    return tuple(
        Person(
            id=row.id,
            name=row.name,
            email=row.email,
            roles=frozenset(roles.get(row.id, ())),
            team_id=row.team_id,
            manages=frozenset(teams.get(row.id, ())) if Role.MANAGER in roles.get(row.id, ()) else frozenset(),
            active=row.active,
            demo=row.demo,
        )
        for row in rows
    )


def teams(connection: Connection) -> dict[int, str]:
    """All teams' names by id, in order of name."""
    return {row.id: row.name for row in connection.execute(select(team.c.id, team.c.name).order_by(team.c.name))}


def guardians(connection: Connection) -> frozenset[int]:
    """The active people of the security team."""
    query = (
        select(person.c.id)
        .join(person_role, person_role.c.person_id == person.c.id)
        .where(person_role.c.role == Role.SECURITY.value, person.c.active == true())
    )
    return frozenset(connection.scalars(query))
