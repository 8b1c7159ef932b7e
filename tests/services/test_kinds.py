"""A quiz with one question of every kind, answered right and wrong through the services, on both databases."""

import random
from dataclasses import replace

import pytest

from catalog.library import Library
from domain import present, respond
from domain.quiz import Question
from domain.refusal import Refused
from services import learning
from services.app import App
from tests import factories

KINDS = {
    "single", "multiple", "true_false", "ordering", "matching",
    "numeric", "text", "bins", "cloze", "clues", "rubric",
}  # fmt: skip


@pytest.fixture
def kinds(app: App, every_kind: Library) -> App:
    return replace(app, library=every_kind)


def _asked(app: App) -> dict[str, Question]:
    return {question.id: question for question in app.content().quizzes["every-kind"].questions}


def test_the_example_is_clean_and_asks_every_kind(every_kind: Library) -> None:
    assert every_kind.current.problems == ()
    assert {question.kind for question in every_kind.current.quizzes["every-kind"].questions} == KINDS


@pytest.mark.parametrize("well", [True, False])
def test_every_kind_is_answered_and_explained(kinds: App, *, well: bool) -> None:
    me = factories.person(kinds)
    number = learning.begin_quiz(kinds, me, "every-kind")
    seen = set()
    for place, item in enumerate(learning.quiz(kinds, me, "every-kind").attempt.draw):
        before = learning.quiz(kinds, me, "every-kind")
        assert before.feedback is None
        assert before.shown is not None
        question = _asked(kinds)[item]
        positions = present.order(before.attempt.seed, item, present.size(question))
        response = (
            respond.right(question, positions) if well else respond.wrong(question, positions, random.Random(place))
        )
        learning.answer_quiz(kinds, me, number, item, response, sure=True, shown_at=kinds.now())
        after = learning.quiz(kinds, me, "every-kind")
        assert after.shown == before.shown
        assert after.feedback is not None
        assert after.feedback.grade.right is well
        # The same answer again is the same answer; another one comes too late.
        learning.answer_quiz(kinds, me, number, item, response, sure=True, shown_at=kinds.now())
        with pytest.raises(Refused):
            learning.answer_quiz(kinds, me, number, item, {}, sure=True, shown_at=kinds.now())
        learning.next_question(kinds, me, number, place)
        seen.add(question.kind)
    assert seen == KINDS
    attempt = learning.quiz(kinds, me, "every-kind").attempt
    assert attempt.passed is well
    assert attempt.points is not None
    assert (attempt.points == 11) is well


def test_an_unfit_answer_is_refused_and_keeps_the_question_open(kinds: App) -> None:
    me = factories.person(kinds)
    number = learning.begin_quiz(kinds, me, "every-kind")
    for response in ({"number": "three days"}, {"number": ""}, {"number": "1,500"}, {}):
        with pytest.raises(Refused):
            learning.answer_quiz(kinds, me, number, "hours", response, sure=True, shown_at=kinds.now())
    view = learning.quiz(kinds, me, "every-kind")
    assert view.feedback is None
    learning.answer_quiz(kinds, me, number, "hours", {"number": "72"}, sure=True, shown_at=kinds.now())
