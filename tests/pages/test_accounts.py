"""The pages on accounts, people and the trail, as each person gets them."""

from db import people, sessions
from domain.people import Person, Role
from services import accounts, passwords
from services.accounts import Browser
from services.app import App
from tests import factories
from tests.pages.conftest import Browse
from ui import places

HASH = passwords.keep("tram umbrella nine")


def _everyone(app: App) -> dict[int, Person]:
    with app.db.read() as connection:
        return {person.id: person for person in people.everyone(connection)}


def _drawn(at) -> str:
    return " ".join(str(element.proto) for element in at.main)


def test_my_account_lists_my_sessions_and_ends_another_one(app: App, browse: Browse) -> None:
    me = factories.person(app, name="Ann Arbor")
    app.db.write(lambda c: people.set_password(c, me.id, HASH, app.now()))
    other = accounts.sign_in(
        app, me.email, "tram umbrella nine", Browser("198.51.100.9", "Mozilla Firefox/140 Windows")
    )
    at = browse(me, places.ACCOUNT)
    assert "198.51.100.9" in _drawn(at)
    assert "Firefox on Windows" in _drawn(at)
    whose = accounts.principal(app, other.token)
    assert whose is not None
    at.button(key=f"end-{whose.sid}").click().run()
    assert accounts.principal(app, other.token) is None
    assert "198.51.100.9" not in _drawn(at)


def test_signing_out_everywhere_ends_the_session_of_this_page_too(app: App, browse: Browse) -> None:
    me = factories.person(app)
    at = browse(me, places.ACCOUNT)
    at.button(key="everywhere").click().run()
    with app.db.read() as connection:
        assert sessions.of_person(connection, me.id, app.now(), app.settings.session_idle) == ()


def test_the_security_team_adds_a_person_and_gets_a_link_once(app: App, browse: Browse) -> None:
    at = browse(factories.person(app, Role.SECURITY), places.PEOPLE)
    at.text_input(key="new_name").input("Bo <b>Berg</b>")
    at.text_input(key="new_email").input("bo@northwind.example")
    next(button for button in at.button if button.label == "Add and get the link").click().run()
    assert not at.exception
    link = at.code[0].value
    bo = accounts.accept_invitation(app, link.split("code=")[1], "tram umbrella nine", Browser("x")).person
    assert (bo.name, bo.roles) == ("Bo <b>Berg</b>", frozenset({Role.EMPLOYEE}))
    at.run()
    assert len(at.code) == 0


def test_the_security_team_changes_roles_and_closes_an_account(app: App, browse: Browse) -> None:
    ada, bo = factories.person(app, Role.SECURITY), factories.person(app, name="Bo")
    care = factories.team(app, "Care")
    at = browse(ada, places.PEOPLE, id=str(bo.id))
    at.pills(key=f"roles{bo.id}").set_value([Role.MANAGER])
    at.multiselect(key=f"manages{bo.id}").set_value([care])
    next(button for button in at.button if button.label == "Save").click().run()
    assert not at.exception
    assert _everyone(app)[bo.id].manages == {care}
    next(button for button in at.button if button.label == "Close account").click().run()
    assert not _everyone(app)[bo.id].active
    at = browse(ada, places.PEOPLE, id=str(ada.id))
    next(button for button in at.button if button.label == "Close account").click().run()
    assert _everyone(app)[ada.id].active
    assert "last active member" in at.warning[0].value


def test_the_trail_is_filtered_and_shows_text_as_text(app: App, browse: Browse) -> None:
    ada = factories.person(app, Role.SECURITY)
    accounts.sign_out_everywhere(app, ada)
    at = browse(ada, places.AUDIT)
    assert "signed out everywhere" in _drawn(at)
    at.text_input(key="words").input("nobody-like-this").run()
    assert "Nothing of this kind" in _drawn(at)


def test_a_page_number_that_is_none_shows_the_newest(app: App, browse: Browse) -> None:
    for before in ("-1", "x", "9" * 30, "²"):
        assert not browse(factories.person(app, Role.SECURITY), places.AUDIT, before=before).exception
