"""A live exercise in real browsers: what comes is drawn by itself, nobody is sent what is not theirs, and it is debriefed."""

import html
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from db import people
from domain.people import Person, Role
from services import app as services_app
from services import hot_wash
from services.app import App
from services.live import conduct, plan, watch
from services.settings import Settings
from tests.conftest import ROOT
from tests.web import client
from tests.web.conftest import Server, start

WAIT = 30_000
"""Milliseconds until something must be on a screen: a busy machine draws slowly."""


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("live-browser")
    shutil.copyfile(sqlite_template, data / "muster.sqlite3")
    with start(data) as running:
        running.person("robin", Role.SECURITY)
        running.person("ann", Role.EMPLOYEE)
        yield running


@pytest.fixture
def app(server: Server) -> Iterator[App]:
    app = services_app.build(Settings(data=server.log.parent, content=ROOT, DATABASE_URL=None))
    yield app
    app.close()


def _person(server: Server, app: App, name: str) -> Person:
    with app.db.read() as connection:
        found = people.find(connection, server.person_id(f"{name}@northwind.example"))
    assert found is not None
    return found


def _robin(server: Server, app: App) -> Person:
    return _person(server, app, "robin")


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
        expect(page.get_by_text(text).first).to_be_visible(timeout=15_000)
    assert len(streams) == 1, streams
    conduct.end(app, robin, number)
    # A guest stays for the hot wash, and is signed out with its end.
    expect(page.get_by_role("link", name="Go to the hot wash")).to_be_visible(timeout=20_000)
    for stage in ("players", "observers", "dots"):
        hot_wash.go_on(app, robin, number, stage)
    page.get_by_role("link", name="Go to the hot wash").click()
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
    expect(page.get_by_text("It came by looking.").first).to_be_visible(timeout=30_000)
    assert watch.facilitator(app, robin, number).console.improvised
    context.close()


@dataclass
class Seat:
    """One browser at the table: its page, what the server sent it, and where it went."""

    page: Page
    frames: list[bytes] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def got(self, text: str) -> bool:
        """Whether a frame held this, however a page wrote it: only letters and digits are compared."""
        wanted = _letters(text.encode())[:50]
        return any(wanted in _letters(frame) for frame in self.frames)


def _letters(frame: bytes) -> bytes:
    told = html.unescape(frame.decode("utf-8", "ignore"))  # an escaped full stop has digits of its own
    return re.sub(rb"[^A-Za-z0-9]+", b"", told.encode())


