"""Assigning modules."""

from datetime import timedelta

import pytest

from domain.people import Role
from domain.refusal import Forbidden, Refused
from services import learning, programme
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
