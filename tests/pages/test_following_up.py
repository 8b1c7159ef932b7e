"""Findings, actions, one-minute checks and the hot wash, drawn and clicked through on Streamlit's test runner."""

from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from domain.people import Role
from domain.skills import Skill
from services import hot_wash
from services.actions import micro_injects, register
from services.app import App
from tests import factories
from tests.pages.conftest import Browse
from tests.services.test_actions import Firm, run
from ui import places


def _html(at: AppTest) -> str:
    return unescape("\n".join(element.proto.body for element in at.get("html")))


def _press(at: AppTest, label: str) -> None:
    next(button for button in at.button if label in button.label).click().run()
    assert not at.exception


@pytest.fixture
def firm(app: App, clock) -> Firm:
    robin = factories.person(app, Role.EMPLOYEE, Role.SECURITY, name="Robin")
    kim = factories.person(app, name="Kim")
    number = run(app, robin, kim, "first", clock, well=False)
    clock.forward(minutes=1)
    return Firm(app, robin, kim, number)


def test_what_the_log_suggests_becomes_a_finding_with_an_action(firm: Firm, browse: Browse) -> None:
    at = browse(firm.robin, places.FINDINGS, exercise=str(firm.number))
    assert "0 findings" in _html(at)
    _press(at, "Record as a finding")
    assert "1 findings" in _html(at)
    (finding, _) = register.worklist(firm.app, firm.robin, firm.number).findings[0]
    name = f"act-{finding.id}"
    at.text_input(key=f"{name}-text").input("Write a template")
    at.text_input(key=f"{name}-retest").input("Play it again in March")
    _press(at, "Give it")
    assert "Write a template" in _html(at)
    assert "after-action.pdf" in _html(at)
    _press(at, "Train the people it concerns")


def test_findings_are_shown_to_nobody_who_did_not_run_or_watch_the_exercise(firm: Firm, browse: Browse) -> None:
    other = factories.person(firm.app, Role.EMPLOYEE, Role.SECURITY)
    firm.finding()
    assert "It was late." not in _html(browse(other, places.FINDINGS, exercise=str(firm.number)))


def test_an_owner_says_that_it_is_done_and_the_register_re_tests_it(firm: Firm, browse: Browse) -> None:
    action = firm.action(firm.finding(skill=Skill.AUTHORITIES))
    mine = browse(firm.kim, places.ACTIONS)
    assert "Write a template" in _html(mine)
    _press(mine, "It is done")
    assert "waits for its re-test" in _html(mine)
    at = browse(firm.robin, places.REGISTER)
    at.toggle(key=f"retest-{action}").set_value(True).run()
    assert not at.exception
    _press(at, "Send the micro-inject")
    assert [each.person for each in micro_injects.sent(firm.app, firm.robin, action)] == ["Kim"]


def test_a_check_tells_what_the_answer_was_worth_only_afterwards(firm: Firm, browse: Browse) -> None:
    action = firm.action(firm.finding(skill=Skill.AUTHORITIES))
    register.done(firm.app, firm.kim, action)
    offer = micro_injects.offers(firm.app, firm.robin, action)[0]
    micro_injects.send(
        firm.app, firm.robin, action, scenario=offer.scenario, decision=offer.decision, person_ids=[firm.kim.id]
    )
    (waiting,) = micro_injects.waiting(firm.app, firm.kim)
    assert waiting.title in _html(browse(firm.kim, places.ACTIONS))
    at = browse(firm.kim, places.CHECK, id=str(waiting.id))
    decision = next(d for d in firm.app.content().scenarios[offer.scenario].decisions if d.id == offer.decision)
    for option in decision.options:
        assert option.why[:30] not in str(at)
    at.button(key=f"check-{waiting.id}-{decision.options[0].id}").click().run()
    assert not at.exception
    assert decision.options[0].why[:30] in _html(at)


def test_the_hot_wash_is_written_opened_and_dotted(firm: Firm, browse: Browse) -> None:
    at = browse(firm.kim, places.HOT_WASH, exercise=str(firm.number))
    at.text_area(key="card-0").input("We argued about who calls")
    at.button(key="put-0").click().run()
    assert not at.exception
    assert "We argued about who calls" in _html(at)
    assert at.text_area(key="card-0").value == ""
    lead = browse(firm.robin, places.HOT_WASH, exercise=str(firm.number))
    for label in ("Open it for observers", "Collect cards"):
        _press(lead, label)
    _press(lead, "Give a dot")
    (card,) = hot_wash.hot_wash(firm.app, firm.kim, firm.number).cards
    assert card.dots == 1
    _press(lead, "Close the hot wash")
    assert "closed" in _html(lead)


@pytest.mark.parametrize("place", [places.FINDINGS, places.CHECK])
def test_an_address_without_a_number_says_what_to_do(app: App, browse: Browse, place: places.Place) -> None:
    me = factories.person(app, Role.EMPLOYEE, Role.SECURITY)
    assert place.title in _html(browse(me, place))


def test_a_day_late_is_said_in_words(firm: Firm, browse: Browse, clock) -> None:
    firm.action()
    clock.forward(days=30)
    assert "1 overdue" in _html(browse(firm.robin, places.REGISTER))
