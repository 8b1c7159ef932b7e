"""The format of scenarios, and the checks beyond it: each way to go wrong is found, and named at its place."""

import copy
import json

import pytest
from pydantic import ValidationError

from domain.scenario import Rehearsal, Scenario
from domain.scenario_checks import of_duties, of_rehearsal, problems
from tests.domain import small


def scenario(change=None) -> Scenario:
    body = copy.deepcopy(small.SCENARIO)
    if change is not None:
        change(body)
    return Scenario.model_validate_json(json.dumps(body))


def test_a_scenario_survives_the_way_through_json():
    read = scenario()
    assert Scenario.model_validate_json(read.model_dump_json(exclude_defaults=True)) == read


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["injects"][0].pop("at"),
        lambda s: s["injects"][0].update(at="25m"),
        lambda s: s.update(zone="Europe/Atlantis"),
        lambda s: s.update(starts="2026-11-20T15:40:00"),
        lambda s: s["decisions"][0]["options"].pop(1),
        lambda s: s["decisions"][0]["options"][0].update(rating="S"),
        lambda s: s["decisions"][0]["options"][0].update(rating="U"),
        lambda s: s["injects"][0]["effects"].append({"fact": "aware", "risk": "high"}),
        lambda s: s["injects"][0]["effects"].append({"risk": "high", "after": "1h"}),
        lambda s: s["people"].append({"where": "Ireland", "count": 1}),
        lambda s: s.update(surprise=1),
        lambda s: s["seats"].pop(),
        lambda s: s["injects"][0].update(contingency=True),
        lambda s: s["injects"][3].update(contingency=True, when={"any": [{"time": "T+1h"}, {"fact": "aware"}]}),
        lambda s: s["injects"][0].update(resolved_by="press"),
        lambda s: s["injects"][0].update(attachments=[{"kind": "note"}]),
        lambda s: s["injects"][0].update(attachments=[{"kind": "mail", "sender": "a@b.example", "body": "Hello."}]),
        lambda s: s["injects"][0].update(attachments=[{"kind": "press", "subject": "Out", "body": "Hello."}]),
        lambda s: s["injects"][0].update(attachments=[{"kind": "post", "body": "Hello."}]),
        lambda s: s["injects"][0].update(attachments=[{"kind": "letter", "body": "Hello."}]),
        lambda s: s["injects"][0].update(attachments=[{"kind": "log", "body": "Hello."}]),
        lambda s: s["objectives"][0].update(shown_by=[]),
        lambda s: s["debrief"].update(hot_wash=["a", "b", "c", "d"]),
    ],
)
def test_what_makes_no_sense_by_itself_is_no_scenario(change):
    with pytest.raises(ValidationError):
        scenario(change)


def found(change) -> list[tuple[str, str]]:
    return [("/".join(map(str, path)), code) for path, code, _ in problems(scenario(change))]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda s: s.update(leads="chef"), "leads"),
        (lambda s: s["seats"][0].update(deputy="chef"), "seats/0/deputy"),
        (lambda s: s["clocks"].update(awareness="awake"), "clocks/awareness"),
        (lambda s: s["duties"][0].update(met_by="tolled"), "duties/0/met_by"),
        (lambda s: s["duties"][0].update(when={"inject": "cal"}), "duties/0/when/inject"),
        (lambda s: s["objectives"][0].update(shown_by=["tel"]), "objectives/0/shown_by/0"),
        (lambda s: s["dials"][0]["values"][1].update(shift={"pres": "1h"}), "dials/0/values/1/shift"),
        (lambda s: s["injects"][0].update(private={"chef": "x"}), "injects/0/private"),
        (lambda s: s["injects"][1].update(asks=["tel"]), "injects/1/asks/0"),
        (lambda s: s["injects"][0]["effects"].append({"fact": "x"}), "injects/0/effects/1/fact"),
        (lambda s: s["injects"][2]["when"].update(value="huge"), "injects/2/when/value"),
        (lambda s: s["injects"][3]["when"]["all"][0].update(option="never"), "injects/3/when/all/0/option"),
        (lambda s: s["injects"][3]["when"]["all"][1]["none"][0].update(fact="x"), "injects/3/when/all/1/none/0/fact"),
        (lambda s: s["decisions"][1].update(seats=["lead", "chef"]), "decisions/1/seats/1"),
        (lambda s: s["decisions"][0]["options"][0].update(voices={"chef": "x"}), "decisions/0/options/0/voices"),
        (lambda s: s.update(setting="{{sise}}"), "setting"),
        (lambda s: s["objectives"][0].update(milestones=[{"fact": "tolled"}]), "objectives/0/milestones/0/fact"),
        (lambda s: s["objectives"][0].update(watched_at=["cal"]), "objectives/0/watched_at/0"),
        (lambda s: s["injects"][0].update(red_herring=True, resolved_by="pres"), "injects/0/resolved_by"),
        (
            lambda s: s["injects"][0].update(attachments=[{"kind": "note", "body": "Hi.", "seats": ["chef"]}]),
            "injects/0/attachments/0/seats/0",
        ),
        (lambda s: s["dials"][0]["values"][0].update(words={}), "dials/0/values/0"),
    ],
)
def test_a_name_that_is_not_there_is_found_where_it_stands(change, place):
    assert found(change) == [(place, "C301")]


