"""One Chromium for all browser tests, and the demo company on the real server, made once and copied."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from db.engine import Database
from services import demo
from services.app import App
from services.settings import Settings
from tests.browser.company import Company
from tests.conftest import ROOT
from tests.web.conftest import start

TEAMS = {
    "Care": 9,
    "Front desk": 8,
    "Laboratory": 6,
    "IT and systems": 6,
    "Finance": 6,
    "People and culture": 5,
    "Board office": 4,
}
"""People a team: as few as show everything that the whole demo company shows, in a quarter of the time."""

FOUND = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Not for the whole run: while Playwright's loop runs in this thread, no other test can run one of its own."""
    named = os.environ.get("MUSTER_CHROMIUM") or next((path for name in FOUND if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        # Without a browser on the machine Playwright's own is used; `make test` has installed it then.
        executable = str(Path(named)) if named else None
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def seeded(sqlite_template: Path, library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a small demo company in it, to be copied."""
    path = tmp_path_factory.mktemp("seeded") / "muster.sqlite3"
    shutil.copyfile(sqlite_template, path)
    settings = Settings(data=path.parent, content=ROOT, DATABASE_URL=f"sqlite:///{path}")
    database = Database(settings.url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "TEAMS", {team: (TEAMS[team], able) for team, (_, able) in demo.TEAMS.items()})
        assert demo.seed(App(settings, database, library, clock=_now)) == sum(TEAMS.values())
    database.close()
    return path


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC)


@pytest.fixture(scope="module")
def company(browser: Browser, seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The demo company as it was seeded, on a server of this module's own."""
    data = tmp_path_factory.mktemp("company")
    shutil.copyfile(seeded, data / "muster.sqlite3")
    with start(data) as server:
        yield Company(browser, server)
