"""Every rehearsal must come out as written, in every file that lies in content/rehearsals."""

import pytest

from domain.exercise import replay
from domain.exercise.events import from_json, to_json
from domain.rehearse import rehearse
from domain.scenario import Rehearsal, Scenario
from domain.scenario_checks import of_duties, of_rehearsal, problems
from tests.domain.shipped import CONTENT, REHEARSALS, SCENARIOS, load, regimes


@pytest.mark.parametrize("path", REHEARSALS, ids=lambda path: path.stem)
def test_a_rehearsal_comes_out_as_written(path):
    rehearsal = load(path, Rehearsal)
    scenario = load(CONTENT / "scenarios" / f"{rehearsal.scenario}.yaml", Scenario)
    assert of_rehearsal(rehearsal, scenario) == []
    played = rehearse(scenario, regimes(), rehearsal)
    assert played.differences == ()
    assert replay(from_json(to_json(event)) for event in played.events) == played.state


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_has_no_problems_and_two_rehearsals(path):
    scenario = load(path, Scenario)
    assert problems(scenario) == []
    assert of_duties(scenario, regimes()) == []
    assert sum(load(each, Rehearsal).scenario == path.stem for each in REHEARSALS) >= 2
