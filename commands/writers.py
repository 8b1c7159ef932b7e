"""Fifty writers on one SQLite file: each waiting for the file's lock, or all through our one fair writer.

Both write the same row with the same library, fully durable, in turns in the same run.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.pool import NullPool

from db.engine import Database

THROUGHPUT = 2.0
LONGEST = 0.25
"""What one writer has to be worth: so many times the commits, and so small a part of the longest wait."""

COMMITS = 200_000
"""No writer makes more, whatever its clock says."""

_ROW = text("INSERT INTO answer_bench (writer, number, body) VALUES (:writer, :number, :body)")


def _insert(connection: Connection, writer: int, number: int) -> None:
    connection.execute(_ROW, {"writer": writer, "number": number, "body": "x" * 200})


Write = Callable[[int, int], None]


def _naive(path: Path) -> tuple[Callable[[int], Write], Callable[[], None]]:
    """A connection a thread, a busy timeout, the best journal and full durability: what a careful app does first."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None
        for pragma in ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = FULL"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def writer(_number: int) -> Write:
        connection = engine.connect()

        def write(who: int, number: int) -> None:
            with connection.begin():
                _insert(connection, who, number)

        return write

    return writer, engine.dispose


def _ours(path: Path) -> tuple[Callable[[int], Write], Callable[[], None]]:
    database = Database(f"sqlite:///{path}")

    def write(who: int, number: int) -> None:
        database.write(lambda connection: _insert(connection, who, number))

    return lambda _number: write, database.close


def _round(make: Callable[[int], Write], threads: int, seconds: float) -> tuple[list[float], float]:
    """How long each commit took, and how long the round."""
    waits: list[list[float]] = [[] for _ in range(threads)]
    ready = threading.Barrier(threads + 1)

    def work(who: int) -> None:
        write = make(who)
        ready.wait()
        end = time.perf_counter() + seconds
        for number in range(COMMITS):
            begun = time.perf_counter()
            if begun > end:
                return
            write(who, number)
            waits[who].append(time.perf_counter() - begun)

    crew = [threading.Thread(target=work, args=(who,)) for who in range(threads)]
    for member in crew:
        member.start()
    ready.wait()
    begun = time.perf_counter()
    for member in crew:
        member.join()
    return [wait for own in waits for wait in own], time.perf_counter() - begun


def compare(folder: Path, *, threads: int, seconds: float, rounds: int) -> dict[str, Any]:
    """The figures of both, and how many times the commits and what part of the longest wait ours has."""
    kinds = {"naive": _naive, "ours": _ours}
    waits: dict[str, list[float]] = {name: [] for name in kinds}
    spent = dict.fromkeys(kinds, 0.0)
    for number in range(rounds):
        for name, kind in kinds.items():
            path = folder / f"{name}-{number}.sqlite3"
            database = Database(f"sqlite:///{path}")
            database.write(
                lambda c: c.execute(text("CREATE TABLE answer_bench (writer INTEGER, number INTEGER, body TEXT)"))
            )
            database.close()
            make, close = kind(path)
            found, took = _round(make, threads, seconds)
            close()
            waits[name] += found
            spent[name] += took
    rows = {
        name: {
            "commits": len(found),
            "per_second": round(len(found) / spent[name]),
            "p50_ms": round(sorted(found)[len(found) // 2] * 1000, 2),
            "max_ms": round(max(found) * 1000, 1),
        }
        for name, found in waits.items()
    }
    return {
        **rows,
        "throughput": round(rows["ours"]["per_second"] / rows["naive"]["per_second"], 2),
        "longest": round(rows["ours"]["max_ms"] / rows["naive"]["max_ms"], 3),
    }
