"""Every page in every state that matters, light and dark, on a desk and on a phone: axe, width, console, hosts.

A page file without a scene here fails; a scene is a function that brings the page into a state and says its name.
"""

import random
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from catalog.library import Library
from db import attempts, people
from domain.drill import SpotDrill
from domain.refusal import Refused
from services import demo, learning
from services.app import App
from services.live import conduct, plan, watch
from services.settings import Settings
from tests.browser.company import DESK, PHONE, Company, act, go, idle, press, sideways, violations
from tests.browser.doing import answer_somehow, options, write_report
from tests.conftest import ROOT
from tests.web.conftest import start

FILES = sorted(str(path.relative_to(ROOT / "pages").with_suffix("")) for path in (ROOT / "pages").glob("*/*.py"))
LOOKS: list[tuple[ViewportSize, Literal["light", "dark"]]] = [
    (DESK, "light"),
    (DESK, "dark"),
    (PHONE, "dark"),
    (PHONE, "light"),
]
PAINTED = """async dark => {
  const light = () => {
    const [red] = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor.match(/\\d+/)
    return Number(red) > 127
  }
  while (light() === dark) await new Promise(requestAnimationFrame)
  await document.fonts.ready
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
}"""


@dataclass(frozen=True)
class Stage:
    """What a scene plays on."""

    page: Page
    company: Company
    app: App
    name: str

    @property
    def me(self):
        with self.app.db.read() as connection:
            found = people.find(connection, self.company.id_of(self.name))
        assert found is not None
        return found


Scene = Callable[[Stage], Iterator[str]]
SCENES: dict[str, tuple[str, Scene]] = {}


def scene(file: str, name: str) -> Callable[[Scene], Scene]:
    """The scene of a page file, played as this persona."""

    def keep(played: Scene) -> Scene:
        SCENES[file] = (name, played)
        return played

    return keep


