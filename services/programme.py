"""Who must complete which module by when: given to a team, given again when it is time, taken back by mistake."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from catalog.library import Catalog
from db import audit, behaviour, people
from db.engine import Connection
from domain.module import FRESH, Module, counts
from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from services.app import App
from services.authority import permits, unguarded


@dataclass(frozen=True, slots=True)
class Given:
    """What one act of assigning did, so that it can be taken back."""

    module: str
    team_id: int
    due_on: date
    at: datetime
    new: tuple[int, ...]  # people who had not had it
    again: tuple[tuple[int, date, datetime], ...]  # who had completed it: person, earlier date, when that was given

    @property
    def people(self) -> int:
        """How many people have it now because of this."""
        return len(self.new) + len(self.again)


def _last(content: Catalog) -> list[str]:
    """Quizzes of which the last attempt counts."""
    return [slug for slug, quiz in content.quizzes.items() if quiz.keep == "last"]


def _steps(content: Catalog, module: Module) -> tuple[set[str], set[tuple[str, str]]]:
    """(lessons, practice) of a module as far as its files are in use."""
    practice: set[tuple[str, str]] = {
        (content.drills[slug].kind, slug) for slug in module.drills if slug in content.drills
    }
    if module.quiz in content.quizzes:
        practice.add(("quiz", module.quiz))
    return {slug for slug in module.lessons if slug in content.lessons}, practice


@permits(Role.MANAGER, Role.SECURITY)
def assign(app: App, actor: Person, module: str, team_id: int, due_on: date) -> int:
    """Assign a module to everybody in a team, as `give` does. Returns how many got it."""
    return give(app, actor, module, team_id, due_on).people


@permits(Role.MANAGER, Role.SECURITY)
def give(app: App, actor: Person, module: str, team_id: int, due_on: date) -> Given:
    """Assign a module to everybody in a team who does not have it open.

    People who have it open keep their date; people who passed it a while ago practise it again. Managers assign to
    their own teams, the security team to all.
    """
    now, content = app.now(), app.content()
    if module not in content.modules:
        raise Refused("There is no such module.")
    if due_on < now.date():
        raise Refused("The due date has passed already. Choose today or later.")
    _, practice = _steps(content, content.modules[module])

    def work(connection: Connection) -> Given:
        team = _team(connection, actor, team_id)
        members = [person.id for person in people.everyone(connection) if person.team_id == team_id and person.active]
        have = {row.person_id: row for row in behaviour.assigned(connection, [team_id], module=module)}
        passed = behaviour.passed(connection, [team_id], _last(content))
        new = tuple(person_id for person_id in members if person_id not in have)
        again = []
        for row in have.values():
            passes = [passed.get((row.person_id, kind, slug)) for kind, slug in practice]
            done = all(counts(at, row.at) for at in passes)
            stale = any(at is not None and at < now - FRESH for at in passes)
            if done and stale and behaviour.renew(connection, row.person_id, module, due_on, now, given_at=row.at):
                again.append((row.person_id, row.due_on, row.at))
        behaviour.give(connection, new, module, due_on, actor.id, now)
        given = Given(module, team_id, due_on, now, new, tuple(again))
        detail = {"module": module, "due": due_on.isoformat(), "people": str(given.people)}
        audit.add(connection, now=now, actor=actor, action="assign", subject=team, detail=detail)
        return given

    return app.db.write(work)


@permits(Role.MANAGER, Role.SECURITY)
def take_back(app: App, actor: Person, given: Given) -> int:
    """Undo an assignment: new ones go, earlier dates come back. Returns how many; what was changed since stays."""
    now = app.now()

    def work(connection: Connection) -> int:
        team = _team(connection, actor, given.team_id)
        done = behaviour.withdraw(connection, given.new, given.module, given.at)
        for person_id, due_on, at in given.again:
            done += behaviour.renew(connection, person_id, given.module, due_on, at, given_at=given.at)
        detail = {"module": given.module, "people": str(done)}
        audit.add(connection, now=now, actor=actor, action="assign-undone", subject=team, detail=detail)
        return done

    return app.db.write(work)


def _team(connection: Connection, actor: Person, team_id: int) -> str:
    """The name of a team that the person may assign to. Raises Forbidden for a missing one and another's alike."""
    teams = people.teams(connection)
    if team_id not in teams or not (actor.has(Role.SECURITY) or team_id in actor.manages):
        raise Forbidden("There is no such team of yours.")
    return teams[team_id]


@unguarded("called by services about teams that they have authorised")
def late(connection: Connection, content: Catalog, teams: Iterable[int], now: datetime) -> Mapping[int, int]:
    """How many people of each team have something overdue."""
    ids = list(teams)
    rows = behaviour.assigned(connection, ids, due_before=now.date())
    passed, read = behaviour.passed(connection, ids, _last(content)), behaviour.read(connection, ids)
    steps = {slug: _steps(content, module) for slug, module in content.modules.items()}
    people_late: dict[int, set[int]] = {team_id: set() for team_id in ids}
    for row in rows:
        if row.module in steps:
            lessons, practice = steps[row.module]
            done = all((row.person_id, slug) in read for slug in lessons) and all(
                counts(passed.get((row.person_id, kind, slug)), row.at) for kind, slug in practice
            )
            if not done:
                people_late[row.team_id].add(row.person_id)
    return {team_id: len(found) for team_id, found in people_late.items()}
