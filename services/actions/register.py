"""Findings and actions: recorded by whoever ran or watched the exercise, mended by their owners, closed by a re-test."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from db import actions as rows
from db import attempts, audit, live, people
from db.engine import Connection
from db.receipts import Receipt, once
from domain import action as rules
from domain.action import Action, Finding, Priority, Retest
from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from domain.review import rated, review
from domain.skills import Skill
from domain.suggestions import Suggestion, rating_of, suggestions
from services import scripts
from services.app import App
from services.authority import ANYONE, permits
from services.live import table
from services.live.table import SEATED, STAFF, Table

MISSING = "There is no such action of yours."


@dataclass(frozen=True, slots=True)
class Line:
    """An action with the finding it mends and the exercise that showed it."""

    action: Action
    finding: Finding
    exercise: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class Worklist:
    """What a finished exercise led to, for those who ran or watched it."""

    findings: tuple[tuple[Finding, tuple[Action, ...]], ...]
    suggestions: tuple[Suggestion, ...]
    seats: tuple[tuple[str, str], ...]  # id and title
    owners: tuple[tuple[int, str], ...]


def _ended(at: Table) -> None:
    if at.state.phase != "ended":
        raise Refused("Findings come when the exercise is over. Note what you see as observations until then.")


@permits(*ANYONE)
def worklist(app: App, actor: Person, exercise_id: int) -> Worklist:
    """Findings and actions of an exercise, and what its log suggests. Raises Refused while it is being played."""
    with app.db.read() as connection:
        at = table.at(app, connection, actor, exercise_id, STAFF)
        _ended(at)
        found = of_exercise(connection, exercise_id)
        everybody = people.everyone(connection)
    seen = review(at.script.scenario, at.script.regimes, at.state, at.log)
    said = {finding.text for finding, _ in found}
    return Worklist(
        found,
        tuple(each for each in suggestions(seen, at.log) if each.text not in said),
        tuple((seat.id, seat.title) for seat in at.script.scenario.seats),
        tuple((person.id, person.name) for person in everybody if person.active and not person.has(Role.GUEST)),
    )


def of_exercise(connection: Connection, exercise_id: int) -> tuple[tuple[Finding, tuple[Action, ...]], ...]:
    """The findings of an exercise, each with its actions."""
    everything = rows.actions(connection)
    return tuple(
        (finding, tuple(action for action in everything if action.finding_id == finding.id))
        for finding in rows.findings(connection, exercise_id)
    )


@permits(*ANYONE)
def find(
    app: App,
    actor: Person,
    exercise_id: int,
    *,
    skill: Skill,
    text: str,
    seat: str = "",
    events: Sequence[int] = (),
    key: str,
) -> Receipt:
    """Record a finding; by those who ran or watched the exercise."""
    kept, now = rules.written(text, "finding"), app.now()
    payload = {"skill": skill.value, "seat": seat, "text": kept, "events": list(events)}

    def work(connection: Connection) -> Receipt:
        at = table.at(app, connection, actor, exercise_id, STAFF)
        _ended(at)
        if seat and seat not in {each.id for each in at.script.scenario.seats}:
            raise Refused("There is no such seat in this scenario.")
        if not set(events) <= set(range(1, len(at.log) + 1)):
            raise Refused("The log of this exercise has no such event.")

        def write() -> dict[str, int]:
            number = rows.add_finding(
                connection, exercise_id=exercise_id, skill=skill, seat=seat, text=kept, events=events,
                by_id=actor.id, now=now,
            )  # fmt: skip
            return {"finding": number}

        return once(connection, f"finding:{exercise_id}:{key}", actor.id, payload, now, write)

    return app.db.write(work)


def _finding(app: App, connection: Connection, actor: Person, finding_id: int) -> tuple[Finding, Table]:
    """A finding for those who ran or watched its exercise. Raises Forbidden for all others."""
    found = rows.find_finding(connection, finding_id)
    if found is None:
        raise Forbidden("There is no such finding of yours.")
    return found, table.at(app, connection, actor, found.exercise_id, STAFF)


@permits(*ANYONE)
def act(
    app: App,
    actor: Person,
    finding_id: int,
    *,
    text: str,
    owner_id: int,
    due_on: date,
    priority: Priority,
    retest: str,
    key: str,
) -> Receipt:
    """Let somebody mend a finding by a day, and say how it will be shown to be mended."""
    now = app.now()
    kept, again = rules.written(text, "action"), rules.written(retest, "re-test")
    rules.due(due_on, now.date())
    if priority not in rules.PRIORITIES:
        raise Refused("Choose high, medium or low.")
    payload = {"finding": finding_id, "text": kept, "owner": owner_id, "due": due_on.isoformat(), "retest": again}

    def work(connection: Connection) -> Receipt:
        _finding(app, connection, actor, finding_id)
        owner = people.find(connection, owner_id)
        if owner is None or not owner.active or owner.has(Role.GUEST):
            raise Refused("Choose an owner with an open account.")

        def write() -> dict[str, int]:
            number = rows.add_action(
                connection, finding_id=finding_id, text=kept, owner_id=owner_id, due_on=due_on, priority=priority,
                retest=again, now=now,
            )  # fmt: skip
            audit.add(connection, now=now, actor=actor, action="action given", subject=owner.email)
            return {"action": number}

        return once(connection, f"action:{finding_id}:{key}", actor.id, payload, now, write)

    return app.db.write(work)


@permits(*ANYONE)
def train(app: App, actor: Person, finding_id: int, due_on: date) -> int:
    """Assign the module of a finding's skill to the people of its seat, or to everybody who had one.

    Returns how many got it; people who have it keep their date.
    """
    now = app.now()
    rules.due(due_on, now.date())
    modules = app.content().modules

    def work(connection: Connection) -> int:
        finding, _ = _finding(app, connection, actor, finding_id)
        fitting = [slug for slug, module in modules.items() if finding.skill in module.skills]
        slug = min(fitting, key=lambda slug: (modules[slug].order, slug), default=None)
        if slug is None:
            raise Refused(f"There is no module yet that trains {finding.skill.label}.")
        who = [
            member.person_id
            for member in live.members(connection, finding.exercise_id)
            if member.part in SEATED and not member.guest and finding.seat in {"", member.seat}
        ]
        given = attempts.assign(connection, who, slug, due_on, actor.id, now)
        detail = {"module": slug, "due": due_on.isoformat(), "people": str(given)}
        audit.add(connection, now=now, actor=actor, action="assign", subject=f"finding {finding.id}", detail=detail)
        return given

    return app.db.write(work)


# ── the register ──────────────────────────────────────────────────────────────────────────────────────────────


def _lines(connection: Connection, actions: Sequence[Action], today: date) -> list[Line]:
    findings = {finding.id: finding for finding in rows.findings(connection)}
    titles: dict[int, str] = {}
    for finding in findings.values():
        exercise = live.find(connection, finding.exercise_id)
        titles[finding.exercise_id] = exercise.title if exercise else "an exercise"
    return [
        Line(
            action, findings[action.finding_id], titles[findings[action.finding_id].exercise_id], action.overdue(today)
        )
        for action in actions
    ]


@permits(Role.SECURITY)
def register(app: App, actor: Person) -> list[Line]:  # noqa: ARG001 - the guard has asked who
    """Every action of every exercise, those due first before the others."""
    with app.db.read() as connection:
        return _lines(connection, rows.actions(connection), app.now().date())


@permits(*ANYONE)
def mine(app: App, actor: Person) -> list[Line]:
    """The person's own actions."""
    with app.db.read() as connection:
        return _lines(connection, rows.actions(connection, owner_id=actor.id), app.now().date())


