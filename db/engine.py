"""The database: one writer on SQLite, serialisable transactions on PostgreSQL, the same two verbs for both.

`write` returns only after COMMIT, so whatever it returned is durable. Nothing here knows what a row means.
"""

import queue
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection as Connection  # noqa: PLC0414 - services name it without knowing SQLAlchemy
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, SQLAlchemyError
from sqlalchemy.exc import OperationalError as OperationalError  # noqa: PLC0414 - likewise
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.refusal import Away, NotSaved

T = TypeVar("T")
Work = Callable[[Connection], Any]

BATCH = 64
"""How many waiting transactions share one COMMIT on SQLite: one disk flush for all of them."""

RETRIES = 12
"""How often PostgreSQL may lose a serialisation race before the person is told to try again."""

PATIENCE = 10.0
"""Seconds that a writer waits for its turn."""

AWAY = "The database does not answer at the moment. What was saved is safe; please try again in a minute."
UNSURE = (
    "The database went away while this was being saved. Look whether it is there before you try again; "
    "an answer is never kept twice."
)


class Database:
    """Reads and writes; made once per process."""

    def __init__(self, url: str) -> None:
        """Open the database at a SQLAlchemy URL; for SQLite the folder must exist and be writable."""
        self.url = url
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.sqlite:
            # As many as are asked at once when a room full of screens is drawn: opening one costs more than asking.
            self._reads = _sqlite(url, "BEGIN", pool_size=32)
            self._writer: _Writer | None = _Writer(_sqlite(url, "BEGIN IMMEDIATE", pool_size=1))
        else:
            # A read that joins tables must see one moment, as on SQLite.
            engine = create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=24, pool_timeout=10)
            self._reads = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._writes = engine.execution_options(isolation_level="SERIALIZABLE")
            self._turn = threading.Lock()
            self._writer = None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database and cannot change it. Raises Away when it is gone."""
        try:
            with self._reads.connect() as connection:
                yield connection
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            if _ours(error):
                raise
            raise Away(AWAY) from error

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction and return its result once that is durable.

        What `work` raises rolls its own changes back and is raised here. `work` may run more than once, so it
        must do nothing but use the connection. Raises NotSaved when the database refuses (full, locked, gone).
        """
        if self._writer is not None:
            result: T = self._writer.submit(work).result()
            return result
        # In one process, writers in turn: a dozen at once spoil each other's serialisable transactions until they
        # run out of retries. Between processes the races are few, and retrying settles them.
        if not self._turn.acquire(timeout=PATIENCE):
            raise Away("The database is too slow at the moment. Nothing was saved; please try again.")
        try:
            return self._serialisable(work)
        finally:
            self._turn.release()

    def _serialisable(self, work: Callable[[Connection], T]) -> T:
        for attempt in range(RETRIES):
            committing = False
            try:
                with self._writes.begin() as connection:
                    result = work(connection)
                    committing = True
            except PoolTimeout as error:
                raise Away(AWAY) from error
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                lost = state in {"40001", "40P01"} or (state == "23505" and attempt == 0)
                if not lost and not isinstance(error, (OperationalError, InterfaceError)):
                    raise  # a broken rule or a mistake of ours: the database is there
                # A connection that died may have died after COMMIT: only a lost race is safe to repeat unasked.
                if not lost and committing:
                    raise NotSaved(UNSURE) from error
                if not lost:
                    raise Away("The database did not answer. Nothing was saved; please try again.") from error
                time.sleep(random.uniform(0, 0.004 * 2 ** min(attempt, 6)))  # noqa: S311 - jitter, not a secret
            else:
                return result
        raise NotSaved("Too many people changed this at once. Nothing was saved; please try again.")

    def engine(self) -> Engine:
        """The engine for migrations."""
        return self._writer.engine if self._writer is not None else self._writes

    def close(self) -> None:
        """Let waiting writes finish and give all connections back."""
        if self._writer is not None:
            self._writer.close()
        self._reads.dispose()


