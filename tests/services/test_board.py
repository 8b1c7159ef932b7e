"""What the board of teams tells and hides, and what follows from it for one person; on both databases."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from db import people
from db.engine import Connection
from domain.people import Person, Role
from domain.readiness.rollup import CRITICAL, Counts
from domain.readiness.standing import Status
from domain.refusal import Forbidden
from domain.skills import Skill
from services import behaviour, evidence, practice, readiness
from services.app import App
from tests import factories


def answers(
    app: App, person: Person, y: float, *, skills: Iterable[Skill] = CRITICAL, kind: str = "quiz", n: int = 8
) -> None:
    """`n` cold answers worth `y` in each skill, now."""

    def work(connection: Connection) -> None:
        for skill in skills:
            for number in range(n):
                evidence.record(
                    connection, person_id=person.id, item=f"{skill}/{number}", skill=skill, kind=kind, y=y, guess=0.0,
                    weight=1.0, now=app.now(),
                )  # fmt: skip

    app.db.write(work)


def staff(app: App, size: int) -> tuple[int, list[Person]]:
    team = factories.team(app)
    return team, [factories.person(app, team_id=team) for _ in range(size)]


def boss_of(app: App, *teams: int) -> Person:
    return factories.person(app, Role.MANAGER, manages=frozenset(teams))


def test_the_board_counts_who_has_shown_it_and_says_what_would_move_it_most(app: App) -> None:
    team, members = staff(app, 8)
    for person in members[:3]:
        answers(app, person, 1.0)
    for person in members[3:5]:
        answers(app, person, 1.0, skills=[Skill.SPOT])
    seen = readiness.board(app, boss_of(app, team))
    assert (seen.whole.people, seen.whole.ready, seen.whole.not_assessed) == (8, 3, 5)
    assert seen.lever is not None
    assert (seen.lever.skill, seen.lever.people, seen.lever.lacking) == (Skill.REPORT, 2, 5)
    assert seen.by_team[team] == seen.whole
    assert seen.forecast[0] == (app.now().date(), 3)
    assert len(seen.forecast) == 13


def test_what_somebody_answers_shows_at_once_although_boards_are_kept(app: App) -> None:
    team, members = staff(app, 6)
    boss = boss_of(app, team)
    assert readiness.board(app, boss).whole.ready == 0
    answers(app, members[0], 1.0)
    assert readiness.board(app, boss).whole.ready == 1
    app.db.write(lambda c: people.set_active(c, members[1].id, active=False))
    assert readiness.board(app, boss).whole.people == 5


def test_two_readers_of_the_same_teams_never_get_each_others_board(app: App) -> None:
    (one, _), (two, _), (three, _) = staff(app, 6), staff(app, 7), staff(app, 9)
    assert readiness.board(app, boss_of(app, one, two)).whole.people == 13
    assert readiness.board(app, boss_of(app, one)).whole.people == 6
    sam = factories.person(app, Role.SECURITY)
    assert readiness.board(app, sam).whole.people == 22
    assert readiness.board(app, sam, three).whole.people == 9
    with pytest.raises(Forbidden):
        readiness.board(app, boss_of(app, one), two)
    with pytest.raises(Forbidden):
        behaviour.figures(app, boss_of(app, one), two)


def test_a_small_team_and_the_one_that_would_give_it_away_are_hidden_everywhere(app: App) -> None:
    (big, _), (middle, seven), (small, _) = staff(app, 12), staff(app, 7), staff(app, 3)
    for person in seven:
        answers(app, person, 1.0)
    boss = boss_of(app, big, middle, small)
    seen = readiness.board(app, boss)
    assert seen.hidden == {middle, small}
    assert set(seen.by_team) == {big}
    assert {team for team, _ in seen.cells} == {big}
    assert seen.whole.people == 22
    for team in (middle, small):
        alone = readiness.board(app, boss, team)
        assert alone.whole == Counts()
        assert (alone.lever, alone.trend, alone.forecast, dict(alone.cells)) == (None, (), (), {})
        with pytest.raises(Forbidden):
            readiness.behind(app, boss, team, Skill.SPOT)
        told = behaviour.figures(app, boss, team)
        assert (told.overdue, told.spotted, told.minutes_to_report, told.people) == (None, None, None, 0)
    text = readiness.export(app, boss)
    assert len(text.splitlines()) == 1 + len(Skill)


def test_the_trend_leaves_out_days_on_which_a_team_was_smaller_than_five(app: App, clock) -> None:
    team, members = staff(app, 3)
    other, _ = staff(app, 9)
    boss = boss_of(app, team, other)
    readiness.take_snapshot(app)
    for _ in range(4):
        factories.person(app, team_id=team)
    clock.forward(days=1)
    readiness.take_snapshot(app)
    today = app.now().date()
    assert [day for day, _ in readiness.board(app, boss, team).trend] == [today]
    # On the first day the other team alone would tell, by subtraction, what the three had.
    assert [day for day, _ in readiness.board(app, boss, other).trend] == [today]
    assert [counts.people for _, counts in readiness.board(app, boss).trend] == [12, 16]
    assert members


def test_drills_of_fewer_than_five_people_have_no_figures(app: App) -> None:
    team, members = staff(app, 9)
    boss = boss_of(app, team)
    for person in members[:4]:
        answers(app, person, 1.0, skills=[Skill.SPOT], kind="spot-breach", n=3)
        answers(app, person, 0.0, skills=[Skill.SPOT], kind="spot-harmless", n=2)
    assert behaviour.figures(app, boss).spotted is None
    answers(app, members[4], 0.0, skills=[Skill.SPOT], kind="spot-breach", n=3)
    told = behaviour.figures(app, boss)
    assert told.spotted == (12, 15)
    assert told.false_alarms == (8, 8)
    assert told.d_prime is not None


def test_figures_of_all_do_not_tell_by_subtraction_what_four_people_did(app: App) -> None:
    (one, first), (two, second) = staff(app, 9), staff(app, 9)
    boss = boss_of(app, one, two)
    for person in (*first[:7], *second[:2]):
        answers(app, person, 1.0, skills=[Skill.SPOT], kind="spot-breach", n=2)
    whole, alone = behaviour.figures(app, boss), behaviour.figures(app, boss, one)
    assert whole.spotted == (18, 18)
    assert alone.spotted is None, "the difference would be the two people of the other team"
    assert behaviour.figures(app, boss, two).spotted is None


def test_a_person_reads_what_moved_them_by_its_title_and_what_to_practise(app: App) -> None:
    me = factories.person(app)
    quiz = app.content().quizzes["spot"]
    asked = quiz.questions[0]
    app.db.write(
        lambda c: evidence.record(
            c, person_id=me.id, item=f"spot/{asked.id}", skill=Skill.SPOT, kind="quiz", y=1.0, guess=0.0, weight=1.0,
            now=app.now(),
        )
    )  # fmt: skip
    own = readiness.own(app, me)
    assert own.moved[0].title.split(" …")[0] in " ".join((asked.context or asked.ask).split())
    assert "/" not in own.moved[0].title
    assert {found.skill for found in own.skills if found.practice} == set(Skill)
    kinds = {each.skill: each.practice.kind for each in own.skills if each.practice}
    taught = {app.content().quizzes[module.quiz].skill for module in app.content().modules.values()}
    assert kinds[Skill.SPOT] == "spot"
    assert {skill for skill, kind in kinds.items() if kind == "exercise"} == set(Skill) - taught


def test_a_skill_without_a_module_is_practised_in_an_exercise(app: App) -> None:
    best = practice.best(replace(app.content(), modules={}), Skill.CUSTOMERS, {})
    assert best is not None
    assert best.kind == "exercise"


def test_home_offers_a_refresher_when_something_is_about_to_fade(app: App, clock) -> None:
    me = factories.person(app)
    answers(app, me, 1.0)
    assert readiness.summary(app, me).refresher is None
    until = next(each.until for each in readiness.own(app, me).skills if each.skill is Skill.SPOT)
    assert until is not None
    clock.moment = until - timedelta(days=3)
    soon = readiness.summary(app, me).refresher
    assert soon is not None
    assert soon.until is not None
    clock.forward(days=30)
    gone = readiness.summary(app, me)
    assert gone.refresher is not None
    assert gone.refresher.until is None
    assert readiness.own(app, me).overall.status is Status.REFRESH
