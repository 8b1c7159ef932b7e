"""News of a live exercise in a real browser: what comes is drawn by itself, over one stream that is kept."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from db import people
from domain.people import Person, Role
from services import app as services_app
from services.app import App
from services.live import conduct, plan, watch
from services.settings import Settings
from tests.conftest import ROOT
from tests.web.conftest import Server, start


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("live-browser")
    shutil.copyfile(sqlite_template, data / "muster.sqlite3")
    with start(data) as running:
        running.person("robin", Role.SECURITY)
        yield running


@pytest.fixture
def app(server: Server) -> Iterator[App]:
    app = services_app.build(Settings(data=server.log.parent, content=ROOT, DATABASE_URL=None))
    yield app
    app.close()


def _robin(server: Server, app: App) -> Person:
    with app.db.read() as connection:
        found = people.find(connection, server.person_id("robin@northwind.example"))
    assert found is not None
    return found


def _join(page: Page, server: Server, code: str, name: str) -> None:
    page.goto(f"{server.url}/join?code={code}")
    page.get_by_label("How the table calls you").fill(name)
    page.get_by_role("button", name="Join").click()


def test_a_message_is_drawn_by_itself_over_one_stream_and_the_end_too(browser: Browser, server: Server, app: App):
    robin = _robin(server, app)
    number = plan.plan(app, robin, "results-page", key=str(time.time_ns()))
    code = plan.open_lobby(app, robin, number)
    conduct.start(app, robin, number)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    complaints: list[str] = []
    streams: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: streams.append(request.url) if request.url.endswith("/events") else None)
    _join(page, server, code, "Ann")
    page.get_by_role("button", name="Incident lead").click()
    expect(page.get_by_text("EXERCISE – not real").first).to_be_visible(timeout=30_000)
    for round_ in range(3):
        text = f"Somebody improvised round {round_}."
        conduct.improvise(app, robin, number, f"round-{round_}", title=f"Round {round_}", text=text)
        expect(page.get_by_text(text)).to_be_visible(timeout=15_000)
    assert len(streams) == 1, streams
    conduct.end(app, robin, number)
    page.wait_for_url("**/login*", timeout=20_000)
    assert [each for each in complaints if "401" not in each] == []
    context.close()


def test_a_browser_that_cannot_hold_a_stream_looks_instead(browser: Browser, server: Server, app: App):
    robin = _robin(server, app)
    number = plan.plan(app, robin, "results-page", key=str(time.time_ns()))
    code = plan.open_lobby(app, robin, number)
    conduct.start(app, robin, number)
    context = browser.new_context()
    context.route("**/events", lambda route: route.abort())
    page = context.new_page()
    _join(page, server, code, "Bea")
    page.get_by_role("button", name="Incident lead").click()
    expect(page.get_by_text("EXERCISE – not real").first).to_be_visible(timeout=30_000)
    conduct.improvise(app, robin, number, "late", title="Late", text="It came by looking.")
    expect(page.get_by_text("It came by looking.")).to_be_visible(timeout=30_000)
    assert watch.facilitator(app, robin, number).console.improvised
    context.close()