def _seat(browser: Browser, **options: Any) -> Seat:
    page = browser.new_context(**options).new_page()
    seat = Seat(page)

    def heard(payload: str | bytes) -> None:
        seat.frames.append(payload if isinstance(payload, bytes) else payload.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", heard))
    page.on("pageerror", lambda error: seat.complaints.append(str(error)))
    page.on("framenavigated", lambda frame: seat.visits.append(frame.url) if frame == page.main_frame else None)
    return seat


def _sign_in(page: Page, server: Server, name: str, there: str) -> None:
    page.goto(f"{server.url}/login?next={quote(there, safe='')}")
    page.get_by_label("E-mail").fill(f"{name}@northwind.example")
    page.locator("input[type=password]").fill(client.PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def _press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").click(timeout=WAIT)


def _until(holds: Callable[[], bool]) -> None:
    """Wait until something holds in the database."""
    for _ in range(WAIT // 200):
        if holds():
            return
        time.sleep(0.2)
    raise AssertionError("it never came to hold")


def _sees(seat: Seat, text: str) -> None:
    expect(seat.page.get_by_text(text).first).to_be_visible(timeout=WAIT)


def test_a_facilitator_a_guest_and_a_colleague_play_decide_and_debrief(browser: Browser, server: Server, app: App):
    robin, ann = _robin(server, app), _person(server, app, "ann")
    number = plan.plan(app, robin, "results-page", key=str(time.time_ns()), dials={"finder": "patient"})
    plan.seat(app, robin, number, ann.id, "player", "it")
    console = _seat(browser, viewport={"width": 1366, "height": 1000})
    guest, colleague = _seat(browser, viewport={"width": 390, "height": 844}), _seat(browser)

    _sign_in(console.page, server, "robin", f"/plan?exercise={number}")
    _press(console.page, "open")
    code = console.page.locator(".m-code").inner_text(timeout=WAIT)
    _join(guest.page, server, code, "Gus")
    guest.page.get_by_role("button", name="Incident lead").click(timeout=WAIT)
    _sign_in(colleague.page, server, "ann", f"/live?exercise={number}")
    _sees(guest, "It has not started yet")
    _sees(colleague, "Only you know")
    console.page.goto(f"{server.url}/console?exercise={number}")
    start_it = console.page.get_by_role("button", name="Start the exercise")
    expect(start_it).to_be_visible(timeout=WAIT)
    start_it.click()

    # What comes is drawn by itself.
    table = (console, guest, colleague)
    scenario = watch.facilitator(app, robin, number).scenario
    first = scenario.injects[0]
    for each in table:
        _sees(each, first.title)
    visits = [list(each.visits) for each in table]
    decision = first.asks[0]
    option = scenario.decision(decision).options[0].id

    # Somebody is typing when a message arrives.
    reason = colleague.page.get_by_label("Your reason")
    reason.click(timeout=WAIT)
    reason.press_sequentially("Because the logs")
    console.page.get_by_label("Title", exact=True).fill("A courier")
    console.page.get_by_label("Text", exact=True).fill("A courier asks for the server room.")
    console.page.get_by_role("button", name="Send it").click()
    _sees(colleague, "A courier asks for the server room.")
    assert colleague.page.evaluate("document.activeElement.value") == "Because the logs"
    reason.press_sequentially(" are deleted on Sunday")
    _sees(guest, "A courier asks for the server room.")
    _press(console.page, "undo")
    expect(guest.page.get_by_text("A courier asks for the server room.")).to_have_count(0, timeout=WAIT)

    # The vote is blind until it is closed.
    _press(colleague.page, f"vote-{decision}-{option}")
    _sees(colleague, "Saved")
    _sees(console, "Because the logs are deleted on Sunday")
    _press(console.page, "pause")
    _sees(guest, "Paused")
    assert not guest.got("Because the logs are deleted on Sunday")
    _press(console.page, "resume")
    # What is pressed on a console that does not know of it yet is refused, as a stale tab's press is.
    expect(console.page.locator(".st-key-pause button")).to_be_visible(timeout=WAIT)
    _press(console.page, f"close-{decision}")
    _sees(guest, "Because the logs are deleted on Sunday")
    _press(guest.page, f"decide-{decision}-{option}")
    for each in (guest, colleague, console):
        _sees(each, "The team decided")
    _press(console.page, "send-next")
    _until(lambda: len(watch.facilitator(app, robin, number).console.messages) == 2)
    conducting = watch.facilitator(app, robin, number)
    sent, order = conducting.console, conducting.order
    _sees(guest, sent.messages[-1].title)

    # Nobody reloaded, and nobody was sent what is not theirs.
    assert [list(each.visits) for each in table] == visits
    lead, it = scenario.seat("lead"), scenario.seat("it")
    assert guest.got(lead.brief)
    assert not guest.got(it.brief)
    assert colleague.got(it.brief)
    assert not colleague.got(lead.brief)
    for row in sent.sheet:
        if row.standing != "sent":
            assert not guest.got(row.inject.text), row.inject.id
            # The search finds what is there: the run sheet has all that can come in this variant.
            assert console.got(row.inject.text) or row.inject.id not in order, row.inject.id

    # The end, and what comes of it.
    console.page.get_by_role("button", name="End the exercise").click()
    console.page.get_by_role("button", name="End it for everybody").click()
    guest.page.get_by_role("link", name="Go to the hot wash").click(timeout=WAIT)
    guest.page.locator(".st-key-card-0 textarea").fill("We asked before we pulled the plug", timeout=WAIT)
    _press(guest.page, "put-0")
    console.page.get_by_role("link", name="Hot wash").click(timeout=WAIT)
    _sees(console, "We asked before we pulled the plug")
    console.page.get_by_role("link", name="Findings and report").click()
    console.page.get_by_label("What did the exercise show?").fill("Nobody knew when logs are deleted.", timeout=WAIT)
    console.page.get_by_role("button", name="Record", exact=True).click()
    _sees(console, "Nobody knew when logs are deleted.")
    console.page.get_by_text("Give an action").first.click()
    console.page.get_by_label("What will be done").first.fill("Keep the logs for ninety days.")
    console.page.get_by_label("How will we see that it worked?").first.fill("The next exercise asks for old logs.")
    console.page.get_by_role("button", name="Give it").first.click()
    _sees(console, "1 findings, 1 actions")
    for label, start_of in (("Report (PDF)", b"%PDF"), ("Report (Word)", b"PK")):
        with console.page.expect_download(timeout=WAIT) as waiting:
            console.page.get_by_role("link", name=label).click()
        assert Path(waiting.value.path()).read_bytes().startswith(start_of)
    for each in (console, guest, colleague):
        assert each.complaints == []
        each.page.context.close()
