"""What an employee does in drills: judge artefacts, and report in the company's own form.

Clues, verdicts and the model report are returned only for what has been answered.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db import attempts, receipts
from db.attempts import Attempt
from db.engine import Connection
from db.receipts import Receipt
from domain import present, report, spot
from domain.drill import Artefact, ReportDrill, SpotDrill
from domain.organisation import Organisation
from domain.people import Person
from domain.present import ShownArtefact
from domain.refusal import Refused
from domain.report import ReportResult
from domain.spot import SpotResult
from services import evidence
from services.app import App
from services.authority import ANYONE, permits
from services.learning import AGAIN, own_attempt

PRIOR_DIFFICULTY = {"least": -0.4, "moderate": 0.0, "very": 0.4}
"""Half the log-odds gap between the NIST Phish Scale's extreme click bands; data soon overrule it."""


@dataclass(frozen=True, slots=True)
class SpotView:
    """The artefact on screen: to be judged, or judged with its pins; or the sum at the end."""

    attempt: Attempt
    drill: SpotDrill
    shown: ShownArtefact | None
    result: SpotResult | None
    artefact: Artefact | None  # only once judged
    receipt: Receipt | None
    tally: "Tally | None"


@dataclass(frozen=True, slots=True)
class Tally:
    """A finished spot drill: hits and false alarms apart."""

    hits: int
    to_report: int
    false_alarms: int
    harmless: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report drill on screen: to be filled in, or judged."""

    attempt: Attempt
    drill: ReportDrill
    organisation: Organisation
    result: ReportResult | None
    receipt: Receipt | None


def _spot(app: App, slug: str) -> SpotDrill:
    drill = app.content().drills.get(slug)
    if not isinstance(drill, SpotDrill):
        raise Refused("This drill is not available at the moment. Your security team can see why on the content page.")
    return drill


def _report(app: App, slug: str) -> tuple[ReportDrill, Organisation]:
    drill, organisation = app.content().drills.get(slug), app.content().organisation
    if not isinstance(drill, ReportDrill) or organisation is None:
        raise Refused("This drill is not available at the moment. Your security team can see why on the content page.")
    return drill, organisation


@permits(*ANYONE)
def begin(app: App, actor: Person, slug: str) -> int:
    """The person's open attempt at a drill, or a new one; for a report drill the timer starts here."""
    drill = app.content().drills.get(slug)
    if drill is None:
        raise Refused("This drill is not available at the moment. Your security team can see why on the content page.")
    seed, now = app.seeds(), app.now()
    ids = tuple(artefact.id for artefact in drill.artefacts) if isinstance(drill, SpotDrill) else ("report",)
    draw = present.draw(seed, ids, len(ids))
    return app.db.write(lambda c: attempts.begin(c, actor.id, drill.kind, slug, seed=seed, draw=draw, now=now)).id


# ── spot drills ───────────────────────────────────────────────────────────────────────────────────────────────


def _artefact(drill: SpotDrill, item: str) -> Artefact | None:
    return next((artefact for artefact in drill.artefacts if artefact.id == item), None)


@permits(*ANYONE)
def spot_drill(app: App, actor: Person, slug: str) -> SpotView:
    """The newest attempt as it stands. Raises Refused when there is none yet."""
    drill = _spot(app, slug)
    with app.db.read() as connection:
        attempt = attempts.latest(connection, actor.id, "spot", slug)
        if attempt is None:
            raise Refused("You have not started this drill.")
        if attempt.finished_at is not None:
            return SpotView(attempt, drill, None, None, None, None, _tally(connection, drill, attempt))
        item = attempt.draw[attempt.place]
        given = attempts.answer_to(connection, attempt.id, item)
    artefact = _artefact(drill, item)
    if artefact is None:
        return SpotView(attempt, drill, None, None, None, None, None)
    shown = present.show_artefact(artefact)
    if given is None:
        return SpotView(attempt, drill, shown, None, None, None, None)
    try:
        result = spot.judge(artefact, given.response)
    except Refused:  # edited after it was judged
        return SpotView(attempt, drill, None, None, None, None, None)
    receipt = Receipt(f"spot:{attempt.id}:{item}", given.answered_at, {})
    return SpotView(attempt, drill, shown, result, artefact, receipt, None)


def _tally(connection: Connection, drill: SpotDrill, attempt: Attempt) -> Tally:
    hits = to_report = false_alarms = harmless = 0
    for item, given in attempts.answers(connection, attempt.id).items():
        artefact = _artefact(drill, item)
        if artefact is None:
            continue
        reported = given.response.get("verdict") == "report"
        if artefact.to_report:
            to_report += 1
            hits += reported
        else:
            harmless += 1
            false_alarms += reported
    return Tally(hits, to_report, false_alarms, harmless)


