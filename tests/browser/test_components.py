"""The components in a real browser, on a server of their own, under the strict content security policy."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from domain import present, respond
from domain.quiz import Bins, Cloze, Clues, Numeric, Quiz, Rubric, Text
from tests.browser.doing import fill_in

NASTY = "<img src=x onerror=alert(1)> **b** [l](http://elsewhere.example) www.elsewhere.example k@elsewhere.example :red[r] $x$"
ROOT = Path(__file__).resolve().parents[2]
SCENES = ["parts", "artefact", "debrief", "clock", "heatmap", "answers", "kinds", "explained", "announce"]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def stage() -> Iterator[str]:
    """The address of a server that shows one component a scene."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.stage.serve", str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            with suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                break
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def show(browser: Browser, stage: str) -> Iterator[Open]:
    """Open a scene; when the test is over, nothing may have gone to the console or left the machine."""
    complaints: list[str] = []
    contexts = []

    def open_scene(
        scene: str, *, width: int = 1280, routes: Mapping[str, Callable[[Route], None]] | None = None
    ) -> Page:
        context = browser.new_context(color_scheme="light", viewport={"width": width, "height": 900})
        contexts.append(context)
        for address, answer in (routes or {}).items():
            context.route(address, answer)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((stage, "data:", "blob:")) else complaints.append(request.url)
            ),
        )
        page.goto(f"{stage}/?scene={scene}")
        page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        expect(page.locator("h1").first).to_be_visible()
        return page

    yield open_scene
    for context in contexts:
        context.close()
    assert complaints == []


def drawn(page: Page, scene: str) -> None:
    """Wait until the scene's component, whose script arrives by itself, is there."""
    first = {
        "artefact": "button.passage",
        "debrief": "ol.pins",
        "clock": "[role=timer]",
        "heatmap": "table.heatmap",
        "answers": ".tick",
        "kinds": "button.passage",
    }
    if scene in first:
        expect(page.locator(first[scene]).first).to_be_visible()


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_passes_axe_in_light_and_dark_and_fits_a_phone(show: Open, scene: str) -> None:
    page = show(scene)
    drawn(page, scene)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    expect(page.locator("[data-testid=stApp]")).to_have_css("background-color", "rgb(14, 22, 32)")
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


@pytest.mark.parametrize("scene", ["parts", "artefact", "heatmap", "answers", "kinds"])
def test_targets_are_44_pixels_high(show: Open, scene: str) -> None:
    page = show(scene, width=390)
    drawn(page, scene)
    targets = "button, select, .tick label, [data-testid=stRadioOption], [data-testid=stTextInputRootElement], textarea"
    for button in page.locator(f"[data-testid=stMain] :is({targets})").all():
        height = button.evaluate(
            """element => Math.max(element.getBoundingClientRect().height,
                                   parseFloat(getComputedStyle(element, '::after').height) || 0)"""
        )
        assert height >= 44, button.evaluate("element => element.outerHTML.slice(0, 200)")


def test_text_of_people_is_shown_as_it_was_written(show: Open) -> None:
    page = show("parts")
    expect(page.locator("h2").first).to_have_text(NASTY)
    expect(page.get_by_role("button", name=NASTY)).to_be_visible()
    expect(page.locator(".m-table th", has_text=NASTY)).to_be_visible()
    assert page.locator("[data-testid=stMain] a:not([href$='/a']), img[src=x]").count() == 0


def test_our_own_markdown_is_read_and_its_links_leave_the_session_open(show: Open) -> None:
    page = show("parts")
    expect(page.locator("h1 em")).to_have_text(["Anna", "from"])
    expect(page.locator(".m-text li code")).to_have_text("two*")
    link = page.get_by_role("link", name="Read it")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_an_option_is_taken_with_the_keyboard(show: Open) -> None:
    page = show("parts")
    page.get_by_role("button", name="Call the hotline").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("taken b")).to_be_visible()


def test_passages_are_flagged_with_the_keyboard_and_told_only_with_the_verdict(show: Open) -> None:
    page = show("artefact")
    sender = page.get_by_role("button", name="IT Service")
    sender.focus()
    page.keyboard.press("Space")
    expect(sender).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("1 flagged")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 flagged")).to_be_visible()
    expect(page.get_by_text("flags [] runs 1")).to_be_visible()
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_text("flags [0, 1] runs 2")).to_be_visible()
    expect(sender).to_have_attribute("aria-pressed", "true")


