"""The real server as a process of its own, on a database with a few people."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from catalog.library import Library
from db import people
from db.engine import Database
from domain.people import Role
from services import passwords
from services.app import App
from services.settings import Settings
from tests.conftest import ROOT
from tests.web import client

PEOPLE = {
    "employee": frozenset({Role.EMPLOYEE}),
    "manager": frozenset({Role.MANAGER}),
    "security": frozenset({Role.SECURITY}),
    "nobody": frozenset[Role](),
}


@dataclass
class Server:
    """A running server and its database."""

    url: str
    db: Database
    log: Path
    process: subprocess.Popen[bytes]

    def person(self, name: str, *roles: Role) -> str:
        """The e-mail address of a new person with client.PASSWORD."""
        email = f"{name}@northwind.example"
        self.db.write(
            lambda c: people.add(
                c,
                name=name.capitalize(),
                email=email,
                roles=frozenset(roles or {Role.EMPLOYEE}),
                now=datetime.now(UTC),
                password_hash=HASH,
            )
        )
        return email

    def roles(self, email: str, roles: frozenset[Role]) -> None:
        number = self.person_id(email)
        self.db.write(lambda c: people.set_roles(c, number, roles, frozenset()))

    def person_id(self, email: str) -> int:
        with self.db.read() as connection:
            found = people.credentials(connection, email)
        assert found is not None
        return found.person_id


HASH = passwords.keep(client.PASSWORD)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def start(data: Path, *command: str, port: int | None = None, **environment: str) -> Iterator[Server]:
    """The server on the database in `data`; `command` comes after the interpreter."""
    port = port or free_port()
    data.mkdir(parents=True, exist_ok=True)
    log = data / "log"
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("MUSTER_", "DATABASE_URL"))}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *(command or (str(ROOT / "app.py"),))],
            env={**inherited, "MUSTER_DATA": str(data), "MUSTER_PORT": str(port), **environment},
            cwd=data,  # wherever it is started from
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        with client.http(url) as probe:
            for _ in range(900):
                assert process.poll() is None, log.read_text()
                try:
                    if probe.get("/healthz").status_code == 200:
                        break
                except httpx2.TransportError:
                    time.sleep(0.1)
            else:
                pytest.fail(log.read_text())
        database = Database(f"sqlite:///{data / 'muster.sqlite3'}")
        yield Server(url, database, log, process)
        database.close()
    finally:
        process.terminate()
        process.wait(15)


@pytest.fixture
def real(library: Library, sqlite_url: str, tmp_path: Path) -> Iterator[App]:
    """An App on the SQLite file that the server uses."""
    settings = Settings(data=tmp_path, content=ROOT, DATABASE_URL=sqlite_url)
    database = Database(sqlite_url)
    yield App(settings=settings, db=database, library=library, clock=lambda: datetime.now(UTC))
    database.close()


@pytest.fixture(scope="session")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("server")
    shutil.copyfile(sqlite_template, data / "muster.sqlite3")
    with start(data) as running:
        for name, roles in PEOPLE.items():
            running.roles(running.person(name), roles)
        yield running


@pytest.fixture(scope="session")
def browsers(server: Server) -> Iterator[dict[str, httpx2.Client]]:
    """Somebody signed in for each role, and a stranger."""
    found = {name: client.sign_in(server.url, f"{name}@northwind.example") for name in PEOPLE}
    found["stranger"] = client.http(server.url)
    yield found
    for browser in found.values():
        browser.close()
