"""Live exercises over the wire: who gets news, what a guest reaches, and what a power cut leaves."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from db import live, people
from db.engine import Database
from domain.people import Person, Role
from services import app as services_app
from services.app import App
from services.live import conduct, join, plan, play, watch
from services.settings import Settings
from tests.conftest import ROOT
from tests.web import client
from tests.web.conftest import HASH, Server, start

SLUG = "results-page"


@pytest.fixture(scope="module")
def live_server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory):
    data = tmp_path_factory.mktemp("live")
    (data / "muster.sqlite3").write_bytes(sqlite_template.read_bytes())
    with start(data) as running:
        running.person("robin", Role.SECURITY)
        running.person("kim")
        yield running


@pytest.fixture
def app(live_server: Server):
    """Services beside the server, as a second process would have them."""
    app = _app(live_server.url, Path(live_server.log).parent)
    yield app
    app.close()


def _app(_url: str, data: Path) -> App:
    return services_app.build(Settings(data=data, content=ROOT, DATABASE_URL=None))


def _person(app: App, email: str) -> Person:
    with app.db.read() as connection:
        found = people.credentials(connection, f"{email}@northwind.example")
        assert found is not None
        person = people.find(connection, found.person_id)
    assert person is not None
    return person


def _exercise(app: App, *, running: bool = True) -> tuple[Person, int, str]:
    robin = _person(app, "robin")
    number = plan.plan(app, robin, SLUG, key=str(time.time_ns()), planned_for=datetime(2026, 12, 1, 9, tzinfo=UTC))
    code = plan.open_lobby(app, robin, number)
    if running:
        conduct.start(app, robin, number)
    return robin, number, code


def _come(server: Server, code: str, name: str) -> httpx2.Client:
    """A browser that has joined as a guest."""
    browser = client.http(server.url)
    page = browser.get(f"/join?code={code}")
    form = {"form": client.form_secret(page.text), "code": code, "name": name}
    answer = browser.post("/join", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/"), answer.text
    return browser


class _News(threading.Thread):
    """A browser's EventSource: what came, and when."""

    def __init__(self, browser: httpx2.Client, number: int) -> None:
        super().__init__(daemon=True)
        self.browser, self.number = browser, number
        self.came: list[tuple[float, str]] = []
        self.raw = ""
        self.start()

    def run(self) -> None:
        try:
            with self.browser.stream("GET", f"/live/{self.number}/events", timeout=60) as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                for line in answer.iter_lines():
                    self.raw += line + "\n"
                    if line.startswith(("data: ", "event: ")):
                        self.came.append((time.monotonic(), line))
        except httpx2.TransportError:
            self.came.append((time.monotonic(), "cut"))

    def wait(self, wanted: str, seconds: float) -> float:
        """The moment at which the line came."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for moment, line in list(self.came):
                if line.startswith(wanted):
                    return moment
            time.sleep(0.005)
        raise AssertionError(f"{wanted!r} did not come in {seconds} s: {self.came}")

    def said(self) -> list[dict[str, Any]]:
        """What every news said."""
        return [json.loads(line.removeprefix("data: ")) for _, line in list(self.came) if line.startswith("data: ")]

    def of(self, version: int, seconds: float) -> dict[str, Any]:
        """The first news that have come this far."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for told in self.said():
                if told["version"] >= version:
                    return told
            time.sleep(0.005)
        raise AssertionError(f"version {version} did not come in {seconds} s: {self.came}")


@contextmanager
def _closed(*browsers: httpx2.Client):
    try:
        yield
    finally:
        for browser in browsers:
            browser.close()


def test_news_come_though_another_process_made_them_and_end_with_the_exercise(live_server: Server, app: App) -> None:
    robin, number, code = _exercise(app)
    guest = _come(live_server, code, "Ann")
    with _closed(guest):
        news = _News(guest, number)
        news.wait("data: ", 5)
        me = next(m.member for m in plan.lobby(app, robin, number).people if m.member.name == "Ann")
        with app.db.read() as connection:
            ann = people.find(connection, me.person_id)
        assert ann is not None
        console = watch.facilitator(app, robin, number).console
        assert console.following is not None
        conduct.release(app, robin, number, console.following.inject.id, console.seq)
        shown = watch.player(app, ann, number).seen.version
        # Another process wrote it: on SQLite the server finds it at its next look.
        told = news.of(shown, 3)
        assert told == {"version": shown, "over": False, "news": None, "wait": 40}  # Ann has no seat yet, and is alone
        conduct.end(app, robin, number)
        news.wait("event: over", 4)
        news.join(5)
        assert not news.is_alive()
        assert news.said()[-1]["over"] is True


