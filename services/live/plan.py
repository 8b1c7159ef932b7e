"""Planning a live exercise: scenario, variant, date, who sits where; the lobby and its code.

Who is in the security team may plan; whoever facilitates may seat, move and remove people until the end.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from db import audit, exercises, live, people, sessions
from db.engine import Connection
from db.live import Live, Member
from db.live import Part as Part  # noqa: PLC0414 - pages name it without knowing rows
from db.receipts import Receipt, once
from domain.exercise import Move, State, apply, moves
from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from domain.scenario import Scenario
from services import scripts
from services.app import App
from services.authority import GUESTS_TOO, permits
from services.live import table
from services.live.table import FACILITATOR, PRESENT, SEATED, Table

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""What codes are made of: nothing that looks like something else on a beamer."""
LENGTH = 8
PARTS: Mapping[Part, str] = {
    "player": "Player",
    "deputy": "Deputy",
    "observer": "Observer",
    "facilitator": "Facilitator",
}


@dataclass(frozen=True, slots=True)
class Mine:
    """One of the person's live exercises, for a list."""

    live: Live
    part: Part
    seat: str  # its title; empty without one


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody at the table, for the facilitator."""

    member: Member
    here: bool  # a screen of theirs is open


@dataclass(frozen=True, slots=True)
class Lobby:
    """Who is expected and who is here."""

    live: Live
    scenario: Scenario
    dials: tuple[tuple[str, str], ...]  # as they stand, in words
    people: tuple[Guest, ...]
    free: tuple[str, ...]  # ids of seats that nobody holds


def shown_code(code: str) -> str:
    """A code as people read it: ABCD-EFGH."""
    return f"{code[:4]}-{code[4:]}" if code else ""


@permits(*GUESTS_TOO)
def mine(app: App, actor: Person) -> list[Mine]:
    """The live exercises this person belongs to, newest first; a guest has one."""
    with app.db.read() as connection:
        found = []
        for exercise, part, seat in live.of_person(connection, actor.id):
            titles = {each.id: each.title for each in scripts.kept(connection, exercise.digest, State()).scenario.seats}
            found.append(Mine(exercise, part, titles.get(seat, "")))
        return found


@permits(Role.SECURITY)
def plan(
    app: App,
    actor: Person,
    slug: str,
    *,
    key: str,
    title: str = "",
    planned_for: datetime | None = None,
    dials: Mapping[str, str] | None = None,
    seed: int | None = None,
) -> int:
    """A new exercise that the person will run; returns its number. The same key again returns the same exercise."""
    scenario, text = scripts.written(app.content(), slug)
    now, drawn = app.now(), app.seeds() if seed is None else seed
    title = title.strip()[:200] or scenario.title
    laid = apply(scenario, State(), moves.Plan({}, drawn, dials=dials or {}), now, str(actor.id))[1]

    def work(connection: Connection) -> Receipt:
        def write() -> dict[str, int]:
            number = live.add(
                connection,
                scenario=slug,
                script=exercises.keep_script(connection, text),
                seed=drawn,
                owner_id=actor.id,
                title=title,
                planned_for=planned_for,
                now=now,
            )
            exercises.append(connection, number, 0, laid)
            live.put(connection, number, actor.id, "facilitator", "")
            live.bump(connection, number, players=True)
            audit.add(connection, now=now, actor=actor, action="exercise planned", subject=title)
            return {"exercise": number}

        return once(connection, f"live:plan:{key}", actor.id, {"scenario": slug, "title": title}, now, write)

    return int(app.db.write(work).result["exercise"])


@permits(Role.SECURITY)
def change(app: App, actor: Person, exercise_id: int, *, title: str, planned_for: datetime | None) -> None:
    """Another title or date; for everybody who looks at it afterwards."""

    def work(connection: Connection, at: Table) -> Sequence[tuple[Move, str]]:
        new = title.strip()[:200] or at.script.scenario.title
        live.change(connection, exercise_id, title=new, planned_for=planned_for)
        return ()

    table.change(app, actor, exercise_id, work)


@permits(Role.SECURITY)
def lobby(app: App, actor: Person, exercise_id: int) -> Lobby:
    """Who is expected, who is here, and which seats are free; for the facilitator."""
    now = app.now()
    with app.db.read() as connection:
        at = table.at(app, connection, actor, exercise_id, FACILITATOR)
        everybody = live.members(connection, exercise_id)
    here = [Guest(each, each.seen_at is not None and now - each.seen_at < PRESENT) for each in everybody]
    dials = tuple(
        (dial.label, value.label)
        for dial in at.script.scenario.dials
        for value in dial.values
        if at.state.dials.get(dial.id) == value.id
    )
    free = tuple(seat.id for seat in at.script.scenario.seats if not at.state.players.get(seat.id))
    return Lobby(at.live, at.script.scenario, dials, tuple(here), free)


@permits(Role.SECURITY)
def candidates(app: App, actor: Person, exercise_id: int) -> list[Person]:
    """Everybody with an open account who could be invited; for the facilitator."""
    with app.db.read() as connection:
        table.at(app, connection, actor, exercise_id, FACILITATOR)
        known = {member.person_id for member in live.members(connection, exercise_id)}
        return [person for person in people.everyone(connection) if person.active and person.id not in known]


@permits(Role.SECURITY)
def open_lobby(app: App, actor: Person, exercise_id: int) -> str:
    """Let people in: the code to join by, the same until the end. Nothing changes when it is open already."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))

    def work(connection: Connection, at: Table) -> Sequence[tuple[Move, str]]:
        if at.state.phase == "ended":
            raise Refused("This exercise is over.")
        if not at.live.code:
            status = "lobby" if at.live.status == "planned" else at.live.status
            live.change(connection, exercise_id, code=code, status=status)
        return ()

    table.change(app, actor, exercise_id, work, players=True)
    with app.db.read() as connection:
        return table.at(app, connection, actor, exercise_id, FACILITATOR).live.code


