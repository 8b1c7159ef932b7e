"""*What if it happened now?* shows duties with clocks, reasons, rules and arithmetic, and follows what is chosen."""

from streamlit.testing.v1 import AppTest

from domain.people import Role
from services.app import App
from tests import factories
from tests.pages.conftest import Browse
from ui import places


def html(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def test_the_example_shows_clocks_citations_status_and_the_arithmetic(app: App, browse: Browse) -> None:
    at = browse(factories.person(app, Role.EMPLOYEE), places.DUTIES)
    shown = html(at)
    assert "Conn. Gen. Stat. 36a-701b: in force; parts are disputed or changing" in shown
    assert "640 people in Connecticut" in shown
    assert "24 months" in shown
    assert "3 × 1 + 0.25 = 3.25" in shown
    assert "Training material, not legal advice." in shown


def test_what_is_chosen_is_what_is_counted(app: App, browse: Browse) -> None:
    at = browse(factories.person(app, Role.EMPLOYEE, Role.SECURITY), places.DUTIES)
    at.multiselect(key="what-places").set_value(["US-FL"]).run()
    at.number_input(key="what-count-US-FL").set_value(499).run()
    assert "Florida Department of Legal Affairs" not in html(at)
    at.number_input(key="what-count-US-FL").set_value(500).run()
    assert "Florida Department of Legal Affairs" in html(at)
    at.selectbox(key="what-protection").set_value("encrypted_key_safe").run()
    assert "Florida residents affected" not in html(at)
    assert not at.exception


def test_nobody_affected_is_answered_with_a_sentence(app: App, browse: Browse) -> None:
    at = browse(factories.person(app, Role.EMPLOYEE), places.DUTIES)
    at.multiselect(key="what-places").set_value([]).run()
    assert "Choose where the people affected live" in html(at)