class Together(Database):
    """A Database whose reads and writes all belong to one transaction of another: kept as a whole or not at all.

    A write that fails must fail the whole: it has no savepoint of its own, which for thousands of them took a fifth
    of the time.
    """

    def __init__(self, outer: Database, connection: Connection) -> None:
        """Work inside `connection`, which `outer.write` gave."""
        self.url, self.sqlite = outer.url, outer.sqlite
        self._connection = connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """The connection of the transaction: what was written in it is seen."""
        yield self._connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in the transaction."""
        return work(self._connection)


def _ours(error: Exception) -> bool:
    """Whether SQLite complains about the statement, which is our mistake and nobody else's."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code is not None and code & 0xFF == sqlite3.SQLITE_ERROR


def _refusal(error: SQLAlchemyError) -> NotSaved:
    """What to tell somebody whose write SQLite did not take; nothing of it was kept."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        refusal: NotSaved = Away("Another program holds the database. Nothing was changed; please try again.")
    else:
        refusal = NotSaved("The database could not save this (is the disk full?). Nothing was changed.")
    refusal.__cause__ = error
    return refusal


def _sqlite(url: str, begin: str, pool_size: int) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=pool_size, max_overflow=0 if pool_size == 1 else 32, pool_timeout=10)

    @event.listens_for(engine, "connect")
    def _connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # we say BEGIN ourselves: the driver's own would start a deferred transaction
        cursor = raw.cursor()
        cursor.execute("PRAGMA busy_timeout = 10000")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


class _Writer:
    """One thread that owns the only writing connection and commits waiting work together.

    Writers that merely wait for SQLite's lock starve each other for seconds; a queue is fair.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._jobs: queue.SimpleQueue[tuple[Work, Future[Any]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, work: Work) -> Future[Any]:
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise NotSaved("The server is stopping. Nothing was saved; please try again in a moment.")
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="muster-writer", daemon=True)
                self._thread.start()
            self._jobs.put((work, future))
        return future

    def close(self) -> None:
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None:
            self._jobs.put(None)
            thread.join(timeout=30)
        self.engine.dispose()

    def _loop(self) -> None:
        while (job := self._jobs.get()) is not None:
            batch = [job]
            last = False
            with suppress(queue.Empty):
                while len(batch) < BATCH and not last:
                    more = self._jobs.get_nowait()
                    if more is None:
                        last = True
                    else:
                        batch.append(more)
            try:
                self._commit(batch)
            except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it, and others go on
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            if last:
                return

    def _commit(self, batch: list[tuple[Work, Future[Any]]]) -> None:
        begun = False
        try:
            with self.engine.begin() as connection:
                begun = True
                outcomes = [_outcome(connection, work, alone=len(batch) == 1) for work, _ in batch]
        except SQLAlchemyError as error:
            if begun and len(batch) > 1:  # somebody's work failed the others: everybody gets an own transaction
                for job in batch:
                    self._commit([job])
                return
            # Without a transaction nobody's work was tried: sixty-four people need not wait for the lock in turn.
            for _, future in batch:
                future.set_exception(_refusal(error))
            return
        for (_, future), (result, problem) in zip(batch, outcomes, strict=True):
            if problem is not None:
                future.set_exception(problem)
            else:
                future.set_result(result)


def _outcome(connection: Connection, work: Work, *, alone: bool) -> tuple[Any, Exception | None]:
    """What `work` gives or raises; when it raises, what it did is undone, and nothing of its neighbours'."""
    try:
        with nullcontext() if alone else connection.begin_nested():
            return work(connection), None
    except OperationalError:
        raise  # full or locked: SQLite may have dropped the whole transaction
    except Exception as error:  # noqa: BLE001 - it belongs to whoever asked
        if alone:
            connection.rollback()
        return None, error
