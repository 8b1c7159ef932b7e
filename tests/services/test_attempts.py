"""A quiz's policy on attempts, held where an attempt begins and wherever a pass is counted, on both databases."""

import random
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from catalog.library import Library
from domain import present, respond
from domain.people import Person, Role
from domain.refusal import Refused
from services import learning, programme
from services.app import App
from tests import factories
from tests.conftest import ROOT, FakeClock

With = Callable[[str], App]


@pytest.fixture
def with_policy(app: App, tmp_path: Path) -> Iterator[With]:
    """`with_policy("attempts: 2")` → an App whose quiz *basics* says so."""
    libraries: list[Library] = []

    def make(policy: str) -> App:
        root = tmp_path / f"content-{len(libraries)}"
        shutil.copytree(ROOT / "tests/catalog/clean", root)
        file = root / "quizzes/basics.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace("draw: 3\n", f"draw: 3\n{policy}\n"), encoding="utf-8")
        libraries.append(Library(root))
        assert libraries[-1].current.problems == ()
        return replace(app, library=libraries[-1])

    yield make
    for library in libraries:
        library.close()


def _take(app: App, me: Person, *, well: bool = True) -> None:
    number = learning.begin_quiz(app, me, "basics")
    view = learning.quiz(app, me, "basics")
    for place, item in enumerate(view.attempt.draw):
        question = next(q for q in view.quiz.questions if q.id == item)
        order = present.order(view.attempt.seed, item, present.size(question))
        response = respond.right(question, order) if well else respond.wrong(question, order, random.Random(1))
        learning.answer_quiz(app, me, number, item, response, sure=True, shown_at=app.now())
        learning.next_question(app, me, number, place)


def _passed(app: App, me: Person) -> bool:
    (module,) = learning.path(app, me)
    return next(step for step in module.steps if step.kind == "quiz").done


def test_without_a_policy_a_quiz_is_tried_as_often_as_somebody_likes(with_policy: With) -> None:
    app = with_policy("")
    me = factories.person(app)
    for _ in range(5):
        _take(app, me)
    assert learning.quiz(app, me, "basics").again.refusal(app.now()) == ""


def test_the_last_attempt_is_the_last(with_policy: With) -> None:
    app = with_policy("attempts: 2")
    me, other = factories.person(app), factories.person(app)
    _take(app, me, well=False)
    assert learning.quiz(app, me, "basics").again.left == 1
    number = learning.begin_quiz(app, me, "basics")
    assert learning.begin_quiz(app, me, "basics") == number  # an open one is gone on with
    _take(app, me, well=False)
    with pytest.raises(Refused, match="You have used all 2 attempts"):
        learning.begin_quiz(app, me, "basics")
    assert learning.quiz(app, me, "basics").again.left == 0
    _take(app, other)  # everybody has their own


def test_many_tabs_get_no_further_attempt(with_policy: With) -> None:
    app = with_policy("attempts: 1")
    me = factories.person(app)
    _take(app, me)
    said: list[str] = []

    def press() -> None:
        try:
            learning.begin_quiz(app, me, "basics")
        except Refused as refusal:
            said.append(str(refusal))

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 8


def test_the_next_attempt_waits(with_policy: With, clock: FakeClock) -> None:
    app = with_policy("wait: 1d")
    me = factories.person(app)
    _take(app, me)
    with pytest.raises(Refused, match="again in 1 day"):
        learning.begin_quiz(app, me, "basics")
    clock.forward(hours=23, minutes=59)
    with pytest.raises(Refused, match="again in 1 minute"):
        learning.begin_quiz(app, me, "basics")
    clock.forward(minutes=1)
    _take(app, me)


def test_whoever_is_assigned_it_anew_has_all_attempts_anew(with_policy: With, clock: FakeClock) -> None:
    app = with_policy("attempts: 1")
    team = factories.team(app)
    me, sam = factories.person(app, team_id=team), factories.person(app, Role.SECURITY)
    _take(app, me, well=False)
    with pytest.raises(Refused):
        learning.begin_quiz(app, me, "basics")
    clock.forward(days=1)
    programme.give(app, sam, "basics", team, (app.now() + timedelta(days=14)).date())
    _take(app, me)
    with pytest.raises(Refused):
        learning.begin_quiz(app, me, "basics")


@pytest.mark.parametrize(("policy", "counts"), [("keep: best", True), ("keep: last", False)])
def test_the_attempt_that_counts_counts_for_the_person_and_for_the_team(
    with_policy: With, clock: FakeClock, policy: str, *, counts: bool
) -> None:
    app = with_policy(policy)
    team = factories.team(app)
    me, sam = factories.person(app, team_id=team), factories.person(app, Role.SECURITY)
    programme.give(app, sam, "basics", team, (app.now() + timedelta(days=14)).date())
    _take(app, me)
    assert _passed(app, me)
    clock.forward(days=1)
    _take(app, me, well=False)
    (module,) = learning.path(app, me)
    assert _passed(app, me) is counts
    assert module.result == (1.0 if counts else 0.0)
    assert _team_passed(app, team, me) is counts
    clock.forward(days=1)
    _take(app, me)
    assert _passed(app, me)
    assert _team_passed(app, team, me)


def _team_passed(app: App, team: int, me: Person) -> bool:
    from db import behaviour

    last = [slug for slug, quiz in app.content().quizzes.items() if quiz.keep == "last"]
    with app.db.read() as connection:
        return (me.id, "quiz", "basics") in behaviour.passed(connection, [team], last)
