"""live exercises: members with roles, a code to join by, versions to push."""

import sqlalchemy as sa
from alembic import op

import db.tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = db.tables.Moment(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Not as a batch: that would make the table anew, and its rows are referred to.
    op.add_column("exercise", sa.Column("title", sa.String(length=200), server_default="", nullable=False))
    op.add_column("exercise", sa.Column("planned_for", MOMENT, nullable=True))
    op.add_column("exercise", sa.Column("status", sa.String(length=10), server_default="running", nullable=False))
    op.add_column("exercise", sa.Column("code", sa.String(length=12), nullable=True))
    op.add_column("exercise", sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    op.add_column("exercise", sa.Column("shown", sa.Integer(), server_default="0", nullable=False))
    op.create_index(op.f("ix_exercise_status"), "exercise", ["status"], unique=False)
    op.create_index(op.f("uq_exercise_code"), "exercise", ["code"], unique=True)
    op.execute(sa.text("UPDATE exercise SET status = 'ended' WHERE ended_at IS NOT NULL"))
    op.create_table(
        "exercise_member",
        sa.Column("exercise_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", sa.String(length=12), server_default="player", nullable=False),
        sa.Column("seat", sa.String(length=64), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["exercise_id"], ["exercise.id"], name=op.f("fk_exercise_member_exercise_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exercise_member_person_id")),
        sa.PrimaryKeyConstraint("exercise_id", "person_id", name=op.f("pk_exercise_member")),
    )
    op.create_index(op.f("ix_exercise_member_person_id"), "exercise_member", ["person_id"], unique=False)
    op.execute(
        sa.text(
            "INSERT INTO exercise_member (exercise_id, person_id, role, seat) "
            "SELECT exercise_id, person_id, 'player', seat FROM exercise_seat"
        )
    )
    op.drop_table("exercise_seat")


def downgrade() -> None:
    op.create_table(
        "exercise_seat",
        sa.Column("exercise_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("seat", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["exercise_id"], ["exercise.id"], name=op.f("fk_exercise_seat_exercise_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exercise_seat_person_id")),
        sa.PrimaryKeyConstraint("exercise_id", "person_id", name=op.f("pk_exercise_seat")),
    )
    op.execute(
        sa.text(
            "INSERT INTO exercise_seat (exercise_id, person_id, seat) SELECT exercise_id, person_id, seat "
            "FROM exercise_member WHERE seat <> ''"
        )
    )
    op.drop_table("exercise_member")
    op.drop_index(op.f("uq_exercise_code"), "exercise")
    op.drop_index(op.f("ix_exercise_status"), "exercise")
    for name in ("shown", "version", "code", "status", "planned_for", "title"):
        op.drop_column("exercise", name)
