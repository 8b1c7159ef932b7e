"""What a person does on the pages: read a lesson, answer a question, judge an artefact, write a report, play."""

import json
import re
from decimal import Decimal

from playwright.sync_api import Locator, Page, expect

from catalog.library import Catalog
from domain import present
from domain.drill import MARK, ReportDrill
from domain.lesson import Lesson, Predict
from domain.quiz import (
    Bins,
    ChoiceGap,
    Cloze,
    Clues,
    Matching,
    Multiple,
    Numeric,
    Ordering,
    Question,
    Rubric,
    Single,
    Text,
    TrueFalse,
)
from tests.browser.company import Company, act, press

VERDICT = re.compile(r"Right\.|Not yet\.|Partly\.")


def options(page: Page) -> Locator:
    """The answers on offer, one button each."""
    return page.locator("[class*=st-key-m-options] button")


def feedback(page: Page) -> Locator:
    """The box that says how it was."""
    return page.locator(".m-feedback")


def at(page: Page, number: int, total: int) -> None:
    """Wait until this one of so many is on screen."""
    expect(page.locator(".m-count")).to_have_text(f"{number} of {total}")


def read_lesson(page: Page, lesson: Lesson) -> int:
    """Read to the end, predicting the first option wherever a prediction is asked; returns how many were."""
    predicted = 0
    for number, screen in enumerate(lesson.screens, 1):
        at(page, number, len(lesson.screens))
        if isinstance(screen, Predict):
            expect(page.get_by_role("button", name=re.compile("^(Continue|Finish)"))).to_have_count(0)
            options(page).first.click()
            expect(feedback(page)).to_have_text(VERDICT)
            predicted += 1
        press(page, re.compile("^(Continue|Finish)"))
    expect(page.get_by_role("heading", name="Done:")).to_be_visible()
    return predicted


def open_question(company: Company, catalog: Catalog, name: str, slug: str) -> tuple[int, Question, tuple[int, ...]]:
    """The question on a persona's screen: its attempt, itself, and the order its parts are shown in."""
    number, seed, draw, place = company.rows(
        "SELECT id, seed, draw, place FROM attempt WHERE person_id = :who AND kind = 'quiz' AND slug = :slug "
        "ORDER BY id DESC LIMIT 1",
        who=company.id_of(name),
        slug=slug,
    )[0]
    item = json.loads(draw)[place]
    question = next(question for question in catalog.quizzes[slug].questions if question.id == item)
    return number, question, present.order(seed, item, present.size(question))


def answer_rightly(page: Page, question: Question) -> None:
    """Give the right answer on screen."""
    match question:
        case Single():
            right = next(option.text for option in question.options if option.right)
            act(page, options(page).filter(has_text=words(right)).first)
        case TrueFalse():
            act(page, options(page).nth(0 if question.answer else 1))
        case Multiple():
            for option in question.options:
                if option.right:
                    page.get_by_label(words(option.text), exact=True).check()
            press(page, "Answer")
        case Ordering():
            for place, item in enumerate(question.items):
                lines = page.locator("ol.order li .words")
                expect(lines).to_have_count(len(question.items))
                at = lines.all_inner_texts().index(item.text)
                for _ in range(at - place):
                    page.get_by_role("button", name=f"Move up: {item.text}", exact=True).click()
            press(page, "Answer")
        case Matching():
            for pair in question.pairs:
                page.get_by_label(pair.left, exact=True).select_option(pair.right)
            press(page, "Answer")
        case Numeric() | Text() | Rubric() | Bins() | Cloze() | Clues():
            fill_in(page, question)
            press(page, "Answer")
    expect(feedback(page)).to_have_text(VERDICT)


