"""Reload, second tab, double click, a server that is killed: the same place, nothing lost, nothing twice."""

import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Locator, expect

from catalog.library import Library
from db import attempts
from tests.browser.company import DESK, Company, act, go, idle, listen, press, sign_in
from tests.browser.doing import at, feedback, options
from tests.web.conftest import free_port, start


def begin(company: Company, library: Library, slug: str) -> int:
    """The number of an open attempt of Kim's at three questions with one right answer each."""
    questions = [question for question in library.current.quizzes[slug].questions if question.kind == "single"][:3]
    draw, kim = tuple(question.id for question in questions), company.id_of("kim")
    attempt = company.server.db.write(
        lambda c: attempts.begin(c, kim, "quiz", slug, seed=7, draw=draw, now=datetime.now(UTC))
    )
    assert attempt.draw == draw
    return attempt.id


def kept(company: Company, number: int) -> tuple[int, int, int, int]:
    """How many answers, pieces of evidence and receipts an attempt has, and the place it is at."""
    counted = company.rows(
        """
        SELECT (SELECT count(*) FROM answer WHERE attempt_id = :number),
               (SELECT count(*) FROM evidence JOIN answer ON answer.id = answer_id WHERE attempt_id = :number),
               (SELECT count(*) FROM receipt WHERE key LIKE '%:answer:' || :number || ':%'),
               (SELECT place FROM attempt WHERE id = :number)
        """,
        number=number,
    )[0]
    return counted[0], counted[1], counted[2], counted[3]


def test_a_reload_and_a_second_tab_show_the_same_place_and_the_first_answer_counts(
    company: Company, library: Library
) -> None:
    number = begin(company, library, "authorities")
    with company.visit("kim") as page:
        go(page, "/quiz?slug=authorities")
        act(page, options(page).first)
        said = feedback(page).inner_text()
        assert kept(company, number) == (1, 1, 1, 0)
        page.reload()
        expect(feedback(page)).to_have_text(said, use_inner_text=True)
        other = page.context.new_page()
        go(other, "/quiz?slug=authorities")
        expect(feedback(other)).to_have_text(said, use_inner_text=True)
        press(page, "Continue")
        press(other, "Continue")
        assert kept(company, number) == (1, 1, 1, 1), "two tabs went on from the same question: that is one step"
        at(other, 2, 3)
        act(page, options(page).first)
        act(other, options(other).last)
        expect(other.get_by_text("already answered")).to_be_visible()
        expect(feedback(other)).to_have_text(feedback(page).inner_text(), use_inner_text=True)
        assert kept(company, number) == (2, 2, 2, 1)


def test_a_double_click_is_one_click(company: Company, library: Library) -> None:
    number = begin(company, library, "report")
    with company.visit("kim") as page:
        go(page, "/quiz?slug=report")
        act(page, options(page).first, Locator.dblclick)
        expect(feedback(page)).to_be_visible()
        idle(page)
        assert kept(company, number) == (1, 1, 1, 0)
        act(page, page.get_by_role("button", name="Continue"), Locator.dblclick)
        at(page, 2, 3)
        expect(feedback(page)).to_have_count(0)
        assert kept(company, number) == (1, 1, 1, 1)


def test_a_half_written_report_and_a_running_exercise_survive_a_reload(company: Company) -> None:
    with company.visit("kim") as page:
        go(page, "/report?slug=report-train-bag")
        press(page, "Start")
        box = page.get_by_role("textbox", name="What happened?")
        box.fill("The bag stayed on the train.")
        act(page, box, lambda there: there.press("Tab"))
        page.reload()
        expect(page.get_by_role("textbox", name="What happened?")).to_have_value("The bag stayed on the train.")
        go(page, "/exercise")
        press(page, "Play")
        expect(page.get_by_label("Your reason")).to_be_visible()
        act(page, options(page).first)
        expect(page.get_by_text("You speak for the team.")).to_be_visible()
        page.reload()
        expect(page.get_by_text("You speak for the team.")).to_be_visible()
    votes = "SELECT count(*) FROM exercise_event e JOIN exercise x ON x.id = exercise_id WHERE owner_id = :who AND kind"
    assert company.rows(f"{votes} = 'released'", who=company.id_of("kim")) == [(1,)]


def test_a_killed_server_comes_back_and_the_open_page_goes_on_by_itself(
    browser: Browser, seeded: Path, library: Library, tmp_path: Path
) -> None:
    shutil.copyfile(seeded, tmp_path / "muster.sqlite3")
    port, complaints = free_port(), list[str]()
    with start(tmp_path, port=port) as server:
        company = Company(browser, server)
        number = begin(company, library, "report")
        context = browser.new_context(base_url=server.url, viewport=DESK)
        page = context.new_page()
        sign_in(page, "kim")
        listen(context, server.url, complaints)
        go(page, "/quiz?slug=report")
        options(page).first.click()
        expect(feedback(page)).to_be_visible()
        page.get_by_role("button", name="Continue").click()
        at(page, 2, 3)
        server.process.kill()
        server.process.wait(10)
    with start(tmp_path, port=port) as server:
        company = Company(browser, server)
        assert kept(company, number) == (1, 1, 1, 1)
        at(page, 2, 3)
        # While the page connects again a press may go nowhere; whoever sees that nothing happened presses again.
        for _ in range(6):
            if options(page).count():
                options(page).first.click()
            with suppress(AssertionError):
                expect(feedback(page)).to_be_visible(timeout=10_000)
                break
        expect(feedback(page)).to_be_visible()
        assert kept(company, number) == (2, 2, 2, 1)
        context.close()
    # It was away, for a while, and the browser says so in these words.
    away = ("CONNECTION", "WebSocket", "Client Error in reaching server endpoint", "Streamlit server is not responding")
    assert [line for line in complaints if not any(word in line for word in away)] == []
