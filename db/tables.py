"""Every table, in SQLAlchemy Core. Rows stay in db/; other layers see values.

Answers, evidence, exercise events and audit rows are append-only: nothing in db/ updates or deletes them
except erasing a person.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    true,
)


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; naive ones are refused, so a forgotten time zone fails in the first test."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite keeps no zone, so it gets the naive UTC value."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read back aware UTC on both databases."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _person(name: str = "person_id", *, nullable: bool = False, index: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey("person.id"), nullable=nullable, index=index)


# ── people and sign-in ────────────────────────────────────────────────────────────────────────────────────────

team = Table(
    "team",
    metadata,
    _id(),
    Column("name", String(200), nullable=False, unique=True),
    Column("demo", Boolean, nullable=False, server_default=false()),
)

person = Table(
    "person",
    metadata,
    _id(),
    Column("name", String(200), nullable=False),
    Column("email", String(320), nullable=False),
    Column("email_key", String(320), nullable=False, unique=True),  # NFKC and case-folded: one mailbox, one account
    Column("password_hash", String(300)),
    Column("team_id", Id, ForeignKey("team.id"), index=True),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("demo", Boolean, nullable=False, server_default=false()),
    Column("created_at", Moment, nullable=False),
    Column("password_changed_at", Moment),
)

person_role = Table(
    "person_role",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("role", String(20), primary_key=True),
)

manages = Table(
    "manages",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("team_id", Id, ForeignKey("team.id"), primary_key=True),
)

session = Table(
    "session",
    metadata,
    _id(),
    Column("token_hash", String(64), nullable=False, unique=True),
    _person(index=True),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("address", String(64), nullable=False),
    Column("agent", String(300), nullable=False),
)

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    _id(),
    Column("account", String(320), nullable=False, index=True),
    Column("address", String(64), nullable=False, index=True),
    Column("at", Moment, nullable=False),
)

device = Table(
    "device",
    metadata,
    _id(),
    _person(index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
)

one_time_code = Table(
    "one_time_code",
    metadata,
    _id(),
    Column("purpose", String(40), nullable=False, index=True),
    _person(nullable=True),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    Column("at", Moment, nullable=False, index=True),
    _person("actor_id", nullable=True, index=True),
    Column("actor", String(320), nullable=False),  # as they were called then; stays when the account goes
    Column("action", String(60), nullable=False, index=True),
    Column("subject", String(320), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("address", String(64), nullable=False),
)

# ── learning ──────────────────────────────────────────────────────────────────────────────────────────────────

receipt = Table(
    "receipt",
    metadata,
    Column("key", String(200), primary_key=True),
    _person(index=True),
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
    _id(),
    _person(index=True),
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
    _id(),
    _person(),
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
    _id(),
    _person(),
    Column("module", String(64), nullable=False),
    Column("due_on", Date, nullable=False),
    _person("assigned_by", nullable=True),
    Column("at", Moment, nullable=False),
    UniqueConstraint("person_id", "module"),
)

content_flag = Table(
    "content_flag",
    metadata,
    _id(),
    _person(index=True),
    Column("kind", String(20), nullable=False),
    Column("slug", String(64), nullable=False),
    Column("item", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("resolved_at", Moment),
    _person("resolved_by", nullable=True),
)

# ── readiness ─────────────────────────────────────────────────────────────────────────────────────────────────

calibration = Table(
    "calibration",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    Column("model_version", String(20), nullable=False),
    Column("offsets", JSON, nullable=False),
)

calibration_item = Table(
    "calibration_item",
    metadata,
    Column("calibration_id", Id, ForeignKey("calibration.id"), primary_key=True),
    Column("item", String(140), primary_key=True),
    Column("mean", Float, nullable=False),
    Column("var", Float, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    _id(),
    _person(),
    Column("item", String(140), nullable=False),
    Column("skill", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("y", Float, nullable=False),
    Column("guess", Float, nullable=False),
    Column("weight", Float, nullable=False),
    Column("prior", Float, nullable=False),  # difficulty of the item before any answer to it
    Column("at", Moment, nullable=False),
    Column("answer_id", Id, ForeignKey("answer.id")),
    Column("exercise_id", Id, ForeignKey("exercise.id")),
    Column("calibration_id", Id, ForeignKey("calibration.id"), nullable=False),
    Index("ix_evidence_person", "person_id", "id"),
    Index("ix_evidence_person_item", "person_id", "item"),
)

person_state = Table(
    "person_state",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("mean", Float, nullable=False),
    Column("var", Float, nullable=False),
    Column("at", Moment, nullable=False),
    Column("model_version", String(20), nullable=False),
)

skill_state = Table(
    "skill_state",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("skill", String(20), primary_key=True),
    Column("mean", Float, nullable=False),
    Column("var", Float, nullable=False),
    Column("stability", Float, nullable=False),
    Column("n", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("model_version", String(20), nullable=False),
)

team_day = Table(
    "team_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("team_id", Id, ForeignKey("team.id"), primary_key=True),
    Column("skill", String(20), primary_key=True),  # a skill, or "all" for the person's overall status
    Column("people", Integer, nullable=False),
    Column("ready", Integer, nullable=False),
    Column("refresh", Integer, nullable=False),
    Column("uncertain", Integer, nullable=False),
    Column("gap", Integer, nullable=False),
    Column("not_assessed", Integer, nullable=False),
    Column("sum_p", Float, nullable=False),
)

# ── exercises ─────────────────────────────────────────────────────────────────────────────────────────────────

scenario_text = Table(
    "scenario_text", metadata, Column("digest", String(64), primary_key=True), Column("body", JSON, nullable=False)
)

exercise = Table(
    "exercise",
    metadata,
    _id(),
    Column("scenario", String(64), nullable=False),
    Column("digest", String(64), ForeignKey("scenario_text.digest"), nullable=False),
    Column("mode", String(10), nullable=False),  # solo, live
    Column("seed", Id, nullable=False),
    _person("owner_id", index=True),
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

# ── after exercises ───────────────────────────────────────────────────────────────────────────────────────────

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
    _id(),
    Column("exercise_id", Id, ForeignKey("exercise.id"), nullable=False, index=True),
    _person(),
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
    _id(),
    Column("exercise_id", Id, ForeignKey("exercise.id"), nullable=False, index=True),
    Column("skill", String(20), nullable=False),
    Column("seat", String(64), nullable=False),  # empty when it concerns the whole table
    Column("text", Text, nullable=False),
    Column("events", JSON, nullable=False),  # numbers in the log of the exercise
    _person("by_id"),
    Column("at", Moment, nullable=False),
)

action = Table(
    "action",
    metadata,
    _id(),
    Column("finding_id", Id, ForeignKey("finding.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    _person("owner_id", index=True),
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
    _id(),
    Column("action_id", Id, ForeignKey("action.id"), nullable=False, index=True),
    Column("digest", String(64), ForeignKey("scenario_text.digest"), nullable=False),
    Column("scenario", String(64), nullable=False),
    Column("decision", String(64), nullable=False),
    Column("seed", Id, nullable=False),
    _person(index=True),
    _person("sent_by"),
    Column("sent_at", Moment, nullable=False),
    Column("option", String(64), nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("rating", String(1), nullable=False, server_default=""),
    Column("answered_at", Moment),
    UniqueConstraint("action_id", "person_id", "scenario", "decision"),
)