def test_news_bring_each_seat_its_own_newest_message_and_staff_a_number(live_server: Server, app: App) -> None:
    robin, number, code = _exercise(app)
    lead, it = _come(live_server, code, "Ina"), _come(live_server, code, "Joe")
    console = client.sign_in(live_server.url, "robin@northwind.example")
    with _closed(lead, it, console):
        people_by_name = {each.member.name: each.member.person_id for each in plan.lobby(app, robin, number).people}
        plan.seat(app, robin, number, people_by_name["Ina"], "player", "lead")
        plan.seat(app, robin, number, people_by_name["Joe"], "player", "it")
        streams = [_News(browser, number) for browser in (lead, it, console)]
        for stream in streams:
            stream.wait("data: ", 5)
        own = "Only for <b>IT</b>,\nsecond line\u2028third: ÄÖ"
        conduct.improvise(
            app, robin, number, "own", title="A call", text=own, channel="call", sender="Kai", seats=("it",)
        )
        shown = _shown(app, number)
        told = streams[1].of(shown, 5)
        assert (told["news"]["title"], told["news"]["text"], told["news"]["lines"]) == ("A call", own, [])
        assert (told["news"]["channel"], told["news"]["sender"]) == ("Call", "Kai")
        assert told["news"]["at"].startswith("T+")
        assert told["wait"] == 80  # two players
        assert it.get(f"/live/{number}/version").json() == told
        before = streams[0].of(shown, 5)
        assert before["news"] != told["news"]
        assert streams[2].of(shown, 5) | {"version": 0} == {"version": 0, "over": False, "news": None, "wait": 0}
        # Joe goes over to another seat: what IT alone was told is not told him again, nor Ina ever.
        plan.seat(app, robin, number, people_by_name["Joe"], "player", "privacy")
        moved = streams[1].of(_shown(app, number), 5)
        assert moved["news"] == before["news"]
        assert it.get(f"/live/{number}/version").json()["news"] == before["news"]
        assert "Only for" not in streams[0].raw + streams[2].raw
        plan.remove(app, robin, number, people_by_name["Joe"])
        assert it.get(f"/live/{number}/version").status_code in {401, 404}


def test_a_look_for_news_is_answered_with_the_next_ones(live_server: Server, app: App) -> None:
    robin, number, code = _exercise(app, running=False)
    guest, gone = _come(live_server, code, "Kit"), _come(live_server, code, "Lu")
    with _closed(guest, gone), ThreadPoolExecutor() as pool:
        known = guest.get(f"/live/{number}/version").json()["version"]
        assert guest.get(f"/live/{number}/version?after={known - 1}").json()["version"] == known
        looks = [pool.submit(each.get, f"/live/{number}/version?after={known}", timeout=30) for each in (guest, gone)]
        time.sleep(1)
        assert not any(look.done() for look in looks)
        plan.change(app, robin, number, title="Another", planned_for=None)
        assert {look.result().json()["version"] for look in looks} == {_shown(app, number)}
        look = pool.submit(gone.get, f"/live/{number}/version?after={_shown(app, number)}", timeout=30)
        lu = next(each.member for each in plan.lobby(app, robin, number).people if each.member.name == "Lu")
        plan.remove(app, robin, number, lu.person_id)
        look.result()
        assert gone.get(f"/live/{number}/version").status_code == 401


def _shown(app: App, number: int) -> int:
    with app.db.read() as connection:
        return live.versions(connection, [number])[number].shown


