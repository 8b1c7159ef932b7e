"""Any order of clicks, in any number of tabs, agrees with a model that fits on a page.

A stale tab sends what was right a while ago, a double click sends the same twice, a reload only reads.
"""

import random
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from db.attempts import Attempt
from domain import present, respond, spot
from domain.drill import SpotDrill
from domain.grade import grade
from domain.refusal import Refused
from services import drills, exercises, learning
from services.app import App
from tests import factories


class Practice(RuleBasedStateMachine):
    """A quiz or a spot drill: the model keeps what was given and which item is on screen."""

    def __init__(self, app: App, kind: str) -> None:
        super().__init__()
        self.app, self.kind = app, kind
        self.me = factories.person(app)
        self.slug = "report" if kind == "quiz" else _drill(app)
        self.attempts: list[Attempt] = []
        self.given: dict[tuple[int, str], tuple[dict[str, Any], float, dict[str, Any]]] = {}
        self.place = 0
        self.over = True

    # ── what the person sees and does ─────────────────────────────────────────────────────────────────────────

    def view(self) -> Any:
        return (learning.quiz if self.kind == "quiz" else drills.spot_drill)(self.app, self.me, self.slug)

    def response(self, attempt: Attempt, item: str, *, well: bool) -> tuple[dict[str, Any], float]:
        if self.kind == "quiz":
            question = next(q for q in self.app.content().quizzes[self.slug].questions if q.id == item)
            order = present.order(attempt.seed, item, present.size(question))
            chosen = respond.right(question, order) if well else respond.wrong(question, order, random.Random(1))
            return chosen, grade(question, order, chosen).y
        drill = self.app.content().drills[self.slug]
        assert isinstance(drill, SpotDrill)
        artefact = next(a for a in drill.artefacts if a.id == item)
        chosen = respond.judgement(artefact, well=well, chance=random.Random(1))
        return chosen, spot.judge(artefact, chosen).grade.y

    def give(self, attempt: Attempt, item: str, response: dict[str, Any]) -> Any:
        now = self.app.now()
        if self.kind == "quiz":
            return learning.answer_quiz(self.app, self.me, attempt.id, item, response, sure=True, shown_at=now)
        return drills.judge(self.app, self.me, attempt.id, item, response, shown_at=now)

    def leave(self, attempt: Attempt, place: int) -> None:
        act = learning.next_question if self.kind == "quiz" else drills.next_artefact
        act(self.app, self.me, attempt.id, place)

    # ── clicks ────────────────────────────────────────────────────────────────────────────────────────────────

    @rule()
    def begin(self) -> None:
        number = (learning.begin_quiz if self.kind == "quiz" else drills.begin)(self.app, self.me, self.slug)
        if self.over:
            self.attempts.append(self.view().attempt)
            self.place, self.over = 0, False
        assert number == self.attempts[-1].id

    @precondition(lambda self: self.attempts)
    @rule(well=st.booleans(), stale=st.sampled_from([0, 0, 0, 1, 2]), old=st.booleans(), times=st.integers(1, 2))
    def answer(self, well: bool, stale: int, old: bool, times: int) -> None:
        attempt = self.attempts[0 if old else -1]
        over = self.over or attempt is not self.attempts[-1]
        item = attempt.draw[max(0, min(self.place, len(attempt.draw) - 1) - stale)]
        response, y = self.response(attempt, item, well=well)
        for _ in range(times):
            before = self.given.get((attempt.id, item))
            allowed = before[0] == response if before else not over
            if not allowed:
                with pytest.raises(Refused):
                    self.give(attempt, item, response)
                continue
            receipt = self.give(attempt, item, response)
            assert receipt.again is (before is not None)
            if before is None:
                self.given[attempt.id, item] = (response, y, receipt.result)
            assert receipt.result == self.given[attempt.id, item][2]

    @precondition(lambda self: self.attempts)
    @rule(stale=st.sampled_from([0, 0, 0, 1, -1]), old=st.booleans(), times=st.integers(1, 2))
    def go_on(self, stale: int, old: bool, times: int) -> None:
        attempt = self.attempts[0 if old else -1]
        place = self.place - stale
        for _ in range(times):
            here = attempt is self.attempts[-1] and not self.over and place == self.place
            if here and (attempt.id, attempt.draw[place]) not in self.given:
                with pytest.raises(Refused):
                    self.leave(attempt, place)
                continue
            self.leave(attempt, place)
            if here and place + 1 < len(attempt.draw):
                self.place += 1
            elif here:
                self.over = True

    @invariant()
    def a_reload_shows_what_the_model_says(self) -> None:
        if not self.attempts:
            return
        view, attempt = self.view(), self.attempts[-1]
        assert view.attempt.id == attempt.id
        assert (view.attempt.finished_at is not None) is self.over
        if self.over:
            worth = [y for (number, _), (_, y, _) in self.given.items() if number == attempt.id]
            assert (view.attempt.points, view.attempt.out_of) == (pytest.approx(sum(worth)), len(worth))
            return
        item = attempt.draw[self.place]
        assert (view.attempt.place, view.shown.id) == (self.place, item)
        answered = view.feedback if self.kind == "quiz" else view.result
        assert (answered is not None) is ((attempt.id, item) in self.given)