def test_an_artefact_says_that_it_is_not_real_and_hides_which_clues_are(show: Open) -> None:
    page = show("artefact")
    drawn(page, "artefact")
    expect(page.get_by_text("EXERCISE – not real")).to_be_visible()
    markup = page.locator("section.artefact").evaluate("element => element.outerHTML")
    assert "sender" not in markup
    assert "real=" not in markup
    assert "Nobody needs" not in markup


def test_the_debrief_pins_what_was_flagged_missed_and_harmless(show: Open) -> None:
    page = show("debrief")
    pins = page.locator("ol.pins > li")
    expect(pins).to_have_count(3)
    expect(pins.nth(0)).to_contain_text("You flagged it. A real sign.")
    expect(pins.nth(1)).to_contain_text("Missed. A real sign.")
    expect(pins.nth(1)).to_contain_text("Nobody needs your password.")
    expect(pins.nth(2)).to_contain_text("You flagged it, but it is harmless.")


def test_clocks_tick_in_the_browser_and_the_page_does_not_run_again(show: Open) -> None:
    page = show("clock")
    timers = page.get_by_role("timer")
    expect(timers).to_have_count(4)
    due = page.get_by_role("timer", name="Tell the authority")
    first = due.text_content()
    expect(due).not_to_have_text(first or "")
    expect(timers.nth(0)).to_contain_text("00:")
    expect(timers.nth(2)).to_contain_text("+00:")
    expect(page.get_by_text("Overdue")).to_be_visible()
    expect(page.get_by_text("Done in time")).to_be_visible()
    expect(page.get_by_text("runs 1")).to_be_visible()


def test_a_paused_clock_stands_still_and_says_so(show: Open) -> None:
    page = show("paused")
    expect(page.get_by_role("timer")).to_have_text("01:00:00")
    expect(page.get_by_text("Paused")).to_be_visible()


def test_a_cell_of_the_heatmap_is_chosen_and_says_in_words_what_its_colour_says(show: Open) -> None:
    page = show("heatmap")
    cell = page.get_by_role("button", name="Care, Report: 40 %, 9 of 20, below the target of 80 %")
    cell.click()
    expect(page.get_by_text("chosen ('care', 'report') kept ('care', 'report')")).to_be_visible()
    expect(cell).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Care, Spot: 91 %, 18 of 20, on target")).to_be_focused()


def test_a_suppressed_cell_is_text_and_cannot_be_chosen(show: Open) -> None:
    page = show("heatmap")
    drawn(page, "heatmap")
    expect(page.locator("table.heatmap button")).to_have_count(3)
    expect(page.get_by_text("<5")).to_be_visible()


def test_order_pairs_and_ticks_travel_with_the_forms_button(show: Open) -> None:
    page = show("answers")
    down = page.get_by_role("button", name="Move down: Report")
    down.focus()
    page.keyboard.press("Enter")
    expect(down).to_be_focused()
    page.get_by_label("Gone").select_option("Availability")
    page.get_by_label("Wait").check()
    expect(page.get_by_text("order [0, 1, 2] pairs [None, None] ticks [] sent None runs 1")).to_be_visible()
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("order [1, 0, 2] pairs [None, 1] ticks [1] sent (1,) runs 2")).to_be_visible()
    expect(page.locator("ol.order li").first).to_contain_text("Clean up")


@pytest.mark.parametrize("kind", ["numeric", "text", "bins", "cloze", "clues", "rubric"])
def test_what_is_filled_in_arrives_as_the_right_response(show: Open, kind: str) -> None:
    quiz = Quiz.model_validate(yaml.safe_load((ROOT / "tests/every_kind/quizzes/every-kind.yaml").read_text("utf-8")))
    question = next(question for question in quiz.questions if question.kind == kind)
    assert isinstance(question, Numeric | Text | Rubric | Bins | Cloze | Clues)
    page = show(f"kinds&only={kind}", width=390)
    fill_in(page, question)
    page.get_by_text("I am not sure").click()
    page.get_by_role("button", name="Answer", exact=True).click()
    right = respond.right(question, present.order(1, question.id, present.size(question)))
    expect(page.get_by_text(f"{question.id} {(right, False)}")).to_be_visible()


def test_a_number_is_sent_with_enter_and_outlives_the_answer(show: Open) -> None:
    page = show("kinds")
    box = page.get_by_role("textbox", name="Your answer, in hours")
    box.focus()
    page.keyboard.type("three days")
    page.keyboard.press("Enter")
    expect(page.get_by_text("hours ({'number': 'three days'}, True)")).to_be_visible()
    expect(box).to_have_value("three days")


