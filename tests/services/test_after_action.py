"""The after-action report as a service: for whom it is, the minute the exercise ends, with names or without."""

import pytest

from domain.people import Role
from domain.refusal import Forbidden, Refused
from services import after_action, exercises, hot_wash
from services.app import App
from services.live import conduct, plan
from tests import factories
from tests.services.test_actions import Firm, firm  # noqa: F401 - a fixture
from tests.services.test_exercises import SLUG, play


def test_a_live_exercise_has_its_report_as_soon_as_it_is_over(app: App):
    robin = factories.person(app, Role.SECURITY)
    number = plan.plan(app, robin, SLUG, key="k")
    conduct.start(app, robin, number)
    with pytest.raises(Refused, match="when the exercise is over"):
        after_action.after_action(app, robin, number)
    conduct.end(app, robin, number)
    assert "Played by machine" in after_action.after_action(app, robin, number).compared
    assert after_action.as_pdf(app, robin, number).startswith(b"%PDF")
    assert after_action.as_docx(app, robin, number).startswith(b"PK")


def test_it_holds_cards_findings_and_actions_and_names_nobody_when_redacted(firm: Firm):  # noqa: F811
    hot_wash.write(firm.app, firm.kim, firm.number, 0, "We were slow", key="c")
    firm.action()
    full = after_action.after_action(firm.app, firm.robin, firm.number)
    assert full.cards[0][1][0].text == "We were slow"
    assert full.findings[0][1][0].owner == "Kim"
    assert "Kim" in dict(full.table).values()
    hidden = repr(after_action.after_action(firm.app, firm.robin, firm.number, redacted=True))
    assert "Kim" not in hidden
    assert "Robin" not in hidden


def test_players_and_strangers_do_not_get_the_paper_of_a_live_exercise(firm: Firm):  # noqa: F811
    for person in (firm.kim, factories.person(firm.app, Role.SECURITY)):
        with pytest.raises(Forbidden):
            after_action.after_action(firm.app, person, firm.number)


def test_who_plays_alone_gets_their_own_report(app: App):
    me, other = factories.person(app), factories.person(app)
    number = exercises.start(app, me, SLUG)
    play(app, me, number)
    assert after_action.as_pdf(app, me, number).startswith(b"%PDF")
    with pytest.raises(Forbidden):
        after_action.as_pdf(app, other, number)