def test_strangers_and_members_of_other_exercises_get_no_news_and_no_papers(live_server: Server, app: App) -> None:
    _, ours, code = _exercise(app)
    _, theirs, _ = _exercise(app)
    guest, kim = _come(live_server, code, "Bea"), client.sign_in(live_server.url, "kim@northwind.example")
    robin = client.sign_in(live_server.url, "robin@northwind.example")
    stranger = client.http(live_server.url)
    with _closed(guest, kim, robin, stranger):
        for path in ("events", "version", "invitation.ics", "code.svg"):
            assert stranger.get(f"/live/{ours}/{path}").status_code == 401
            assert kim.get(f"/live/{ours}/{path}").status_code == 404
            assert guest.get(f"/live/{theirs}/{path}").status_code == 404
        assert guest.get(f"/live/{ours}/version").json()["over"] is False
        assert guest.get(f"/live/{ours}/code.svg").status_code == 404
        assert guest.get(f"/live/{ours}/invitation.ics").status_code == 404
        svg = robin.get(f"/live/{ours}/code.svg")
        assert svg.headers["content-type"] == "image/svg+xml"
        assert svg.text.startswith("<svg ")
        assert "<script" not in svg.text
        calendar = robin.get(f"/live/{ours}/invitation.ics").text
        assert "DTSTART:20261201T090000Z" in calendar
        assert "SUMMARY:EXERCISE: " in calendar


def test_a_guest_reaches_the_page_of_the_exercise_and_no_other(live_server: Server, app: App) -> None:
    _, _, code = _exercise(app)
    guest = _come(live_server, code, "Cleo")
    again = guest.get(f"/join?code={code}")
    assert (again.status_code, again.headers["location"]) == (303, "/")
    with _closed(guest), client.tab(live_server.url, client.cookie_line(guest)) as tab:
        tab.run()
        assert tab.exceptions == []
        assert "Choose your seat" in tab.texts
        for page in ("home", "team", "people", "account", "audit", "content", "exercise", "breach"):
            tab.run(page)
            assert tab.not_found, page
            assert tab.exceptions == []


def test_coming_in_needs_our_form_and_a_right_code_and_is_limited(live_server: Server, app: App) -> None:
    _, _, code = _exercise(app)
    with client.http(live_server.url) as browser:
        assert browser.post("/join", data={"code": code, "name": "Eve"}).status_code == 400
        form = {"form": client.form_secret(browser.get("/join").text), "code": "AAAAAAAA", "name": "Eve"}
        answer = browser.post("/join", data=form)
        assert answer.status_code == 403
        assert "lets nobody in" in answer.text
        elsewhere = browser.post("/join", data=form | {"code": code}, headers={"origin": "http://evil.example"})
        assert elsewhere.status_code == 403
        assert "muster=" not in client.cookie_line(browser).replace("muster-form=", "")
        for _ in range(join.TRIES):
            form["form"] = client.form_secret(browser.get("/join").text)
            last = browser.post("/join", data=form).status_code
        assert last == 429
    app.db.write(lambda c: c.exec_driver_sql("DELETE FROM sign_in_failure"))


def test_who_has_an_account_joins_by_the_same_page_as_themselves(live_server: Server, app: App) -> None:
    robin, number, code = _exercise(app)
    with client.signed_in(live_server.url, "kim@northwind.example") as kim:
        page = kim.get(f"/join?code={code}")
        assert "You join as Kim" in page.text
        answer = kim.post("/join", data={"form": client.form_secret(page.text), "code": code})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/live?exercise={number}")
    names = {each.member.name: each.member.guest for each in plan.lobby(app, robin, number).people}
    assert names == {"Robin": False, "Kim": False}


def test_a_stream_ends_with_the_session_and_with_the_membership(live_server: Server, app: App) -> None:
    robin, number, code = _exercise(app)
    out, gone = _come(live_server, code, "Dora"), _come(live_server, code, "Emil")
    with _closed(out, gone):
        first, second = _News(out, number), _News(gone, number)
        first.wait("data: ", 5)
        second.wait("data: ", 5)
        with client.http(live_server.url, cookies=dict(out.cookies)) as other:
            other.get("/auth/logout")
        emil = next(each.member for each in plan.lobby(app, robin, number).people if each.member.name == "Emil")
        plan.remove(app, robin, number, emil.person_id)
        first.wait("event: over", 8)
        second.wait("event: over", 8)
        for news in (first, second):
            news.join(5)
            assert not news.is_alive()
        assert gone.get(f"/live/{number}/version").status_code == 401


def test_a_screen_that_is_open_shows_that_somebody_is_here(live_server: Server, app: App) -> None:
    robin, number, code = _exercise(app)
    guest = _come(live_server, code, "Finn")
    with _closed(guest):
        news = _News(guest, number)
        news.wait("data: ", 5)
        until = time.monotonic() + 8
        while not [each for each in plan.lobby(app, robin, number).people if each.here]:
            assert time.monotonic() < until
            time.sleep(0.2)


