"""Findings and actions: recorded with what they rest on, owned, and closed by nothing but a re-test that went well."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from domain.skills import Skill
from services import learning, readiness
from services.actions import micro_injects, register
from services.app import App
from services.live import clockwork, conduct, plan, watch
from tests import factories

SLUG = "results-page"


@dataclass
class Firm:
    """A facilitator, somebody who played, somebody who will own an action, and an exercise that is over."""

    app: App
    robin: Person
    kim: Person
    number: int

    def finding(self, seat: str = "", skill: Skill = Skill.REPORT) -> int:
        kept = register.find(
            self.app, self.robin, self.number, skill=skill, text="It was late.", seat=seat, events=(1,), key=f"f{seat}"
        )
        return int(kept.result["finding"])

    def action(self, finding: int | None = None) -> int:
        given = register.act(
            self.app,
            self.robin,
            finding or self.finding(),
            text="Write a template",
            owner_id=self.kim.id,
            due_on=self.app.now().date() + timedelta(days=14),
            priority="high",
            retest="Play it again",
            key="a",
        )
        return int(given.result["action"])

    def of(self, action: int):
        return next(line.action for line in register.register(self.app, self.robin) if line.action.id == action)


def run(app: App, robin: Person, kim: Person, key: str, clock, *, well: bool | None = None) -> int:
    """A live exercise from start to end; `well` says which decisions are taken, None takes none."""
    number = plan.plan(app, robin, SLUG, key=key)
    plan.seat(app, robin, number, kim.id, "player", "lead")
    conduct.start(app, robin, number)
    clockwork.tick(app)
    for _ in range(40 if well is not None else 0):
        console = watch.facilitator(app, robin, number).console
        if console.phase == "ended":
            return number
        if console.tallies:
            decision = console.tallies[0].decision
            if not console.tallies[0].closed:
                conduct.close_vote(app, robin, number, decision.id, console.seq)
            ranked = sorted(decision.options, key=lambda option: "PSMU".index(option.rating), reverse=not well)
            conduct.decide(app, robin, number, decision.id, ranked[0].id)
        else:
            clock.forward(minutes=30)
            clockwork.tick(app)
    conduct.end(app, robin, number)
    return number


@pytest.fixture
def firm(app: App, clock) -> Firm:
    robin = factories.person(app, Role.SECURITY, name="Robin")
    kim = factories.person(app, name="Kim")
    number = run(app, robin, kim, "first", clock)
    clock.forward(minutes=1)
    return Firm(app, robin, kim, number)


def test_a_finding_is_recorded_once_and_rests_on_events_of_its_log(firm: Firm):
    assert firm.finding() == firm.finding()
    (found, _) = register.worklist(firm.app, firm.robin, firm.number).findings[0]
    assert (found.skill, found.events, found.by) == (Skill.REPORT, (1,), "Robin")
    with pytest.raises(Refused, match="no such event"):
        register.find(firm.app, firm.robin, firm.number, skill=Skill.SPOT, text="x", events=(9999,), key="y")
    with pytest.raises(Refused, match="no such seat"):
        register.find(firm.app, firm.robin, firm.number, skill=Skill.SPOT, text="x", seat="cook", key="z")


def test_findings_come_when_the_exercise_is_over_and_from_those_who_ran_or_watched_it(firm: Firm):
    number = plan.plan(firm.app, firm.robin, SLUG, key="other")
    with pytest.raises(Refused, match="over"):
        register.worklist(firm.app, firm.robin, number)
    for person in (firm.kim, factories.person(firm.app, Role.SECURITY)):
        with pytest.raises(Forbidden):
            register.worklist(firm.app, person, firm.number)
        with pytest.raises(Forbidden):
            register.find(firm.app, person, firm.number, skill=Skill.SPOT, text="x", key="k")


def test_what_went_badly_is_suggested_until_it_is_recorded(app: App, clock):
    robin, kim = factories.person(app, Role.SECURITY), factories.person(app)
    number = run(app, robin, kim, "bad", clock, well=False)
    offered = register.worklist(app, robin, number).suggestions
    assert offered
    first = offered[0]
    register.find(app, robin, number, skill=first.skill, text=first.text, events=first.events, key="s")
    assert first.text not in {each.text for each in register.worklist(app, robin, number).suggestions}


def test_an_action_has_an_owner_who_sees_it_and_says_when_it_is_done(firm: Firm, clock):
    action = firm.action()
    assert [line.action.id for line in register.mine(firm.app, firm.kim)] == [action]
    stranger = factories.person(firm.app)
    with pytest.raises(Forbidden):
        register.done(firm.app, stranger, action)
    register.done(firm.app, firm.kim, action)
    assert firm.of(action).status == "done"
    register.reopen(firm.app, firm.kim, action)
    assert firm.of(action).status == "open"
    clock.forward(days=30)
    assert [line.overdue for line in register.mine(firm.app, firm.kim)] == [True]


def test_an_action_needs_a_day_to_come_a_person_and_a_re_test(firm: Firm):
    finding = firm.finding()
    good: dict[str, Any] = {
        "text": "Do it",
        "owner_id": firm.kim.id,
        "due_on": firm.app.now().date(),
        "priority": "low",
        "retest": "again",
    }
    for wrong in ({"text": " "}, {"retest": ""}, {"owner_id": 9999}, {"due_on": firm.app.now().date() - timedelta(1)}):
        with pytest.raises(Refused):
            register.act(firm.app, firm.robin, finding, **{**good, **wrong}, key="k")
    assert register.register(firm.app, firm.robin) == []


def test_a_later_exercise_that_went_well_closes_it_and_nothing_else_does(firm: Firm, clock):
    action = firm.action(firm.finding(skill=Skill.AUTHORITIES))
    with pytest.raises(Refused, match="not said that it is done"):
        register.verify(firm.app, firm.robin, action, firm.number)
    register.done(firm.app, firm.kim, action)
    with pytest.raises(Refused, match="played after"):
        register.verify(firm.app, firm.robin, action, firm.number)
    clock.forward(days=1)
    badly = run(firm.app, firm.robin, firm.kim, "badly", clock, well=False)
    with pytest.raises(Refused, match="has not worked yet"):
        register.verify(firm.app, firm.robin, action, badly)
    silent = run(firm.app, firm.robin, firm.kim, "silent", clock)
    with pytest.raises(Refused, match="did not exercise"):
        register.verify(firm.app, firm.robin, action, silent)
    well = run(firm.app, firm.robin, firm.kim, "well", clock, well=True)
    assert {each.exercise_id for each in register.retests(firm.app, firm.robin, action)} == {badly, silent, well}
    register.verify(firm.app, firm.robin, action, well)
    assert firm.of(action).status == "verified"
    with pytest.raises(Refused, match="closed this action"):
        register.reopen(firm.app, firm.kim, action)


def test_a_finding_trains_the_people_of_its_seat(firm: Firm):
    due = firm.app.now().date() + timedelta(days=7)
    assert register.train(firm.app, firm.robin, firm.finding(seat="it"), due) == 0
    assert register.train(firm.app, firm.robin, firm.finding(seat="lead"), due) == 1
    assert [state.slug for state in learning.path(firm.app, firm.kim) if state.due_on == due] == ["report"]
    assert register.train(firm.app, firm.robin, firm.finding(skill=Skill.SPOT), due) == 1
    both = [state.slug for state in learning.path(firm.app, firm.kim) if state.due_on == due]
    assert both == ["spot", "report"], "of two modules that train spotting, the first one"


def put(firm: Firm, action: int, *people: Person) -> int:
    offer = next(each for each in micro_injects.offers(firm.app, firm.robin, action) if each.scenario == SLUG)
    return micro_injects.send(
        firm.app,
        firm.robin,
        action,
        scenario=offer.scenario,
        decision=offer.decision,
        person_ids=[person.id for person in people],
    )


def option(firm: Firm, key: int, rating: str) -> str:
    scenario = firm.app.content().scenarios[SLUG]
    ask = micro_injects.check(firm.app, firm.kim, key).ask
    decision = next(each for each in scenario.decisions if each.ask == ask)
    return next(each.id for each in decision.options if each.rating == rating)


def test_a_micro_inject_answered_well_closes_the_action_and_counts_as_evidence(firm: Firm):
    action = firm.action(firm.finding(skill=Skill.AUTHORITIES))
    with pytest.raises(Refused, match="when the action is done"):
        put(firm, action, firm.kim)
    register.done(firm.app, firm.kim, action)
    assert put(firm, action, firm.kim) == 1
    assert put(firm, action, firm.kim) == 0
    (waiting,) = micro_injects.waiting(firm.app, firm.kim)
    before = micro_injects.check(firm.app, firm.kim, waiting.id)
    assert (before.taken, before.better) == (None, None)
    good = option(firm, waiting.id, "P")
    first = micro_injects.answer(firm.app, firm.kim, waiting.id, good)
    assert micro_injects.answer(firm.app, firm.kim, waiting.id, good).result == first.result
    assert micro_injects.waiting(firm.app, firm.kim) == []
    assert firm.of(action).status == "verified"
    assert "Kim" in firm.of(action).verified_by
    moved = [m for m in readiness.own(firm.app, firm.kim).moved if m.kind == "vote"]
    assert moved


def test_one_bad_answer_keeps_the_action_open_and_the_first_answer_counts(firm: Firm):
    lee = factories.person(firm.app, name="Lee")
    action = firm.action(firm.finding(skill=Skill.AUTHORITIES))
    register.done(firm.app, firm.kim, action)
    put(firm, action, firm.kim, lee)
    (waiting,) = micro_injects.waiting(firm.app, firm.kim)
    micro_injects.answer(firm.app, firm.kim, waiting.id, option(firm, waiting.id, "U"))
    assert micro_injects.check(firm.app, firm.kim, waiting.id).better is not None
    with pytest.raises(Refused, match="first answer"):
        micro_injects.answer(firm.app, firm.kim, waiting.id, option(firm, waiting.id, "P"))
    (other,) = micro_injects.waiting(firm.app, lee)
    with pytest.raises(Forbidden):
        micro_injects.check(firm.app, firm.kim, other.id)
    micro_injects.answer(firm.app, lee, other.id, option(firm, waiting.id, "P"))
    assert firm.of(action).status == "done"
