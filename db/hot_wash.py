"""The hot wash as rows: how far it has come, cards, dots."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, literal, select, update

from db.tables import hot_wash, hot_wash_card, hot_wash_dot
from domain.hot_wash import Card, Stage


def stage(connection: Connection, exercise_id: int) -> Stage:
    """How far it has come; players speak first."""
    found: Stage | None = connection.scalar(select(hot_wash.c.stage).where(hot_wash.c.exercise_id == exercise_id))
    return found or "players"


def move(connection: Connection, exercise_id: int, stage: Stage, now: datetime) -> None:
    """Go on to a stage."""
    values = {"stage": stage, "at": now}
    if not connection.execute(update(hot_wash).where(hot_wash.c.exercise_id == exercise_id).values(values)).rowcount:
        connection.execute(insert(hot_wash).values(exercise_id=exercise_id, **values))


def add(
    connection: Connection, exercise_id: int, person_id: int, question: int, text: str, *, observer: bool, now: datetime
) -> int:
    """A new card; returns its number."""
    row = insert(hot_wash_card).values(
        exercise_id=exercise_id, person_id=person_id, question=question, text=text, observer=observer, at=now
    )
    return int(connection.execute(row.returning(hot_wash_card.c.id)).scalar_one())


def cards(connection: Connection, exercise_id: int, person_id: int) -> Sequence[Card]:
    """All cards as this person sees them, in the order in which they were written."""
    card, dot = hot_wash_card.c, hot_wash_dot.c
    dots = select(func.count()).where(dot.card_id == card.id).scalar_subquery()
    mine = select(literal(1)).where(and_(dot.card_id == card.id, dot.person_id == person_id)).exists()
    rows = connection.execute(
        select(
            card.id, card.question, card.text, card.observer, card.person_id, dots.label("dots"), mine.label("dotted")
        )
        .where(card.exercise_id == exercise_id)
        .order_by(card.id)
    )
    return [
        Card(r.id, r.question, r.text, bool(r.observer), int(r.dots), r.person_id == person_id, bool(r.dotted))
        for r in rows
    ]


def dot(connection: Connection, card_id: int, person_id: int) -> None:
    """Give a dot; giving it twice is once."""
    key = {"card_id": card_id, "person_id": person_id}
    found = select(hot_wash_dot).where(and_(hot_wash_dot.c.card_id == card_id, hot_wash_dot.c.person_id == person_id))
    if connection.execute(found).first() is None:
        connection.execute(insert(hot_wash_dot).values(key))


def undot(connection: Connection, card_id: int, person_id: int) -> None:
    """Take a dot back."""
    connection.execute(
        delete(hot_wash_dot).where(and_(hot_wash_dot.c.card_id == card_id, hot_wash_dot.c.person_id == person_id))
    )
