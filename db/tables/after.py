"""After exercises: the hot wash, findings, actions, micro-injects."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from db.tables.base import Id, Moment, id_column, metadata, person_column

hot_wash = Table(
    "hot_wash",
    metadata,
    Column("exercise_id", Id, ForeignKey("exercise.id"), primary_key=True),
    Column("stage", String(10), nullable=False),  # players, observers, dots, closed
    Column("at", Moment, nullable=False),
)

hot_wash_card = Table(
    "hot_wash_card",
    metadata,
    id_column(),
    Column("exercise_id", Id, ForeignKey("exercise.id"), nullable=False, index=True),
    person_column(),
    Column("question", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("observer", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)

hot_wash_dot = Table(
    "hot_wash_dot",
    metadata,
    Column("card_id", Id, ForeignKey("hot_wash_card.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
)

finding = Table(
    "finding",
    metadata,
    id_column(),
    Column("exercise_id", Id, ForeignKey("exercise.id"), nullable=False, index=True),
    Column("skill", String(20), nullable=False),
    Column("seat", String(64), nullable=False),  # empty when it concerns the whole table
    Column("text", Text, nullable=False),
    Column("events", JSON, nullable=False),  # numbers in the log of the exercise
    person_column("by_id"),
    Column("at", Moment, nullable=False),
)

action = Table(
    "action",
    metadata,
    id_column(),
    Column("finding_id", Id, ForeignKey("finding.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    person_column("owner_id", index=True),
    Column("due_on", Date, nullable=False),
    Column("priority", String(10), nullable=False),
    Column("retest", Text, nullable=False),
    Column("status", String(10), nullable=False),  # open, done, verified
    Column("done_at", Moment),
    Column("verified_at", Moment),
    Column("verified_by", Text, nullable=False, server_default=""),
    Column("at", Moment, nullable=False),
)

micro_inject = Table(
    "micro_inject",
    metadata,
    id_column(),
    Column("action_id", Id, ForeignKey("action.id"), nullable=False, index=True),
    Column("digest", String(64), ForeignKey("scenario_text.digest"), nullable=False),
    Column("scenario", String(64), nullable=False),
    Column("decision", String(64), nullable=False),
    Column("seed", Id, nullable=False),
    person_column(index=True),
    person_column("sent_by"),
    Column("sent_at", Moment, nullable=False),
    Column("option", String(64), nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("rating", String(1), nullable=False, server_default=""),
    Column("answered_at", Moment),
    UniqueConstraint("action_id", "person_id", "scenario", "decision"),
)