def fill_in(page: Page, question: Numeric | Text | Rubric | Bins | Cloze | Clues) -> None:
    """Fill the right answer in, or flag it, without sending it."""
    match question:
        case Numeric():
            page.get_by_role("textbox", name="Your answer").fill(f"{Decimal(str(question.answer)):f}")
        case Text():
            page.get_by_role("textbox", name="Your answer").fill(question.accept[0])
        case Rubric():
            page.get_by_role("textbox", name="Your text").fill(question.model)
        case Bins():
            for item in question.items:
                pick(page, item.text, item.bin)
        case Cloze():
            for number, gap in enumerate(question.gaps, 1):
                if isinstance(gap, ChoiceGap):
                    pick(page, f"Gap {number}", next(option.text for option in gap.options if option.right))
                else:
                    page.get_by_role("textbox", name=f"Gap {number}").fill(gap.accept[0])
        case Clues():
            real = {clue.id for clue in question.clues if clue.real}
            for mark in MARK.finditer(question.body):
                if mark.group(1) in real:
                    page.get_by_role("button", name=mark.group(2)).click()


def pick(page: Page, group: str, text: str) -> None:
    """Choose one radio of a group."""
    radios = page.get_by_role("radiogroup", name=group, exact=True)
    radios.locator("label").filter(has_text=re.compile(rf"^{re.escape(text)}$")).click()


def words(text: str) -> str:
    """Content as it is read on screen, without its Markdown."""
    return re.sub(r"[*`]", "", text)


def answer_somehow(page: Page) -> None:
    """Give any answer to whatever kind of question is on screen."""
    whole = page.get_by_role("button", name="Answer", exact=True)
    expect(whole.or_(options(page)).first).to_be_visible()
    if options(page).count():
        options(page).first.click()
    else:
        tick = page.locator(".tick input")
        if tick.count():
            tick.first.check()
        for select in page.locator(".match select").all():
            select.select_option(index=1)
        for group in page.get_by_role("radiogroup").all():
            group.locator("label").first.click()
        for box in page.locator("form, [data-testid=stForm]").get_by_role("textbox").all():
            box.fill("1")
        if page.locator(".passage").count():
            page.locator(".passage").first.click()
        whole.click()
    expect(feedback(page)).to_be_visible()


def write_report(page: Page, catalog: Catalog, slug: str) -> None:
    """Fill the form in as the drill's own model does, and send it."""
    drill, organisation = catalog.drills[slug], catalog.organisation
    assert isinstance(drill, ReportDrill)
    assert organisation is not None
    models = {model.field: model for model in drill.fields}
    for field in organisation.report_form:
        model = models.get(field.id)
        if field.kind == "choice":
            right = (model.right[0] if model and model.right else None) or field.choices[0].id
            text = next(choice.text for choice in field.choices if choice.id == right)
            group = page.get_by_role("radiogroup", name=field.label)
            act(page, group.locator("label").filter(has_text=re.compile(rf"^{re.escape(text)}$")))
        else:
            said = (model.at or model.model) if model else "Nothing more."
            box = page.get_by_role("textbox", name=field.label)
            box.fill(said)
            act(page, box, lambda there: there.press("Tab"))
    press(page, "Send the report")
    expect(page.get_by_text("Time to report")).to_be_visible()


def play(page: Page, reason: str) -> dict[str, int]:
    """Play to the debrief: give every vote a reason, decide, go on; returns how often each was done."""
    did = {"voted": 0, "decided": 0, "went on": 0}
    for _ in range(200):  # a scenario has a few dozen turns
        ended = page.get_by_role("link", name="Go to the debrief")
        hear = page.get_by_role("button", name="Hear the others")
        on = page.get_by_role("button", name=re.compile("^(Continue|End and debrief)"))
        mine = page.get_by_label("Your reason")
        expect(ended.or_(hear).or_(on).or_(options(page)).first).to_be_visible()
        if ended.is_visible():
            return did
        if hear.is_visible():
            act(page, hear)
        elif mine.is_visible():
            mine.fill(reason)
            act(page, mine, lambda box: box.press("Tab"))
            act(page, options(page).first)
            did["voted"] += 1
        elif options(page).count():
            act(page, options(page).first)
            did["decided"] += 1
        else:
            act(page, on)
            did["went on"] += 1
    raise AssertionError("The exercise does not end.")
