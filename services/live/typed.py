"""Typing in a live exercise that was played on paper: what stands on its sheets becomes its log, in one transaction.

It can be done once, for an exercise that was planned and never started here; whoever facilitates does it.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from db import audit, live
from db.engine import Connection
from db.live import Live, Versions
from db.receipts import Receipt, digest, once
from domain.paper_run import PaperRun, Row, Saw, entered, sheet
from domain.people import Person, Role
from domain.refusal import Refused
from domain.scenario import Scenario
from services.app import App
from services.authority import permits
from services.hub import hub
from services.live import table
from services.live.table import FACILITATOR, STAFF

LONGEST = timedelta(days=2)
"""How long a table sits at most."""


class Unfit(Refused):
    """Lines that the rules do not allow; nothing was kept."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Sheet:
    """What there is to type on."""

    live: Live
    scenario: Scenario
    rows: tuple[Row, ...]
    watchers: tuple[tuple[str, str], ...]  # who could have seen something: number and name, the asking person first


@permits(Role.SECURITY)
def to_type(app: App, actor: Person, exercise_id: int) -> Sheet:
    """The lines of the planned variant, in the order of its run sheet; for the facilitator."""
    with app.db.read() as connection:
        at = table.at(app, connection, actor, exercise_id, FACILITATOR)
        everybody = live.members(connection, exercise_id)
    staff = sorted((each for each in everybody if each.part in STAFF), key=lambda each: each.person_id != actor.id)
    watchers = tuple((str(each.person_id), each.name) for each in staff)
    return Sheet(at.live, at.script.scenario, sheet(at.script.scenario, at.state.dials), watchers)


@permits(Role.SECURITY)
def type_in(app: App, actor: Person, exercise_id: int, run: PaperRun, *, began: datetime, lasted: timedelta) -> Receipt:
    """Keep an exercise as it was played on paper from `began` on, and end it. Raises Unfit with a sentence per line.

    The same again returns the receipt of the first time.
    """
    now = app.now()
    if not timedelta() < lasted <= LONGEST:
        raise Refused("Say how many minutes the table sat.")
    if began + lasted > now:
        raise Refused("That is still to come. Say when it was played.")
    payload = {"run": asdict(run), "began": began, "lasted": lasted.total_seconds()}

    def work(connection: Connection) -> tuple[Receipt, Versions | None]:
        at = table.at(app, connection, actor, exercise_id, FACILITATOR, writing=True)
        told: list[Versions] = []

        def write() -> dict[str, int]:
            staff = {str(each.person_id) for each in live.members(connection, exercise_id) if each.part in STAFF}
            if any(isinstance(line, Saw) and line.by not in staff | {""} for line in run.lines):
                raise Refused("Observations are by facilitators and observers of this exercise.")
            found = entered(at.script.scenario, at.state, run, actor=str(actor.id), began=began, lasted=lasted)
            if found.problems:
                raise Unfit(found.problems)
            table.keep(connection, at.live, at.state, found.events, now)
            # It was over when the table rose: a re-test must come after the action, not after the typing.
            live.change(connection, exercise_id, ended_at=began + lasted)
            told.append(live.bump(connection, exercise_id, players=True))
            audit.add(connection, now=now, actor=actor, action="exercise typed in", subject=at.live.title)
            return {"seq": at.state.seq + len(found.events)}

        key = f"live:{exercise_id}:typed:{digest(payload)[:12]}"
        receipt = once(connection, key, actor.id, payload, now, write)
        return receipt, told[0] if told else None

    receipt, versions = table.one_at_a_time(app, exercise_id, work)
    if versions is not None:
        hub.publish(exercise_id, versions)
    return receipt
