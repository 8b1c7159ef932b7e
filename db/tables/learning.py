"""Learning: receipts, what was shown, attempts, answers, assignments, flags."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from db.tables.base import Id, Moment, id_column, metadata, person_column

receipt = Table(
    "receipt",
    metadata,
    Column("key", String(200), primary_key=True),
    person_column(index=True),
    Column("payload", String(64), nullable=False),  # digest: the same key with another payload is refused
    Column("result", JSON, nullable=False),
    Column("at", Moment, nullable=False),
)

shown = Table("shown", metadata, Column("digest", String(64), primary_key=True), Column("body", JSON, nullable=False))

lesson_progress = Table(
    "lesson_progress",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("lesson", String(64), primary_key=True),
    Column("screen", Integer, nullable=False),
    Column("done_at", Moment),
    Column("at", Moment, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    id_column(),
    person_column(index=True),
    Column("kind", String(20), nullable=False),  # quiz, spot, report
    Column("slug", String(64), nullable=False),
    Column("seed", Id, nullable=False),
    Column("draw", JSON, nullable=False),  # the items of this attempt, in order
    Column("place", Integer, nullable=False, server_default="0"),  # which of them is on screen
    Column("draft", JSON),  # a report that is being written
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("points", Float),
    Column("out_of", Float),
    Column("passed", Boolean),
)
# One open attempt per person and thing: a second tab or a double click continues it instead of starting another.
Index(
    "uq_attempt_open",
    attempt.c.person_id,
    attempt.c.kind,
    attempt.c.slug,
    unique=True,
    sqlite_where=attempt.c.finished_at.is_(None),
    postgresql_where=attempt.c.finished_at.is_(None),
)
Index("ix_attempt_finished", attempt.c.person_id, attempt.c.kind, attempt.c.slug, attempt.c.finished_at)

answer = Table(
    "answer",
    metadata,
    id_column(),
    person_column(),
    Column("attempt_id", Id, ForeignKey("attempt.id")),
    Column("kind", String(20), nullable=False),  # quiz, predict, spot, report
    Column("slug", String(64), nullable=False),
    Column("item", String(64), nullable=False),
    Column("skill", String(20), nullable=False),
    Column("response", JSON, nullable=False),
    Column("y", Float, nullable=False),
    Column("confidence", String(10)),
    Column("cold", Boolean, nullable=False),  # first time ever that this person answered this item
    Column("digest", String(64), ForeignKey("shown.digest"), nullable=False),
    Column("shown_at", Moment, nullable=False),
    Column("answered_at", Moment, nullable=False),
    UniqueConstraint("attempt_id", "item"),
    Index("ix_answer_person_item", "person_id", "kind", "slug", "item"),
    Index("ix_answer_person_at", "person_id", "answered_at"),
)

assignment = Table(
    "assignment",
    metadata,
    id_column(),
    person_column(),
    Column("module", String(64), nullable=False),
    Column("due_on", Date, nullable=False),
    person_column("assigned_by", nullable=True),
    Column("at", Moment, nullable=False),
    UniqueConstraint("person_id", "module"),
)

content_flag = Table(
    "content_flag",
    metadata,
    id_column(),
    person_column(index=True),
    Column("kind", String(20), nullable=False),
    Column("slug", String(64), nullable=False),
    Column("item", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("resolved_at", Moment),
    person_column("resolved_by", nullable=True),
)
