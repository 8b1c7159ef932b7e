"""Evidence and what is learnt from it: one transaction, one order, the same bits again at any time."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from db import evidence as rows
from db import tables as t
from domain import present, respond
from domain.drill import ReportDrill, SpotDrill
from domain.people import Person
from domain.readiness.model import VERSION, Belief, General, SkillState
from domain.refusal import NotSaved, Refused
from domain.skills import Skill
from services import drills, evidence, exercises, learning, readiness
from services.app import App
from tests import factories
from tests.conftest import FakeClock

States = tuple[dict[int, General], dict[tuple[int, Skill], SkillState]]


def stored(app: App) -> States:
    with app.db.read() as connection:
        return rows.all_states(connection)


def count(app: App, table: Any) -> int:
    with app.db.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def take_quiz(app: App, me: Person, slug: str, chance: random.Random, clock: FakeClock) -> None:
    attempt = learning.begin_quiz(app, me, slug)
    view = learning.quiz(app, me, slug)
    for place, item in enumerate(view.attempt.draw):
        clock.forward(seconds=chance.randint(5, 90))
        question = next(q for q in view.quiz.questions if q.id == item)
        order = present.order(view.attempt.seed, item, present.size(question))
        well = chance.random() < 0.7
        response = respond.right(question, order) if well else respond.wrong(question, order, chance)
        learning.answer_quiz(app, me, attempt, item, response, sure=True, shown_at=app.now())
        learning.next_question(app, me, attempt, place)


def take_drills(app: App, me: Person, chance: random.Random, clock: FakeClock) -> None:
    for slug, drill in sorted(app.content().drills.items()):
        attempt = drills.begin(app, me, slug)
        clock.forward(minutes=chance.randint(1, 40))
        if isinstance(drill, SpotDrill):
            for place, item in enumerate(drills.spot_drill(app, me, slug).attempt.draw):
                verdict = chance.choice(["report", "harmless"])
                drills.judge(app, me, attempt, item, {"flags": [], "verdict": verdict}, shown_at=app.now())
                drills.next_artefact(app, me, attempt, place)
        elif isinstance(drill, ReportDrill):
            organisation = app.content().organisation
            assert organisation is not None
            fields = {f.id: f.choices[0].id if f.choices else "16:50, a mail" for f in organisation.report_form}
            drills.send_report(app, me, attempt, fields)


def play(app: App, me: Person, clock: FakeClock) -> None:
    number = exercises.start(app, me, min(app.content().scenarios))
    for _ in range(3):
        clock.forward(minutes=4)
        view = exercises.screen(app, me, number).view
        if view.asks:
            exercises.vote(app, me, number, view.asks[0].id, view.asks[0].options[0][0])
            exercises.decide(app, me, number, view.asks[0].id, view.asks[0].options[-1][0])
        exercises.go_on(app, me, number, exercises.screen(app, me, number).view.seq)
    exercises.stop(app, me, number)


# ── replay ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_replaying_all_evidence_gives_every_stored_state_bit_for_bit(app: App, clock: FakeClock) -> None:
    chance, everybody = random.Random(5), [factories.person(app) for _ in range(3)]
    for round_ in range(3):
        for me in everybody:
            take_quiz(app, me, chance.choice(sorted(app.content().quizzes)), chance, clock)
            if chance.random() < 0.6:
                take_drills(app, me, chance, clock)
        play(app, everybody[round_], clock)
        evidence.fold(app)  # what is learnt later is learnt with other items and offsets
        clock.forward(days=chance.choice([0.3, 4.0, 65.0]))
    assert count(app, t.calibration) == 4
    assert count(app, t.evidence) > 60
    assert evidence.rebuilt(app) == stored(app)
    assert len(stored(app)[1]) > len(everybody)
    assert evidence.replay(app) == (len(stored(app)[0]) + len(stored(app)[1]), 0)


def test_replay_mends_states_that_were_lost_or_changed(app: App, clock: FakeClock) -> None:
    ann, bob = factories.person(app), factories.person(app)
    for who in (ann, bob):
        factories.practise(app, who, Skill.SPOT, 1.0, 0.0, 1.0)
        clock.forward(days=3)
        factories.practise(app, who, Skill.REPORT, 1.0)
    good = stored(app)
    app.db.write(
        lambda c: rows.keep_state(c, ann.id, Skill.SPOT, General(9.0, 0.1, app.now()), SkillState(9.0, 0.1, 9.0, 9, app.now()))
    )  # fmt: skip
    assert evidence.replay(app) == (6, 2)
    assert stored(app) == good
    app.db.write(rows.forget_states)
    assert evidence.replay(app) == (6, 6)
    assert stored(app) == good
    with app.db.read() as connection:
        assert {row.model_version for row in connection.execute(select(t.skill_state))} == {VERSION}


def test_replay_drops_states_that_no_evidence_gives(app: App) -> None:
    ghost = factories.person(app)
    app.db.write(
        lambda c: rows.keep_state(c, ghost.id, Skill.SPOT, General(1.0, 0.1, app.now()), SkillState(1.0, 0.1, 1.0, 5, app.now()))
    )  # fmt: skip
    assert evidence.replay(app) == (0, 2)
    assert stored(app) == ({}, {})


def test_answers_of_others_in_between_change_nothing_of_mine(app: App, clock: FakeClock) -> None:
    ann, twin, other = (factories.person(app) for _ in range(3))
    for number in range(6):
        y = float(number % 3 > 0)
        factories.practise(app, ann, Skill.SPOT, y, item=f"i{number}")
        for _ in range(number):
            factories.practise(app, other, Skill.SPOT, 0.0, item=f"i{number}")
        factories.practise(app, twin, Skill.SPOT, y, item=f"i{number}")
        clock.forward(days=number * 3)
    generals, skills = stored(app)
    assert generals[ann.id] == generals[twin.id]
    assert skills[ann.id, Skill.SPOT] == skills[twin.id, Skill.SPOT]


def test_many_answers_of_one_person_at_once_are_learnt_one_after_the_other(app: App) -> None:
    me = factories.person(app)
    factories.practise(app, me, Skill.SPOT, 1.0)

    def answer(number: int) -> bool:
        try:
            factories.practise(app, me, Skill.SPOT, float(number % 2), item=f"i{number}")
        except NotSaved:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        kept = sum(pool.map(answer, range(12)))
    assert stored(app)[1][me.id, Skill.SPOT].n == count(app, t.evidence) == kept + 1
    assert kept > 6
    assert evidence.replay(app)[1] == 0


# ── one transaction ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_transaction_that_fails_leaves_neither_evidence_nor_states(app: App) -> None:
    me = factories.person(app)

    def work(connection) -> None:
        evidence.record(connection, person_id=me.id, item="i", skill=Skill.SPOT, kind="quiz", y=1.0, guess=0.0,
                        weight=1.0, now=app.now())  # fmt: skip
        assert connection.scalar(select(func.count()).select_from(t.skill_state)) == 1
        raise Refused("Not today.")

    with pytest.raises(Refused):
        app.db.write(work)
    assert [count(app, table) for table in (t.evidence, t.person_state, t.skill_state, t.calibration)] == [0] * 4


def test_an_answer_whose_readiness_cannot_be_kept_is_not_kept_either(app: App) -> None:
    me = factories.person(app)
    attempt = learning.begin_quiz(app, me, "report")
    view = learning.quiz(app, me, "report")
    item = view.attempt.draw[0]
    question = next(q for q in view.quiz.questions if q.id == item)
    response = respond.right(question, present.order(view.attempt.seed, item, present.size(question)))
    app.db.write(lambda c: c.execute(text("ALTER TABLE skill_state RENAME TO away")))
    with pytest.raises((NotSaved, ProgrammingError)):  # PostgreSQL calls a table that is not there a fault of ours
        learning.answer_quiz(app, me, attempt, item, response, sure=True, shown_at=app.now())
    app.db.write(lambda c: c.execute(text("ALTER TABLE away RENAME TO skill_state")))
    assert [count(app, table) for table in (t.answer, t.evidence, t.person_state)] == [0] * 3
    learning.answer_quiz(app, me, attempt, item, response, sure=True, shown_at=app.now())
    assert [count(app, table) for table in (t.answer, t.evidence, t.person_state, t.skill_state)] == [1] * 4


def test_what_is_returned_is_what_is_stored(app: App, clock: FakeClock) -> None:
    me = factories.person(app)
    for day in (0, 1, 40):
        clock.forward(days=day)
        step = app.db.write(
            lambda c: evidence.record(c, person_id=me.id, item="i", skill=Skill.SPOT, kind="quiz", y=1.0, guess=0.25,
                                      weight=1.0, now=app.now())
        )  # fmt: skip
        assert stored(app) == ({me.id: step.general}, {(me.id, Skill.SPOT): step.skill})


# ── what counts and what does not ─────────────────────────────────────────────────────────────────────────────


def test_completing_every_lesson_changes_no_readiness_at_all(app: App, clock: FakeClock) -> None:
    me = factories.person(app)
    factories.practise(app, me, Skill.SPOT, 1.0, 1.0, 0.0)
    before = stored(app)
    for slug, lesson in app.content().lessons.items():
        for place, screen in enumerate(lesson.screens):
            clock.forward(minutes=1)
            if screen.kind == "predict":
                learning.predict(app, me, slug, place, 0, app.now())
            learning.turn(app, me, slug, place + 1)
        assert learning.lesson(app, me, slug).ended
    assert stored(app) == before
    assert count(app, t.evidence) == 3


def test_evidence_without_weight_is_kept_and_moves_nothing(app: App) -> None:
    me = factories.person(app)
    factories.practise(app, me, Skill.SPOT, 1.0, item="seen", weight=0.0)
    assert stored(app) == ({}, {})
    factories.practise(app, me, Skill.SPOT, 1.0, item="seen")
    moved = readiness.own(app, me).moved
    assert len(moved) == 2
    assert moved[1].before == moved[1].after
    # It was no evidence of getting this item right, so nobody expects more of the second time.
    assert moved[0].expected == moved[1].expected
    assert evidence.replay(app) == (2, 0)


def test_getting_the_same_item_right_before_makes_us_expect_more_and_learn_less(app: App, clock: FakeClock) -> None:
    ann, bob = factories.person(app), factories.person(app)
    factories.practise(app, ann, Skill.SPOT, 1.0, item="one")
    factories.practise(app, bob, Skill.SPOT, 1.0, item="other")
    clock.forward(days=10)
    for who in (ann, bob):
        factories.practise(app, who, Skill.SPOT, 1.0, item="one")
    again, new = (readiness.own(app, who).moved[0] for who in (ann, bob))
    assert again.expected > new.expected
    assert again.after - again.before < new.after - new.before


# ── folding ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_folding_changes_what_is_expected_next_and_nothing_that_was_learnt(app: App) -> None:
    crowd = [factories.person(app) for _ in range(12)]
    for who in crowd:
        factories.practise(app, who, Skill.SPOT, 0.0, item="hard")
        factories.practise(app, who, Skill.SPOT, 1.0, item="easy")
    before = stored(app)
    assert evidence.fold(app) == 2
    assert stored(app) == before
    assert evidence.replay(app)[1] == 0
    with app.db.read() as connection:
        number = rows.latest_calibration(connection)
        assert number is not None
        items = rows.find_calibration(connection, number).items
        newest, one = rows.newest_calibration(connection, "hard", app.now())
    assert (newest, one.items) == (number, {"hard": items["hard"]})
    assert items["hard"].mean > 0.5 > -0.5 > items["easy"].mean
    assert items["hard"].var < 1.0
    new = factories.person(app)
    for item in ("hard", "easy"):
        factories.practise(app, new, Skill.REPORT, 1.0, item=item)
    easy, hard = readiness.own(app, new).moved
    assert hard.expected < 0.5 < easy.expected
    assert evidence.replay(app)[1] == 0


def test_folding_again_without_new_evidence_gives_the_same_again(app: App) -> None:
    assert evidence.fold(app) == 0
    factories.practise(app, factories.person(app), Skill.SPOT, 1.0, 0.0, 1.0)
    found = []
    for _ in range(2):
        assert evidence.fold(app) == 3
        with app.db.read() as connection:
            found.append(rows.find_calibration(connection, rows.latest_calibration(connection) or 0))
    assert found[0] == found[1]
    assert found[0].first != Belief(0.30, 0.05)
