"""The database when it is full, locked, or cut off: what was acknowledged is there, the rest is refused in a sentence."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, event, func, insert, select, text

from db import people, receipts
from db.engine import Database
from db.tables import team
from domain.people import Role
from domain.refusal import Away, NotSaved

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


def _path(database: Database) -> Path:
    return Path(database.url.removeprefix("sqlite:///"))


def _add(name: str) -> Callable[[Connection], int]:
    return lambda connection: people.add_team(connection, name)


def _in_threads(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What each returned or raised."""
    found: list[Any] = [None] * count

    def run(number: int) -> None:
        try:
            found[number] = act(number)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            found[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_every_connection_flushes_to_the_disk_and_writes_ahead(database: Database) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    wanted = ["wal", 2, 1, 10_000]
    ask = [text(f"PRAGMA {name}") for name in names]
    # Nested, so that each is another connection of the pool; one more than the pool keeps.
    opened: list[Any] = []
    try:
        for _ in range(9):
            opened.append(database.read())
            connection = opened[-1].__enter__()
            assert [connection.scalar(question) for question in ask] == wanted
    finally:
        for reading in reversed(opened):
            reading.__exit__(None, None, None)
    assert database.write(lambda c: [c.scalar(question) for question in ask]) == wanted
    with database.engine().begin() as connection:
        assert [connection.scalar(question) for question in ask] == wanted


def test_nobody_is_told_before_the_commit_that_they_share(database: Database) -> None:
    reached, go = threading.Event(), threading.Event()

    def before_commit(_connection: Connection) -> None:
        reached.set()
        assert go.wait(20)

    event.listen(database.engine(), "commit", before_commit)
    told: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: told.append(database.write(_add(f"Team {n}")))) for n in range(8)
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    assert reached.wait(20)
    with sqlite3.connect(_path(database)) as other:
        assert other.execute("SELECT count(*) FROM team").fetchone() == (0,)
    other.close()
    assert told == []
    go.set()
    for thread in threads:
        thread.join()
    assert len(told) == 8
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(team)) == 8


def test_a_full_disk_refuses_in_a_sentence_keeps_what_was_told_and_goes_on_when_there_is_room(
    database: Database,
) -> None:
    pages = database.write(lambda c: c.scalar(text("PRAGMA page_count")))
    database.write(lambda c: c.execute(text(f"PRAGMA max_page_count = {pages + 12}")))
    filler = "x" * 190

    found = _in_threads(400, lambda n: database.write(_add(f"{filler}{n}")))
    told = [each for each in found if isinstance(each, int)]
    refused = [each for each in found if not isinstance(each, int)]
    assert len(told) > 10
    assert len(refused) > 10
    assert {type(each) for each in refused} == {NotSaved}
    assert all("disk full" in str(each) for each in refused)
    with database.read() as connection:  # reading works meanwhile
        assert set(connection.scalars(select(team.c.id))) == set(told)
    database.write(lambda c: c.execute(text("PRAGMA max_page_count = 1073741823")))
    assert database.write(_add("Room again")) > 0
    with database.read() as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"


def test_a_lock_that_another_program_lets_go_is_waited_for(database: Database) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(_path(database))], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        threading.Timer(2.0, other.stdin.close).start()
        found = _in_threads(20, lambda n: database.write(_add(f"Team {n}")))
    assert [each for each in found if not isinstance(each, int)] == []


def test_a_lock_that_is_not_let_go_is_told_to_all_who_wait_at_once(database: Database) -> None:
    database.write(lambda c: c.execute(text("PRAGMA busy_timeout = 300")))
    begun: list[None] = []
    event.listen(database.engine(), "begin", lambda _connection: begun.append(None), insert=True)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(_path(database))], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        found = _in_threads(40, lambda n: database.write(_add(f"Team {n}")))
        with database.read() as connection:
            assert connection.scalar(select(func.count()).select_from(team)) == 0
        other.stdin.close()
    assert {type(each) for each in found} == {Away}
    assert {str(each) for each in found} == {
        "Another program holds the database. Nothing was changed; please try again."
    }  # fmt: skip
    # Waiting for the lock one after the other would take forty times as long.
    assert len(begun) < 20
    assert database.write(_add("Free again")) > 0


def test_work_that_breaks_the_writer_is_raised_where_it_was_asked_and_others_go_on(db: Database) -> None:
    def broken(_connection: Connection) -> None:
        raise SystemExit("a bug")

    with pytest.raises(SystemExit):
        db.write(broken)
    assert db.write(_add("Still here")) > 0


def test_a_statement_that_is_wrong_is_our_mistake_and_not_a_database_that_is_away(db: Database) -> None:
    with pytest.raises(Exception, match="no_such_table") as raised, db.read() as connection:
        connection.execute(text("SELECT * FROM no_such_table"))
    assert not isinstance(raised.value, Away)


def test_a_connection_cut_before_commit_kept_nothing_and_the_next_write_goes_through(postgres_url: str) -> None:
    database = Database(postgres_url)

    def cut(connection: Connection) -> None:
        people.add_team(connection, "Half")
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(Away, match="Nothing was saved"):
        database.write(cut)
    assert database.write(_add("Whole")) > 0
    with database.read() as connection:
        assert list(connection.scalars(select(team.c.name))) == ["Whole"]
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as other:
        assert other.execute(others).rowcount > 0
    with database.read() as connection:  # dead connections of the pool are replaced unseen
        assert connection.scalar(select(func.count()).select_from(team)) == 1
    database.close()


def test_a_connection_cut_while_committing_is_told_as_unsure_and_the_same_key_settles_it(postgres_url: str) -> None:
    database = Database(postgres_url)
    who = database.write(
        lambda c: people.add(c, name="A", email="a@x.example", roles=frozenset({Role.EMPLOYEE}), now=NOW)
    )

    def once(connection: Connection) -> receipts.Receipt:
        return receipts.once(connection, "k", who, {"a": 1}, NOW, lambda: {"team": people.add_team(connection, "T")})

    cutting = True

    def lose(connection: Connection) -> None:
        """The server commits; what it says about it never arrives."""
        if cutting:
            raw = connection.connection.dbapi_connection
            raw.commit()  # type: ignore[union-attr]
            raw.close()  # type: ignore[union-attr]

    event.listen(database.engine(), "commit", lose)
    with pytest.raises(NotSaved, match="Look whether it is there") as raised:
        database.write(once)
    assert not isinstance(raised.value, Away)
    cutting = False
    assert database.write(once).again
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(team)) == 1
    database.close()


def test_an_idle_server_that_is_not_there_is_away_for_readers_and_writers(tmp_path: Path) -> None:
    database = Database(f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    with pytest.raises(Away, match="What was saved is safe"), database.read():
        pass
    with pytest.raises(Away, match="Nothing was saved"):
        database.write(lambda c: c.execute(insert(team).values(name="x")))
    database.close()
