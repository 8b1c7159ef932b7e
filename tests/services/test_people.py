"""People and teams beyond signing in (which tests/services/test_accounts.py holds)."""

import pytest

from db import people as rows
from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from domain.skills import Skill
from services import accounts, evidence, passwords, people, trail
from services.accounts import Browser, TooMany
from services.app import App
from tests import factories

PASSWORD = "tram umbrella nine"
HASH = passwords.keep(PASSWORD)


@pytest.fixture
def sam(app: App) -> Person:
    return factories.person(app, Role.SECURITY, name="Sam")


def _with_password(app: App) -> Person:
    person = factories.person(app, name="Bo")
    app.db.write(lambda c: rows.set_password(c, person.id, HASH, app.now()))
    return person


def test_an_account_needs_a_role_a_name_and_a_team_that_exists(app: App, sam: Person) -> None:
    before = people.everyone(app, sam)
    for name, roles, team in (("Bo", frozenset[Role](), None), ("  ", frozenset({Role.EMPLOYEE}), None),
                              ("Bo", frozenset({Role.EMPLOYEE}), 999)):  # fmt: skip
        with pytest.raises(Refused):
            people.add(app, sam, name, "bo@northwind.example", roles, team)
    assert people.everyone(app, sam) == before
    team = people.add_team(app, sam, " Care ")
    assert people.teams(app, sam) == {team: "Care"}
    people.add(app, sam, "Bo", "bo@northwind.example", frozenset({Role.EMPLOYEE}), team)
    (bo,) = [person for person in people.everyone(app, sam) if person.name == "Bo"]
    assert (bo.team_id, bo.active, bo.email) == (team, True, "bo@northwind.example")


def test_signing_somebody_out_ends_all_their_sessions_and_forgets_their_browsers(app: App, sam: Person) -> None:
    bo = _with_password(app)
    home = Browser("192.0.2.1")
    first, second = (accounts.sign_in(app, bo.email, PASSWORD, home) for _ in range(2))
    assert people.sign_out(app, sam, bo.id) == 2
    assert accounts.principal(app, first.token) is accounts.principal(app, second.token) is None
    assert people.sign_out(app, sam, bo.id) == 0
    # The browser is a stranger again: once a guesser is limited here, it is limited with them.
    for _ in range(accounts.PAIR_TRIES):
        with pytest.raises(Refused):
            accounts.sign_in(app, bo.email, "wrong", home)
    with pytest.raises(TooMany):
        accounts.sign_in(app, bo.email, PASSWORD, Browser("192.0.2.1", device=first.device))


def test_closing_keeps_everything_the_person_did(app: App, sam: Person) -> None:
    bo = factories.person(app)
    factories.practise(app, bo, Skill.SPOT, 1.0)
    people.close(app, sam, bo.id)
    (closed,) = [person for person in people.everyone(app, sam) if person.id == bo.id]
    assert not closed.active
    assert evidence.replay(app) == (2, 0)
    with pytest.raises(Refused):
        accounts.sign_in(app, bo.email, PASSWORD, Browser("192.0.2.1"))


def test_a_number_that_nobody_has_reads_like_one_that_is_not_for_you(app: App, sam: Person) -> None:
    for act in (people.invite, people.close, people.reopen, people.sign_out):
        with pytest.raises(Forbidden):
            act(app, sam, 999_999)
    with pytest.raises(Forbidden):
        people.change(app, sam, 999_999, roles=frozenset({Role.EMPLOYEE}), team_id=None)


@pytest.mark.parametrize("roles", [{Role.EMPLOYEE}, {Role.MANAGER, Role.EMPLOYEE}])
def test_only_the_security_team_changes_people_and_a_refusal_changes_nothing(
    app: App, sam: Person, roles: set[Role]
) -> None:
    who = factories.person(app, *roles)
    before = people.everyone(app, sam)
    for act in (
        lambda: people.close(app, who, sam.id),
        lambda: people.invite(app, who, sam.id),
        lambda: people.sign_out(app, who, sam.id),
        lambda: people.change(app, who, who.id, roles=frozenset({Role.SECURITY}), team_id=None),
        lambda: people.add(app, who, "Eve", "eve@northwind.example", frozenset({Role.SECURITY})),
        lambda: people.add_team(app, who, "Mine"),
    ):
        with pytest.raises(Forbidden):
            act()
    assert people.everyone(app, sam) == before
    assert people.teams(app, sam) == {}
    assert len(trail.entries(app, sam, action="refused")) == 6


def test_a_manager_without_the_role_manages_nobody(app: App, sam: Person) -> None:
    team = people.add_team(app, sam, "Care")
    bo = factories.person(app, Role.MANAGER, manages=frozenset({team}))
    people.change(app, sam, bo.id, roles=frozenset({Role.EMPLOYEE}), team_id=team)
    (entry,) = trail.entries(app, sam, action="person changed")
    assert entry.detail == {"roles": ["employee"], "before": ["manager"], "team": "Care", "manages": []}
    people.change(app, sam, bo.id, roles=frozenset({Role.MANAGER}), team_id=team)
    (found,) = [person for person in people.everyone(app, sam) if person.id == bo.id]
    assert found.manages == frozenset()
    with pytest.raises(Refused, match="at least one role"):
        people.change(app, sam, bo.id, roles=frozenset(), team_id=team)
