"""Playing: vote blind for one's seat, decide where one leads, write down what nobody else reads.

Several people may share a seat. Its holder acts for it; a deputy only while the holder is not here.
"""

from collections.abc import Sequence

from db import live
from db.engine import Connection
from db.receipts import Receipt, digest
from domain.exercise import Move, moves
from domain.people import Person
from domain.refusal import Refused
from services.app import App
from services.authority import GUESTS_TOO, permits
from services.live.table import PRESENT, SEATED, STAFF, Table, act

MOVED = "You sit elsewhere now. Have a look at your new seat first."


def _for_seat(app: App, at: Table, connection: Connection, seat: str) -> None:
    """Raise Refused unless this member acts for `seat` at this moment."""
    member = at.member
    if not member.seat:
        raise Refused("You have no seat yet. Take a free one, or ask the facilitator.")
    if member.seat != seat:
        raise Refused(MOVED)
    holder = at.state.players.get(seat, "")
    if member.part == "player" or holder in {"", str(member.person_id)}:
        return
    held = live.member(connection, at.live.id, int(holder)) if holder.isdecimal() else None
    if held is not None and held.seen_at is not None and app.now() - held.seen_at < PRESENT:
        raise Refused(f"{held.name} is here and acts for this seat.")


@permits(*GUESTS_TOO)
def vote(
    app: App,
    actor: Person,
    exercise_id: int,
    decision: str,
    option: str,
    reason: str,
    *,
    seat: str,
    seen: int,
    sure: bool | None = None,
) -> Receipt:
    """Vote for one's seat, or vote anew while the vote is open. Nobody at the table sees it before the vote closes."""

    def wish(at: Table, connection: Connection) -> Sequence[Move]:
        _for_seat(app, at, connection, seat)
        return [moves.Vote(decision, seat, option, reason, sure)]

    payload = {"seat": seat, "option": option, "reason": reason.strip(), "sure": sure}
    key = f"vote:{decision}:{seen}:{digest(payload)[:12]}"
    return act(app, actor, exercise_id, key, payload, wish, parts=SEATED)


@permits(*GUESTS_TOO)
def decide(app: App, actor: Person, exercise_id: int, decision: str, option: str, why: str, *, seat: str) -> Receipt:
    """Say what the team has decided, from the seat that speaks for it."""

    def wish(at: Table, connection: Connection) -> Sequence[Move]:
        _for_seat(app, at, connection, seat)
        if seat != at.script.scenario.leads:
            leads = at.script.scenario.seat(at.script.scenario.leads).title
            raise Refused(f"{leads} or the facilitator writes down what the team decides.")
        return [moves.Decide(decision, option, seat, why)]

    return act(app, actor, exercise_id, f"decide:{decision}:{seat}", {"option": option}, wish, parts=SEATED)


@permits(*GUESTS_TOO)
def draft(app: App, actor: Person, exercise_id: int, letter: str, text: str, *, seat: str, version: int) -> Receipt:
    """Save a letter at the draft desk, written on top of its draft `version`; who was slower is told so."""

    def wish(at: Table, connection: Connection) -> Sequence[Move]:
        _for_seat(app, at, connection, seat)
        return [moves.Draft(letter, seat, text, version)]

    payload = {"seat": seat, "text": text.strip()}
    key = f"draft:{letter}:{version}:{digest(payload)[:12]}"
    return act(app, actor, exercise_id, key, payload, wish, parts=SEATED)


@permits(*GUESTS_TOO)
def note(app: App, actor: Person, exercise_id: int, text: str, key: str) -> Receipt:
    """Write something down that nobody else will read; `key` tells one note from the same text written twice."""

    def wish(at: Table, _connection: Connection) -> Sequence[Move]:
        if not at.member.seat:
            raise Refused("You have no seat yet. Take a free one, or ask the facilitator.")
        return [moves.Note(at.member.seat, text)]

    return act(app, actor, exercise_id, f"note:{key}", {"text": text}, wish, parts=SEATED)


@permits(*GUESTS_TOO)
def observe(
    app: App,
    actor: Person,
    exercise_id: int,
    text: str,
    key: str,
    *,
    about: str = "",
    objective: str = "",
    rating: str = "",
) -> Receipt:
    """Note what one saw, tied to the inject or decision that prompted it, and perhaps rate an objective P, S, M or U."""
    if rating not in {"", "P", "S", "M", "U"}:
        raise Refused("Rate P, S, M or U.")

    def wish(at: Table, _connection: Connection) -> Sequence[Move]:
        known = {*at.state.sent, *at.state.opened, ""}
        if about not in known:
            raise Refused("That has not come up in this exercise.")
        return [moves.Observe(str(actor.id), text, about, objective, rating or None)]  # type: ignore[arg-type]

    payload = {"text": text, "about": about, "objective": objective, "rating": rating}
    return act(app, actor, exercise_id, f"observe:{key}", payload, wish, parts=STAFF)
