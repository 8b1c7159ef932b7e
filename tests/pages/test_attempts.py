"""What the quiz page says of a policy on attempts: before the first, and when there is no other go."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from catalog.library import Library
from domain import present, respond
from domain.people import Person
from services import learning
from services.app import App
from tests import factories
from tests.conftest import ROOT, FakeClock
from tests.pages.conftest import Browse
from ui import places, session


@pytest.fixture
def limited(app: App, tmp_path: Path) -> Iterator[App]:
    """An App whose quiz *basics* may be tried twice, a day apart."""
    root = tmp_path / "content"
    shutil.copytree(ROOT / "tests/catalog/clean", root)
    file = root / "quizzes/basics.yaml"
    text = file.read_text(encoding="utf-8").replace("draw: 3\n", "draw: 3\nattempts: 2\nwait: 1d\n")
    file.write_text(text, encoding="utf-8")
    library = Library(root)
    limited = replace(app, library=library)
    session.use(limited)
    yield limited
    library.close()


def _said(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def _labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def _take(app: App, me: Person) -> None:
    number = learning.begin_quiz(app, me, "basics")
    view = learning.quiz(app, me, "basics")
    for place, item in enumerate(view.attempt.draw):
        question = next(q for q in view.quiz.questions if q.id == item)
        order = present.order(view.attempt.seed, item, present.size(question))
        learning.answer_quiz(app, me, number, item, respond.right(question, order), sure=True, shown_at=app.now())
        learning.next_question(app, me, number, place)


def test_the_page_tells_the_terms_before_the_first_attempt_and_when_there_is_no_other(
    limited: App, browse: Browse, clock: FakeClock
) -> None:
    me = factories.person(limited)
    terms = "You have 2 attempts. The next may begin 1 day after the last. Your best attempt counts."
    assert terms in _said(browse(me, places.QUIZ, slug="basics"))
    _take(limited, me)
    at = browse(me, places.QUIZ, slug="basics")
    assert "You can try this quiz again from Tuesday, 3 November, 09:00." in _said(at)
    assert "Another go" not in _labels(at)
    clock.forward(days=1)
    at = browse(me, places.QUIZ, slug="basics")
    assert "1 of 2 attempts left." in _said(at)
    next(button for button in at.button if button.label == "Another go").click().run()
    assert learning.quiz(limited, me, "basics").result is None
    _take(limited, me)
    at.run()
    assert "You have used all 2 attempts" in _said(at)
    assert "Another go" not in _labels(at)


def test_a_press_that_comes_too_late_is_refused_with_the_reason(limited: App, browse: Browse, clock: FakeClock) -> None:
    me = factories.person(limited)
    _take(limited, me)
    clock.forward(days=1)
    at = browse(me, places.QUIZ, slug="basics")
    _take(limited, me)  # in another tab
    next(button for button in at.button if button.label == "Another go").click().run()
    assert not at.exception
    assert "You have used all 2 attempts" in at.warning[0].value
