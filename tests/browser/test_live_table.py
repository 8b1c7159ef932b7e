"""A table of twelve, two of them in real browsers, plays a shipped exercise from the lobby to its end; then every frame
that any of their screens was sent is searched for what was not theirs, or not yet.
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from playwright.sync_api import Browser, Page, expect

from db import exercises, people
from domain.exercise import Event
from domain.exercise.screens import Tally
from domain.people import Person, Role
from domain.scenario import Decision, Inject
from services import app as services_app
from services.app import App
from services.live import plan, watch
from services.live.plan import Part
from services.live.watch import Conducting
from services.settings import Settings
from tests.conftest import ROOT
from tests.web import client, told
from tests.web.conftest import Server, start
from tests.web.crowd import enter
from tests.web.table import Member, Recorded, Screen, at_table, join
from tests.web.told import Party, Words

SLUG = "card-shop"  # every seat has private text, one attachment is for some seats only, and so are most votes
DIALS = {"finder": "customer", "depth": "skimmer"}
BY_HAND = "cook"
WAIT = 60_000
"""Milliseconds until something must be on a phone."""

ROBIN = "Robin"
PHONES = {"Lou": "lead", "Hana": "help"}
HOLDERS = {"Eva": "eng", "Finn": "fraud", "Lea": "legal", "Cleo": "comms", "Otto": "exec"}
DEPUTIES = {"Dana": "lead", "Dirk": "help", "Dora": "eng"}
WATCHERS = {"Olga": "watch", "Rosa": "room"}
GUESTS = ("Lou", "Eva", "Cleo", "Otto", "Dirk")
LATE = "Dora"
INVITED: dict[str, Part] = {
    "Hana": "player", "Finn": "player", "Lea": "player", "Dana": "deputy", "Olga": "observer", "Rosa": "observer"
}  # fmt: skip
SEATED = PHONES | HOLDERS | DEPUTIES
PARTY = Party(
    {seat: frozenset(name for name in SEATED if SEATED[name] == seat) for seat in SEATED.values()},
    evaluators=frozenset({"Olga"}),
    walls=frozenset({"Rosa"}),
)


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("live-table")
    shutil.copyfile(sqlite_template, data / "muster.sqlite3")
    with start(data) as running:
        running.person(ROBIN.lower(), Role.SECURITY)
        for name in (*INVITED, LATE):
            running.person(name.lower())
        yield running


@pytest.fixture
def app(server: Server) -> Iterator[App]:
    app = services_app.build(Settings(data=server.log.parent, content=ROOT, DATABASE_URL=None))
    yield app
    app.close()


@dataclass
class Phone:
    """A real browser at the table."""

    page: Page
    screen: Screen

    @classmethod
    def of(cls, browser: Browser, name: str) -> "Phone":
        page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        screen = Screen(name)

        def heard(frame: str | bytes) -> None:
            screen.heard(frame if isinstance(frame, bytes) else frame.encode())

        page.on("websocket", lambda socket: socket.on("framereceived", heard))
        tools = page.context.new_cdp_session(page)
        tools.on("Network.eventSourceMessageReceived", lambda event: heard(f"data: {event['data']}"))
        tools.send("Network.enable")
        return cls(page, screen)

    def press(self, key: str) -> None:
        self.page.locator(f".st-key-{key} button").click(timeout=WAIT)

    def sees(self, text: str, where: str = "") -> None:
        place = self.page.locator(f".st-key-{where}") if where else self.page
        expect(place.get_by_text(text).first).to_be_visible(timeout=WAIT)


@dataclass
class Table:
    """Everybody, and what they wrote that only they may read."""

    app: App
    server: Server
    robin: Person
    number: int
    portal: BlockingPortal
    stack: ExitStack
    phones: dict[str, Phone] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def now(self) -> Conducting:
        return watch.facilitator(self.app, self.robin, self.number)

    def open(self, name: str, cookies: dict[str, str], page: str = "live") -> None:
        """A socket of somebody who has come; guests have one page."""
        where = {"page": "", "query": ""} if name in GUESTS else {"page": page, "query": f"exercise={self.number}"}
        tab = Recorded(self.server.url, cookies, Screen(name), **where)
        coming = at_table(tab, self.number)
        self.members[name] = self.stack.enter_context(self.portal.wrap_async_context_manager(coming))

    def act(self, name: str, press: str, **typed: str | list[str]) -> None:
        self.portal.call(self.members[name].act, press, typed)

    def facilitate(self, press: str, **typed: str | list[str]) -> None:
        """The facilitator presses a button; what the phones were sent until now has been noted before."""
        for phone in self.phones.values():
            phone.page.evaluate("0")
        self.act(ROBIN, press, **typed)
        self.all_see()

    def all_see(self) -> None:
        """Wait until all sockets have drawn what has happened."""
        _, found = watch.versions(self.app, self.robin, self.number)
        for name, member in self.members.items():
            self.portal.call(member.until, found.shown if name in SEATED else found.version)

    def write_down(self, name: str) -> str:
        """Something that this person alone will write."""
        self.notes[name] = f"Only I know {secrets.token_hex(10)}"
        return self.notes[name]

    def log(self) -> tuple[Event, ...]:
        with self.app.db.read() as connection:
            return exercises.events(connection, self.number)

    @property
    def screens(self) -> list[Screen]:
        """All but the facilitator's."""
        sockets = [member.screen for name, member in self.members.items() if name != ROBIN]
        return [*sockets, *(phone.screen for phone in self.phones.values())]