def test_a_near_miss_gets_a_suggestion():
    sentence = problems(scenario(lambda s: s["clocks"].update(awareness="awar")))[0][2]
    assert sentence == "This scenario has no fact `awar`. Did you mean `aware`?"


def test_the_small_scenario_lacks_two_steps_and_nothing_else():
    assert [code for _, code, _ in problems(scenario())] == ["C303", "C303"]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda s: s["injects"][1].update(asks=[]), ("decisions/1", "C302")),
        (lambda s: s["facts"].append({"id": "never", "text": "Never."}), ("facts/3", "C302")),
        (lambda s: s["injects"][2].update(when={"inject": "press"}), ("injects/2", "C302")),
        (
            lambda s: s["injects"][3].update(when={"all": [{"inject": "press"}, {"inject": "angry"}]}),
            ("injects/3", "C302"),
        ),
        (lambda s: s["seats"].append({"id": "guest", "title": "Guest", "brief": "Sit."}), ("seats/3", "C304")),
        (
            lambda s: [d.update(seats=["privacy", "it"]) for d in s["decisions"]],
            ("seats/0", "C304"),
        ),
        (lambda s: s["decisions"][1].update(skills=["secure"]), ("decisions", "C303")),
        (lambda s: s["injects"][0].update(red_herring=True), ("injects/0", "C320")),
        (lambda s: s["injects"][0].update(red_herring=True, resolved_by="call"), ("injects/0", "C320")),
    ],
)
def test_what_nothing_can_reach_and_who_has_nothing_to_do_is_found(change, finding):
    assert finding in found(change)


def test_a_duty_that_is_never_done_and_a_clock_that_never_starts_are_found():
    def change(body):
        body["facts"].append({"id": "never", "text": "Never."})
        body["duties"][0]["met_by"] = "never"
        body["clocks"]["discovery"] = "never"

    assert {("duties/0/met_by", "C305"), ("clocks/discovery", "C305")} <= set(found(change))


@pytest.mark.parametrize("name", ["press", "told"])
def test_a_red_herring_is_cleared_up_by_an_inject_or_a_fact(name):
    assert "C320" not in {
        code for _, code in found(lambda s: s["injects"][0].update(red_herring=True, resolved_by=name))
    }


def test_a_contingency_is_within_reach_because_the_facilitator_has_it():
    def change(body):
        body["injects"][1].pop("at")
        body["injects"][1]["contingency"] = True

    assert "C302" not in {code for _, code in found(change)}


def test_the_longest_option_must_not_be_the_best_one_each_time():
    def change(body):
        for decision in body["decisions"]:
            decision["options"][0]["text"] += ", properly and with all care"
        body["decisions"].append(body["decisions"][0] | {"id": "again"})
        body["injects"][0]["asks"].append("again")

    assert ("decisions", "C210") in found(change)


def test_a_duty_that_the_regime_does_not_have_is_found():
    wrong = scenario(lambda s: s["duties"][0].update(duty="authorities"))
    assert of_duties(scenario(), small.regimes()) == []
    assert of_duties(wrong, small.regimes())[0][2] == "`law` has no duty `authorities`. Did you mean `authority`?"
    assert of_duties(wrong, {}) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"seat": "chef"}, "seat"),
        ({"dials": {"size": "huge"}}, "dials"),
        ({"dials": {"sise": "small"}}, "dials"),
        ({"choices": [{"decision": "clos", "option": "block", "takes": "5m"}]}, "choices/0/decision"),
        ({"choices": [{"decision": "close", "option": "blok", "takes": "5m"}]}, "choices/0/option"),
    ],
)
def test_a_rehearsal_names_what_its_scenario_has(change, place):
    body = {
        "scenario": "small",
        "title": "Well",
        "seat": "lead",
        "choices": [{"decision": "close", "option": "block", "takes": "5m"}],
        "expect": {},
    }
    assert of_rehearsal(Rehearsal.model_validate(body), scenario()) == []
    wrong = Rehearsal.model_validate(body | change)
    assert ["/".join(map(str, path)) for path, _, _ in of_rehearsal(wrong, scenario())] == [place]
