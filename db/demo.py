"""Finding and removing the demo company's rows."""

from sqlalchemy import Connection, Select, delete, func, select, update

from db import tables as t


def exists(connection: Connection) -> bool:
    """Whether any demo person is there."""
    return bool(connection.scalar(select(func.count()).select_from(t.person).where(t.person.c.demo)))


def remove(connection: Connection) -> int:
    """Remove demo people, demo teams and all they left; returns how many people went.

    Audit rows stay and keep the name; real people who were put into a demo team are in none afterwards.
    """
    who: Select[tuple[int]] = select(t.person.c.id).where(t.person.c.demo)
    teams: Select[tuple[int]] = select(t.team.c.id).where(t.team.c.demo)
    exercises: Select[tuple[int]] = select(t.exercise.c.id).where(t.exercise.c.owner_id.in_(who))
    connection.execute(delete(t.evidence).where(t.evidence.c.person_id.in_(who)))
    connection.execute(delete(t.evidence).where(t.evidence.c.exercise_id.in_(exercises)))
    shown: Select[tuple[int]] = select(t.finding.c.id).where(t.finding.c.exercise_id.in_(exercises))
    given: Select[tuple[int]] = select(t.action.c.id).where(
        t.action.c.finding_id.in_(shown) | t.action.c.owner_id.in_(who)
    )
    cards: Select[tuple[int]] = select(t.hot_wash_card.c.id).where(t.hot_wash_card.c.exercise_id.in_(exercises))
    connection.execute(delete(t.micro_inject).where(t.micro_inject.c.action_id.in_(given)))
    connection.execute(delete(t.action).where(t.action.c.id.in_(given)))
    connection.execute(delete(t.hot_wash_dot).where(t.hot_wash_dot.c.card_id.in_(cards)))
    for table in (t.finding, t.hot_wash_card, t.hot_wash, t.exercise_event, t.exercise_member):
        connection.execute(delete(table).where(table.c.exercise_id.in_(exercises)))
    connection.execute(delete(t.exercise_member).where(t.exercise_member.c.person_id.in_(who)))
    connection.execute(delete(t.exercise).where(t.exercise.c.owner_id.in_(who)))
    connection.execute(update(t.content_flag).where(t.content_flag.c.resolved_by.in_(who)).values(resolved_by=None))
    connection.execute(update(t.assignment).where(t.assignment.c.assigned_by.in_(who)).values(assigned_by=None))
    connection.execute(update(t.audit).where(t.audit.c.actor_id.in_(who)).values(actor_id=None))
    connection.execute(update(t.person).where(t.person.c.team_id.in_(teams)).values(team_id=None))
    connection.execute(delete(t.manages).where(t.manages.c.team_id.in_(teams)))
    # Whatever else refers to a person goes by the schema itself, so a new table cannot be forgotten here.
    for table in reversed(t.metadata.sorted_tables):
        for column in table.c:
            if any(key.column is t.person.c.id for key in column.foreign_keys) and column.name == "person_id":
                connection.execute(delete(table).where(column.in_(who)))
    connection.execute(delete(t.team_day).where(t.team_day.c.team_id.in_(teams)))
    gone = connection.execute(delete(t.person).where(t.person.c.demo)).rowcount
    connection.execute(delete(t.team).where(t.team.c.demo))
    return gone
