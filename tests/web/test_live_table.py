"""A whole exercise with a full table: ten sockets and two browsers' worth of screens, and what each got, frame by frame.

Nothing is looked up in what the pages draw: everything a browser was sent is kept as it came and searched.
"""

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from db import people
from domain.people import Person, Role
from domain.scenario import Scenario
from services import app as services_app
from services.app import App
from services.live import clockwork, conduct, join, plan, play, watch
from services.settings import Settings
from tests.conftest import ROOT
from tests.web import client
from tests.web.conftest import Server, start
from tests.web.test_live import _come, _News

SLUG = "results-page"


@dataclass
class Screen:
    """One browser at the table: its cookies, its socket, and every byte it was sent."""

    name: str
    seat: str
    person: Person
    browser: httpx2.Client
    came: list[bytes] = field(default_factory=list)
    tab: client.Tab | None = None

    def draw(self) -> None:
        """Ask for the page again, as the component does when there is news."""
        assert self.tab is not None
        message = BackMsg()
        message.rerun_script.page_name = ""
        self.tab.send(message)
        while True:
            frame = self.tab.connection.recv(timeout=60)
            assert isinstance(frame, bytes)
            self.came.append(_letters(frame))
            read = client.ForwardMsg()
            read.ParseFromString(frame)
            if read.WhichOneof("type") == "script_finished":
                return

    def got(self, text: str) -> bool:
        """Whether a frame held this, however a page wrote it: only letters and digits are compared."""
        wanted = _letters(text.encode())[:50]
        return any(wanted in frame for frame in self.came)


def _letters(frame: bytes) -> bytes:
    return re.sub(rb"[^A-Za-z0-9]+", b"", frame)


@pytest.fixture(scope="module")
def table(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, App]]:
    data = tmp_path_factory.mktemp("table")
    shutil.copyfile(sqlite_template, data / "muster.sqlite3")
    with start(data) as server:
        server.person("robin", Role.SECURITY)
        app = services_app.build(Settings(data=data, content=ROOT, DATABASE_URL=None))
        yield server, app
        app.close()


def _sit(server: Server, app: App, number: int, code: str, robin: Person) -> list[Screen]:
    """Six players and four deputies, all guests, each on a device of their own."""
    seats = [seat.id for seat in plan.lobby(app, robin, number).scenario.seats]
    screens = []
    for place in range(10):
        name = f"Guest {place}"
        browser = _come(server, code, name)
        number_of = {each.member.name: each.member.person_id for each in plan.lobby(app, robin, number).people}
        with app.db.read() as connection:
            person = people.find(connection, number_of[name])
        assert person is not None
        seat = seats[place % len(seats)]
        if place < len(seats):
            join.take(app, person, number, seat)
        else:
            plan.seat(app, robin, number, person.id, "deputy", seat)
        screens.append(Screen(name, seat, person, browser))
    return screens


def _draw_all(screens: list[Screen]) -> None:
    threads = [threading.Thread(target=screen.draw) for screen in screens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)


def test_a_full_table_plays_to_the_end_and_nobody_was_ever_sent_what_is_not_theirs(table) -> None:
    server, app = table
    with app.db.read() as connection:
        robin = people.find(connection, server.person_id("robin@northwind.example"))
    assert robin is not None
    number = plan.plan(app, robin, SLUG, key="table", seed=7)
    code = plan.open_lobby(app, robin, number)
    screens = _sit(server, app, number, code, robin)
    scenario = plan.lobby(app, robin, number).scenario
    with ExitStack() as stack:
        for screen in screens:
            stack.callback(screen.browser.close)
            screen.tab = stack.enter_context(client.tab(server.url, client.cookie_line(screen.browser)))
        news = [_News(screen.browser, number) for screen in screens[:2]]
        conduct.start(app, robin, number)
        clockwork.tick(app)
        _play(app, robin, number, screens, scenario)
        for each in news:
            each.wait("event: over", 10)
    for screen in screens:
        _is_clean(screen, scenario)
        # What was for everybody did come: the search finds what is there.
        assert screen.got(scenario.injects[0].text), (screen.name, len(screen.came), [f[:400] for f in screen.came if b"xception" in f or b"rror" in f][:3], [f[:160] for f in screen.came[:60]])
        own = [inject.private[screen.seat] for inject in scenario.injects if screen.seat in inject.private]
        assert not own or any(screen.got(text) for text in own), screen.name


def _is_clean(screen: Screen, scenario: Scenario) -> None:
    secret = [seat.brief for seat in scenario.seats if seat.id != screen.seat]
    for inject in scenario.injects:
        secret += [text for seat, text in inject.private.items() if seat != screen.seat]
        secret += inject.expected
    secret += [option.why for decision in scenario.decisions for option in decision.options]
    assert [text for text in secret if screen.got(text)] == [], screen.name


def _play(app: App, robin: Person, number: int, screens: list[Screen], scenario) -> None:
    """To the end, one message after the other; after each, all screens are drawn and what came is looked through."""
    sent: set[str] = set()
    notes = {screen.name: f"NOTE-OF-{place}-ONLY" for place, screen in enumerate(screens)}
    for screen in screens:
        play.note(app, screen.person, number, notes[screen.name], f"note-{screen.name}")
    for round_ in range(60):
        console = watch.facilitator(app, robin, number).console
        for tally in console.tallies:
            _vote(app, robin, number, screens, tally.decision, round_)
        console = watch.facilitator(app, robin, number).console
        sent = {row.inject.id for row in console.sheet if row.standing == "sent"}
        if round_ % 4 == 0 or console.following is None:
            _draw_all(screens)
            for screen in screens:
                for inject in scenario.injects:
                    if inject.id not in sent:
                        assert not screen.got(inject.text), (screen.name, inject.id)
                others = [note for name, note in notes.items() if name != screen.name]
                assert not any(screen.got(note) for note in others), screen.name
        if console.following is None:
            break
        conduct.release(app, robin, number, console.following.inject.id, console.seq)
    assert len(sent) > 5
    conduct.end(app, robin, number)


def _vote(app: App, robin: Person, number: int, screens: list[Screen], decision, round_: int) -> None:
    voters = decision.seats or tuple(screen.seat for screen in screens)
    mine = [screen for screen in screens[:6] if screen.seat in voters]
    reasons = {screen.name: f"REASON-{round_}-{decision.id}-{screen.seat}" for screen in mine}
    for screen in mine:
        shown = watch.player(app, screen.person, number)
        play.vote(
            app,
            screen.person,
            number,
            decision.id,
            decision.options[0].id,
            reasons[screen.name],
            seat=screen.seat,
            seen=shown.view.seq,
        )
    _draw_all(screens)
    for screen in screens:
        for name, reason in reasons.items():
            owner = next(other for other in screens if other.name == name)
            if owner.seat != screen.seat:
                assert not screen.got(reason), (screen.name, reason)
    seq = watch.facilitator(app, robin, number).console.seq
    conduct.close_vote(app, robin, number, decision.id, seq)
    conduct.decide(app, robin, number, decision.id, decision.options[0].id, by=screens[0].seat, why="agreed")
