"""Every kind of question on the quiz page: filled in, refused without loss, explained."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from catalog.library import Library
from domain import present, respond
from domain.grade import Response
from domain.people import Person
from domain.present import Shown
from services import learning
from services.app import App
from tests import factories
from tests.pages.conftest import Browse
from ui import places, session

COMPONENTS = {"multiple", "ordering", "matching", "clues"}
"""Kinds whose parts are components, which the test runner does not draw."""

Quiz = tuple[App, Person, AppTest]


@pytest.fixture
def begun(app: App, every_kind: Library, browse: Browse) -> Quiz:
    kinds = replace(app, library=every_kind)
    session.use(kinds)
    me = factories.person(kinds)
    at = browse(me, places.QUIZ, slug="every-kind")
    next(button for button in at.button if button.label == "Start").click().run()
    return kinds, me, at


def _press(at: AppTest, label: str) -> None:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception, at.exception


def _html(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def _fill(at: AppTest, shown: Shown, key: str, response: Response) -> None:
    """Fill the fields in as the response says, without pressing anything."""
    match shown.kind:
        case "numeric":
            at.text_input(key=key).input(response["number"])
        case "text":
            at.text_input(key=key).input(response["text"])
        case "rubric":
            at.text_area(key=key).input(response["text"])
        case "bins":
            for number, chosen in enumerate(response["bins"]):
                at.radio(key=f"{key}-{number}").set_value(chosen)
        case "cloze":
            for number, given in enumerate(response["gaps"]):
                if shown.gaps[number]:
                    at.radio(key=f"{key}-{number}").set_value(given)
                else:
                    at.text_input(key=f"{key}-{number}").input(given)


def _walk(quiz: Quiz, give: Callable[[Any, tuple[int, ...]], Response]) -> list[tuple[str, str]]:
    """Answer every question on the page; the kind of each, and what was said to it."""
    app, me, at = quiz
    said: list[tuple[str, str]] = []
    asked = {question.id: question for question in app.content().quizzes["every-kind"].questions}
    attempt = learning.quiz(app, me, "every-kind").attempt
    for item in attempt.draw:
        question = asked[item]
        positions = present.order(attempt.seed, item, present.size(question))
        response, key = give(question, positions), f"q-{attempt.id}-{item}"
        shown = present.show(question, positions)
        _hides_the_answer(at, question.model_dump(mode="json"))
        if question.kind in COMPONENTS:
            learning.answer_quiz(app, me, attempt.id, item, response, sure=True, shown_at=app.now())
            at.run()
        elif "choice" in response:
            at.button(key=f"{key}-{response['choice']}").click().run()
        else:
            _fill(at, shown, f"{key}-parts", response)
            _press(at, "Answer")
        assert not at.exception, at.exception
        said.append((question.kind, _html(at)))
        at.button(key=f"on-{key}").click().run()
        assert not at.exception, at.exception
    return said


def _hides_the_answer(at: AppTest, question: dict[str, Any]) -> None:
    """Nothing that explains an answer is on the page, nor what somebody would have to type."""
    whole = str(at) + _html(at)
    secret = [text for name, text in _texts(question) if name in {"why", "otherwise", "why_true", "why_false", "model"}]
    secret += [form for name, form in _texts(question) if name in {"accept", "any_of"}]
    for text in secret:
        assert text not in whole, text


def _texts(part: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(part, dict):
        return [found for key, value in part.items() for found in _texts(value, key)]
    if isinstance(part, list):
        return [found for value in part for found in _texts(value, name)]
    return [(name, part)] if isinstance(part, str) else []


def test_every_kind_is_answered_rightly_on_the_page(begun: Quiz) -> None:
    said = _walk(begun, respond.right)
    assert len(said) == 11
    for kind, html in said:
        assert "Right." in html, kind
        assert "Better" not in html, kind
    assert "Passed" in _html(begun[2])


def test_every_kind_is_answered_wrongly_and_the_better_answer_is_told(begun: Quiz) -> None:
    said = dict(_walk(begun, lambda question, order: respond.wrong(question, order, random.Random(5))))
    for kind, html in said.items():
        assert "Not yet." in html or "Partly." in html, kind
    assert "72 hours" in said["numeric"]
    assert "72 hours" in said["cloze"] or "(2) aware" in said["cloze"]
    assert "Lost or locked data" in said["text"]
    assert "Not yet: " in said["bins"]
    assert "✓ " in said["bins"]
    assert "Harmless: “Have a nice day”" in said["clues"]
    assert "Everybody writes that." in said["clues"]
    assert "I would wait and see." in said["rubric"]
    assert "Call us on our hotline." in said["rubric"]
    assert "Missing: Where to ask" in said["rubric"]


def test_a_number_that_is_none_gets_a_sentence_and_stays_in_its_field(begun: Quiz) -> None:
    app, me, at = begun
    attempt = _go_to(app, me, at, "hours")
    field = f"q-{attempt}-hours-parts"
    assert at.text_input(key=field).label == "Your answer, in hours"
    at.text_input(key=field).input("three days")
    _press(at, "Answer")
    assert "in digits, in hours" in at.warning[0].value.replace("\\", "")
    assert at.text_input(key=field).value == "three days"
    at.text_input(key=field).input("72")
    _press(at, "Answer")
    assert not at.warning
    assert "Right." in _html(at)


def test_what_was_filled_in_outlives_a_missing_part(begun: Quiz) -> None:
    app, me, at = begun
    attempt = _go_to(app, me, at, "sorted")
    field = f"q-{attempt}-sorted-parts"
    at.radio(key=f"{field}-0").set_value(1)
    _press(at, "Answer")
    assert "Put every line into a bin" in at.warning[0].value
    assert at.radio(key=f"{field}-0").value == 1
    assert learning.quiz(app, me, "every-kind").feedback is None


def _go_to(app: App, me: Person, at: AppTest, item: str) -> int:
    """Answer through the service until the item is on screen."""
    asked = {question.id: question for question in app.content().quizzes["every-kind"].questions}
    attempt = learning.quiz(app, me, "every-kind").attempt
    for place, name in enumerate(attempt.draw):
        if name == item:
            break
        positions = present.order(attempt.seed, name, present.size(asked[name]))
        response = respond.right(asked[name], positions)
        learning.answer_quiz(app, me, attempt.id, name, response, sure=True, shown_at=app.now())
        learning.next_question(app, me, attempt.id, place)
    at.run()
    return attempt.id