@permits(Role.SECURITY)
def new_code(app: App, actor: Person, exercise_id: int) -> str:
    """Another code, because the old one went too far; the old one lets nobody in any more."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))

    def work(connection: Connection, at: Table) -> Sequence[tuple[Move, str]]:
        if not at.live.code:
            raise Refused("Open the lobby first.")
        live.change(connection, exercise_id, code=code)
        return ()

    table.change(app, actor, exercise_id, work)
    return code


# ── who sits where ────────────────────────────────────────────────────────────────────────────────────────────


def unseat(at: Table, person_id: int) -> list[tuple[Move, str]]:
    """The moves that free whatever seat a person holds."""
    return [(moves.Leave(seat), "") for seat, player in at.state.players.items() if player == str(person_id)]


def settle(connection: Connection, at: Table, person_id: int, part: Part, seat: str) -> list[tuple[Move, str]]:
    """Give somebody a part and a seat; the moves that go with it. Whoever held the seat becomes its deputy."""
    if at.state.phase == "ended":
        raise Refused("This exercise is over.")
    if part in SEATED and seat and seat not in {each.id for each in at.script.scenario.seats}:
        raise Refused("There is no such seat in this scenario.")
    if part not in SEATED:
        seat = ""
    wanted = [move for move in unseat(at, person_id) if part != "player" or move[0] != moves.Leave(seat)]
    holder = at.state.players.get(seat, "")
    if part == "player" and seat and holder != str(person_id):
        if holder.isdecimal() and live.member(connection, at.live.id, int(holder)) is not None:
            live.put(connection, at.live.id, int(holder), "deputy", seat)
        wanted.append((moves.Sit(seat, str(person_id)), ""))
    live.put(connection, at.live.id, person_id, part, seat)
    return wanted


@permits(Role.SECURITY)
def seat(app: App, actor: Person, exercise_id: int, person_id: int, part: Part, seat_id: str = "") -> None:
    """Invite somebody, or give a member another part or seat. Facilitators are of the security team."""

    def work(connection: Connection, at: Table) -> Sequence[tuple[Move, str]]:
        person = people.find(connection, person_id)
        member = live.member(connection, exercise_id, person_id)
        if person is None or not person.active or (member is None and person.has(Role.GUEST)):
            raise Forbidden("There is nobody with that number.")
        if part not in PARTS:
            raise Refused("Choose player, deputy, observer or facilitator.")
        if part == "facilitator" and not person.has(Role.SECURITY):
            raise Refused(f"{person.name} is not in the security team and cannot facilitate.")
        if member is not None and member.part == "facilitator" and part != "facilitator":
            _another_facilitator(connection, exercise_id, person_id)
        return settle(connection, at, person_id, part, seat_id)

    table.change(app, actor, exercise_id, work, players=True)


def _another_facilitator(connection: Connection, exercise_id: int, person_id: int) -> None:
    others = [m for m in live.members(connection, exercise_id) if m.part == "facilitator" and m.person_id != person_id]
    if not others:
        raise Refused("Somebody must run the exercise. Hand it over first.")


@permits(Role.SECURITY)
def remove(app: App, actor: Person, exercise_id: int, person_id: int) -> None:
    """Somebody does not belong to the exercise any more; a guest is signed out. Nothing happens when they had left."""
    now = app.now()

    def work(connection: Connection, at: Table) -> Sequence[tuple[Move, str]]:
        member = live.member(connection, exercise_id, person_id)
        if member is None:
            return ()
        if member.part == "facilitator":
            _another_facilitator(connection, exercise_id, person_id)
        return gone(connection, at, member, now)

    table.change(app, actor, exercise_id, work, players=True)


def gone(connection: Connection, at: Table, member: Member, now: datetime) -> list[tuple[Move, str]]:
    """Take somebody out of the exercise; the moves that go with it."""
    live.drop(connection, at.live.id, member.person_id)
    if member.guest:
        sessions.revoke(connection, now, person_id=member.person_id)
        people.set_active(connection, member.person_id, active=False)
    return unseat(at, member.person_id) if at.state.phase != "ended" else []


@permits(Role.SECURITY)
def hand_over(app: App, actor: Person, exercise_id: int, person_id: int) -> None:
    """Let somebody else of the security team run the exercise; the person watches from then on."""

    def work(connection: Connection, at: Table) -> Sequence[tuple[Move, str]]:
        person = people.find(connection, person_id)
        if person is None or person.id == actor.id or not person.has(Role.SECURITY):
            raise Refused("Choose somebody else of the security team.")
        wanted = settle(connection, at, person_id, "facilitator", "")
        live.put(connection, exercise_id, actor.id, "observer", "")
        return [*wanted, (moves.HandOver(str(person_id)), str(actor.id))]

    table.change(app, actor, exercise_id, work, players=True)
