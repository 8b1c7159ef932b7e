"""The after-action report of an exercise: for whoever played it alone, or ran or watched it live; the minute it ends."""

from db import exercises, hot_wash, live
from db.engine import Connection
from domain import after_action as rules
from domain.after_action import AfterAction
from domain.exercise import State, replay
from domain.exercise.events import Event
from domain.machine import walk
from domain.people import Person
from domain.refusal import Forbidden, Refused
from services import scripts
from services.actions import register
from services.app import App
from services.authority import ANYONE, permits
from services.documents import docx, pdf
from services.live import table
from services.live.table import STAFF


@permits(*ANYONE)
def after_action(app: App, actor: Person, exercise_id: int, *, redacted: bool = False) -> AfterAction:
    """The report; `redacted` leaves out everybody's name. Raises Refused while the exercise is being played."""
    with app.db.read() as connection:
        digest, state, log = _played(app, connection, actor, exercise_id)
        if state.phase != "ended":
            raise Refused("The report comes when the exercise is over.")
        script = scripts.kept(connection, digest, state)
        plain = scripts.kept(connection, digest, State()).scenario
        cards = hot_wash.cards(connection, exercise_id, actor.id)
        findings = register.of_exercise(connection, exercise_id)
        names = {} if redacted else {**register.names(connection, exercise_id), str(actor.id): actor.name}
    report = rules.after_action(
        script.scenario,
        script.regimes,
        state,
        log,
        digest=digest,
        names=names,
        best=walk(plain, script.regimes, state.dials, {})[0],
        cards=cards,
        findings=findings,
    )
    return rules.redact(report) if redacted else report


def _played(app: App, connection: Connection, actor: Person, exercise_id: int) -> tuple[str, State, tuple[Event, ...]]:
    """What was played, for those who may have it on paper. Raises Forbidden for all others."""
    run = live.find(connection, exercise_id)
    if run is not None:
        at = table.at(app, connection, actor, exercise_id, STAFF)
        return run.digest, at.state, at.log
    alone = exercises.find(connection, exercise_id, actor.id)
    if alone is None:
        raise Forbidden(table.NOBODY)
    log = exercises.events(connection, exercise_id)
    return alone.digest, replay(log), log


@permits(*ANYONE)
def as_pdf(app: App, actor: Person, exercise_id: int, *, redacted: bool = False) -> bytes:
    """The report as PDF."""
    return pdf.report(after_action(app, actor, exercise_id, redacted=redacted))


@permits(*ANYONE)
def as_docx(app: App, actor: Person, exercise_id: int, *, redacted: bool = False) -> bytes:
    """The report as a Word file."""
    return docx.report(after_action(app, actor, exercise_id, redacted=redacted))
