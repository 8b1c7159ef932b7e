"""People, teams, sign-in, and what was noted about both."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    String,
    Table,
    false,
    true,
)

from db.tables.base import Id, Moment, id_column, metadata, person_column

team = Table(
    "team",
    metadata,
    id_column(),
    Column("name", String(200), nullable=False, unique=True),
    Column("demo", Boolean, nullable=False, server_default=false()),
)

person = Table(
    "person",
    metadata,
    id_column(),
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
    id_column(),
    Column("token_hash", String(64), nullable=False, unique=True),
    person_column(index=True),
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
    id_column(),
    Column("account", String(320), nullable=False, index=True),
    Column("address", String(64), nullable=False, index=True),
    Column("at", Moment, nullable=False),
)

device = Table(
    "device",
    metadata,
    id_column(),
    person_column(index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
)

one_time_code = Table(
    "one_time_code",
    metadata,
    id_column(),
    Column("purpose", String(40), nullable=False, index=True),
    person_column(nullable=True),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

audit = Table(
    "audit",
    metadata,
    id_column(),
    Column("at", Moment, nullable=False, index=True),
    person_column("actor_id", nullable=True, index=True),
    Column("actor", String(320), nullable=False),  # as they were called then; stays when the account goes
    Column("action", String(60), nullable=False, index=True),
    Column("subject", String(320), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("address", String(64), nullable=False),
)
