"""What the product is for, from end to end in a browser: learn, play, see who is ready, mend content."""

import csv
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from catalog.library import Library
from domain.skills import Skill
from services import readiness
from services.app import App
from services.settings import Settings
from tests.browser.company import Company, act, go, press
from tests.browser.doing import (
    answer_rightly,
    at,
    open_question,
    options,
    play,
    read_lesson,
    words,
    write_report,
)
from tests.conftest import ROOT
from tests.web.conftest import start
from ui.words import percent


def service(company: Company, library: Library) -> App:
    """The services on the database of the running server."""
    return App(Settings(content=ROOT), company.server.db, library, clock=lambda: datetime.now(UTC))


def person(app: App, company: Company, name: str):
    from db import people

    with app.db.read() as connection:
        found = people.find(connection, company.id_of(name))
    assert found is not None
    return found


def test_an_employee_finishes_a_module_and_sees_readiness_move_and_why(company: Company, library: Library) -> None:
    catalog = library.current
    module = catalog.modules["report"]
    answers = len(module.drills) + catalog.quizzes["report"].draw
    with company.visit("kim") as page:
        go(page, "/readiness")
        before = page.get_by_role("main").inner_text()
        assert "Never asked" in before
        assert f"All your {answers} answers" not in before
        go(page, "/")
        press(page, "Start")
        predicted = 0
        for slug in module.lessons:
            predicted += read_lesson(page, catalog.lessons[slug])
            press(page, "Next:")
        screens = [screen for slug in module.lessons for screen in catalog.lessons[slug].screens]
        assert predicted == sum(screen.kind == "predict" for screen in screens) > 0
        for number, slug in enumerate(module.drills):
            if number:
                go(page, f"/report?slug={slug}")
            press(page, "Start")
            write_report(page, catalog, slug)
        go(page, "/")
        press(page, "Start")
        expect(page.get_by_role("heading", level=1)).to_have_text(catalog.quizzes["report"].title)
        press(page, "Start")
        for number in range(catalog.quizzes["report"].draw):
            at(page, number + 1, catalog.quizzes["report"].draw)
            _, question, _ = open_question(company, catalog, "kim", "report")
            answer_rightly(page, question)
            press(page, re.compile("^(Continue|See the result)"))
        expect(page.get_by_role("heading", name="Passed")).to_be_visible()
        press(page, "See what it did to your readiness")
        main = page.get_by_role("main")
        expect(main).to_contain_text(f"All your {answers} answers here: +")
        assert main.inner_text() != before
        app = service(company, library)
        own = readiness.own(app, person(app, company, "kim"))
        report = next(found for found in own.skills if found.skill is Skill.REPORT)
        assert report.now.n == answers
        moved = [each for each in own.moved if each.skill is Skill.REPORT]
        assert moved
        expect(main).to_contain_text(moved[0].title)
        go(page, "/")
        expect(page.get_by_role("link", name=module.title)).to_contain_text("Done")
    kim = company.id_of("kim")
    done = company.rows("SELECT count(*) FROM attempt WHERE person_id = :who AND finished_at IS NULL", who=kim)
    assert done == [(0,)]


def test_an_employee_plays_the_results_page_to_its_debrief(company: Company, library: Library) -> None:
    reason = "Because nobody else is asked."
    asked = {decision.ask for decision in library.current.scenarios["results-page"].decisions}
    with company.visit("kim") as page:
        go(page, "/exercise")
        act(page, page.locator(".st-key-start-results-page button"))
        clock = page.get_by_role("timer").first
        shown = clock.inner_text()
        runs = page.evaluate("runs")
        expect(clock).not_to_have_text(shown)
        assert page.evaluate("runs") == runs, "the clock ticks in the browser, not by running the page again"
        did = play(page, reason)
        assert did["decided"] > 3
        assert did["voted"] > 0
        assert did["went on"] > 0
        press(page, "Go to the debrief")
        expect(page.get_by_role("heading", level=1)).to_contain_text("done in time")
        duties = page.get_by_role("table", name="Duties of this exercise")
        expect(duties.get_by_role("row").nth(1)).to_be_visible()
        expect(duties).to_contain_text(re.compile("Done in time|late|overdue"))
        moments = page.get_by_role("list", name="Timeline of the exercise").get_by_role("listitem")
        assert moments.count() > did["decided"]
        expect(page.locator(".js-plotly-plot")).to_be_visible()
        page.get_by_role("tab", name="Decisions").click()
        page.get_by_text("All options and votes").first.click()
        expect(page.get_by_text(reason).first).to_be_visible()
        page.get_by_role("tab", name="Skills").click()
        steps = page.get_by_role("table", name="The six steps")
        expect(steps.get_by_role("row")).to_have_count(7)
        expect(page.get_by_role("table", name="Evidence by skill").get_by_role("row").nth(1)).to_be_visible()
        press(page, "See what it did to your readiness")
        moved = page.get_by_role("table", name="Newest first").get_by_role("row").nth(1)
        expect(moved).to_contain_text(re.compile("|".join(re.escape(words(question)) for question in asked)))
    votes = company.rows(
        "SELECT count(*) FROM evidence WHERE person_id = :who AND exercise_id IS NOT NULL AND kind = 'vote'",
        who=company.id_of("kim"),
    )
    assert votes[0][0] >= did["voted"]


