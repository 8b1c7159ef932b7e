"""A database of the first schema becomes one of this release with every row it had."""

from datetime import UTC, datetime

import psycopg
import pytest
from alembic import command
from sqlalchemy import make_url, text

from db import live
from db.engine import Database
from db.migrate import _config, drift, migrate

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def first(request: pytest.FixtureRequest, tmp_path):
    """An empty database at the first schema."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    else:
        address = request.getfixturevalue("postgres")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS first_schema WITH (FORCE)")
            connection.execute("CREATE DATABASE first_schema")
        there = make_url(address).set(drivername="postgresql+psycopg", database="first_schema")
        url = there.render_as_string(hide_password=False)
    database = Database(url)
    with database.engine().begin() as connection:
        command.upgrade(_config(connection), "0001")
    yield database
    database.close()


def test_exercises_of_the_first_schema_keep_their_players_and_their_end(first: Database) -> None:
    def fill(connection) -> None:
        run = connection.execute
        for who in (1, 2):
            run(
                text(
                    "INSERT INTO person (id, name, email, email_key, active, demo, created_at) "
                    "VALUES (:id, 'Ünï ''; –', :mail, :mail, true, false, :now)"
                ),
                {"id": who, "mail": f"p{who}@northwind.example", "now": NOW.replace(tzinfo=None)},
            )
        run(text("INSERT INTO scenario_text (digest, body) VALUES ('d', '{}')"))
        for number, ended in ((1, None), (2, NOW.replace(tzinfo=None))):
            run(
                text(
                    "INSERT INTO exercise (id, scenario, digest, mode, seed, owner_id, created_at, ended_at) "
                    "VALUES (:id, 's', 'd', 'solo', 1, 1, :now, :ended)"
                ),
                {"id": number, "now": NOW.replace(tzinfo=None), "ended": ended},
            )
            run(
                text("INSERT INTO exercise_seat (exercise_id, person_id, seat) VALUES (:id, 1, 'lead')"),
                {"id": number},
            )
            run(
                text("INSERT INTO exercise_event (exercise_id, seq, at, kind, body) VALUES (:id, 1, :now, 'x', '{}')"),
                {"id": number, "now": NOW.replace(tzinfo=None)},
            )

    first.write(fill)
    migrate(first)
    assert drift(first) == []
    with first.read() as connection:
        rows = connection.execute(text("SELECT id, status, version FROM exercise ORDER BY id")).all()
        members = [live.members(connection, number) for number in (1, 2)]
        events = connection.scalar(text("SELECT count(*) FROM exercise_event"))
    assert [tuple(row) for row in rows] == [(1, "running", 0), (2, "ended", 0)]
    assert [[(m.person_id, m.part, m.seat) for m in each] for each in members] == [[(1, "player", "lead")]] * 2
    assert events == 2
