"""Accounts on both databases: who gets in, for how long, and what is written down."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import audit, people, sessions
from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from services import accounts, passwords, trail
from services import people as directory
from services.accounts import Browser, SignedIn, TooMany
from services.app import App
from tests import factories
from tests.conftest import FakeClock

PASSWORD = "tram umbrella nine"
HASH = passwords.keep(PASSWORD)
HERE = Browser("192.0.2.1", "Firefox/140")


def _account(app: App, *roles: Role, name: str | None = None) -> Person:
    person = factories.person(app, *roles, name=name)
    app.db.write(lambda c: people.set_password(c, person.id, HASH, app.now()))
    return person


def _enter(app: App, person: Person, browser: Browser = HERE, **more: str) -> SignedIn:
    return accounts.sign_in(app, person.email, PASSWORD, browser, **more)


def _guess(app: App, email: str, browser: Browser = HERE) -> str:
    try:
        accounts.sign_in(app, email, "not the password", browser)
    except TooMany:
        return "limited"
    except Refused:
        return "wrong"
    return "in"


def _acts(app: App) -> list[str]:
    with app.db.read() as connection:
        return [entry.action for entry in audit.search(connection, action="", words="", before=None, limit=100)][::-1]


# ── sessions ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_signing_in_opens_a_session_for_exactly_this_person(app: App) -> None:
    ann, _ = _account(app), _account(app)
    opened = _enter(app, ann)
    whose = accounts.principal(app, opened.token)
    assert whose is not None
    assert whose.person_id == ann.id
    assert accounts.person_of_session(app, whose.sid) == ann
    assert accounts.principal(app, opened.token[:-1]) is None
    assert accounts.principal(app, "") is None
    assert _acts(app) == ["sign-in"]


def test_the_database_holds_no_token(app: App) -> None:
    opened = _enter(app, _account(app))
    with app.db.read() as connection:
        rows = str(connection.exec_driver_sql("SELECT * FROM session").all())
        rows += str(connection.exec_driver_sql("SELECT * FROM device").all())
    assert opened.token not in rows
    assert opened.device not in rows


def test_a_session_ends_when_nobody_does_anything(app: App, clock: FakeClock) -> None:
    opened = _enter(app, _account(app))
    whose = accounts.principal(app, opened.token)
    assert whose is not None
    clock.forward(minutes=app.settings.session_idle_minutes - 1)
    accounts.touch(app, frozenset({whose.sid}))
    clock.forward(minutes=app.settings.session_idle_minutes - 1)
    assert accounts.living(app, frozenset({whose.sid})) == {whose.sid}
    clock.forward(minutes=1)
    assert accounts.principal(app, opened.token) is None
    assert accounts.person_of_session(app, whose.sid) is None


def test_a_session_ends_at_last_however_busy(app: App, clock: FakeClock) -> None:
    opened = _enter(app, _account(app))
    whose = accounts.principal(app, opened.token)
    assert whose is not None
    for _ in range(app.settings.session_hours):
        assert accounts.living(app, frozenset({whose.sid}))
        clock.forward(hours=1)
        accounts.touch(app, frozenset({whose.sid}))
    assert accounts.principal(app, opened.token) is None


def test_signing_in_replaces_the_session_of_the_browser_and_no_other(app: App) -> None:
    ann = _account(app)
    first, other = _enter(app, ann), _enter(app, ann)
    second = _enter(app, ann, replaces=first.token)
    assert accounts.principal(app, first.token) is None
    assert accounts.principal(app, other.token)
    assert accounts.principal(app, second.token)


def test_signing_out_ends_one_session_and_everywhere_ends_all(app: App) -> None:
    ann, bob = _account(app), _account(app)
    first, second, third, his = _enter(app, ann), _enter(app, ann), _enter(app, ann), _enter(app, bob)
    accounts.sign_out(app, first.token, HERE)
    accounts.sign_out(app, first.token, HERE)
    assert [bool(accounts.principal(app, one.token)) for one in (first, second, third)] == [False, True, True]
    assert accounts.sign_out_everywhere(app, ann) == 2
    assert accounts.principal(app, second.token) is accounts.principal(app, third.token) is None
    assert accounts.principal(app, his.token)


def test_nobody_ends_the_session_of_somebody_else(app: App) -> None:
    ann, bob = _account(app), _account(app)
    hers = accounts.principal(app, _enter(app, ann).token)
    assert hers is not None
    with pytest.raises(Refused):
        accounts.end_session(app, bob, hers.sid)
    assert accounts.living(app, frozenset({hers.sid}))
    accounts.end_session(app, ann, hers.sid)
    assert not accounts.living(app, frozenset({hers.sid}))


def test_a_form_works_once_even_when_sent_twice_at_the_same_moment(app: App) -> None:
    ann = _account(app)

    def enter(_: int) -> str:
        try:
            _enter(app, ann, form="the secret of the form")
        except Refused:
            return "stale"
        return "in"

    with ThreadPoolExecutor(4) as pool:
        assert Counter(pool.map(enter, range(4))) == {"in": 1, "stale": 3}


# ── refusals ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_wrong_unknown_closed_and_without_password_read_the_same(app: App) -> None:
    known, closed, invited = _account(app), _account(app), factories.person(app)
    app.db.write(lambda c: people.set_active(c, closed.id, active=False))
    said = set()
    for email, password in (
        (known.email, "wrong"),
        ("nobody@northwind.example", PASSWORD),
        (closed.email, PASSWORD),
        (invited.email, ""),
        ("", ""),
        (known.email, "x" * 10_000),
    ):
        with pytest.raises(Refused) as refused:
            accounts.sign_in(app, email, password, HERE)
        said.add(str(refused.value))
    assert said == {accounts.WRONG}


def test_what_was_typed_as_an_unknown_address_is_not_written_down(app: App) -> None:
    _guess(app, "my-secret-password")
    with app.db.read() as connection:
        (entry,) = audit.search(connection, action="sign-in refused", words="", before=None, limit=9)
    assert (entry.subject, entry.detail) == ("unknown account", {"reason": "no such account"})


def test_a_guesser_is_stopped_and_later_starts_again(app: App, clock: FakeClock) -> None:
    ann = _account(app)
    assert [_guess(app, ann.email) for _ in range(7)] == ["wrong"] * accounts.PAIR_TRIES + ["limited"] * 2
    with pytest.raises(TooMany):
        _enter(app, ann)
    assert "sign-in limited" in _acts(app)
    clock.forward(minutes=15)
    assert _enter(app, ann).person == ann


def test_an_unknown_account_is_limited_just_the_same(app: App) -> None:
    guesses = [_guess(app, "nobody@northwind.example") for _ in range(6)]
    assert guesses == ["wrong"] * accounts.PAIR_TRIES + ["limited"]


def test_many_guesses_at_the_same_moment_are_many_guesses(app: App) -> None:
    ann = _account(app)
    with ThreadPoolExecutor(8) as pool:
        outcomes = Counter(pool.map(lambda _: _guess(app, ann.email), range(16)))
    assert outcomes["wrong"] <= accounts.PAIR_TRIES
    assert outcomes["in"] == 0


def test_guesses_from_everywhere_do_not_keep_out_who_comes_from_where_they_always_do(app: App) -> None:
    ann = _account(app)
    home = Browser("198.51.100.7")
    _enter(app, ann, home)
    outcomes = [_guess(app, ann.email, Browser(f"203.0.113.{n // 4}")) for n in range(accounts.ACCOUNT_TRIES + 4)]
    assert outcomes[-4:] == ["limited"] * 4
    with pytest.raises(TooMany):
        _enter(app, ann, Browser("192.0.2.200"))
    assert _enter(app, ann, home).person == ann


def test_a_known_browser_gets_in_past_any_guesser_at_the_same_address(app: App) -> None:
    ann = _account(app)
    device = _enter(app, ann).device
    while _guess(app, ann.email) != "limited":
        pass
    assert _enter(app, ann, Browser(HERE.address, device=device)).device == device
    with pytest.raises(TooMany):
        _enter(app, ann, Browser(HERE.address, device="made up"))


def test_a_known_browser_may_not_guess_for_ever_nor_for_others(app: App) -> None:
    ann, bob = _account(app), _account(app)
    known = Browser(HERE.address, device=_enter(app, ann).device)
    assert [_guess(app, bob.email, known) for _ in range(6)][-1] == "limited"
    outcomes = [_guess(app, ann.email, known) for _ in range(accounts.DEVICE_TRIES + 1)]
    assert outcomes == ["wrong"] * accounts.DEVICE_TRIES + ["limited"]


def test_one_address_cannot_try_all_accounts(app: App) -> None:
    outcomes = [_guess(app, f"person{n}@northwind.example") for n in range(accounts.ADDRESS_TRIES + 2)]
    assert outcomes == ["wrong"] * accounts.ADDRESS_TRIES + ["limited"] * 2


# ── passwords, set-up, invitations ────────────────────────────────────────────────────────────────────────────


def test_a_new_password_replaces_the_old_one_and_ends_what_was_open(app: App) -> None:
    ann = _account(app)
    old = _enter(app, ann)
    new = accounts.change_password(app, ann, PASSWORD, "river copper lamp", HERE)
    assert accounts.principal(app, old.token) is None
    assert accounts.principal(app, new.token)
    with pytest.raises(Refused):
        _enter(app, ann)
    assert accounts.sign_in(app, ann.email, "river copper lamp", HERE).person == ann


def test_changing_a_password_cannot_be_used_to_guess_it(app: App) -> None:
    ann = _account(app)
    for _ in range(accounts.PAIR_TRIES):
        with pytest.raises(Refused, match="current password"):
            accounts.change_password(app, ann, "a guess", "river copper lamp", HERE)
    with pytest.raises(TooMany):
        accounts.change_password(app, ann, PASSWORD, "river copper lamp", HERE)


@pytest.mark.parametrize(
    "password",
    ["", "short", "password", "P@ssw0rd2024", "Summer2026!", "12345678", "87654321", "qwertyuiop", "aaaaaaaaaaaa",
     "abcdefghij", "letmein123", "annaberg", "x" * 201, "Muster2026"],
)  # fmt: skip
def test_passwords_that_are_tried_first_are_refused(password: str) -> None:
    with pytest.raises(Refused):
        passwords.check(password, about=("Anna Berg", "anna.berg@northwind.example"))


@pytest.mark.parametrize(
    "password", ["tram umbrella nine", "correct horse battery staple", "жёлтый трамвай 7", "x9" * 2 + "Q!vb" * 24]
)
def test_long_passwords_of_any_letters_are_fine(password: str) -> None:
    passwords.check(password, about=("Anna Berg", "anna.berg@northwind.example"))


@given(st.text(min_size=1, max_size=40))
def test_any_text_can_be_tried_as_a_password(password: str) -> None:
    right, _ = passwords.matches(password, None)
    assert not right


def test_the_same_letters_typed_on_another_keyboard_are_the_same_password() -> None:
    assert passwords.matches("cafe\u0301 tram nine", passwords.keep("caf\u00e9 tram nine"))[0]
    assert passwords.keep("x" * 20).startswith("$argon2id$")


def _set_up(app: App, code: str) -> SignedIn:
    return accounts.set_up(app, code, "Ada Ito", "ada@northwind.example", PASSWORD, HERE)


def test_the_first_account_needs_the_latest_code_and_is_made_once(app: App) -> None:
    assert accounts.needs_set_up(app)
    old, code = accounts.new_set_up_code(app), accounts.new_set_up_code(app)
    for wrong in (old, "", "0000-0000"):
        with pytest.raises(Refused):
            _set_up(app, wrong)
    ada = _set_up(app, f" {code.upper()} ").person
    assert ada.roles == {Role.SECURITY, Role.EMPLOYEE}
    assert not accounts.needs_set_up(app)
    with pytest.raises(Refused):
        accounts.set_up(app, code, "Eve", "eve@northwind.example", PASSWORD, HERE)
    later = accounts.new_set_up_code(app)
    with pytest.raises(Refused):
        accounts.set_up(app, later, "Eve", "eve@northwind.example", PASSWORD, HERE)


def test_a_set_up_code_is_good_for_a_day(app: App, clock: FakeClock) -> None:
    code = accounts.new_set_up_code(app)
    clock.forward(days=1)
    with pytest.raises(Refused):
        _set_up(app, code)


def test_an_invitation_lets_a_person_choose_a_password_once(app: App, clock: FakeClock) -> None:
    ada = _account(app, Role.SECURITY)
    code = directory.add(app, ada, "Bo Berg", "bo@northwind.example", frozenset({Role.EMPLOYEE}))
    bo = accounts.accept_invitation(app, code, PASSWORD, HERE).person
    assert (bo.name, bo.roles) == ("Bo Berg", frozenset({Role.EMPLOYEE}))
    assert _enter(app, bo).person == bo
    with pytest.raises(Refused):
        accounts.accept_invitation(app, code, "river copper lamp", HERE)
    first, second = directory.invite(app, ada, bo.id), directory.invite(app, ada, bo.id)
    with pytest.raises(Refused):
        accounts.accept_invitation(app, first, "river copper lamp", HERE)
    clock.forward(days=7)
    with pytest.raises(Refused):
        accounts.accept_invitation(app, second, "river copper lamp", HERE)


def test_a_closed_account_accepts_no_invitation(app: App) -> None:
    ada, bo = _account(app, Role.SECURITY), factories.person(app)
    code = directory.invite(app, ada, bo.id)
    directory.close(app, ada, bo.id)
    with pytest.raises(Refused):
        accounts.accept_invitation(app, code, PASSWORD, HERE)
    with pytest.raises(Refused):
        directory.invite(app, ada, bo.id)


# ── people, for the security team ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "email",
    [
        "",
        "bo",
        "bo@",
        "@northwind.example",
        "bo berg@northwind.example",
        "bo\u200b@northwind.example",
        "bo@local",
        "a\u202eb@x.example",
    ],
)
def test_an_address_that_could_pass_for_another_is_refused(app: App, email: str) -> None:
    with pytest.raises(Refused):
        directory.add(app, _account(app, Role.SECURITY), "Bo", email, frozenset({Role.EMPLOYEE}))


def test_one_mailbox_gets_one_account(app: App) -> None:
    ada = _account(app, Role.SECURITY)
    directory.add(app, ada, "Bo", "bo@northwind.example", frozenset({Role.EMPLOYEE}))
    for email in ("BO@northwind.example", " bo@NORTHWIND.example ", "\uff42\uff4f@northwind.example"):
        with pytest.raises(Refused):
            directory.add(app, ada, "Bo", email, frozenset({Role.EMPLOYEE}))


def test_closing_an_account_ends_its_sessions_and_opening_does_not_bring_them_back(app: App) -> None:
    ada, bo = _account(app, Role.SECURITY), _account(app)
    opened = _enter(app, bo)
    directory.close(app, ada, bo.id)
    assert accounts.principal(app, opened.token) is None
    with pytest.raises(Forbidden):
        accounts.my_sessions(app, bo)
    directory.reopen(app, ada, bo.id)
    assert accounts.principal(app, opened.token) is None
    assert _enter(app, bo).person.id == bo.id


def test_somebody_always_looks_after_muster(app: App) -> None:
    ada, bo = _account(app, Role.SECURITY), _account(app)
    for act in (
        lambda: directory.close(app, ada, ada.id),
        lambda: directory.change(app, ada, ada.id, roles=frozenset({Role.EMPLOYEE}), team_id=None),
        lambda: directory.operator_revoke(app, ada.email, shut=True),
        lambda: directory.operator_roles(app, ada.email, frozenset({Role.MANAGER}), ()),
    ):
        with pytest.raises(Refused, match="last active member"):
            act()
    directory.change(app, ada, bo.id, roles=frozenset({Role.SECURITY}), team_id=None)
    directory.close(app, ada, ada.id)


def test_roles_and_teams_are_replaced_together(app: App) -> None:
    ada, bo = _account(app, Role.SECURITY), _account(app)
    care, lab = directory.add_team(app, ada, "Care"), directory.add_team(app, ada, "Laboratory")
    both = frozenset({Role.MANAGER, Role.EMPLOYEE})
    directory.change(app, ada, bo.id, roles=both, team_id=care, manages=frozenset({lab}))
    (found,) = [person for person in directory.everyone(app, ada) if person.id == bo.id]
    assert (found.roles, found.team_id, found.manages) == (both, care, frozenset({lab}))
    directory.change(app, ada, bo.id, roles=frozenset({Role.EMPLOYEE}), team_id=None, manages=frozenset({lab}))
    (found,) = [person for person in directory.everyone(app, ada) if person.id == bo.id]
    assert (found.roles, found.team_id, found.manages) == (frozenset({Role.EMPLOYEE}), None, frozenset())
    with pytest.raises(Refused):
        directory.change(app, ada, bo.id, roles=both, team_id=999_999)
    with pytest.raises(Refused):
        directory.add_team(app, ada, " care ")


def test_everything_about_accounts_is_in_the_trail_with_who_did_it(app: App) -> None:
    ada, bo = _account(app, Role.SECURITY), _account(app)
    _enter(app, bo, Browser("203.0.113.5"))
    directory.change(app, ada, bo.id, roles=frozenset({Role.MANAGER}), team_id=None)
    directory.sign_out(app, ada, bo.id)
    directory.invite(app, ada, bo.id)
    directory.close(app, ada, bo.id)
    directory.reopen(app, ada, bo.id)
    with pytest.raises(Forbidden):
        directory.everyone(app, bo)
    entries = trail.entries(app, ada)
    assert [(entry.action, entry.actor) for entry in reversed(entries)] == [
        ("sign-in", bo.email),
        ("person changed", ada.email),
        ("signed out", ada.email),
        ("invited", ada.email),
        ("account closed", ada.email),
        ("account opened", ada.email),
        ("refused", bo.email),
    ]
    assert {entry.action for entry in trail.entries(app, ada, words="203.0.113")} == {"sign-in"}
    assert [entry.action for entry in trail.entries(app, ada, action="invited")] == ["invited"]
    assert trail.entries(app, ada, words="%") == ()
    assert trail.entries(app, ada, before=entries[-1].id) == ()
    assert "invited" in trail.actions(app, ada)


def test_what_no_rule_asks_for_is_deleted_and_the_rest_stays(app: App, clock: FakeClock) -> None:
    ann = _account(app)
    _guess(app, ann.email)
    opened = _enter(app, ann, Browser("198.51.100.1"))
    accounts.sweep(app)
    assert accounts.principal(app, opened.token)
    clock.forward(days=120)
    accounts.sweep(app)
    with app.db.read() as connection:
        assert sessions.tries(connection, ann.email, HERE.address, app.now() - timedelta(days=999)).account == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM session").scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM audit").scalar() == 2
