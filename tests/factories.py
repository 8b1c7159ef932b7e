"""People and teams for tests, made with sensible defaults."""

import itertools
from functools import partial

from db import people
from domain.people import Person, Role
from domain.skills import Skill
from services import evidence
from services.app import App

_numbers = itertools.count(1)


def team(app: App, name: str | None = None) -> int:
    """A team's id."""
    return app.db.write(lambda c: people.add_team(c, name or f"Team {next(_numbers)}"))


def person(
    app: App,
    *roles: Role,
    name: str | None = None,
    team_id: int | None = None,
    manages: frozenset[int] = frozenset(),
) -> Person:
    """A Person with an account; an employee unless told otherwise."""
    number = next(_numbers)
    person_id = app.db.write(
        lambda c: people.add(
            c,
            name=name or f"Person {number}",
            email=f"person{number}@northwind.example",
            roles=frozenset(roles or {Role.EMPLOYEE}),
            now=app.now(),
            team_id=team_id,
            manages_teams=manages,
        )
    )
    with app.db.read() as connection:
        found = people.find(connection, person_id)
    assert found is not None
    return found


def practise(app: App, who: Person, skill: Skill, *ys: float, item: str = "", weight: float = 1.0) -> None:
    """Evidence of one person in one skill, now; each `y` to an item of its own unless one is named."""
    for y in ys:
        record = partial(
            evidence.record,
            person_id=who.id,
            item=item or f"item-{next(_numbers)}",
            skill=skill,
            kind="quiz",
            y=y,
            guess=0.0,
            weight=weight,
            now=app.now(),
        )
        app.db.write(record)
