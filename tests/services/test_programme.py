"""Assigning modules."""

from datetime import timedelta

import pytest

from db import attempts
from db.engine import Connection
from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from services import behaviour, learning, people, programme, trail
from services.app import App
from tests import factories


def test_a_manager_assigns_to_their_own_team_and_to_no_other(app: App) -> None:
    mine, other = factories.team(app), factories.team(app)
    boss = factories.person(app, Role.MANAGER, manages=frozenset({mine}))
    ann = factories.person(app, team_id=mine)
    due = app.now().date() + timedelta(days=14)
    assert programme.assign(app, boss, "report", mine, due) == 1
    assert programme.assign(app, boss, "report", mine, due + timedelta(days=5)) == 0
    state = next(state for state in learning.path(app, ann) if state.slug == "report")
    assert state.due_on == due
    for team in (other, 9999):
        with pytest.raises(Forbidden):
            programme.assign(app, boss, "report", team, due)


def test_a_date_in_the_past_and_an_unknown_module_are_refused(app: App) -> None:
    team = factories.team(app)
    sam = factories.person(app, Role.SECURITY)
    with pytest.raises(Refused, match="passed"):
        programme.assign(app, sam, "report", team, app.now().date() - timedelta(days=1))
    with pytest.raises(Refused, match="module"):
        programme.assign(app, sam, "nope", team, app.now().date())


def test_everybody_active_in_the_team_gets_it_and_nobody_else(app: App) -> None:
    team, other = factories.team(app, "Care"), factories.team(app)
    sam = factories.person(app, Role.SECURITY)
    ann, bob, gone = (factories.person(app, team_id=team) for _ in range(3))
    eve = factories.person(app, team_id=other)
    people.close(app, sam, gone.id)
    due = app.now().date()
    assert programme.assign(app, sam, "report", team, due) == 2
    dues = {
        who.id: {state.slug: state.due_on for state in learning.path(app, who)}["report"] for who in (ann, bob, eve)
    }
    assert dues == {ann.id: due, bob.id: due, eve.id: None}


def test_whoever_joins_later_gets_it_when_it_is_assigned_again_and_others_keep_their_date(app: App) -> None:
    team, sam = factories.team(app), factories.person(app, Role.SECURITY)
    ann = factories.person(app, team_id=team)
    first, second = app.now().date() + timedelta(days=3), app.now().date() + timedelta(days=30)
    programme.assign(app, sam, "report", team, first)
    bob = factories.person(app, team_id=team)
    assert programme.assign(app, sam, "report", team, second) == 1
    assert [
        next(state.due_on for state in learning.path(app, who) if state.slug == "report") for who in (ann, bob)
    ] == [first, second]


def test_an_assignment_is_in_the_trail_with_who_what_and_how_many(app: App) -> None:
    team = factories.team(app, "Care")
    factories.person(app, team_id=team)
    boss = factories.person(app, Role.MANAGER, manages=frozenset({team}))
    due = app.now().date() + timedelta(days=3)
    programme.assign(app, boss, "report", team, due)
    (entry,) = trail.entries(app, factories.person(app, Role.SECURITY), action="assign")
    assert (entry.actor, entry.subject) == (boss.email, "Care")
    assert entry.detail == {"module": "report", "due": due.isoformat(), "people": "1"}


def test_what_is_refused_assigns_nothing(app: App) -> None:
    team = factories.team(app)
    ann = factories.person(app, team_id=team)
    stranger = factories.person(app, Role.MANAGER)
    with pytest.raises(Forbidden):
        programme.assign(app, stranger, "report", team, app.now().date())
    with pytest.raises(Forbidden):
        programme.assign(app, ann, "report", team, app.now().date())
    assert all(state.due_on is None for state in learning.path(app, ann))


def _passes(app: App, person: Person, module: str) -> None:
    """Everything in a module read, and its practice passed, now."""
    found = app.content().modules[module]

    def work(connection: Connection) -> None:
        for slug in found.lessons:
            attempts.keep_progress(connection, person.id, slug, screen=99, done_at=app.now(), now=app.now())
        for kind, slug in [("quiz", found.quiz), *((app.content().drills[d].kind, d) for d in found.drills)]:
            begun = attempts.begin(connection, person.id, kind, slug, seed=1, draw=("x",), now=app.now())
            attempts.finish(connection, begun.id, points=1.0, out_of=1.0, passed=True, now=app.now())

    app.db.write(work)


def test_whoever_passed_long_ago_gets_it_again_and_whoever_has_it_open_keeps_the_date(app: App, clock) -> None:
    team = factories.team(app)
    boss = factories.person(app, Role.MANAGER, manages=frozenset({team}))
    ann, bob = factories.person(app, team_id=team), factories.person(app, team_id=team)
    first = app.now().date() + timedelta(days=14)
    programme.give(app, boss, "report", team, first)
    _passes(app, ann, "report")
    state = next(state for state in learning.path(app, ann) if state.slug == "report")
    assert state.done
    assert programme.give(app, boss, "report", team, first + timedelta(days=9)).people == 0
    clock.forward(days=60)
    second = app.now().date() + timedelta(days=14)
    given = programme.give(app, boss, "report", team, second)
    assert (given.new, [person for person, _, _ in given.again]) == ((), [ann.id])
    again = next(state for state in learning.path(app, ann) if state.slug == "report")
    assert again.due_on == second
    assert not again.done
    assert {step.kind for step in again.steps if step.done} == {"lesson"}
    assert next(state for state in learning.path(app, bob) if state.slug == "report").due_on == first
    _passes(app, ann, "report")
    assert next(state for state in learning.path(app, ann) if state.slug == "report").done


def test_assigning_can_be_taken_back_and_leaves_what_was_there_before(app: App, clock) -> None:
    team = factories.team(app)
    boss = factories.person(app, Role.MANAGER, manages=frozenset({team}))
    stranger = factories.person(app, Role.MANAGER, manages=frozenset({factories.team(app)}))
    ann = factories.person(app, team_id=team)
    first = app.now().date() + timedelta(days=14)
    programme.give(app, boss, "report", team, first)
    _passes(app, ann, "report")
    clock.forward(days=60)
    bob = factories.person(app, team_id=team)
    given = programme.give(app, boss, "report", team, app.now().date() + timedelta(days=7))
    assert given.people == 2
    with pytest.raises(Forbidden):
        programme.take_back(app, stranger, given)
    assert programme.take_back(app, boss, given) == 2
    assert programme.take_back(app, boss, given) == 0
    before = next(state for state in learning.path(app, ann) if state.slug == "report")
    assert (before.due_on, before.done) == (first, True)
    assert next(state for state in learning.path(app, bob) if state.slug == "report").due_on is None


def test_overdue_counts_people_who_have_not_done_what_was_due(app: App, clock) -> None:
    team = factories.team(app)
    boss = factories.person(app, Role.MANAGER, manages=frozenset({team}))
    staff = [factories.person(app, team_id=team) for _ in range(6)]
    for module in ("report", "spot"):
        programme.give(app, boss, module, team, app.now().date())
    _passes(app, staff[0], "report")
    _passes(app, staff[0], "spot")
    _passes(app, staff[1], "report")
    assert behaviour.figures(app, boss).overdue == 0
    clock.forward(days=1)
    assert behaviour.figures(app, boss).overdue == 5
