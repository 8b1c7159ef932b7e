"""Readiness: evidence, the states learnt from it, calibrations, daily counts."""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

from db.tables.base import Id, Moment, id_column, metadata, person_column

calibration = Table(
    "calibration",
    metadata,
    id_column(),
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
    id_column(),
    person_column(),
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
