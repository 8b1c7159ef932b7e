"""Migrations: from nothing to the tables of the code, never backwards, and whole after a kill in the middle."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import inspect, text

from db.engine import Database
from db.migrate import NewerDatabase, drift, migrate
from db.tables import metadata
from tests.conftest import ROOT, _postgres_url

KILLED = """
import os, signal, sys
from sqlalchemy import event
from db.engine import Database
from db.migrate import migrate
database, left = Database(sys.argv[1]), int(sys.argv[2])

def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(database.engine(), "after_cursor_execute", count)
migrate(database)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database in which there is nothing at all."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server, name = str(request.getfixturevalue("postgres")), f"e{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    yield _postgres_url(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _tables(database: Database) -> set[str]:
    with database.read() as connection:
        return set(inspect(connection).get_table_names())


def test_from_nothing_to_the_tables_of_the_code_and_again_without_a_change(empty_url: str) -> None:
    database = Database(empty_url)
    assert _tables(database) == set()
    assert drift(database) != []
    for _ in range(2):
        migrate(database)
        assert drift(database) == []
        assert _tables(database) == {*metadata.tables, "alembic_version"}
    database.close()


def test_a_database_of_a_newer_release_is_left_alone(db: Database) -> None:
    db.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(NewerDatabase, match="newer Muster"):
        migrate(db)
    with db.read() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_the_server_says_so_in_one_sentence_and_stops(db: Database, database_url: str, tmp_path: Path) -> None:
    db.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    ended = subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        env={**environment, "MUSTER_DATA": str(tmp_path), "DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.strip() == (
        "This database was written by a newer Muster (schema 9999). Start that release, or restore a backup."
    )


@pytest.mark.parametrize("statements", [3, 12, 30])
def test_killed_in_the_middle_it_starts_again_from_where_it_was(empty_url: str, statements: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, empty_url, str(statements)], cwd=ROOT, check=False, timeout=120
    )
    assert ended.returncode == -9
    database = Database(empty_url)
    assert _tables(database) == set()  # all of it or nothing
    migrate(database)
    assert drift(database) == []
    database.close()
