"""Coming in by code: with an account as oneself, without one as a guest of this exercise alone; sitting down, leaving.

A code is good from the lobby to the end. Wrong ones are counted by address, so that nobody tries them all.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from db import audit, live, people, sessions
from db.engine import Connection
from db.live import Live
from domain.exercise import Move
from domain.people import Person, Role
from domain.refusal import Refused
from services import accounts
from services.accounts import Browser, SignedIn, TooMany
from services.app import App
from services.authority import ANYONE, GUESTS_TOO, permits, unguarded
from services.hub import hub
from services.live import plan, table
from services.live.table import SEATED, Table

TRIES = 20
"""Wrong codes from one address in a quarter of an hour: a whole room behind one address mistypes."""
MOST = 250
"""Members of one exercise: more is a mistake, or somebody who makes guests by the thousand."""

WRONG = "That code lets nobody in. Check it with whoever runs the exercise; it is good until the exercise ends."


def clean_code(code: str) -> str:
    """A code as it is stored, however it was typed."""
    return "".join(letter for letter in code.upper() if letter in plan.ALPHABET)[: plan.LENGTH + 1]


def _count_try(app: App, address: str) -> None:
    """Count before looking, so that a thousand codes at the same moment are a thousand tries."""
    now = app.now()

    def count(connection: Connection) -> None:
        if sessions.tries(connection, "join", address, now - accounts.WINDOW).pair >= TRIES:
            raise TooMany("Too many tries. Wait a quarter of an hour, or ask the facilitator to let you in.")
        sessions.add_try(connection, "join", address, now)

    app.db.write(count)


def _open(connection: Connection, code: str) -> Live:
    wanted = clean_code(code)
    found = live.by_code(connection, wanted) if len(wanted) == plan.LENGTH else None
    if found is None:
        raise Refused(WRONG)
    if len(live.members(connection, found.id)) >= MOST:
        raise Refused("This exercise is full.")
    return found


@unguarded("strangers come in here; the code is the proof")
def as_guest(app: App, code: str, name: str, browser: Browser, *, form: str = "", replaces: str = "") -> SignedIn:
    """A guest of the exercise with this code, and their session; it ends with the exercise. Raises Refused, TooMany."""
    name = accounts.clean_name(name)
    _count_try(app, browser.address)
    now = app.now()

    def enter(connection: Connection) -> tuple[SignedIn, int, live.Versions]:
        found = _open(connection, code)
        if form and not sessions.burn(connection, "form", accounts.secret_hash(form), now, now + timedelta(days=1)):
            raise Refused(accounts.STALE)
        sessions.forget_tries(connection, "join", browser.address)
        # No mailbox can be called this, and there is no password: nobody signs in as a guest.
        nobody = f"guest-{secrets.token_hex(12)}"
        roles = frozenset({Role.GUEST})
        person_id = people.add(connection, name=_unlike(connection, found, name), email=nobody, roles=roles, now=now)
        live.put(connection, found.id, person_id, "player", "")
        signed_in = accounts.enter_as(connection, app, person_id, browser, "joined as guest", replaces)
        return signed_in, found.id, live.bump(connection, found.id, players=False)

    signed_in, exercise_id, versions = app.db.write(enter)
    hub.publish(exercise_id, versions)
    return signed_in


def _unlike(connection: Connection, exercise: Live, name: str) -> str:
    """The name, with a number when somebody at this table is called so already."""
    taken = {member.name.casefold() for member in live.members(connection, exercise.id)}
    names = [name[:190], *(f"{name[:190]} ({number})" for number in range(2, MOST + 2))]
    return next(each for each in names if each.casefold() not in taken)


@permits(*ANYONE)
def enter(app: App, actor: Person, code: str, browser: Browser) -> int:
    """Join with an account; returns the exercise. Whoever belongs to it already stays what they were."""
    _count_try(app, browser.address)
    now = app.now()

    def work(connection: Connection) -> tuple[int, live.Versions | None]:
        found = _open(connection, code)
        sessions.forget_tries(connection, "join", browser.address)
        if live.member(connection, found.id, actor.id) is not None:
            return found.id, None
        live.put(connection, found.id, actor.id, "player", "")
        audit.add(connection, now=now, actor=actor, action="joined by code", subject=found.title)
        return found.id, live.bump(connection, found.id, players=False)

    exercise_id, versions = app.db.write(work)
    if versions is not None:
        hub.publish(exercise_id, versions)
    return exercise_id


@permits(*GUESTS_TOO)
def take(app: App, actor: Person, exercise_id: int, seat: str) -> None:
    """Sit down on a free seat. Raises Refused when somebody was faster."""

    def work(connection: Connection, at: Table) -> Sequence[tuple[Move, str]]:
        if at.member.seat == seat:
            return ()
        if at.member.seat:
            raise Refused("You have a seat. The facilitator can give you another one.")
        holder = at.state.players.get(seat, "")
        if holder:
            found = people.find(connection, int(holder)) if holder.isdecimal() else None
            raise Refused(f"{found.name if found else 'Somebody'} sits there. Choose another seat.")
        return plan.settle(connection, at, actor.id, "player", seat)

    table.change(app, actor, exercise_id, work, parts=SEATED, players=True)


@permits(*GUESTS_TOO)
def leave(app: App, actor: Person, exercise_id: int) -> None:
    """Leave the exercise; a guest is signed out by it."""
    now = app.now()

    def work(connection: Connection, at: Table) -> Sequence[tuple[Move, str]]:
        return plan.gone(connection, at, at.member, now)

    table.change(app, actor, exercise_id, work, parts=SEATED | frozenset({"observer"}), players=True)
