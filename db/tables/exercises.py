"""Exercises: scripts, members, the log of events."""

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

from db.tables.base import Id, Moment, id_column, metadata, person_column

scenario_text = Table(
    "scenario_text", metadata, Column("digest", String(64), primary_key=True), Column("body", JSON, nullable=False)
)

exercise = Table(
    "exercise",
    metadata,
    id_column(),
    Column("scenario", String(64), nullable=False),
    Column("digest", String(64), ForeignKey("scenario_text.digest"), nullable=False),
    Column("mode", String(10), nullable=False),  # solo, live
    Column("seed", Id, nullable=False),
    person_column("owner_id", index=True),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("title", String(200), nullable=False, server_default=""),
    Column("planned_for", Moment),
    Column("status", String(10), nullable=False, server_default="running", index=True),  # as the log has it
    Column("code", String(12)),  # lets people in from the lobby to the end, and is gone then
    Column("version", Integer, nullable=False, server_default="0"),  # counts whatever changes
    Column("shown", Integer, nullable=False, server_default="0"),  # the version that players last had to see
)
# An index, not a constraint: SQLite can add one without making the table anew.
Index("uq_exercise_code", exercise.c.code, unique=True)

exercise_member = Table(
    "exercise_member",
    metadata,
    Column("exercise_id", Id, ForeignKey("exercise.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True, index=True),
    Column("role", String(12), nullable=False, server_default="player"),  # player, deputy, observer, facilitator
    Column("seat", String(64), nullable=False),  # empty while somebody has none
    Column("seen_at", Moment),  # when a screen of theirs was last open
)

exercise_event = Table(
    "exercise_event",
    metadata,
    Column("exercise_id", Id, ForeignKey("exercise.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("body", JSON, nullable=False),
)
