"""People and teams, for the security team: who has an account, what they may do, and when that ends.

Every act leaves an audit row; whoever loses a role or the account loses their open pages with it.
"""

import secrets
from datetime import timedelta

from db import audit, people, sessions
from db.engine import Connection
from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from services import accounts, passwords
from services.app import App
from services.authority import permits, unguarded

INVITATION = timedelta(days=7)
LAST = "That is the last active member of the security team. Give somebody else the role first."
ROLES = tuple(role for role in Role if role is not Role.GUEST)
"""What an account may be given."""
GUESTS = "Guests come by the code of an exercise; nobody can be made one, or made something else."


@permits(Role.SECURITY)
def everyone(app: App, actor: Person) -> tuple[Person, ...]:  # noqa: ARG001 - the guard reads it
    """All accounts, open and closed, by name."""
    with app.db.read() as connection:
        return people.everyone(connection)


@permits(Role.SECURITY)
def teams(app: App, actor: Person) -> dict[int, str]:  # noqa: ARG001
    """All teams' names by id."""
    with app.db.read() as connection:
        return people.teams(connection)


@permits(Role.SECURITY)
def add_team(app: App, actor: Person, name: str) -> int:
    """A new team's id. Raises Refused when there is one of that name."""
    name, now = accounts.clean_name(name), app.now()

    def add(connection: Connection) -> int:
        if name.casefold() in {known.casefold() for known in people.teams(connection).values()}:
            raise Refused(f"There is a team “{name}” already.")
        audit.add(connection, now=now, actor=actor, action="team added", subject=name)
        return people.add_team(connection, name)

    return app.db.write(add)


@permits(Role.SECURITY)
def add(app: App, actor: Person, name: str, email: str, roles: frozenset[Role], team_id: int | None = None) -> str:
    """A new account; returns the code with which the person chooses a password. Nobody else ever knows it."""
    name, email = accounts.clean_name(name), accounts.clean_email(email)
    code = secrets.token_urlsafe(18)

    def create(connection: Connection) -> str:
        person_id = _create(app, connection, actor, name, email, roles, team_id=team_id)
        _invite(app, connection, person_id, code)
        return code

    return app.db.write(create)


def _create(
    app: App,
    connection: Connection,
    actor: Person | None,
    name: str,
    email: str,
    roles: frozenset[Role],
    *,
    team_id: int | None = None,
    password_hash: str | None = None,
) -> int:
    if not roles:
        raise Refused("Choose at least one role.")
    if Role.GUEST in roles:
        raise Refused(GUESTS)
    if people.credentials(connection, email):
        raise Refused(f"{email} has an account already.")
    if team_id is not None and team_id not in people.teams(connection):
        raise Refused("That team does not exist any more.")
    person_id = people.add(
        connection, name=name, email=email, roles=roles, now=app.now(), team_id=team_id, password_hash=password_hash
    )
    detail = {"roles": sorted(roles)}
    audit.add(connection, now=app.now(), actor=actor, action="person added", subject=email, detail=detail)
    return person_id


def _invite(app: App, connection: Connection, person_id: int, code: str) -> None:
    sessions.add_code(connection, "invitation", accounts.secret_hash(code), app.now() + INVITATION, person_id)


def _found(connection: Connection, person_id: int) -> Person:
    person = people.find(connection, person_id)
    if person is None:
        raise Forbidden("There is nobody with that number.")
    return person


@permits(Role.SECURITY)
def invite(app: App, actor: Person, person_id: int) -> str:
    """A code with which the person chooses a first or new password; earlier codes stop working."""
    code, now = secrets.token_urlsafe(18), app.now()

    def renew(connection: Connection) -> str:
        person = _found(connection, person_id)
        if not person.active:
            raise Refused("That account is closed. Open it first.")
        _invite(app, connection, person_id, code)
        audit.add(connection, now=now, actor=actor, action="invited", subject=person.email)
        return code

    return app.db.write(renew)


@permits(Role.SECURITY)
def change(
    app: App,
    actor: Person,
    person_id: int,
    *,
    roles: frozenset[Role],
    team_id: int | None,
    manages: frozenset[int] = frozenset(),
) -> None:
    """Give the person these roles and this team. Raises Refused when nobody would be left to look after Muster."""
    app.db.write(lambda c: _change(app, c, actor, _found(c, person_id), roles, team_id, manages))


def _change(
    app: App,
    connection: Connection,
    actor: Person | None,
    person: Person,
    roles: frozenset[Role],
    team_id: int | None,
    manages: frozenset[int],
) -> None:
    if not roles:
        raise Refused("Choose at least one role, or close the account.")
    if Role.GUEST in roles | person.roles:
        raise Refused(GUESTS)
    if Role.SECURITY not in roles and people.guardians(connection) == {person.id}:
        raise Refused(LAST)
    names = people.teams(connection)
    if ({team_id} - {None} | manages) - set(names):
        raise Refused("That team does not exist any more.")
    if Role.MANAGER not in roles:
        manages = frozenset()
    people.set_roles(connection, person.id, roles, manages)
    people.set_team(connection, person.id, team_id)
    detail = {
        "roles": sorted(roles),
        "before": sorted(person.roles),
        "team": names.get(team_id or 0, ""),
        "manages": sorted(names[team] for team in manages),
    }
    audit.add(connection, now=app.now(), actor=actor, action="person changed", subject=person.email, detail=detail)


