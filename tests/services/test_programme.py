"""Assigning modules."""

from datetime import timedelta

import pytest

from domain.people import Role
from domain.refusal import Forbidden, Refused
from services import learning, people, programme, trail
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
