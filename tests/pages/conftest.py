"""Pages on Streamlit's own test runner, signed in as somebody."""

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db import sessions
from domain.people import Person
from services.app import App
from tests.conftest import ROOT
from ui import session
from ui.places import Place

Browse = Callable[..., AppTest]


@pytest.fixture
def app(sqlite_url: str, library, clock, tmp_path) -> Iterator[App]:
    """Pages do not know the database: one kind is enough here."""
    from db.engine import Database
    from services.settings import Settings

    settings = Settings(data=tmp_path, content=ROOT, DATABASE_URL=sqlite_url)
    app = App(settings=settings, db=Database(sqlite_url), library=library, clock=clock)
    session.use(app)
    yield app
    app.db.close()


@pytest.fixture
def browse(app: App) -> Browse:
    """`browse(person, place, **query)` → the page as that person gets it; exceptions fail the test."""

    def open_page(person: Person, place: Place | None = None, **query: str) -> AppTest:
        sid = app.db.write(
            lambda c: sessions.start(
                c,
                token_hash=secrets.token_hex(16),
                person_id=person.id,
                now=app.now(),
                expires_at=app.now() + timedelta(hours=8),
                address="127.0.0.1",
                agent="test",
            )
        )
        at = AppTest.from_file(str(ROOT / "ui" / "frame.py"), default_timeout=30)
        at.user = {"is_logged_in": True, "email": person.email, "uid": str(person.id), "sid": str(sid)}
        at.run()
        if place is not None:
            at.switch_page(place.file)
            for name, value in query.items():
                at.query_params[name] = value
            at.run()
        assert not at.exception, at.exception
        return at

    return open_page
