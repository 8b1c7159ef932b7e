"""Bots, playing alone, and the debrief: worth, ratings, overrun, evidence."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import bots, solo
from domain.exercise import BOT, replay
from domain.refusal import Refused
from domain.rehearse import rehearse
from domain.review import WORTH, evidence, rated, review, worth
from domain.scenario import Rehearsal, option
from domain.skills import Skill
from tests.domain import small
from tests.domain.alone import MINUTE, Alone, played

# ── playing alone ──


def test_bots_hold_every_other_seat_and_vote_when_the_person_has():
    table = Alone()
    assert Counter(table.state.players.values()) == {BOT: 2, "1": 1}
    table.settle("close", "block")
    assert set(table.state.votes["close"]) == {"lead", "privacy", "it"}
    table.on()
    table.settle("tell", "now")
    assert set(table.state.votes["tell"]) == {"lead", "privacy"}


def test_somebody_who_is_not_asked_hears_the_others_and_decides():
    table = Alone(seat="it")
    table.settle("close", "block")
    table.on()
    table.settle("tell", "soon")
    assert set(table.state.votes["tell"]) == {"lead", "privacy"}
    assert table.state.decided["tell"].by == "it"


def test_playing_on_needs_a_seat_and_the_order_of_things():
    with pytest.raises(Refused):
        Alone(seat="chef")
    table = Alone()
    with pytest.raises(Refused, match="decision"):
        table.on()
    with pytest.raises(Refused, match="not open"):
        table.settle("tell", "now")


def test_the_same_seed_gives_the_same_colleagues():
    decision = small.scenario().decision("tell")
    said = [bots.opinion(decision, "privacy", seed) for seed in range(20)]
    assert said == [bots.opinion(decision, "privacy", seed) for seed in range(20)]
    assert len({each.option for each in said}) == 3


def test_bots_prefer_better_answers_and_those_their_seat_has_a_reason_for():
    decision = small.scenario().decision("close")
    share = Counter(bots.opinion(decision, "privacy", seed).option for seed in range(2000))
    assert share["block"] > 3 * share["wait"] > 0
    voiced = Counter(bots.opinion(decision, "it", seed).option for seed in range(2000))
    assert voiced["block"] > share["block"]
    assert bots.opinion(decision, "it", 1).reason == "voice-it-block"


# ── worth ──


@given(st.sampled_from("PSMU"), st.integers(0, 5000), st.integers(0, 5000))
def test_slower_is_never_worth_more_and_in_time_costs_nothing(rating, one, other):
    decision = small.scenario().decision("close")
    choice = option(decision, "block").model_copy(update={"rating": rating})
    quick, slow = sorted((one, other))
    assert worth(decision, choice, slow * MINUTE) <= worth(decision, choice, quick * MINUTE) <= WORTH[rating]
    assert worth(decision, choice, min(quick, 20) * MINUTE) == WORTH[rating]


def test_twice_the_limit_is_worth_half():
    decision = small.scenario().decision("close")
    assert worth(decision, option(decision, "block"), 40 * MINUTE) == pytest.approx(0.5)


def test_each_rating_alone_gives_itself_back():
    assert [rated(value) for value in WORTH.values()] == list(WORTH) == list("PSMU")


# ── the debrief ──


def test_a_good_exercise_reads_well():
    found = played().debrief()
    assert [verdict.better for verdict in found.verdicts] == [None, None, None]
    assert found.objectives[0].rating == "P"
    assert found.clocks[0].deadline.standing == "met"
    assert {step.skill for step in found.steps if step.decisions} == {
        Skill.SECURE,
        Skill.AUTHORITIES,
        Skill.CUSTOMERS,
        Skill.IMPROVE,
    }
    assert found.covered == 4
    assert "title-angry" in found.missed
    assert [entry.t for entry in found.timeline] == sorted(entry.t for entry in found.timeline)


def test_what_is_on_its_way_counts_at_the_time_at_which_it_arrives():
    table = Alone()
    table.settle("close", "block")
    table.on()
    table.settle("tell", "later")
    table.log += solo.go_on(table.scenario, table.state, table.now)  # the authority is angry
    found = table.debrief()
    assert found.clocks[0].deadline.late_by is not None
    assert found.verdicts[1].better is not None
    assert found.verdicts[1].facts == (("The authority has been told.", timedelta(days=4, hours=1, minutes=1)),)


def test_an_objective_whose_decisions_never_came_up_has_no_rating():
    table = Alone()
    assert table.debrief().objectives[0].rating is None
    assert evidence(table.scenario, "small", table.state, "lead") == ()


def test_evidence_is_the_own_vote_in_full_and_the_teams_decision_by_half():
    table = Alone()
    table.settle("close", "block", vote="wait")
    found = {each.kind: each for each in evidence(table.scenario, "small", table.state, "lead")}
    assert (found["vote"].y, found["vote"].weight, found["vote"].guess) == (0.0, 1.0, 0.5)
    assert (found["team"].y, found["team"].weight) == (1.0, 0.5)
    assert {each.skill for each in found.values()} == {Skill.SECURE}


def test_who_was_not_asked_gets_no_evidence():
    table = Alone(seat="it")
    table.settle("close", "block")
    table.on()
    table.settle("tell", "now")
    assert {each.item.split("/")[1] for each in evidence(table.scenario, "small", table.state, "it")} == {"close"}


def test_the_clock_of_somebody_who_left_runs_no_further_than_the_leash():
    table = Alone(leash=solo.LEASH)
    table.now += timedelta(days=3)
    table.settle("close", "block", minutes=0)
    assert table.debrief().verdicts[0].overrun == 10 * MINUTE


def test_the_review_does_not_depend_on_when_it_is_read():
    table = played(tell="soon")
    first = table.debrief()
    table.now += timedelta(days=30)
    assert table.debrief() == first
    assert review(table.scenario, small.regimes(), replay(table.log), tuple(table.log)) == first


# ── rehearsals ──


def differences(expect, choices=None):
    steps = choices or {"close": "block", "tell": "now", "improve": "mend"}
    body = {
        "scenario": "small",
        "title": "Well",
        "seat": "lead",
        "dials": {"size": "small"},
        "choices": [{"decision": name, "option": choice, "takes": "5m"} for name, choice in steps.items()],
        "expect": {"steps": 4} | expect,
    }
    return rehearse(small.scenario(), small.regimes(), Rehearsal.model_validate(body)).differences


def test_a_rehearsal_that_comes_out_as_written_has_no_differences():
    assert differences({"duties": [{"duty": "law/authority", "standing": "met"}], "facts": ["told"]}) == ()


@pytest.mark.parametrize(
    ("expect", "word"),
    [
        ({"duties": [{"duty": "law/authority", "standing": "late"}]}, "law/authority"),
        ({"duties": [{"duty": "law/nothing", "standing": "met"}]}, "not owed"),
        ({"objectives": {"tell": "U"}}, "should be U and is P"),
        ({"facts": ["closed", "never"]}, "`never`"),
        ({"never": ["told"]}, "`told` should never come"),
        ({"never": ["form"]}, "`form` should never come"),
        ({"steps": 5}, "5 of the six"),
    ],
)
def test_each_way_to_come_out_differently_is_said(expect, word):
    (sentence,) = differences(expect)
    assert word in sentence


def test_a_decision_without_a_choice_and_a_choice_without_a_decision_are_said():
    said = differences({"steps": 1}, {"close": "block", "extra": "x"})
    assert [sentence.split("`")[1::2] for sentence in said] == [["choices", "tell"], ["choices", "extra"]]
    said = differences({"steps": 0}, {"close": "nonsense"})
    assert said == ("`close`: That is not one of the options.",)
