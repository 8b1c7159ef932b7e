"""What an employee does in modules and drills, through the services, on both databases."""

import random
import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from db.receipts import Receipt
from db.tables import answer, evidence, shown
from domain import present, respond
from domain.drill import ReportDrill, SpotDrill
from domain.people import Person
from domain.refusal import Forbidden, Refused
from services import drills, learning
from services.app import App
from tests import factories


def _count(app: App, table: Any) -> int:
    with app.db.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def _first(app: App, kind: type) -> str:
    return next(slug for slug, drill in sorted(app.content().drills.items()) if isinstance(drill, kind))


def _quiz_response(app: App, me: Person, slug: str, *, well: bool) -> tuple[int, str, dict[str, Any], int]:
    """The attempt, the item on screen, a response to it, and its place."""
    view = learning.quiz(app, me, slug)
    item = view.attempt.draw[view.attempt.place]
    question = next(q for q in view.quiz.questions if q.id == item)
    order = present.order(view.attempt.seed, item, present.size(question))
    response = respond.right(question, order) if well else respond.wrong(question, order, random.Random(1))
    return view.attempt.id, item, response, view.attempt.place


def test_a_quiz_from_start_to_result(app: App) -> None:
    me = factories.person(app)
    learning.begin_quiz(app, me, "report")
    total = len(learning.quiz(app, me, "report").attempt.draw)
    for number in range(total):
        attempt, item, response, place = _quiz_response(app, me, "report", well=True)
        assert learning.quiz(app, me, "report").feedback is None
        learning.answer_quiz(app, me, attempt, item, response, sure=True, shown_at=app.now())
        said = learning.quiz(app, me, "report").feedback
        assert said is not None
        assert said.grade.right
        assert place == number
        learning.next_question(app, me, attempt, place)
    view = learning.quiz(app, me, "report")
    assert view.result == (float(total), float(total))
    assert view.attempt.passed
    assert _count(app, answer) == total
    assert _count(app, evidence) == total


def test_beginning_twice_goes_on_with_the_same_attempt(app: App) -> None:
    me = factories.person(app)
    assert learning.begin_quiz(app, me, "report") == learning.begin_quiz(app, me, "report")


def test_twenty_clicks_are_one_answer_with_one_receipt(app: App) -> None:
    me = factories.person(app)
    learning.begin_quiz(app, me, "report")
    attempt, item, response, place = _quiz_response(app, me, "report", well=True)
    receipts: list[Receipt] = []

    def press() -> None:
        receipts.append(learning.answer_quiz(app, me, attempt, item, response, sure=True, shown_at=app.now()))
        learning.next_question(app, me, attempt, place)

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 20
    assert len({receipt.result["answer"] for receipt in receipts}) == 1
    assert _count(app, answer) == 1
    assert _count(app, evidence) == 1
    assert learning.quiz(app, me, "report").attempt.place == 1


def test_the_first_answer_counts_and_another_is_refused(app: App) -> None:
    me = factories.person(app)
    learning.begin_quiz(app, me, "report")
    attempt, item, wrong, _ = _quiz_response(app, me, "report", well=False)
    _, _, right, _ = _quiz_response(app, me, "report", well=True)
    learning.answer_quiz(app, me, attempt, item, wrong, sure=False, shown_at=app.now())
    with pytest.raises(Refused, match="first answer"):
        learning.answer_quiz(app, me, attempt, item, right, sure=True, shown_at=app.now())
    assert _count(app, answer) == 1


def test_somebody_elses_attempt_reads_like_a_missing_one(app: App) -> None:
    me, other = factories.person(app), factories.person(app)
    learning.begin_quiz(app, me, "report")
    attempt, item, response, place = _quiz_response(app, me, "report", well=True)
    said = []
    for number in (attempt, attempt + 999):
        with pytest.raises(Forbidden) as refusal:
            learning.answer_quiz(app, other, number, item, response, sure=True, shown_at=app.now())
        said.append(str(refusal.value))
        with pytest.raises(Forbidden):
            learning.next_question(app, other, number, place)
    assert said[0] == said[1]
    assert _count(app, answer) == 0


def test_a_question_cannot_be_left_unanswered(app: App) -> None:
    me = factories.person(app)
    attempt = learning.begin_quiz(app, me, "report")
    with pytest.raises(Refused, match="Answer"):
        learning.next_question(app, me, attempt, 0)