class Reading(RuleBasedStateMachine):
    """A lesson: the screen, and the first prediction on each."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app, self.me = app, factories.person(app)
        self.slug = app.content().modules["report"].lessons[0]
        self.screens = app.content().lessons[self.slug].screens
        self.place = 0
        self.chosen: dict[int, int] = {}

    @rule(to=st.integers(-2, 20))
    def turn(self, to: int) -> None:
        learning.turn(self.app, self.me, self.slug, to)
        self.place = max(0, min(to, len(self.screens)))

    @rule(place=st.integers(-1, 12), choice=st.integers(-1, 4), times=st.integers(1, 2))
    def predict(self, place: int, choice: int, times: int) -> None:
        screen = self.screens[place] if 0 <= place < len(self.screens) else None
        fits = screen is not None and screen.kind == "predict" and 0 <= choice < len(screen.options)
        for _ in range(times):
            if fits and self.chosen.get(place, choice) == choice:
                receipt = learning.predict(self.app, self.me, self.slug, place, choice, self.app.now())
                assert receipt.again is (place in self.chosen)
                self.chosen[place] = choice
            else:
                with pytest.raises(Refused):
                    learning.predict(self.app, self.me, self.slug, place, choice, self.app.now())

    @invariant()
    def a_reload_shows_what_the_model_says(self) -> None:
        view = learning.lesson(self.app, self.me, self.slug)
        last = len(self.screens) - 1
        assert (view.place, view.ended) == (min(self.place, last), self.place > last)
        assert view.chosen == self.chosen.get(view.place)


class Playing(RuleBasedStateMachine):
    """A solo exercise: every screen that was ever shown can be acted on again, and nothing happens twice."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app, self.me = app, factories.person(app)
        self.number = exercises.start(app, self.me, "results-page")
        self.screens = [self.see()]
        self.votes: dict[str, str] = {}
        self.decided: dict[str, str] = {}
        self.over = False

    def see(self) -> Any:
        return exercises.screen(self.app, self.me, self.number).view

    @rule(stale=st.sampled_from([0, 0, 1, 3]), pick=st.integers(0, 1), decide=st.booleans(), times=st.integers(1, 2))
    def choose(self, stale: int, pick: int, decide: bool, times: int) -> None:
        view = self.screens[max(0, len(self.screens) - 1 - stale)]
        if not view.asks:
            return
        ask = view.asks[0]
        option = ask.options[pick][0]
        held = self.decided if decide else self.votes
        act: Callable[..., Any] = exercises.decide if decide else exercises.vote
        for _ in range(times):
            ready = not self.over and ask.id not in self.decided and ((ask.id in self.votes) is decide)
            if held.get(ask.id) == option:
                assert act(self.app, self.me, self.number, ask.id, option).again
            elif ask.id in held or not ready:
                with pytest.raises(Refused):
                    act(self.app, self.me, self.number, ask.id, option)
            else:
                assert not act(self.app, self.me, self.number, ask.id, option).again
                held[ask.id] = option
                self.screens.append(self.see())

    @rule(stale=st.sampled_from([0, 0, 1, 2]), times=st.integers(1, 2))
    def go_on(self, stale: int, times: int) -> None:
        view = self.screens[max(0, len(self.screens) - 1 - stale)]
        for _ in range(times):
            before = self.see()
            try:
                exercises.go_on(self.app, self.me, self.number, view.seq)
            except Refused:
                assert before.asks or before.phase == "ended"
            after = self.see()
            if view.seq != before.seq:
                assert after.seq == before.seq
            if after.seq != before.seq:
                self.screens.append(after)
            self.over = after.phase == "ended"

    @invariant()
    def a_reload_shows_what_was_chosen(self) -> None:
        view = self.see()
        assert view.seq == self.screens[-1].seq
        assert (view.phase == "ended") is self.over
        if view.asks:
            assert view.asks[0].closed is (view.asks[0].id in self.votes)
            assert view.asks[0].id not in self.decided


def _drill(app: App) -> str:
    return next(slug for slug, drill in sorted(app.content().drills.items()) if isinstance(drill, SpotDrill))


@pytest.mark.parametrize("kind", ["quiz", "spot", "lesson", "exercise"])
def test_any_order_of_clicks_agrees_with_the_model(app: App, kind: str) -> None:
    def machine() -> RuleBasedStateMachine:
        if kind == "lesson":
            return Reading(app)
        return Playing(app) if kind == "exercise" else Practice(app, kind)

    examples = 12 if app.db.sqlite else 3
    run_state_machine_as_test(cast("Any", machine), settings=settings(max_examples=examples, stateful_step_count=25))