@permits(*ANYONE)
def judge(
    app: App, actor: Person, attempt_id: int, item: str, response: dict[str, Any], *, shown_at: datetime
) -> Receipt:
    """Keep a judgement and learn from it. The first one counts."""
    now = app.now()

    def work(connection: Connection) -> Receipt:
        attempt = own_attempt(connection, actor, attempt_id, "spot")
        drill = _spot(app, attempt.slug)
        artefact = _artefact(drill, item)
        if artefact is None or item not in attempt.draw:
            raise Refused("That is not part of this drill any more. Please reload the page.")
        result = spot.judge(artefact, response)

        def write() -> dict[str, Any]:
            body = {"kind": "spot", "slug": attempt.slug, "artefact": artefact.model_dump(mode="json")}
            answer_id, cold = attempts.add_answer(
                connection,
                person_id=actor.id,
                attempt_id=attempt.id,
                kind="spot",
                slug=attempt.slug,
                item=item,
                skill=drill.skill,
                response=response,
                y=result.grade.y,
                confidence=None,
                body=body,
                shown_at=shown_at,
                now=now,
            )
            evidence.record(
                connection,
                person_id=actor.id,
                item=f"{attempt.slug}/{item}",
                skill=drill.skill,
                kind="spot-breach" if artefact.to_report else "spot-harmless",
                y=result.grade.y,
                guess=result.grade.guess,
                weight=1.0 if cold else AGAIN,
                now=now,
                answer_id=answer_id,
                difficulty=PRIOR_DIFFICULTY[artefact.difficulty],
            )
            return {"answer": answer_id, "y": result.grade.y}

        return receipts.once(connection, f"spot:{attempt_id}:{item}", actor.id, response, now, write)

    return app.db.write(work)


@permits(*ANYONE)
def next_artefact(app: App, actor: Person, attempt_id: int, place: int) -> None:
    """Leave the artefact at `place`; after the last one the drill is finished."""
    now = app.now()

    def work(connection: Connection) -> None:
        attempt = own_attempt(connection, actor, attempt_id, "spot")
        if attempt.finished_at is not None or attempt.place != place:
            return
        drill = _spot(app, attempt.slug)
        item = attempt.draw[place]
        if _artefact(drill, item) is not None and attempts.answer_to(connection, attempt.id, item) is None:
            raise Refused("Judge this one first.")
        if place + 1 < len(attempt.draw):
            attempts.move(connection, attempt.id, place + 1)
            return
        points, count = attempts.total(connection, attempt.id)
        attempts.finish(connection, attempt.id, points=points, out_of=float(count), passed=True, now=now)

    app.db.write(work)


# ── report drills ─────────────────────────────────────────────────────────────────────────────────────────────


@permits(*ANYONE)
def report_drill(app: App, actor: Person, slug: str) -> ReportView:
    """The newest attempt as it stands. Raises Refused when there is none yet."""
    drill, organisation = _report(app, slug)
    with app.db.read() as connection:
        attempt = attempts.latest(connection, actor.id, "report", slug)
        if attempt is None:
            raise Refused("You have not started this drill.")
        given = attempts.answer_to(connection, attempt.id, "report")
    if given is None:
        return ReportView(attempt, drill, organisation, None, None)
    result = report.judge(drill, organisation, given.response, given.answered_at - attempt.started_at)
    return ReportView(attempt, drill, organisation, result, Receipt(f"report:{attempt.id}", given.answered_at, {}))


@permits(*ANYONE)
def keep_draft(app: App, actor: Person, attempt_id: int, fields: dict[str, str]) -> None:
    """Keep a report while it is being written."""

    def work(connection: Connection) -> None:
        attempt = own_attempt(connection, actor, attempt_id, "report")
        if attempt.finished_at is None:
            _, organisation = _report(app, attempt.slug)
            attempts.keep_draft(connection, attempt.id, report.clean(organisation, fields))

    app.db.write(work)


@permits(*ANYONE)
def send_report(app: App, actor: Person, attempt_id: int, fields: dict[str, str]) -> Receipt:
    """Send the report: judged field by field, timed from when the situation appeared, and kept."""
    now = app.now()

    def work(connection: Connection) -> Receipt:
        attempt = own_attempt(connection, actor, attempt_id, "report")
        drill, organisation = _report(app, attempt.slug)
        given = report.clean(organisation, fields)
        empty = [f.label for f in organisation.report_form if f.required and not given[f.id]]
        if empty:
            raise Refused(
                "Still empty: " + ", ".join(f"“{label}”" for label in empty) + ". A guess is better than nothing."
            )
        result = report.judge(drill, organisation, given, now - attempt.started_at)

        def write() -> dict[str, Any]:
            body = {
                "kind": "report",
                "slug": attempt.slug,
                "drill": drill.model_dump(mode="json"),
                "form": [field.model_dump(mode="json") for field in organisation.report_form],
            }
            answer_id, cold = attempts.add_answer(
                connection,
                person_id=actor.id,
                attempt_id=attempt.id,
                kind="report",
                slug=attempt.slug,
                item="report",
                skill=drill.skill,
                response=given,
                y=result.y,
                confidence=None,
                body=body,
                shown_at=attempt.started_at,
                now=now,
            )
            evidence.record(
                connection,
                person_id=actor.id,
                item=attempt.slug,
                skill=drill.skill,
                kind="report",
                y=result.y,
                guess=0.0,
                weight=1.0 if cold else AGAIN,
                now=now,
                answer_id=answer_id,
            )
            attempts.finish(connection, attempt.id, points=result.quality, out_of=1.0, passed=True, now=now)
            return {"answer": answer_id, "y": result.y}

        return receipts.once(connection, f"report:{attempt_id}", actor.id, given, now, write)

    return app.db.write(work)
