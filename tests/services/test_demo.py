"""The demo company: the same every time on a given day, a company one can believe, and gone when it is removed."""

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from commands.seed import PERSONAS
from db import demo as rows
from db import people
from db.engine import Database
from domain.people import Role
from services import demo, passwords
from services.app import App

KEPT = {"alembic_version", "audit", "calibration", "calibration_item", "shown", "scenario_text"}
"""What stays when the company goes: the schema, the trail, and texts that are nobody's."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three people a team and two months: the same code, in seconds."""
    monkeypatch.setattr(demo, "TEAMS", {team: (3, able) for team, (_, able) in demo.TEAMS.items()})
    monkeypatch.setattr(demo, "DAYS", 60)


@pytest.fixture
def fresh(app: App, sqlite_template: Path, tmp_path: Path) -> Callable[[str], App]:
    def make(name: str) -> App:
        path = tmp_path / f"{name}.sqlite3"
        shutil.copyfile(sqlite_template, path)
        return replace(app, db=Database(f"sqlite:///{path}"))

    return make


def _dump(app: App, query: str) -> list[tuple[object, ...]]:
    app.db.close()
    with sqlite3.connect(app.db.url.removeprefix("sqlite:///")) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Seeding does not know the database: one kind is enough here."""
    return sqlite_url


def test_two_seedings_on_one_day_give_the_same_evidence(small: None, fresh: Callable[[str], App]) -> None:
    query = "SELECT person_id, item, skill, kind, y, weight, at FROM evidence ORDER BY id"
    first, second = fresh("first"), fresh("second")
    assert demo.seed(first) == demo.seed(second) == 3 * len(demo.TEAMS)
    found = _dump(first, query)
    assert len(found) > 100
    assert found == _dump(second, query)


def test_seeding_again_changes_nothing_and_removing_leaves_nothing_behind(small: None, app: App) -> None:
    real = app.db.write(
        lambda c: people.add(
            c, name="Real", email="real@northwind.example", roles=frozenset({Role.EMPLOYEE}), now=app.now()
        )
    )
    assert demo.seed(app) == 3 * len(demo.TEAMS)
    assert demo.seed(app) == 0
    assert demo.remove(app) == 3 * len(demo.TEAMS)
    with app.db.read() as connection:
        assert not rows.exists(connection)
    assert demo.remove(app) == 0
    tables = [name for (name,) in _dump(app, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    left = {str(name) for name in tables if _dump(app, f'SELECT 1 FROM "{name}" LIMIT 1')} - KEPT
    assert left == {"person", "person_role"}
    assert _dump(app, "SELECT id FROM person") == [(real,)]


def test_the_company_is_about_160_people_in_seven_teams_of_which_one_is_too_small_to_be_shown() -> None:
    sizes = [size for size, _ in demo.TEAMS.values()]
    assert (len(sizes), sum(sizes)) == (7, 160)
    assert [size < 5 for size in sizes].count(True) == 1


def test_the_personas_that_are_printed_can_sign_in_as_what_they_are(small: None, app: App) -> None:
    demo.seed(app)
    assert [persona.role for persona in PERSONAS] == ["employee", "manager", "security"]
    for persona in PERSONAS:
        with app.db.read() as connection:
            found = people.credentials(connection, persona.email)
            assert found is not None
            who = people.find(connection, found.person_id)
        assert found.password_hash is not None
        assert passwords.matches(persona.password, found.password_hash)[0]
        assert who is not None
        assert Role(persona.role) in who.roles
