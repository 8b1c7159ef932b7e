"""Accounts: who gets in, for how long, and what is written down about it.

No answer tells a stranger whether an account exists, and no number of wrong guesses elsewhere keeps a person out of
a browser they have used before.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from db import audit, people, sessions
from db.engine import Connection
from db.sessions import Session
from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from services import passwords
from services.app import App
from services.authority import ANYONE, permits, unguarded

WINDOW = timedelta(minutes=15)
PAIR_TRIES = 5
"""Wrong guesses for one account from one address."""
ADDRESS_TRIES = 60
"""Wrong guesses from one address: a whole office behind one address mistypes on a Monday."""
ACCOUNT_TRIES = 30
"""Wrong guesses for one account from anywhere it was never used before."""
DEVICE_TRIES = 10
"""Wrong guesses for one account in a browser it was used in: nobody else's guesses count there."""
KNOWN_FOR = timedelta(days=90)

WRONG = "That e-mail address and password do not belong together here. Check both and try again."
LATER = "Too many tries. Wait a quarter of an hour, or use a browser in which you signed in before."
STALE = "That form was open for too long or was sent twice. Nothing happened; please fill it in again."


class TooMany(Refused):
    """Refused without looking, because of earlier tries."""


@dataclass(frozen=True, slots=True)
class Browser:
    """From where a request comes; `device` is what this browser kept from an earlier sign-in."""

    address: str
    agent: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the browser must keep; the database has only hashes of it."""

    token: str
    device: str
    person: Person


@dataclass(frozen=True, slots=True)
class Principal:
    """Whose living session a request carries."""

    sid: int
    person_id: int


def secret_hash(secret: str) -> str:
    """How tokens and codes are stored. They are random, so a plain hash does."""
    return hashlib.sha256(secret.encode()).hexdigest()


@unguarded("the edge calls it for strangers; it is where somebody becomes somebody")
def sign_in(app: App, email: str, password: str, browser: Browser, *, form: str = "", replaces: str = "") -> SignedIn:
    """A new session, in place of the one the browser had. `form` is the form's own secret and works once.

    Raises Refused with one sentence whatever was wrong, TooMany when the tries are used up.
    """
    account = people.email_key(email)[:320]
    now = app.now()

    def count(connection: Connection) -> people.Credentials | None:
        found = people.credentials(connection, account)
        _count_try(connection, app, account, found, browser)
        return found

    found = app.db.write(count)
    right, renewed = passwords.matches(password, found.password_hash if found else None)
    if found is None or not right or not found.active:
        reason = "no such account" if found is None else "account closed" if right else "wrong password"
        _note(app, "sign-in refused", account if found else "unknown account", browser, reason=reason)
        raise Refused(WRONG)

    def enter(connection: Connection) -> SignedIn:
        if form and not sessions.burn(connection, "form", secret_hash(form), now, now + timedelta(days=1)):
            raise Refused(STALE)
        if renewed:
            people.set_password(connection, found.person_id, renewed, now)
        own = _device_account(browser)
        known = own and sessions.knows_device(connection, found.person_id, secret_hash(browser.device))
        # In a known browser nothing was counted for the address: what is counted there are other people's guesses.
        sessions.forget_tries(connection, own if known else account, browser.address)
        return enter_as(connection, app, found.person_id, browser, "sign-in", replaces)

    return app.db.write(enter)


def _count_try(
    connection: Connection, app: App, account: str, found: people.Credentials | None, browser: Browser
) -> None:
    """Count before checking, so that a thousand guesses at the same moment are a thousand guesses."""
    now = app.now()
    own = _device_account(browser)
    if found and own and sessions.knows_device(connection, found.person_id, secret_hash(browser.device)):
        if sessions.tries(connection, own, browser.address, now - WINDOW).account >= DEVICE_TRIES:
            raise TooMany(LATER)
        sessions.add_try(connection, own, browser.address, now)
        return
    tries = sessions.tries(connection, account, browser.address, now - WINDOW)
    known = found is not None and sessions.knows_address(connection, found.person_id, browser.address, now - KNOWN_FOR)
    if tries.pair >= PAIR_TRIES or tries.address >= ADDRESS_TRIES or (tries.account >= ACCOUNT_TRIES and not known):
        raise TooMany(LATER)
    if tries.pair == PAIR_TRIES - 1 or tries.account == ACCOUNT_TRIES - 1 or tries.address == ADDRESS_TRIES - 1:
        audit.add(
            connection,
            now=now,
            actor=None,
            action="sign-in limited",
            subject=account if found else "unknown account",
            address=browser.address,
        )
    sessions.add_try(connection, account, browser.address, now)


def _device_account(browser: Browser) -> str:
    return f"device:{secret_hash(browser.device)}" if browser.device else ""


@unguarded("called by services inside the transaction in which they have made sure who it is")
def enter_as(
    connection: Connection, app: App, person_id: int, browser: Browser, action: str, replaces: str = ""
) -> SignedIn:
    """A new session of this person, in place of the one that the browser had."""
    now = app.now()
    person = people.find(connection, person_id)
    assert person is not None
    before = sessions.by_token(connection, secret_hash(replaces), now, app.settings.session_idle) if replaces else None
    if before is not None:
        sessions.revoke(connection, now, person_id=before.person_id, only=before.id)
    token, device = secrets.token_urlsafe(32), browser.device
    sessions.start(
        connection,
        token_hash=secret_hash(token),
        person_id=person_id,
        now=now,
        expires_at=now + app.settings.session_life,
        address=browser.address,
        agent=browser.agent,
    )
    if not device or not sessions.knows_device(connection, person_id, secret_hash(device)):
        device = secrets.token_urlsafe(32)
        sessions.add_device(connection, person_id, secret_hash(device), now)
    audit.add(connection, now=now, actor=person, action=action, subject=person.email, address=browser.address)
    return SignedIn(token, device, person)


def _note(app: App, action: str, subject: str, browser: Browser, **detail: str) -> None:
    now = app.now()
    app.db.write(
        lambda c: audit.add(
            c, now=now, actor=None, action=action, subject=subject, detail=dict(detail), address=browser.address
        )
    )


# ── sessions ──────────────────────────────────────────────────────────────────────────────────────────────────


@unguarded("the gate asks it who a cookie belongs to")
def principal(app: App, token: str) -> Principal | None:
    """Whose living session this token opens."""
    if not token or len(token) > 100:
        return None
    with app.db.read() as connection:
        found = sessions.by_token(connection, secret_hash(token), app.now(), app.settings.session_idle)
    return Principal(found.id, found.person_id) if found else None


@unguarded("the gate and every run of a page ask it who is here")
def person_of_session(app: App, sid: int) -> Person | None:
    """The person of a living session, as the database has them now."""
    with app.db.read() as connection:
        return sessions.whose(connection, sid, app.now(), app.settings.session_idle)


@unguarded("the gate asks it for all open sockets at once")
def living(app: App, sids: frozenset[int]) -> frozenset[int]:
    """Which of these sessions still hold."""
    if not sids:
        return frozenset()
    with app.db.read() as connection:
        return frozenset(sessions.living(connection, sids, app.now(), app.settings.session_idle))


@unguarded("the gate says who did something lately")
def touch(app: App, sids: frozenset[int]) -> None:
    """Start the idle time of these sessions afresh."""
    now = app.now()
    if sids:
        app.db.write(lambda c: sessions.touch(c, sids, now, app.settings.session_idle))


@unguarded("the gate does it every hour")
def sweep(app: App) -> None:
    """Delete tries, codes and sessions that no rule asks for any more."""
    now = app.now()
    app.db.write(lambda c: sessions.sweep(c, now))


@unguarded("whoever holds the token may end its session")
def sign_out(app: App, token: str, browser: Browser) -> None:
    """End the session of this token; nothing happens when there is none."""
    whose = principal(app, token)
    if whose is None:
        return
    now = app.now()

    def leave(connection: Connection) -> None:
        sessions.revoke(connection, now, person_id=whose.person_id, only=whose.sid)
        person = people.find(connection, whose.person_id)
        assert person is not None
        audit.add(connection, now=now, actor=person, action="sign-out", subject=person.email, address=browser.address)

    app.db.write(leave)


@permits(*ANYONE)
def my_sessions(app: App, actor: Person) -> tuple[Session, ...]:
    """Where I am signed in, the latest used first."""
    with app.db.read() as connection:
        return sessions.of_person(connection, actor.id, app.now(), app.settings.session_idle)


@permits(*ANYONE)
def end_session(app: App, actor: Person, sid: int) -> None:
    """Sign one of my browsers out. Raises Refused when it is not mine or already out."""
    now = app.now()

    def end(connection: Connection) -> None:
        if not sessions.revoke(connection, now, person_id=actor.id, only=sid):
            # Somebody else's reads the same; only the audit trail tells a second click from a try.
            mine = sessions.belongs(connection, sid, actor.id)
            raise (Refused if mine else Forbidden)("That browser is already signed out.")
        audit.add(connection, now=now, actor=actor, action="session ended", subject=actor.email, detail={"sid": sid})

    app.db.write(end)


@permits(*ANYONE)
def sign_out_everywhere(app: App, actor: Person) -> int:
    """End all my sessions, this one too; how many."""
    now = app.now()

    def end(connection: Connection) -> int:
        ended = sessions.revoke(connection, now, person_id=actor.id)
        sessions.forget_devices(connection, actor.id)
        audit.add(connection, now=now, actor=actor, action="signed out everywhere", subject=actor.email)
        return ended

    return app.db.write(end)


# ── passwords and first sign-ins ──────────────────────────────────────────────────────────────────────────────


@permits(*ANYONE)
def change_password(app: App, actor: Person, current: str, new: str, browser: Browser) -> SignedIn:
    """Store a new password and end all other sessions; the browser that asked gets a new one."""
    passwords.check(new, about=(actor.name, actor.email))
    now = app.now()
    account = f"password:{actor.id}"

    def count(connection: Connection) -> str | None:
        if sessions.tries(connection, account, browser.address, now - WINDOW).account >= PAIR_TRIES:
            raise TooMany(LATER)
        sessions.add_try(connection, account, browser.address, now)
        return people.password_hash(connection, actor.id)

    right, _ = passwords.matches(current, app.db.write(count))
    if not right:
        _note(app, "password change refused", actor.email, browser, reason="wrong password")
        raise Refused("The current password is not right. Nothing was changed.")
    if passwords.normal(current) == passwords.normal(new):
        raise Refused("That is the password you already have. Nothing was changed.")
    hashed = passwords.keep(new)

    def change(connection: Connection) -> SignedIn:
        people.set_password(connection, actor.id, hashed, now)
        sessions.revoke(connection, now, person_id=actor.id)
        sessions.forget_tries(connection, account, browser.address)
        return enter_as(connection, app, actor.id, browser, "password changed")

    return app.db.write(change)


@unguarded("the server asks it when it starts")
def needs_set_up(app: App) -> bool:
    """Whether nobody can look after this installation yet."""
    with app.db.read() as connection:
        return not people.guardians(connection)


@unguarded("the server prints it where only its operator reads")
def new_set_up_code(app: App) -> str:
    """A code for the first account, good for a day; earlier ones stop working."""
    code = "-".join(secrets.token_hex(2) for _ in range(5))
    until = app.now() + timedelta(days=1)
    app.db.write(lambda c: sessions.add_code(c, "set-up", secret_hash(code), until))
    return code


@unguarded("there is nobody yet who could be asked; the code is the proof")
def set_up(app: App, code: str, name: str, email: str, password: str, browser: Browser) -> SignedIn:
    """The first account, of the security team. Raises Refused for a wrong code or when there is one already."""
    name, email = clean_name(name), clean_email(email)
    passwords.check(password, about=(name, email))
    _count_code_try(app, browser)
    hashed = passwords.keep(password)
    now = app.now()

    def found(connection: Connection) -> SignedIn:
        good, _ = sessions.use_code(connection, "set-up", secret_hash(code.strip().lower()), now)
        if not good or people.guardians(connection):
            raise Refused("That code is not right or no longer good. The server prints a new one when it starts.")
        if people.credentials(connection, email):
            raise Refused("That e-mail address already has an account here. Use another one.")
        person_id = people.add(
            connection,
            name=name,
            email=email,
            roles=frozenset({Role.SECURITY, Role.EMPLOYEE}),
            now=now,
            password_hash=hashed,
        )
        return enter_as(connection, app, person_id, browser, "set-up")

    return app.db.write(found)


@unguarded("the person cannot sign in yet; the code is the proof")
def accept_invitation(app: App, code: str, password: str, browser: Browser, *, replaces: str = "") -> SignedIn:
    """Choose a first or new password with a code from the security team, and sign in."""
    passwords.check(password)
    _count_code_try(app, browser)
    hashed = passwords.keep(password)
    now = app.now()

    def accept(connection: Connection) -> SignedIn:
        good, person_id = sessions.use_code(connection, "invitation", secret_hash(code.strip()), now)
        person = people.find(connection, person_id) if good and person_id is not None else None
        if person is None or not person.active:
            raise Refused("That link was used before or is too old. Ask your security team for a new one.")
        people.set_password(connection, person.id, hashed, now)
        sessions.revoke(connection, now, person_id=person.id)
        sessions.forget_devices(connection, person.id)
        return enter_as(connection, app, person.id, browser, "invitation accepted", replaces)

    return app.db.write(accept)


def _count_code_try(app: App, browser: Browser) -> None:
    now = app.now()

    def count(connection: Connection) -> None:
        if sessions.tries(connection, "code", browser.address, now - WINDOW).address >= ADDRESS_TRIES:
            raise TooMany(LATER)
        sessions.add_try(connection, "code", browser.address, now)

    app.db.write(count)


def clean_name(name: str) -> str:
    """A name as it is stored. Raises Refused."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 200 or not name.isprintable():
        raise Refused("A name has between 1 and 200 ordinary characters.")
    return name


def clean_email(email: str) -> str:
    """An e-mail address as it is stored. Raises Refused for what could pass for somebody else's."""
    email = email.strip()
    local, _, host = email.rpartition("@")
    # isprintable refuses zero-width and direction marks, with which two accounts could look alike.
    if not local or "." not in host or len(email) > 320 or not email.isprintable() or any(c.isspace() for c in email):
        raise Refused(f"“{email[:60]}” is not an e-mail address.")
    return email
