"""Typing in a paper run, on Streamlit's test runner: the sheet, what is wrong with it, and what it becomes."""

from datetime import timedelta
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from domain.people import Person, Role
from services import after_action, exercises
from services.app import App
from services.live import conduct, plan, typed
from tests import factories
from tests.pages.conftest import Browse
from ui import places

SLUG = "results-page"


def _html(at: AppTest) -> str:
    return unescape("\n".join(element.proto.body for element in at.get("html")))


@pytest.fixture
def robin(app: App) -> Person:
    return factories.person(app, Role.EMPLOYEE, Role.SECURITY, name="Robin")


@pytest.fixture
def number(app: App, robin: Person, clock) -> int:
    planned = plan.plan(app, robin, SLUG, key="k", planned_for=clock(), dials={"finder": "patient"})
    clock.forward(days=2)
    return planned


def _line(app: App, robin: Person, number: int, decision: str) -> int:
    rows = typed.to_type(app, robin, number).rows
    return next(row.line for row in rows if row.decision is not None and row.decision.id == decision)


def _keep(at: AppTest) -> None:
    next(button for button in at.button if "Keep and end" in button.label).click().run()
    assert not at.exception, at.exception


def test_a_sheet_is_found_filled_and_becomes_an_exercise_that_is_over(app: App, browse: Browse, robin, number) -> None:
    links = [link.proto.label for link in browse(robin, places.PAPER_RUN).get("page_link")]
    assert any("The results page" in label for label in links)
    at = browse(robin, places.PAPER_RUN, exercise=str(number))
    first, inject = _line(app, robin, number, "first-move"), typed.to_type(app, robin, number).rows[0]
    assert at.text_input(key=f"at-{inject.line}").value == "T+0m"
    at.text_input(key="ended").input("T+2h")
    at.text_input(key=f"at-{first}").input("8m")
    at.selectbox(key=f"option-{first}").select("convene")
    at.text_input(key=f"why-{first}").input("We met at once")
    at.selectbox(key=f"vote-{first}-it").select("convene")
    rows = len(typed.to_type(app, robin, number).rows)
    at.text_input(key=f"at-{rows + 1}").input("T+30m")
    at.selectbox(key=f"fact-{rows + 1}").select("police-told")
    at.text_input(key=f"text-{rows + 3}").input("Nobody looked at the plan")
    _keep(at)
    assert "It is over, and kept" in _html(at)
    review = exercises.debrief(app, robin, number).review
    (verdict,) = review.verdicts
    assert (verdict.taken.id, verdict.t, verdict.why) == ("convene", timedelta(minutes=8), "We met at once")
    assert [ballot.seat for ballot in verdict.ballots] == ["it"]
    report = after_action.after_action(app, robin, number)
    assert [remark.text for remark in report.remarks] == ["Nobody looked at the plan"]
    assert any(entry.t == timedelta(minutes=30) and "police" in entry.text.lower() for entry in report.log)
    assert (report.lasted, report.played_on.day) == ("2h", 2)  # the table minutes of the scenario


def test_what_is_wrong_is_said_line_by_line_and_what_was_typed_stays(app: App, browse: Browse, robin, number) -> None:
    at = browse(robin, places.PAPER_RUN, exercise=str(number))
    first, last = (_line(app, robin, number, name) for name in ("first-move", "improve"))
    at.text_input(key="ended").input("T+2h")
    at.text_input(key=f"at-{first}").input("noon")
    at.text_input(key=f"at-{last}").input("T+1h")
    at.selectbox(key=f"option-{last}").select("owned")
    _keep(at)
    said = at.warning[0].value
    assert f"Line {first}" in said
    assert f"Line {last}" in said
    assert at.text_input(key=f"at-{first}").value == "noon"
    assert typed.to_type(app, robin, number).live.status == "planned"


def test_another_exercise_and_one_that_runs_are_not_typed_in(app: App, browse: Browse, robin, number) -> None:
    stranger = factories.person(app, Role.EMPLOYEE, Role.SECURITY)
    assert "no such exercise of yours" in _html(browse(stranger, places.PAPER_RUN, exercise=str(number)))
    conduct.start(app, robin, number)
    at = browse(robin, places.PAPER_RUN, exercise=str(number))
    at.text_input(key="ended").input("T+2h")
    _keep(at)
    assert "was played in Muster" in at.warning[0].value.replace("\\", "")
