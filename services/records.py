"""Learning records as xAPI 1.0.3 statements, for a company's own record store.

The same record always has the same identifier, so that a second export adds nothing. What somebody answered stays here:
a statement says that it was answered, how well, and how long it took.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from catalog.library import Catalog
from db import records
from db.records import Record
from domain.drill import Drill
from domain.lesson import Lesson
from domain.quiz import Quiz
from services.app import App
from services.authority import unguarded

_VERBS = {
    "answered": "http://adlnet.gov/expapi/verbs/answered",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "passed": "http://adlnet.gov/expapi/verbs/passed",
    "failed": "http://adlnet.gov/expapi/verbs/failed",
}
_TYPES = {
    "lesson": "http://adlnet.gov/expapi/activities/lesson",
    "predict": "http://adlnet.gov/expapi/activities/lesson",
    "quiz": "http://adlnet.gov/expapi/activities/assessment",
    "spot": "http://adlnet.gov/expapi/activities/simulation",
    "report": "http://adlnet.gov/expapi/activities/simulation",
}


@unguarded("an operator's command, who has the database")
def statements(app: App, address: str, since: datetime) -> Iterator[dict[str, Any]]:
    """What people with an open account did since a moment, each as a statement. `address` is where they reach Muster."""
    catalog = app.content()
    with app.db.read() as connection:
        for record in records.done(connection, since):
            yield statement(record, address.rstrip("/"), catalog)


def statement(record: Record, address: str, catalog: Catalog) -> dict[str, Any]:
    """One record as a statement."""
    verb = _verb(record)
    result = _result(record)
    context: dict[str, Any] = {"platform": "Muster"}
    if record.attempt_id is not None:
        context["registration"] = _uuid(address, f"registration/{record.attempt_id}")
    if record.item:
        parent = {"objectType": "Activity", "id": f"{address}/xapi/{record.kind}/{record.slug}"}
        context["contextActivities"] = {"parent": [parent]}
    return {
        "id": _uuid(address, f"{record.sort}/{record.id}"),
        "actor": {"objectType": "Agent", "name": record.name, "mbox": f"mailto:{record.email}"},
        "verb": {"id": _VERBS[verb], "display": {"en": verb}},
        "object": _activity(record, address, catalog),
        **({"result": result} if result else {}),
        "context": context,
        "timestamp": record.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def _uuid(address: str, part: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{address}/xapi/{part}"))


def _verb(record: Record) -> str:
    if record.sort == "answer":
        return "answered"
    if record.passed is None:
        return "completed"
    return "passed" if record.passed else "failed"


def _activity(record: Record, address: str, catalog: Catalog) -> dict[str, Any]:
    kind = "http://adlnet.gov/expapi/activities/question" if record.item else _TYPES.get(record.kind)
    found: Quiz | Lesson | Drill | None
    match record.kind:
        case "quiz":
            found = catalog.quizzes.get(record.slug)
        case "lesson" | "predict":
            found = catalog.lessons.get(record.slug)
        case _:
            found = catalog.drills.get(record.slug)
    title = found.title if found is not None else record.slug
    path = "/".join(part for part in (record.kind, record.slug, record.item) if part)
    definition: dict[str, Any] = {"name": {"en": f"{title}: {record.item}" if record.item else title}}
    if kind:
        definition["type"] = kind
    if record.skill:
        definition["extensions"] = {f"{address}/xapi/skill": record.skill}
    return {"objectType": "Activity", "id": f"{address}/xapi/{path}", "definition": definition}


def _result(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if record.y is not None:
        found |= {"score": {"scaled": round(record.y, 4)}, "success": record.y >= 1.0}
    if record.points is not None and record.out_of:
        scaled = round(record.points / record.out_of, 4)
        found["score"] = {"scaled": scaled, "raw": record.points, "min": 0, "max": record.out_of}
    if record.passed is not None:
        found["success"] = record.passed
    if record.sort != "answer":
        found["completion"] = True
    if record.began is not None and record.at >= record.began:
        found["duration"] = _duration(record.at - record.began)
    return found


def _duration(span: timedelta) -> str:
    """A span as ISO 8601 has it, to the hundredth of a second."""
    return f"PT{span.total_seconds():.2f}S"
