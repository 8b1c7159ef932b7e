"""The hot wash of a live exercise: cards to three questions, players before observers, then dots.

Everybody at the table takes part on their own device, guests too. Who wrote a card is told to nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass

from db import hot_wash as rows
from db import live
from db.engine import Connection
from db.receipts import Receipt, once
from domain import hot_wash as rules
from domain.hot_wash import Card, Stage
from domain.people import Person
from domain.refusal import Refused
from services.app import App
from services.authority import ANYONE, GUESTS_TOO, permits
from services.hub import hub
from services.live import table
from services.live.table import EVERYBODY, FACILITATOR, Table


@dataclass(frozen=True, slots=True)
class HotWash:
    """The hot wash as one person sees it."""

    stage: Stage
    questions: tuple[str, ...]
    cards: tuple[Card, ...]
    observer: bool
    facilitator: bool
    may_write: bool
    dots_left: int


def _questions(at: Table) -> tuple[str, ...]:
    return at.script.scenario.debrief.questions[: rules.QUESTIONS]


def _over(at: Table) -> None:
    if at.state.phase != "ended":
        raise Refused("The hot wash comes when the exercise is over.")


@permits(*GUESTS_TOO)
def hot_wash(app: App, actor: Person, exercise_id: int) -> HotWash:
    """How the hot wash stands for this person. Raises Refused while the exercise is being played."""
    with app.db.read() as connection:
        at = table.at(app, connection, actor, exercise_id, EVERYBODY)
        _over(at)
        stage = rows.stage(connection, exercise_id)
        cards = tuple(rows.cards(connection, exercise_id, actor.id))
    observer = at.member.part == "observer"
    return HotWash(
        stage=stage,
        questions=_questions(at),
        cards=cards,
        observer=observer,
        facilitator=at.member.part == "facilitator",
        may_write=stage == "observers" or (stage == "players" and not observer),
        dots_left=rules.DOTS - sum(card.dotted for card in cards) if stage == "dots" else 0,
    )


Work = Callable[[Connection, Table, Stage], dict[str, int]]


def _act(app: App, actor: Person, exercise_id: int, key: str, payload: object, work: Work) -> Receipt:
    now = app.now()

    def write(connection: Connection) -> tuple[Receipt, live.Versions]:
        at = table.at(app, connection, actor, exercise_id, EVERYBODY, writing=True)
        _over(at)

        def once_only() -> dict[str, int]:
            return work(connection, at, rows.stage(connection, exercise_id))

        receipt = once(connection, f"hot-wash:{exercise_id}:{key}", actor.id, payload, now, once_only)
        return receipt, live.bump(connection, exercise_id, players=True)

    receipt, versions = table.one_at_a_time(app, exercise_id, write)
    hub.publish(exercise_id, versions)
    return receipt


@permits(*GUESTS_TOO)
def write(app: App, actor: Person, exercise_id: int, question: int, text: str, *, key: str) -> Receipt:
    """Put up a card; `key` tells one card from the same text written twice."""

    def work(connection: Connection, at: Table, stage: Stage) -> dict[str, int]:
        observer = at.member.part == "observer"
        kept = rules.may_write(stage, observer=observer, question=question, questions=len(_questions(at)), text=text)
        number = rows.add(connection, exercise_id, actor.id, question, kept, observer=observer, now=app.now())
        return {"card": number}

    return _act(app, actor, exercise_id, f"card:{key}", {"question": question, "text": text}, work)


@permits(*GUESTS_TOO)
def dot(app: App, actor: Person, exercise_id: int, card_id: int, *, given: bool, key: str) -> Receipt:
    """Give a card one of the person's dots, or take it back."""

    def work(connection: Connection, _at: Table, stage: Stage) -> dict[str, int]:
        cards = rows.cards(connection, exercise_id, actor.id)
        card = next((card for card in cards if card.id == card_id), None)
        if card is None:
            raise Refused("That card is not there.")
        if not given:
            rules.may_dot(stage, 0)
            rows.undot(connection, card_id, actor.id)
        elif not card.dotted:
            rules.may_dot(stage, sum(each.dotted for each in cards))
            rows.dot(connection, card_id, actor.id)
        return {"card": card_id}

    return _act(app, actor, exercise_id, f"dot:{key}", {"card": card_id, "given": given}, work)


@permits(*ANYONE)
def go_on(app: App, actor: Person, exercise_id: int, seen: Stage) -> None:
    """On to the next stage, from the one the facilitator saw; an old screen changes nothing."""
    now = app.now()

    def write_stage(connection: Connection) -> live.Versions | None:
        at = table.at(app, connection, actor, exercise_id, FACILITATOR, writing=True)
        _over(at)
        stage = rows.stage(connection, exercise_id)
        if stage != seen:
            return None
        following = rules.following(stage)
        rows.move(connection, exercise_id, following, now)
        if following == "closed":
            table.send_guests_home(connection, exercise_id, now)
        return live.bump(connection, exercise_id, players=True)

    versions = table.one_at_a_time(app, exercise_id, write_stage)
    if versions is not None:
        hub.publish(exercise_id, versions)