def test_a_lesson_keeps_its_place_and_its_predictions(app: App) -> None:
    me = factories.person(app)
    slug = app.content().modules["report"].lessons[0]
    screens = app.content().lessons[slug].screens
    place = next(n for n, screen in enumerate(screens) if screen.kind == "predict")
    learning.turn(app, me, slug, place)
    first = learning.predict(app, me, slug, place, 0, app.now())
    again = learning.predict(app, me, slug, place, 0, app.now())
    assert again.again
    assert first.result == again.result
    with pytest.raises(Refused):
        learning.predict(app, me, slug, place, 1, app.now())
    view = learning.lesson(app, me, slug)
    assert (view.place, view.chosen) == (place, 0)
    assert _count(app, evidence) == 0
    learning.turn(app, me, slug, len(screens))
    assert learning.lesson(app, me, slug).ended
    learning.turn(app, me, slug, 0)
    step = next(
        step for step in next(s for s in learning.path(app, me) if s.slug == "report").steps if step.slug == slug
    )
    assert step.done


def test_every_shipped_question_can_be_answered_right_and_wrong(app: App) -> None:
    from domain import grade

    for slug, quiz in app.content().quizzes.items():
        for question in quiz.questions:
            positions = present.order(7, question.id, present.size(question))
            assert grade.feedback(question, positions, respond.right(question, positions)).grade.right, (
                slug,
                question.id,
            )
            said = grade.feedback(question, positions, respond.wrong(question, positions, random.Random(3)))
            assert not said.grade.right, (slug, question.id)
            assert all(line.why for line in (*said.better, *said.others))


def test_a_spot_drill_keeps_hits_and_false_alarms_apart(app: App) -> None:
    me = factories.person(app)
    slug = _first(app, SpotDrill)
    attempt = drills.begin(app, me, slug)
    view = drills.spot_drill(app, me, slug)
    for place, item in enumerate(view.attempt.draw):
        assert drills.spot_drill(app, me, slug).artefact is None
        drills.judge(app, me, attempt, item, {"flags": [0], "verdict": "report"}, shown_at=app.now())
        assert drills.spot_drill(app, me, slug).artefact is not None
        drills.next_artefact(app, me, attempt, place)
    tally = drills.spot_drill(app, me, slug).tally
    assert tally is not None
    assert tally.hits == tally.to_report > 0
    assert tally.false_alarms == tally.harmless > 0


def test_a_report_is_kept_while_it_is_written_and_timed_from_its_start(app: App, clock) -> None:
    me = factories.person(app)
    slug = _first(app, ReportDrill)
    attempt = drills.begin(app, me, slug)
    drills.keep_draft(app, me, attempt, {"what": "A mail went", "admin": "x"})
    assert drills.report_drill(app, me, slug).attempt.draft["what"] == "A mail went"
    with pytest.raises(Refused, match="Still empty"):
        drills.send_report(app, me, attempt, {"what": "A mail went"})
    clock.forward(minutes=9)
    fields = {"channel": "hotline", "noticed": "16:50", "what": "w", "data": "d", "done": "d", "going-on": "no"}
    first = drills.send_report(app, me, attempt, fields)
    clock.forward(minutes=9)
    again = drills.send_report(app, me, attempt, fields)
    assert first.result == again.result
    result = drills.report_drill(app, me, slug).result
    assert result is not None
    assert result.took.total_seconds() == 9 * 60
    assert _count(app, answer) == 1


def test_what_was_shown_is_kept_once_however_many_answer(app: App) -> None:
    slug = _first(app, SpotDrill)
    for _ in range(3):
        me = factories.person(app)
        attempt = drills.begin(app, me, slug)
        item = drills.spot_drill(app, me, slug).attempt.draw[0]
        drills.judge(app, me, attempt, item, {"flags": [], "verdict": "harmless"}, shown_at=app.now())
    assert _count(app, answer) == 3
    assert _count(app, shown) <= 3


def test_a_flag_reaches_the_queue_once(app: App) -> None:
    me = factories.person(app)
    first = learning.flag(app, me, "quiz", "spot", "usb", "The key looks wrong.")
    assert learning.flag(app, me, "quiz", "spot", "usb", "The key looks wrong.").result == first.result
    with pytest.raises(Refused, match="few words"):
        learning.flag(app, me, "quiz", "spot", "usb", "  ")
