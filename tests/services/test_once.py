"""What is given once is kept once: pressed twenty times, in two processes, with the answer lost on the way.

Two Apps with a database each stand for two processes: they share nothing but the rows.
"""

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from db import tables as t
from db.engine import Database
from db.receipts import Receipt
from domain import present, respond
from domain.drill import ReportDrill, SpotDrill
from domain.people import Person
from domain.refusal import NotSaved, Refused
from services import drills, exercises, learning
from services.app import App
from tests import factories

Press = Callable[[App], Receipt]
"""Does the act in one of the Apps."""

FIELDS = {"channel": "hotline", "noticed": "16:50", "what": "w", "data": "d", "done": "d", "going-on": "no"}


@pytest.fixture
def twin(app: App, database_url: str) -> Iterator[App]:
    """The same installation in a process of its own."""
    database = Database(database_url)
    yield replace(app, db=database)
    database.close()


def _first(app: App, kind: type) -> str:
    return next(slug for slug, drill in sorted(app.content().drills.items()) if isinstance(drill, kind))


def quiz(app: App, me: Person) -> tuple[Press, Press]:
    attempt = learning.begin_quiz(app, me, "report")
    view = learning.quiz(app, me, "report")
    item = view.attempt.draw[0]
    question = next(q for q in view.quiz.questions if q.id == item)
    order = present.order(view.attempt.seed, item, present.size(question))
    right, wrong = respond.right(question, order), respond.wrong(question, order, random.Random(1))

    def press(response: dict[str, Any]) -> Press:
        return lambda each: learning.answer_quiz(each, me, attempt, item, response, sure=True, shown_at=app.now())

    return press(right), press(wrong)


def spot(app: App, me: Person) -> tuple[Press, Press]:
    slug = _first(app, SpotDrill)
    attempt = drills.begin(app, me, slug)
    item = drills.spot_drill(app, me, slug).attempt.draw[0]

    def press(verdict: str) -> Press:
        response = {"flags": [0], "verdict": verdict}
        return lambda each: drills.judge(each, me, attempt, item, response, shown_at=app.now())

    return press("report"), press("harmless")


def report(app: App, me: Person) -> tuple[Press, Press]:
    attempt = drills.begin(app, me, _first(app, ReportDrill))
    return (
        lambda each: drills.send_report(each, me, attempt, FIELDS),
        lambda each: drills.send_report(each, me, attempt, FIELDS | {"what": "Something else"}),
    )


def predict(app: App, me: Person) -> tuple[Press, Press]:
    slug = app.content().modules["report"].lessons[0]
    place = next(n for n, screen in enumerate(app.content().lessons[slug].screens) if screen.kind == "predict")
    return (
        lambda each: learning.predict(each, me, slug, place, 0, app.now()),
        lambda each: learning.predict(each, me, slug, place, 1, app.now()),
    )


def vote(app: App, me: Person) -> tuple[Press, Press]:
    number = exercises.start(app, me, "results-page")
    ask = exercises.screen(app, me, number).view.asks[0]
    return (
        lambda each: exercises.vote(each, me, number, ask.id, ask.options[0][0]),
        lambda each: exercises.vote(each, me, number, ask.id, ask.options[1][0]),
    )


def decide(app: App, me: Person) -> tuple[Press, Press]:
    number = exercises.start(app, me, "results-page")
    ask = exercises.screen(app, me, number).view.asks[0]
    exercises.vote(app, me, number, ask.id, ask.options[0][0])
    return (
        lambda each: exercises.decide(each, me, number, ask.id, ask.options[0][0]),
        lambda each: exercises.decide(each, me, number, ask.id, ask.options[1][0]),
    )


def note(app: App, me: Person) -> tuple[Press, Press]:
    number = exercises.start(app, me, "results-page")
    return (
        lambda each: exercises.note(each, me, number, "Ask the insurer", "n1"),
        lambda each: exercises.note(each, me, number, "Ask the press", "n1"),
    )


ACTS = [quiz, spot, report, predict, vote, decide, note]
KEPT = (t.answer, t.evidence, t.exercise_event, t.receipt, t.content_flag, t.attempt, t.exercise)


def _rows(app: App) -> dict[str, int]:
    with app.db.read() as connection:
        return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in KEPT}


def _at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """All of them at the same moment; what each returned or raised."""
    barrier = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            found[number] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            found[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.parametrize("act", ACTS)
def test_twenty_presses_in_two_processes_are_one_with_one_receipt(app: App, twin: App, act) -> None:
    press, _ = act(app, factories.person(app))
    found = _at_once([partial(press, each) for _ in range(10) for each in (app, twin)])
    assert [each for each in found if not isinstance(each, Receipt)] == []
    assert len({(receipt.key, receipt.at, str(receipt.result)) for receipt in found}) == 1
    assert sorted(receipt.again for receipt in found) == [False] + [True] * 19
    once = _rows(app)
    assert press(twin).again
    assert _rows(app) == once
    assert once["receipt"] == (2 if act is decide else 1)


@pytest.mark.parametrize("act", ACTS)
def test_of_two_answers_at_once_one_counts_and_the_other_is_told_so(app: App, twin: App, act) -> None:
    press, other = act(app, factories.person(app))
    found = _at_once([lambda: press(app), lambda: other(twin)] * 3)
    kept = [each for each in found if isinstance(each, Receipt)]
    refused = [each for each in found if not isinstance(each, Receipt)]
    assert len(kept) == len(refused) == 3
    assert len({str(receipt.result) for receipt in kept}) == 1
    assert {type(each) for each in refused} == {Refused}
    assert all("first answer is the one that counts" in str(each) for each in refused)


class Deaf(Database):
    """A database that goes away after COMMIT, before it can say so."""

    def write(self, work: Callable[[Any], Any]) -> Any:
        super().write(work)
        raise NotSaved("The database went away.")


@pytest.mark.parametrize("act", ACTS)
def test_whoever_was_not_told_gets_the_stored_receipt_when_they_try_again(app: App, database_url: str, act) -> None:
    press, other = act(app, factories.person(app))
    deaf = replace(app, db=Deaf(database_url))
    with pytest.raises(NotSaved):
        press(deaf)
    deaf.db.close()
    kept = _rows(app)
    receipt = press(app)
    assert receipt.again
    assert receipt.at == app.now()
    with pytest.raises(Refused, match="first answer"):
        other(app)
    assert _rows(app) == kept


def test_two_processes_begin_one_attempt_and_one_exercise(app: App, twin: App) -> None:
    me = factories.person(app)
    for begin in (
        lambda each: learning.begin_quiz(each, me, "report"),
        lambda each: drills.begin(each, me, _first(app, SpotDrill)),
        lambda each: exercises.start(each, me, "results-page"),
    ):
        found = _at_once([partial(begin, each) for _ in range(5) for each in (app, twin)])
        assert len(set(found)) == 1, found
        assert isinstance(found[0], int)
    assert _rows(app)["attempt"] == 2
    assert _rows(app)["exercise"] == 1


def test_two_processes_leave_a_question_once_and_take_a_flag_once(app: App, twin: App) -> None:
    me = factories.person(app)
    press, _ = quiz(app, me)
    press(app)
    attempt = learning.quiz(app, me, "report").attempt.id
    _at_once([partial(learning.next_question, each, me, attempt, 0) for _ in range(5) for each in (app, twin)])
    assert learning.quiz(app, me, "report").attempt.place == 1
    _at_once([partial(learning.flag, each, me, "quiz", "report", "x", "Wrong") for each in [app, twin] * 5])
    assert _rows(app)["content_flag"] == 1