@pytest.fixture
def table(browser: Browser, server: Server, app: App) -> Iterator[Table]:
    """Everybody but one in the lobby, by account or by code."""
    robin = _person(app, server, ROBIN)
    number = plan.plan(app, robin, SLUG, key="table", dials=DIALS)
    for name, part in INVITED.items():
        plan.seat(app, robin, number, server.person_id(_email(name)), part, SEATED.get(name, ""))
    code = plan.open_lobby(app, robin, number)
    with start_blocking_portal() as portal, ExitStack() as stack:
        table = Table(app, server, robin, number, portal, stack)
        for name in PHONES:
            table.phones[name] = Phone.of(browser, name)
            stack.callback(table.phones[name].page.context.close)
        _sit_down(table.phones["Lou"].page, server, code)
        _sign_in(table.phones["Hana"].page, server, number)
        for name in ("Eva", "Cleo", "Otto"):
            table.open(name, join(server.url, code, name))
            table.act(name, f"seat-{HOLDERS[name]}")
        dirk = join(server.url, code, "Dirk")
        his = next(each.member for each in plan.lobby(app, robin, number).people if each.member.name == "Dirk")
        plan.seat(app, robin, number, his.person_id, "deputy", DEPUTIES["Dirk"])
        table.open("Dirk", dirk)
        for name in ("Finn", "Lea", "Dana"):
            table.open(name, enter(app, _person(app, server, name)))
        for name, page in WATCHERS.items():
            table.open(name, enter(app, _person(app, server, name)), page)
        table.open(ROBIN, enter(app, robin), "console")
        table.all_see()
        yield table


def _email(name: str) -> str:
    return f"{name.lower()}@northwind.example"


def _person(app: App, server: Server, name: str) -> Person:
    with app.db.read() as connection:
        found = people.find(connection, server.person_id(_email(name)))
    assert found is not None
    return found


def _sit_down(page: Page, server: Server, code: str) -> None:
    page.goto(f"{server.url}/join?code={code}")
    page.get_by_label("How the table calls you").fill("Lou")
    page.get_by_role("button", name="Join").click()
    page.get_by_role("button", name="Incident lead").click(timeout=WAIT)


def _sign_in(page: Page, server: Server, number: int) -> None:
    page.goto(f"{server.url}/login?next=%2Flive%3Fexercise%3D{number}")
    page.get_by_label("E-mail").fill(_email("Hana"))
    page.locator("input[type=password]").fill(client.PASSWORD)
    page.get_by_role("button", name="Sign in").click()


# ── the play ──────────────────────────────────────────────────────────────────────────────────────────────────


def _send(table: Table, inject: Inject, press: str = "send-next") -> None:
    table.facilitate(press)
    for phone in table.phones.values():
        phone.sees(inject.title, "place-new")


async def _vote(members: dict[str, Member], decision: Decision, options: dict[str, str]) -> None:
    """All sockets that are asked vote, one after the other, and none may have seen another's vote by then."""
    for name, option in options.items():
        reason = {f"vote-reason-{decision.id}": f"Because of {secrets.token_hex(10)}"}
        await members[name].act(f"vote-{decision.id}-{option}", reason)
        assert members[name].tab.reads("You voted"), name