def owned(connection: Connection, actor: Person, action_id: int, *, lock: bool = False) -> Action:
    """An action for its owner and for the security team. Raises Forbidden for all others."""
    found = rows.find_action(connection, action_id, lock=lock)
    if found is None or (found.owner_id != actor.id and not actor.has(Role.SECURITY)):
        raise Forbidden(MISSING)
    return found


def _change(app: App, actor: Person, action_id: int, name: str, work: Callable[[Connection, Action], None]) -> None:
    now = app.now()

    def write(connection: Connection) -> None:
        found = owned(connection, actor, action_id, lock=True)
        work(connection, found)
        audit.add(connection, now=now, actor=actor, action=name, subject=f"action {action_id}")

    app.db.write(write)


@permits(*ANYONE)
def done(app: App, actor: Person, action_id: int) -> None:
    """Say that an action is done; it waits for its re-test then. Saying it twice is once."""

    def work(connection: Connection, found: Action) -> None:
        if found.status == "open":
            rows.change_action(connection, action_id, status="done", done_at=app.now())

    _change(app, actor, action_id, "action done", work)


@permits(*ANYONE)
def reopen(app: App, actor: Person, action_id: int) -> None:
    """Say that an action is not done after all. What a re-test closed stays closed."""

    def work(connection: Connection, found: Action) -> None:
        if found.status == "verified":
            raise Refused("A re-test has closed this action. Record a new finding if it came back.")
        rows.change_action(connection, action_id, status="open", done_at=None)

    _change(app, actor, action_id, "action reopened", work)


# ── re-test by a later exercise ───────────────────────────────────────────────────────────────────────────────


@permits(Role.SECURITY)
def retests(app: App, actor: Person, action_id: int) -> list[Retest]:
    """Exercises since the finding's own that could show that the action worked, newest first."""
    with app.db.read() as connection:
        found = owned(connection, actor, action_id)
        finding = rows.find_finding(connection, found.finding_id)
        assert finding is not None
        since = rows.ended_at(connection, finding.exercise_id)
        later = [
            run for run, _, _ in live.of_person(connection, actor.id) if run.ended_at and since and run.ended_at > since
        ]
        return [_retest(app, connection, run, finding.skill) for run in later]


def _retest(app: App, connection: Connection, run: live.Live, skill: Skill) -> Retest:
    log, state = table.read_log(app, connection, run, durable=False)
    script = scripts.kept(connection, run.digest, state)
    worth = rating_of(review(script.scenario, script.regimes, state, log), skill)
    assert run.ended_at is not None
    return Retest(run.id, run.title, run.ended_at, rated(worth) if worth is not None else None)


@permits(Role.SECURITY)
def verify(app: App, actor: Person, action_id: int, exercise_id: int) -> None:
    """Close an action by a later exercise that went well on its skill. Raises Refused with the reason when it did not."""
    now = app.now()

    def work(connection: Connection, found: Action) -> None:
        finding = rows.find_finding(connection, found.finding_id)
        run = live.find(connection, exercise_id)
        if finding is None or run is None or live.member(connection, exercise_id, actor.id) is None:
            raise Forbidden("There is no such exercise of yours.")
        since = rows.ended_at(connection, finding.exercise_id)
        if since is None or run.ended_at is None:
            raise Refused("A re-test is an exercise that is over.")
        retest = _retest(app, connection, run, finding.skill)
        rules.verify(found, retest, since)
        said = f"{run.title}, {run.ended_at:%d %b %Y}: rated {retest.rating}"
        rows.change_action(connection, action_id, status="verified", verified_at=now, verified_by=said)

    _change(app, actor, action_id, "action verified", work)


def names(connection: Connection, exercise_id: int) -> Mapping[str, str]:
    """People's names by what the log calls them."""
    return {str(member.person_id): member.name for member in live.members(connection, exercise_id)}
