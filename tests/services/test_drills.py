"""Drills through their services: one's own, once, and nothing before it was judged."""

from typing import Any

import pytest
from sqlalchemy import select

from db import tables as t
from domain.drill import ReportDrill, SpotDrill
from domain.people import Person
from domain.refusal import Forbidden, Refused
from services import drills, learning
from services.app import App
from services.learning import AGAIN
from tests import factories
from tests.conftest import FakeClock

RIGHT = {True: "report", False: "harmless"}


def _first(app: App, kind: type) -> str:
    return min(slug for slug, drill in app.content().drills.items() if isinstance(drill, kind))


@pytest.fixture
def spot(app: App) -> str:
    return _first(app, SpotDrill)


@pytest.fixture
def report(app: App) -> str:
    return _first(app, ReportDrill)


def _evidence(app: App) -> list[Any]:
    with app.db.read() as connection:
        return list(connection.execute(select(t.evidence).order_by(t.evidence.c.id)))


def _truth(app: App, slug: str) -> dict[str, bool]:
    drill = app.content().drills[slug]
    assert isinstance(drill, SpotDrill)
    return {artefact.id: artefact.to_report for artefact in drill.artefacts}


def _judge_all(app: App, me: Person, slug: str) -> None:
    attempt, truth = drills.begin(app, me, slug), _truth(app, slug)
    for place, item in enumerate(drills.spot_drill(app, me, slug).attempt.draw):
        drills.judge(app, me, attempt, item, {"flags": [], "verdict": RIGHT[truth[item]]}, shown_at=app.now())
        drills.next_artefact(app, me, attempt, place)


def _fields(app: App) -> dict[str, str]:
    organisation = app.content().organisation
    assert organisation is not None
    return {f.id: f.choices[0].id if f.choices else "16:50, a mail" for f in organisation.report_form}


# ── spot ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_drill_brings_every_artefact_once_and_going_on_is_one_attempt(app: App, spot: str) -> None:
    me = factories.person(app)
    with pytest.raises(Refused, match="not started"):
        drills.spot_drill(app, me, spot)
    assert drills.begin(app, me, spot) == drills.begin(app, me, spot)
    draw = drills.spot_drill(app, me, spot).attempt.draw
    assert sorted(draw) == sorted(_truth(app, spot))


def test_clues_come_only_with_the_verdict(app: App, spot: str) -> None:
    me = factories.person(app)
    attempt = drills.begin(app, me, spot)
    before = drills.spot_drill(app, me, spot)
    drill = app.content().drills[spot]
    assert isinstance(drill, SpotDrill)
    item = before.attempt.draw[0]
    artefact = next(a for a in drill.artefacts if a.id == item)
    assert (before.artefact, before.result, before.receipt) == (None, None, None)
    assert not any(clue.why in str(before.shown) for clue in artefact.clues)
    with pytest.raises(Refused, match="Judge this one first"):
        drills.next_artefact(app, me, attempt, 0)
    drills.judge(app, me, attempt, item, {"flags": [], "verdict": "report"}, shown_at=app.now())
    after = drills.spot_drill(app, me, spot)
    assert after.artefact == artefact
    assert after.receipt is not None
    assert after.result is not None
    assert after.result.reported


def test_the_first_verdict_counts(app: App, spot: str) -> None:
    me = factories.person(app)
    attempt = drills.begin(app, me, spot)
    item = drills.spot_drill(app, me, spot).attempt.draw[0]
    first = drills.judge(app, me, attempt, item, {"flags": [], "verdict": "report"}, shown_at=app.now())
    again = drills.judge(app, me, attempt, item, {"flags": [], "verdict": "report"}, shown_at=app.now())
    assert (first.again, again.again, first.result) == (False, True, again.result)
    with pytest.raises(Refused, match="first answer"):
        drills.judge(app, me, attempt, item, {"flags": [], "verdict": "harmless"}, shown_at=app.now())
    assert len(_evidence(app)) == 1


@pytest.mark.parametrize(
    "response",
    [{}, {"flags": [], "verdict": "maybe"}, {"flags": [999], "verdict": "report"}, {"flags": "0", "verdict": "report"},
     {"flags": [True], "verdict": "report"}],
)  # fmt: skip
def test_a_malformed_verdict_is_refused_and_not_kept(app: App, spot: str, response: dict[str, Any]) -> None:
    me = factories.person(app)
    attempt = drills.begin(app, me, spot)
    item = drills.spot_drill(app, me, spot).attempt.draw[0]
    with pytest.raises(Refused):
        drills.judge(app, me, attempt, item, response, shown_at=app.now())
    assert _evidence(app) == []
    assert drills.spot_drill(app, me, spot).result is None


