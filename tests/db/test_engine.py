"""The two verbs of the database, on both databases."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, func, insert, select, text

from db import people, receipts
from db.engine import Database
from db.migrate import drift
from db.tables import person, team
from domain.people import Role
from domain.refusal import Refused

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(team)) or 0)


def test_the_migrations_make_exactly_the_tables_of_the_code(db: Database) -> None:
    assert drift(db) == []


def test_a_write_that_raises_keeps_nothing_and_harms_no_neighbour(db: Database) -> None:
    def bad(connection: Connection) -> None:
        people.add_team(connection, "Lost")
        raise Refused("no")

    errors: list[BaseException] = []

    def run_bad() -> None:
        try:
            db.write(bad)
        except Refused as error:
            errors.append(error)

    threads = [threading.Thread(target=run_bad) for _ in range(8)]
    threads += [
        threading.Thread(target=lambda n=n: db.write(lambda c: people.add_team(c, f"Kept {n}"))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 8
    assert _count(db) == 8


def test_concurrent_read_modify_write_loses_no_update(db: Database) -> None:
    db.write(lambda c: c.execute(insert(team).values(name="0")))

    def bump(connection: Connection) -> None:
        row = connection.execute(select(team)).one()
        connection.execute(team.update().where(team.c.id == row.id).values(name=str(int(row.name) + 1)))

    def many() -> None:
        for _ in range(10):
            db.write(bump)

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as connection:
        assert connection.scalar(select(team.c.name)) == "40"


def test_a_receipt_makes_a_write_happen_once_for_twenty_callers(db: Database) -> None:
    who = db.write(lambda c: people.add(c, name="A", email="a@x.example", roles=frozenset({Role.EMPLOYEE}), now=NOW))
    made: list[receipts.Receipt] = []

    def press() -> None:
        def work(connection: Connection) -> receipts.Receipt:
            return receipts.once(
                connection, "k", who, {"a": 1}, NOW, lambda: {"team": people.add_team(connection, "Once")}
            )

        made.append(db.write(work))

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _count(db) == 1
    assert len({receipt.result["team"] for receipt in made}) == 1
    assert sorted(receipt.again for receipt in made) == [False] + [True] * 19


def test_the_same_key_for_something_else_is_refused(db: Database) -> None:
    who = db.write(lambda c: people.add(c, name="A", email="a@x.example", roles=frozenset({Role.EMPLOYEE}), now=NOW))
    db.write(lambda c: receipts.once(c, "k", who, {"a": 1}, NOW, dict))
    with pytest.raises(Refused, match="already answered"):
        db.write(lambda c: receipts.once(c, "k", who, {"a": 2}, NOW, dict))


def test_sqlite_is_durable_and_waits_its_turn(sqlite_url: str) -> None:
    database = Database(sqlite_url)

    def pragma(name: str) -> object:
        return database.write(lambda c: c.execute(text(f"PRAGMA {name}")).scalar())

    assert [pragma("journal_mode"), pragma("synchronous"), pragma("foreign_keys")] == ["wal", 2, 1]
    database.close()


def test_moments_come_back_aware_and_in_utc(db: Database) -> None:
    who = db.write(lambda c: people.add(c, name="A", email="a@x.example", roles=frozenset(), now=NOW))
    with db.read() as connection:
        assert connection.scalar(select(person.c.created_at).where(person.c.id == who)) == NOW