def test_bins_and_gaps_are_chosen_with_the_keyboard(show: Open) -> None:
    page = show("kinds")
    groups = page.get_by_role("radiogroup")
    expect(groups).to_have_count(5)
    for group in groups.all():
        group.get_by_role("radio").first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
        expect(group.get_by_role("radio").nth(1)).to_be_checked()
    page.get_by_role("textbox", name="Gap 2").fill("aware")
    answer = page.get_by_role("button", name="Answer")
    for number, said in ((2, "sorted ({'bins': [1, 1, 1, 1]}, True)"), (3, "sentence ({'gaps': [1, 'aware']}, True)")):
        answer.nth(number).press("Enter")
        expect(page.get_by_text(said)).to_be_visible()


def test_passages_of_a_question_are_flagged_with_the_keyboard_and_hide_which_are_real(show: Open) -> None:
    page = show("kinds")
    drawn(page, "kinds")
    page.get_by_role("button", name="pay 1.99").press("Space")
    expect(page.get_by_text("1 flagged")).to_be_visible()
    markup = page.locator("section.artefact").evaluate("element => element.outerHTML")
    assert "fee" not in markup
    assert "small fee" not in page.content()
    page.get_by_role("button", name="Answer").nth(4).press("Enter")
    expect(page.get_by_text("passages ({'flags': [1]}, True)")).to_be_visible()
    expect(page.get_by_role("button", name="pay 1.99")).to_have_attribute("aria-pressed", "true")


def test_focus_follows_the_answer_and_then_the_next_question(show: Open) -> None:
    page = show("announce")
    page.get_by_role("button", name="Wait").click()
    expect(page.get_by_role("status").filter(has_text="Not yet.")).to_be_attached()
    said = page.locator("[class*=feedback-q1]")
    expect(said).to_be_focused()
    expect(said).to_have_css("outline-style", "solid")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Continue")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Question 2")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Question 2 of 6")).to_be_attached()


def test_a_message_is_read_as_it_is_told_and_drawn_later_in_its_place(show: Open) -> None:
    first = {
        "id": "first@0",
        "at": "T+0m",
        "channel": "Mail",
        "sender": "Ada",
        "title": "One",
        "text": "Old",
        "lines": [],
    }
    second = first | {"id": "second@60", "at": "T+1m", "title": f"Two {NASTY}", "text": NASTY, "lines": [NASTY]}
    news = {"version": 6, "over": False, "news": second, "wait": 600_000}

    def stream(route: Route) -> None:
        # It ends at once and is opened again: each time the browser hears what the news are by then.
        route.fulfill(content_type="text/event-stream", body=f"retry: 200\n\ndata: {json.dumps(news)}\n\n")

    page = show("live", routes={"**/live/1/events": stream})
    told = page.get_by_role("article")
    expect(told).to_be_visible()
    assert told.inner_text().split() == f"New · T+1m · Mail · Ada Two {NASTY} {NASTY} {NASTY}".split()
    expect(page.get_by_role("status").filter(has=told)).to_have_attribute("aria-live", "polite")
    expect(page.get_by_text("draws 1")).to_be_visible()
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390

    # Taken back: the newest message is one that the screen holds already.
    news |= {"version": 7, "news": first}
    expect(told).to_have_count(0)
    news |= {"version": 8, "news": second}
    expect(told).to_be_visible()
    expect(page.get_by_text("draws 1")).to_be_visible()

    # Who looks again has it drawn at once; what is drawn is told no more, though the stream says it again.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("draws 2")).to_be_visible()
    expect(told).to_have_count(0)
    with page.expect_response("**/live/1/events"):
        pass
    page.wait_for_timeout(300)
    expect(told).to_have_count(0)
    expect(page.get_by_text("draws 2")).to_be_visible()


def test_a_screen_is_drawn_by_itself_within_the_time_it_was_given(show: Open) -> None:
    news = {"version": 8, "over": False, "news": None, "wait": 200}
    body = f"retry: 600000\n\ndata: {json.dumps(news)}\n\n"
    page = show(
        "live", routes={"**/live/1/events": lambda route: route.fulfill(content_type="text/event-stream", body=body)}
    )
    expect(page.get_by_text("draws 2")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(0)