def test_each_artefact_is_evidence_of_its_kind_with_its_difficulty_and_less_the_second_time(
    app: App, spot: str
) -> None:
    me, drill = factories.person(app), app.content().drills[spot]
    assert isinstance(drill, SpotDrill)
    _judge_all(app, me, spot)
    _judge_all(app, me, spot)
    rows, artefacts = _evidence(app), {f"{spot}/{a.id}": a for a in drill.artefacts}
    assert len(rows) == 2 * len(artefacts)
    for number, row in enumerate(rows):
        artefact = artefacts[row.item]
        assert row.kind == ("spot-breach" if artefact.to_report else "spot-harmless")
        assert row.prior == drills.PRIOR_DIFFICULTY[artefact.difficulty]
        assert (row.y, row.guess, row.skill) == (1.0, 0.5, drill.skill.value)
        assert row.weight == (1.0 if number < len(artefacts) else AGAIN)


def test_somebody_elses_drill_reads_like_a_missing_one(app: App, spot: str, report: str) -> None:
    me, other = factories.person(app), factories.person(app)
    mine, written = drills.begin(app, me, spot), drills.begin(app, me, report)
    item = drills.spot_drill(app, me, spot).attempt.draw[0]
    said = set()
    for act in (
        lambda: drills.judge(app, other, mine, item, {"flags": [], "verdict": "report"}, shown_at=app.now()),
        lambda: drills.judge(app, me, mine + 999, item, {"flags": [], "verdict": "report"}, shown_at=app.now()),
        lambda: drills.next_artefact(app, other, mine, 0),
        lambda: drills.keep_draft(app, other, written, {}),
        lambda: drills.send_report(app, other, written, _fields(app)),
        lambda: drills.send_report(app, me, mine, _fields(app)),  # a spot drill is no report
    ):
        with pytest.raises(Forbidden) as refusal:
            act()
        said.add(str(refusal.value))
    assert len(said) == 1
    assert _evidence(app) == []


def test_a_drill_that_is_not_there_is_refused_in_the_same_words(app: App, spot: str, report: str) -> None:
    me = factories.person(app)
    for call in (
        lambda: drills.begin(app, me, "nope"),
        lambda: drills.spot_drill(app, me, report),
        lambda: drills.report_drill(app, me, spot),
    ):
        with pytest.raises(Refused, match="not available at the moment"):
            call()


# ── report ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_is_worth_less_the_later_it_comes(app: App, report: str, clock: FakeClock) -> None:
    worth = []
    for minutes in (1, 60, 240, 600):
        me = factories.person(app)
        attempt = drills.begin(app, me, report)
        clock.forward(minutes=minutes)
        drills.send_report(app, me, attempt, _fields(app))
        result = drills.report_drill(app, me, report).result
        assert result is not None
        worth.append(result.y)
    assert worth[0] > worth[1] > worth[2] == worth[3] > 0
    assert worth[3] == pytest.approx(0.3 * worth[0])
    assert [row.y for row in _evidence(app)] == worth
    assert {(row.kind, row.guess, row.weight) for row in _evidence(app)} == {("report", 0.0, 1.0)}


def test_a_report_is_sent_once_and_a_new_one_is_a_new_attempt_that_weighs_less(
    app: App, report: str, clock: FakeClock
) -> None:
    me = factories.person(app)
    attempt = drills.begin(app, me, report)
    drills.send_report(app, me, attempt, _fields(app))
    with pytest.raises(Refused, match="first answer"):
        drills.send_report(app, me, attempt, {**_fields(app), "what": "Something else"})
    drills.keep_draft(app, me, attempt, {"what": "too late"})
    assert drills.report_drill(app, me, report).attempt.draft.get("what") != "too late"
    clock.forward(days=3)
    second = drills.begin(app, me, report)
    assert second != attempt
    assert drills.report_drill(app, me, report).result is None
    drills.send_report(app, me, second, _fields(app))
    assert [row.weight for row in _evidence(app)] == [1.0, AGAIN]


def test_what_the_form_does_not_ask_for_is_not_kept(app: App, report: str) -> None:
    me = factories.person(app)
    attempt = drills.begin(app, me, report)
    drills.send_report(app, me, attempt, {**_fields(app), "admin": "yes"})
    with app.db.read() as connection:
        (response,) = connection.scalars(select(t.answer.c.response)).all()
    assert response == _fields(app)
    with pytest.raises(Refused, match="longer than"):
        drills.send_report(app, me, drills.begin(app, me, report), {**_fields(app), "what": "x" * 5000})


def test_a_drill_done_is_done_on_the_path(app: App, spot: str) -> None:
    me = factories.person(app)
    _judge_all(app, me, spot)
    steps = [step for module in learning.path(app, me) for step in module.steps if step.slug == spot]
    assert steps
    assert all(step.done for step in steps if step.kind == "spot")
