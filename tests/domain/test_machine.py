"""Playing by machine: what is counted together comes to the same as playing every way one by one."""

import copy
import json
from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import machine
from domain.machine.way import walked
from domain.refusal import Refused
from domain.scenario import Scenario
from domain.skills import STEPS
from tests.domain import small


def scenario(*changes) -> Scenario:
    body = copy.deepcopy(small.SCENARIO)
    for change in changes:
        change(body)
    return Scenario.model_validate_json(json.dumps(body))


def one_by_one(played: Scenario) -> dict[str, Any]:
    """The same shares by playing every way through the engine, each with its chance."""
    found: dict[str, Any] = {name: Counter() for name in ("facts", "injects", "steps", "duties", "objectives")}
    found["ways"] = Counter()
    names = [decision.id for decision in played.decisions]
    dials = list(machine.settings(played))
    for setting in dials:
        seen = set()
        for options in product(*([o.id for o in decision.options] for decision in played.decisions)):
            way, outcome, state = walked(played, small.regimes(), setting, dict(zip(names, options, strict=True)))
            if way.choices in seen:
                continue
            seen.add(way.choices)
            chance = 1 / len(dials)
            for name, _ in way.choices:
                chance /= len(played.decision(name).options)
            found["ways"]["all"] += 1
            for fact in way.facts:
                found["facts"][fact] += chance
            for inject in state.released:
                found["injects"][inject] += chance
            found["steps"][outcome.covered] += chance
            for duty, stands in way.duties.items():
                found["duties"][duty, stands] += chance
            for name, rating in way.objectives.items():
                found["objectives"][name, rating or "none"] += chance
            rank = (way.rank, sorted(way.facts))
            found.setdefault("best", []).append(rank)
    return found


def check(played: Scenario) -> machine.Played:
    counted = machine.play_all(played, small.regimes())
    truth = one_by_one(played)
    assert counted.ways == truth["ways"]["all"]
    for name, shares in (("facts", counted.facts), ("injects", counted.injects), ("steps", counted.steps)):
        assert {k: v for k, v in shares.items() if v} == pytest.approx(dict(truth[name]))
    for name, table in (("duties", counted.duties), ("objectives", counted.objectives)):
        flat = {(key, value): share for key, shares in table.items() for value, share in shares.items()}
        assert flat == pytest.approx(dict(truth[name]))
    ranks = [rank for rank, _ in truth["best"]]
    assert counted.best.rank == min(ranks)
    assert counted.worst.rank == max(ranks)
    return counted


def test_counting_together_is_the_same_as_playing_one_by_one():
    counted = check(scenario())
    assert counted.exact
    assert counted.duties["law/authority"]["late"] == pytest.approx(1 / 3)
    assert counted.best.choices == (("close", "block"), ("tell", "now"), ("improve", "mend"))


effects = st.sampled_from(
    [
        [],
        [{"fact": "told"}],
        [{"fact": "told", "after": "5d"}],
        [{"fact": "closed", "after": "1h"}],
        [{"fact": "aware", "after": "3h"}, {"fact": "closed"}],
        [{"fact": "told", "when": {"fact": "closed"}}],
        [{"risk": "unlikely"}],
        [{"people": {"where": "IE", "count": 0}}],
        [{"fact": "idle", "after": "9d"}],
        [{"fact": "idle", "when": {"decided": "close", "option": "wait"}}],
    ]
)
conditions = st.sampled_from(
    [
        {"fact": "closed"},
        {"fact": "closed", "after": "2h"},
        {"none": [{"fact": "told"}]},
        {"decided": "close", "option": "wait"},
        {"decided": "tell", "after": "1d"},
        {"inject": "press", "after": "30m"},
        {"any": [{"fact": "told"}, {"dial": "size", "value": "large"}]},
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(effects, min_size=7, max_size=7), st.lists(conditions, min_size=2, max_size=2), st.booleans())
def test_counting_together_is_right_whatever_the_options_bring_about(brought, when, milestones):
    def change(body):
        body["facts"].append({"id": "idle", "text": "Nothing looks at this."})
        options = [option for decision in body["decisions"] for option in decision["options"]]
        for option, effect in zip(options, brought, strict=True):
            option["effects"] = effect
        body["injects"][1]["when"] = when[0]
        body["injects"][3]["when"] = when[1]
        body["injects"][2]["asks"] = ["tell"]
        if milestones:
            body["objectives"][0]["milestones"] = [{"fact": "closed", "by": "T+2h"}, {"fact": "told", "by": "T+3d"}]

    check(scenario(change))


def test_options_that_lead_to_the_same_are_named_and_decisions_that_never_matter():
    alike = {(each.decision, each.options, each.whole) for each in check(scenario()).alike}
    assert alike == {("close", ("block", "wait"), True)}


def test_a_decision_that_brings_an_inject_matters():
    def change(body):
        body["injects"][3]["when"] = {"fact": "closed"}

    assert "close" not in {each.decision for each in check(scenario(change)).alike}


def test_too_many_situations_are_refused_with_what_to_do_instead():
    with pytest.raises(Refused, match=r"more than 200,000 different situations.*--sample"):
        machine.play_all(scenario(), small.regimes(), limit=5)


def test_a_sample_is_the_same_for_the_same_seed_and_near_the_truth():
    played = scenario()
    once = machine.play_sample(played, small.regimes(), 200, 7)
    assert once == machine.play_sample(played, small.regimes(), 200, 7)
    assert not once.exact
    assert once.seed == 7
    truth = machine.play_all(played, small.regimes())
    assert once.duties["law/authority"]["late"] == pytest.approx(truth.duties["law/authority"]["late"], abs=0.1)
    assert once.worth == pytest.approx(truth.worth, abs=0.1)
    assert once.best.rank >= truth.best.rank


def test_the_best_way_of_one_setting_is_within_it():
    found = machine.best(scenario(), small.regimes(), {"size": "large"})
    assert found.dials == {"size": "large"}
    assert dict(found.choices)["tell"] == "now"
    assert found.duties == {"law/authority": "met"}


def test_progress_is_told_from_nothing_to_all():
    told: list[tuple[int, int]] = []
    machine.play_all(scenario(), small.regimes(), told=lambda done, whole: told.append((done, whole)))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_a_contingency_without_condition_never_comes_by_machine():
    def change(body):
        del body["injects"][1]["at"]
        body["injects"][1]["contingency"] = True

    counted = check(scenario(change))
    assert counted.injects["form"] == 0
    assert len(STEPS) not in counted.steps
