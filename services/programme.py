"""Who must complete which module by when."""

from datetime import date

from db import attempts, audit, people
from db.engine import Connection
from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from services.app import App
from services.authority import permits


@permits(Role.MANAGER, Role.SECURITY)
def assign(app: App, actor: Person, module: str, team_id: int, due_on: date) -> int:
    """Assign a module to everybody in a team; people who have it keep their date. Returns how many got it.

    Managers assign to their own teams, the security team to all.
    """
    now = app.now()
    if module not in app.content().modules:
        raise Refused("There is no such module.")
    if due_on < now.date():
        raise Refused("The due date has passed already. Choose today or later.")
    if not actor.has(Role.SECURITY) and team_id not in actor.manages:
        raise Forbidden("There is no such team of yours.")

    def work(connection: Connection) -> int:
        teams = people.teams(connection)
        if team_id not in teams:
            raise Forbidden("There is no such team of yours.")
        members = [person.id for person in people.everyone(connection) if person.team_id == team_id and person.active]
        given = attempts.assign(connection, members, module, due_on, actor.id, now)
        detail = {"module": module, "due": due_on.isoformat(), "people": str(given)}
        audit.add(connection, now=now, actor=actor, action="assign", subject=teams[team_id], detail=detail)
        return given

    return app.db.write(work)