def _decide(table: Table, tally: Tally) -> None:
    """Everybody who is asked votes blind for something else than their neighbour, sees the votes, and Lou decides."""
    decision = tally.decision
    asked = {place.id: n for n, place in enumerate(tally.silent)}
    options = {
        name: decision.options[asked[seat] % len(decision.options)].id
        for name, seat in (PHONES | HOLDERS).items()
        if seat in asked
    }
    on_sockets = {name: option for name, option in options.items() if name in HOLDERS}
    voting = table.portal.start_task_soon(_vote, table.members, decision, on_sockets)
    for name, phone in table.phones.items():
        if name in options:
            phone.page.get_by_label("Your reason").fill(f"Because of {secrets.token_hex(10)}", timeout=WAIT)
            phone.press(f"vote-{decision.id}-{options[name]}")
            phone.sees("You voted", f"ask-{decision.id}")
    voting.result()
    table.all_see()
    table.facilitate(f"close-{decision.id}")
    for phone in table.phones.values():
        expect(phone.page.get_by_label("How the table voted")).to_be_visible(timeout=WAIT)
    best = next(option for option in decision.options if option.rating == "P")
    table.phones["Lou"].press(f"decide-{decision.id}-{best.id}")
    for phone in table.phones.values():
        phone.sees(best.text, "place-new")
    table.all_see()


def _write_notes(table: Table) -> None:
    """Everybody at the table writes something that nobody else may read, and the evaluator an observation."""
    for name, phone in table.phones.items():
        phone.page.locator(".st-key-notes summary").click()
        phone.page.get_by_label("A note").fill(table.write_down(name))
        phone.press("keep-note")
        phone.sees(table.notes[name])
    for name in (HOLDERS | DEPUTIES).keys() & table.members.keys():
        table.act(name, "keep-note", note=table.write_down(name))
    table.act("Olga", "Keep", observation=table.write_down("Olga"))


def _come_late(table: Table) -> None:
    late, code = _person(table.app, table.server, LATE), table.now().seen.live.code
    join(table.server.url, code, cookies=(cookies := enter(table.app, late)))
    plan.seat(table.app, table.robin, table.number, late.id, "deputy", DEPUTIES[LATE])
    table.open(LATE, cookies)


def _play(table: Table) -> None:
    table.facilitate("Start the exercise")
    decided = 0
    while True:
        conducting = table.now()
        table.all_see()  # the clock sends too
        view = conducting.console
        if view.tallies:
            _decide(table, view.tallies[0])
            decided += 1
            if decided == 1:
                _write_notes(table)
            if decided == 2:
                _send(table, conducting.scenario.inject(BY_HAND), f"send-{BY_HAND}")
            if decided == 3:
                _come_late(table)
                said = {"improvised-title": "A word with the two of you before the others come in"}
                said |= {"improvised-text": "The bank's risk desk asks for you two by name, and for nobody else."}
                table.facilitate("Send it", **said, **{"improvised-seats": ["Engineering", "Payments and fraud"]})
        elif view.following is not None:
            _send(table, view.following.inject)
        else:
            break
    table.facilitate("end")
    for phone in table.phones.values():
        phone.sees("The exercise is over")


def test_a_table_of_twelve_plays_to_the_end_and_no_screen_is_ever_sent_what_is_not_its_own(table: Table) -> None:
    _play(table)
    scenario, log, screens = table.now().scenario, table.log(), table.screens
    assert len(screens) == 12
    messages = list(told.messages(scenario, log, PARTY))
    words = [*messages, *told.rest(scenario, log, PARTY), *told.reasons(log, PARTY), *told.improvised(log, PARTY)]
    words += [Words(text, frozenset({name})) for name, text in table.notes.items()]
    assert told.leaks(words, screens) == []
    assert told.early_votes(scenario, log, screens) == []

    # The search finds what is there: everybody heard the stream and got what is theirs, and the
    # console had all of the script.
    assert all(any(frame.startswith(b"data: ") for frame in screen.came) for screen in screens)
    late = table.members[LATE].screen
    assert told.missing(messages, screens) == []
    assert told.missing(words, [screen for screen in screens if screen is not late]) == []
    kinds = [event.kind for event in log]
    assert kinds.count("decided") == len(scenario.decisions)
    assert kinds.count("voted") == sum(len(scenario.voters(decision)) for decision in scenario.decisions)
    console = table.members[ROBIN].screen
    for text in (inject.text for inject in scenario.injects if inject.id in table.now().order):
        assert all(console.first(piece) for piece in told.pieces(text)), text
    for name, text in table.notes.items():
        assert (console.first(told.pieces(text)[0]) is not None) is (name == "Olga"), name