def test_the_server_stops_at_once_though_screens_wait(sqlite_template: Path, tmp_path: Path) -> None:
    (tmp_path / "muster.sqlite3").write_bytes(sqlite_template.read_bytes())
    with start(tmp_path) as server:
        server.person("robin", Role.SECURITY)
        app = _app(server.url, tmp_path)
        _, number, code = _exercise(app)
        guest = _come(server, code, "Gil")
        with _closed(guest):
            news = _News(guest, number)
            news.wait("data: ", 5)
            begun = time.monotonic()
            server.process.terminate()
            server.process.wait(15)
            assert time.monotonic() - begun < 3
        app.close()


def test_after_a_power_cut_everybody_is_where_they_were(sqlite_template: Path, tmp_path: Path) -> None:
    """Whatever a person was told is kept is there in five seconds, and the exercise goes on by itself."""
    from commands.launched import Launched

    (tmp_path / "muster.sqlite3").write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'muster.sqlite3'}")
    database.write(
        lambda c: people.add(
            c,
            name="Robin",
            email="robin@northwind.example",
            roles=frozenset({Role.SECURITY}),
            now=datetime.now(UTC),
            password_hash=HASH,
        )
    )
    database.close()
    app = _app("", tmp_path)
    robin, number, code = _exercise(app)
    conduct.set_speed(app, robin, number, 60, watch.facilitator(app, robin, number).console.seq)
    server = Launched(tmp_path)
    first = server.start()
    shim = Server(server.base, app.db, server.log, server.process)  # type: ignore[arg-type]
    guests = [_come(shim, code, f"Guest {n}") for n in range(3)]
    with _closed(*guests):
        stack = ExitStack()
        opened = [stack.enter_context(client.tab(server.base, client.cookie_line(guest))) for guest in guests]
        for tab, seat in zip(opened, ("lead", "it", "privacy"), strict=True):
            tab.run()
            _press(tab, f"seat-{seat}")
            assert tab.exceptions == []
        acked = _vote_everywhere(app, robin, number)
        server.kill()
        begun = time.monotonic()
        server.start()
        for guest, seat in zip(guests, ("lead", "it", "privacy"), strict=True):
            with client.tab(server.base, client.cookie_line(guest)) as tab:
                tab.run()
                assert tab.exceptions == []
                assert _title(app, robin, number, seat) in tab.texts
        back = time.monotonic() - begun
        assert back < max(5, 2 * first), back  # on a machine that has time to start it at all
        console = watch.facilitator(app, robin, number).console
        votes = {(tally.decision.id, ballot.seat) for tally in console.tallies for ballot in tally.ballots}
        assert acked <= votes
        sent = len(console.messages)
        if console.following is not None and console.following.t is not None:
            until = time.monotonic() + 10
            conduct.skip(app, robin, number, console.following.t - timedelta(seconds=30), console.seq)
            while len(watch.facilitator(app, robin, number).console.messages) == sent:
                assert time.monotonic() < until, "the new server does not let time pass"
                time.sleep(0.1)
        stack.close()
    server.stop()
    app.close()


def _press(tab: client.Tab, key: str) -> None:
    from streamlit.proto.BackMsg_pb2 import BackMsg

    (button,) = [widget for widget in tab.widgets if widget.endswith(key)]
    message = BackMsg()
    state = message.rerun_script.widget_states.widgets.add()
    state.id, state.trigger_value = button, True
    tab.run(states=message)


def _title(app: App, robin: Person, number: int, seat: str) -> str:
    return next(place.title for place in watch.facilitator(app, robin, number).console.places if place.id == seat)


def _vote_everywhere(app: App, robin: Person, number: int) -> set[tuple[str, str]]:
    """Every held seat votes on the first decision that opens; what was acknowledged."""
    until = time.monotonic() + 20
    console = watch.facilitator(app, robin, number).console
    if console.following is not None and not console.tallies:
        conduct.release(app, robin, number, console.following.inject.id, console.seq)
    while not (console := watch.facilitator(app, robin, number).console).tallies:
        assert time.monotonic() < until
        time.sleep(0.1)
    tally = console.tallies[0]
    acked = set()
    for place in tally.silent:
        with app.db.read() as connection:
            person = people.find(connection, int(place.player))
        assert person is not None
        option = tally.decision.options[0].id
        play.vote(app, person, number, tally.decision.id, option, "why", seat=place.id, seen=console.seq)
        acked.add((tally.decision.id, place.id))
    assert acked
    return acked