def test_a_manager_finds_the_weakest_skill_of_a_team_and_the_people_behind_it(
    company: Company, library: Library, tmp_path: Path
) -> None:
    app = service(company, library)
    robin = person(app, company, "robin")
    board = readiness.board(app, robin)
    care = next(team for team, name in board.teams.items() if name == "Care")
    asked = {skill: board.cells[care, skill] for skill in Skill if board.cells[care, skill].assessed}
    weakest = min(asked, key=lambda skill: asked[skill].share)
    with company.visit("robin") as page:
        go(page, "/team")
        cells = page.locator("table.heatmap button")
        open_teams = len(board.teams) - len(board.hidden)
        expect(cells).to_have_count(open_teams * len(Skill))
        cell = page.get_by_role("button", name=f"Care, {weakest.label}: {percent(asked[weakest].share)}")
        act(page, cell)
        expect(page.get_by_role("button", name=f"Care, {weakest.label}:")).to_be_visible()
        behind = readiness.behind(app, robin, care, weakest)
        assert len(behind) == asked[weakest].people > 5
        main = page.get_by_role("main")
        for someone in behind:
            expect(main).to_contain_text(someone.name)
        with page.expect_download() as download:
            page.get_by_role("button", name="CSV").click()
        kept = tmp_path / "readiness.csv"
        download.value.save_as(kept)
        expect(page.get_by_text("Board office").first).to_be_visible()
    rows = list(csv.DictReader(kept.read_text(encoding="utf-8").splitlines()))
    assert {row["team"] for row in rows} == {name for team, name in board.teams.items() if team not in board.hidden}
    mine = next(row for row in rows if row["team"] == "Care" and row["skill"] == weakest.label)
    assert int(mine["ready"]) == asked[weakest].ready
    assert "Board office" not in {row["team"] for row in rows}, "four people are too few to be shown"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Content that may be broken."""
    for part in ("content", "quizzes"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


def until(page: Page, seen: Callable[[], bool]) -> None:
    """Reload until something is there; the server looks at its files every second or two."""
    for _ in range(60):
        if seen():
            return
        page.wait_for_timeout(500)
        go(page, page.url)
    raise AssertionError(page.get_by_role("main").inner_text())


def test_the_security_team_breaks_a_file_learners_keep_the_last_good_one_and_it_is_mended(
    browser: Browser, seeded: Path, content: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.mktemp("mending")
    shutil.copyfile(seeded, data / "muster.sqlite3")
    file = content / "quizzes" / "spot.yaml"
    good = file.read_text(encoding="utf-8")
    lines = good.splitlines()
    at = next(number for number, line in enumerate(lines) if line.strip() == "kind: single")
    column = lines[at].index("single") + 1
    lines[at] = lines[at].replace("single", "singel")
    place = f"quizzes/spot.yaml:{at + 1}:{column}"
    with start(data, MUSTER_CONTENT=str(content)) as server:
        company = Company(browser, server)
        with company.visit("sam") as sam, company.visit("kim") as kim:
            go(sam, "/content")
            expect(sam.get_by_text("No problems.")).to_be_visible()
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
            until(sam, lambda: sam.get_by_text(place).is_visible())
            trouble = sam.get_by_role("row").filter(has_text=place)
            expect(trouble).to_contain_text("single")
            expect(trouble).to_contain_text("The last good version stays in use")
            expect(sam.get_by_role("heading", level=1)).to_contain_text("1 of")
            go(kim, "/quiz?slug=spot")
            press(kim, re.compile("^(Start|Another go)"))
            expect(options(kim).or_(kim.get_by_role("button", name="Answer")).first).to_be_visible()
            file.write_text(good, encoding="utf-8")
            until(sam, lambda: sam.get_by_text("No problems.").is_visible())
            expect(sam.get_by_text(place)).to_have_count(0)