@pytest.fixture(scope="module")
def company(browser: Browser, seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The demo company with one more content file, which is broken."""
    data = tmp_path_factory.mktemp("pages")
    shutil.copyfile(seeded, data / "muster.sqlite3")
    for part in ("content", "quizzes"):
        shutil.copytree(ROOT / part, data / part)
    (data / "quizzes" / "broken.yaml").write_text("title: Broken\nskill: spto\n", encoding="utf-8")
    with start(data, MUSTER_CONTENT=str(data)) as server:
        yield Company(browser, server)


@pytest.mark.parametrize("file", FILES)
def test_a_page_is_accessible_and_fits_in_every_state(company: Company, library: Library, file: str) -> None:
    assert file in SCENES, f"pages/{file}.py has no scene in {Path(__file__).name}"
    name, played = SCENES[file]
    app = App(Settings(content=ROOT), company.server.db, library, clock=lambda: datetime.now(UTC))
    faults: list[str] = []
    with company.visit(name, reduced_motion="reduce") as page:
        for state in played(Stage(page, company, app, name)):
            for viewport, scheme in LOOKS:
                page.set_viewport_size(viewport)
                page.emulate_media(color_scheme=scheme)
                page.evaluate(PAINTED, scheme == "dark")
                idle(page)  # while the server works, Streamlit pales what it is about to replace
                where = f"{state}, {scheme}, {viewport['width']} wide"
                faults += [f"{where}: {rule}: {element}" for rule, element in violations(page)]
                if (wider := sideways(page)) > 0:
                    faults.append(f"{where}: {wider} pixels too wide")
            page.set_viewport_size(DESK)
    assert faults == [], "\n".join(faults)


@scene("employee/home", "kim")
def home(stage: Stage) -> Iterator[str]:
    go(stage.page, "/")
    yield "home"


@scene("employee/module", "kim")
def module(stage: Stage) -> Iterator[str]:
    go(stage.page, "/module?slug=spot")
    yield "module"
    go(stage.page, "/module?slug=none")
    yield "no such module"


@scene("employee/lesson", "kim")
def lesson(stage: Stage) -> Iterator[str]:
    page = stage.page
    go(page, "/lesson?slug=authorities-who")
    told = False
    while not options(page).count():
        if not told:
            yield "told"
        told = True
        press(page, "Continue")
    yield "asked"
    act(page, options(page).first)
    yield "answered"
    learning.turn(stage.app, stage.me, "authorities-who", 99)
    go(page, "/lesson?slug=authorities-who")
    yield "done"


@scene("employee/quiz", "kim")
def quiz(stage: Stage) -> Iterator[str]:
    page = stage.page
    go(page, "/quiz?slug=report")
    yield "not begun"
    questions = {question.kind: question.id for question in stage.app.content().quizzes["spot"].questions}
    assert sorted(questions) == ["matching", "multiple", "ordering", "single", "true_false"]
    draw, now = tuple(questions.values()), stage.app.now()
    stage.app.db.write(lambda c: attempts.begin(c, stage.me.id, "quiz", "spot", seed=7, draw=draw, now=now))
    go(page, "/quiz?slug=spot")
    for number, kind in enumerate(questions):
        yield f"{kind} asked"
        answer_somehow(page)
        if number == 0:
            act(page, page.get_by_role("button", name="Flag a problem"))
            expect(page.get_by_label("What is wrong with it?")).to_be_visible()
            yield "flag a problem"
            page.keyboard.press("Escape")
            page.locator("summary").first.click()
        yield f"{kind} answered"
        press(page, "Continue" if number + 1 < len(draw) else "See the result")
    yield "result"


@scene("employee/spot", "kim")
def spot(stage: Stage) -> Iterator[str]:
    page = stage.page
    drill = stage.app.content().drills["spot-inbox"]
    assert isinstance(drill, SpotDrill)
    go(page, "/spot?slug=spot-inbox")
    yield "done"
    kinds = {artefact.kind: artefact.id for artefact in drill.artefacts}
    # Text and a log in fixed width; the other kinds are drawn as one of them (test_components.py has the parts).
    kinds = {kind: kinds[kind] for kind in ("mail", "access_log")}
    draw, now = tuple(kinds.values()), stage.app.now()
    stage.app.db.write(lambda c: attempts.begin(c, stage.me.id, "spot", "spot-inbox", seed=7, draw=draw, now=now))
    go(page, "/spot?slug=spot-inbox")
    for number, kind in enumerate(kinds):
        act(page, page.locator("button.passage").first)
        yield f"{kind} to be judged"
        press(page, "Report it")
        expect(page.locator("ol.pins")).to_be_visible()
        yield f"{kind} judged"
        press(page, "Continue" if number + 1 < len(draw) else "See the result")


@scene("employee/report", "kim")
def report(stage: Stage) -> Iterator[str]:
    page = stage.page
    go(page, "/report?slug=report-train-bag")
    yield "not begun"
    press(page, "Start")
    yield "to be written"
    press(page, "Send the report")
    expect(page.get_by_text("Still empty")).to_be_visible()
    yield "refused"
    write_report(page, stage.app.content(), "report-train-bag")
    yield "judged"


@scene("employee/exercise", "kim")
def exercise(stage: Stage) -> Iterator[str]:
    page = stage.page
    go(page, "/exercise")
    page.locator("summary").first.click()
    yield "on offer"
    act(page, page.locator(".st-key-start-results-page button"))
    voting, more = page.get_by_label("Your reason"), page.get_by_role("button", name="Continue")
    expect(voting.or_(more).first).to_be_visible()
    while not voting.is_visible():
        press(page, "Continue")
        expect(voting.or_(more).first).to_be_visible()
    yield "blind vote"
    act(page, options(page).first)
    yield "votes shown"
    act(page, options(page).first)
    for summary in page.locator("summary").all():
        summary.click()
    yield "outcome, with all details open"
    press(page, "Continue")
    yield "message"


@scene("anyone/debrief", "robin")
def debrief(stage: Stage) -> Iterator[str]:
    page = stage.page
    go(page, "/debrief")
    yield "nothing played yet"
    demo._play(stage.app, demo.Worker(stage.me, "Care", 0.5, 1.0), "results-page", random.Random(3))
    go(page, "/exercise")
    press(page, "The results page")
    expect(page.get_by_role("tab").first).to_be_visible()
    for tab in page.get_by_role("tab").all():
        tab.click()
        yield tab.inner_text()


@scene("employee/readiness", "kim")
def readiness(stage: Stage) -> Iterator[str]:
    go(stage.page, "/readiness")
    yield "readiness"


def _board(page: Page) -> Iterator[str]:
    cell = page.locator("table.heatmap button").first
    expect(cell).to_be_visible()
    yield "the board"
    act(page, cell)
    yield "a cell chosen"


@scene("manager/team", "robin")
def team(stage: Stage) -> Iterator[str]:
    go(stage.page, "/team")
    yield from _board(stage.page)


@scene("security/organisation", "sam")
def organisation(stage: Stage) -> Iterator[str]:
    go(stage.page, "/organisation")
    yield from _board(stage.page)


@scene("security/content", "sam")
def content(stage: Stage) -> Iterator[str]:
    learning.flag(stage.app, stage.me, "quiz", "spot", "screen-share", "The <b>second</b> answer is right too.")
    go(stage.page, "/content")
    expect(stage.page.get_by_text("quizzes/broken.yaml:2:8")).to_be_visible()
    yield "with a problem and a flag"


@scene("security/people", "sam")
def everybody(stage: Stage) -> Iterator[str]:
    page = stage.page
    go(page, "/people")
    yield "the list"
    for summary in page.locator("summary").all():
        summary.click()
    yield "with the forms open"
    page.get_by_label("Find").fill("Kim Alder")
    act(page, page.get_by_label("Find"), lambda find: find.press("Enter"))
    press(page, "Kim Alder")
    expect(page.get_by_role("heading", name="Kim Alder")).to_be_visible()
    yield "one person"
    press(page, "New password link")
    yield "a link to send"


@scene("security/paper_run", "sam")
def paper_run(stage: Stage) -> Iterator[str]:
    page = stage.page
    number = plan.plan(stage.app, stage.me, "results-page", key="paper", dials={"finder": "patient"})
    go(page, "/paper-run")
    yield "which exercise"
    go(page, f"/paper-run?exercise={number}")
    page.get_by_role("textbox", name="Ended at").fill("T+2h")
    page.get_by_role("textbox", name="Decided at").first.fill("noon")
    page.get_by_text("Votes, if somebody wrote them down").first.click()
    expect(page.get_by_label("Data protection and legal").first).to_be_visible()
    yield "the sheet"
    press(page, "Keep and end the exercise")
    expect(
        page.get_by_text("Say when it was played").or_(page.get_by_text("The time: write it as")).first
    ).to_be_visible()
    yield "refused"


@scene("security/audit", "sam")
def audit(stage: Stage) -> Iterator[str]:
    go(stage.page, "/audit")
    yield "the trail"


@scene("anyone/breach", "kim")
def breach(stage: Stage) -> Iterator[str]:
    go(stage.page, "/breach")
    yield "channels"


@scene("anyone/account", "kim")
def account(stage: Stage) -> Iterator[str]:
    go(stage.page, "/account")
    yield "account"


def _table(stage: Stage, *, begun: bool = True) -> int:
    """A live exercise run by Sam, with Kim on the seat that leads and Robin watching; a vote is open once it has begun."""
    who = {name: Stage(stage.page, stage.company, stage.app, name).me for name in ("sam", "kim", "robin")}
    app, sam = stage.app, who["sam"]
    number = plan.plan(app, sam, "results-page", key=secrets.token_hex(4), dials={"finder": "patient"})
    plan.seat(app, sam, number, who["kim"].id, "player", "lead")
    plan.seat(app, sam, number, who["robin"].id, "observer")
    plan.open_lobby(app, sam, number)
    if begun:
        conduct.start(app, sam, number, timed=True)
        with suppress(Refused):  # the server's own clock may have sent it
            conduct.release(app, sam, number, "caller", watch.facilitator(app, sam, number).console.seq)
    return number


@scene("security/exercises", "sam")
def live_exercises(stage: Stage) -> Iterator[str]:
    _table(stage, begun=False)
    go(stage.page, "/exercises")
    stage.page.locator("summary").last.click()
    yield "the list and the form"


@scene("security/plan", "sam")
def planned(stage: Stage) -> Iterator[str]:
    go(stage.page, f"/plan?exercise={_table(stage, begun=False)}")
    expect(stage.page.locator(".m-code")).to_be_visible()
    yield "the lobby is open"


@scene("security/console", "sam")
def console(stage: Stage) -> Iterator[str]:
    number = _table(stage)
    go(stage.page, f"/console?exercise={number}")
    expect(stage.page.get_by_role("button", name="Send next inject")).to_be_visible()
    yield "a vote is open"
    conduct.end(stage.app, stage.me, number)
    expect(stage.page.get_by_text("It has ended for everybody")).to_be_visible(timeout=30_000)
    yield "over"


@scene("security/remote", "sam")
def remote(stage: Stage) -> Iterator[str]:
    go(stage.page, f"/remote?exercise={_table(stage)}")
    expect(stage.page.get_by_role("button", name="Send next inject")).to_be_visible()
    yield "a vote is open"


@scene("anyone/live", "kim")
def seated(stage: Stage) -> Iterator[str]:
    go(stage.page, f"/live?exercise={_table(stage)}")
    expect(stage.page.get_by_label("Your reason")).to_be_visible()
    for summary in stage.page.locator("summary").all():
        summary.click()
    yield "a vote is open"


@scene("anyone/watch", "robin")
def watching(stage: Stage) -> Iterator[str]:
    go(stage.page, f"/watch?exercise={_table(stage)}")
    expect(stage.page.get_by_text("Rate and note")).to_be_visible()
    yield "a vote is open"


@scene("anyone/room", "robin")
def room(stage: Stage) -> Iterator[str]:
    go(stage.page, f"/room?exercise={_table(stage, begun=False)}")
    expect(stage.page.locator(".m-code")).to_be_visible()
    yield "the lobby"
    go(stage.page, f"/room?exercise={_table(stage)}")
    expect(stage.page.get_by_role("timer").first).to_be_visible()
    yield "a vote is open"


def _opened(file: str, name: str, address: str) -> None:
    """A scene of one state: the page as it opens for somebody who has nothing there yet."""

    def opened(stage: Stage) -> Iterator[str]:
        go(stage.page, address)
        yield "as it opens"

    SCENES[file] = (name, opened)


_opened("anyone/hot_wash", "kim", "/hot-wash")
_opened("employee/actions", "kim", "/actions")
_opened("employee/duties", "kim", "/duties")
_opened("employee/check", "kim", "/check")
_opened("security/findings", "sam", "/findings")
_opened("security/register", "sam", "/register")
