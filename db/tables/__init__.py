"""Every table, in SQLAlchemy Core. Rows stay in db/; other layers see values.

Answers, evidence, exercise events and audit rows are append-only: nothing in db/ updates or deletes them
except erasing a person.
"""

from db.tables.after import action, finding, hot_wash, hot_wash_card, hot_wash_dot, micro_inject
from db.tables.base import Id, Moment, metadata
from db.tables.exercises import exercise, exercise_event, exercise_member, scenario_text
from db.tables.learning import answer, assignment, attempt, content_flag, lesson_progress, receipt, shown
from db.tables.people import audit, device, manages, one_time_code, person, person_role, session, sign_in_failure, team
from db.tables.readiness import calibration, calibration_item, evidence, person_state, skill_state, team_day

__all__ = [
    "Id",
    "Moment",
    "action",
    "answer",
    "assignment",
    "attempt",
    "audit",
    "calibration",
    "calibration_item",
    "content_flag",
    "device",
    "evidence",
    "exercise",
    "exercise_event",
    "exercise_member",
    "finding",
    "hot_wash",
    "hot_wash_card",
    "hot_wash_dot",
    "lesson_progress",
    "manages",
    "metadata",
    "micro_inject",
    "one_time_code",
    "person",
    "person_role",
    "person_state",
    "receipt",
    "scenario_text",
    "session",
    "shown",
    "sign_in_failure",
    "skill_state",
    "team",
    "team_day",
]