@permits(Role.SECURITY)
def close(app: App, actor: Person, person_id: int) -> None:
    """Close the account and sign the person out everywhere, within seconds."""
    app.db.write(lambda c: _close(app, c, actor, _found(c, person_id)))


def _close(app: App, connection: Connection, actor: Person | None, person: Person) -> None:
    if people.guardians(connection) == {person.id}:
        raise Refused(LAST)
    people.set_active(connection, person.id, active=False)
    sessions.revoke(connection, app.now(), person_id=person.id)
    audit.add(connection, now=app.now(), actor=actor, action="account closed", subject=person.email)


@permits(Role.SECURITY)
def reopen(app: App, actor: Person, person_id: int) -> None:
    """Open a closed account again, with its old password."""
    now = app.now()

    def work(connection: Connection) -> None:
        person = _found(connection, person_id)
        people.set_active(connection, person_id, active=True)
        audit.add(connection, now=now, actor=actor, action="account opened", subject=person.email)

    app.db.write(work)


@permits(Role.SECURITY)
def sign_out(app: App, actor: Person, person_id: int) -> int:
    """End all sessions of the person; how many."""
    return app.db.write(lambda c: _sign_out(app, c, actor, _found(c, person_id)))


def _sign_out(app: App, connection: Connection, actor: Person | None, person: Person) -> int:
    ended = sessions.revoke(connection, app.now(), person_id=person.id)
    sessions.forget_devices(connection, person.id)
    audit.add(
        connection, now=app.now(), actor=actor, action="signed out", subject=person.email, detail={"sessions": ended}
    )
    return ended


# ── the command line ──────────────────────────────────────────────────────────────────────────────────────────
# Whoever can run it owns the machine and the database: there is nobody to ask, only something to write down.

OPERATOR = "the command line: whoever runs it owns the database"


def _named(connection: Connection, email: str) -> Person:
    found = people.credentials(connection, email)
    if found is None:
        raise Refused(f"Nobody here has the e-mail address {email}.")
    return _found(connection, found.person_id)


@unguarded(OPERATOR)
def operator_list(app: App) -> tuple[tuple[Person, ...], dict[int, str]]:
    """Everybody and all teams."""
    with app.db.read() as connection:
        return people.everyone(connection), people.teams(connection)


@unguarded(OPERATOR)
def operator_add(app: App, name: str, email: str, roles: frozenset[Role], password: str, team: str = "") -> None:
    """A new account with a password; the team is made when it is new."""
    name, email = accounts.clean_name(name), accounts.clean_email(email)
    passwords.check(password, about=(name, email))
    hashed = passwords.keep(password)

    def work(connection: Connection) -> None:
        known = {title: number for number, title in people.teams(connection).items()}
        team_id = (known.get(team) or people.add_team(connection, team)) if team else None
        _create(app, connection, None, name, email, roles, team_id=team_id, password_hash=hashed)

    app.db.write(work)


@unguarded(OPERATOR)
def operator_password(app: App, email: str, password: str) -> None:
    """Set a password and sign the person out everywhere."""
    passwords.check(password, about=(email,))
    hashed, now = passwords.keep(password), app.now()

    def work(connection: Connection) -> None:
        person = _named(connection, email)
        people.set_password(connection, person.id, hashed, now)
        sessions.revoke(connection, now, person_id=person.id)
        sessions.forget_devices(connection, person.id)
        audit.add(connection, now=now, actor=None, action="password set", subject=person.email)

    app.db.write(work)


@unguarded(OPERATOR)
def operator_revoke(app: App, email: str, *, shut: bool) -> None:
    """Sign the person out everywhere, and close the account if told to."""

    def work(connection: Connection) -> None:
        person = _named(connection, email)
        if shut:
            _close(app, connection, None, person)
        else:
            _sign_out(app, connection, None, person)

    app.db.write(work)


@unguarded(OPERATOR)
def operator_roles(app: App, email: str, roles: frozenset[Role], manages: tuple[str, ...]) -> None:
    """Replace the person's roles and the teams they manage, by name."""

    def work(connection: Connection) -> None:
        person = _named(connection, email)
        known = {title: number for number, title in people.teams(connection).items()}
        if unknown := [title for title in manages if title not in known]:
            raise Refused(f"There is no team “{unknown[0]}”. There are: {', '.join(known) or 'none'}.")
        _change(app, connection, None, person, roles, person.team_id, frozenset(known[title] for title in manages))

    app.db.write(work)
