"""Every rehearsal must come out as written, in every file that lies in content/rehearsals."""

from pathlib import Path

import pytest

from catalog.read import read
from catalog.shape import shape
from domain.exercise import replay
from domain.exercise.events import from_json, to_json
from domain.regime import Regime
from domain.rehearse import rehearse
from domain.scenario import Rehearsal, Scenario
from domain.scenario_checks import of_duties, of_rehearsal, problems

CONTENT = Path(__file__).resolve().parent.parent.parent / "content"
REHEARSALS = sorted((CONTENT / "rehearsals").glob("*.yaml"))
SCENARIOS = sorted((CONTENT / "scenarios").glob("*.yaml"))


def load(path, kind):
    value, found = shape(read(path.read_bytes(), path.name), kind, path.name)
    assert found == ()
    return value


@pytest.fixture(scope="session")
def regimes():
    return {path.stem: load(path, Regime) for path in (CONTENT / "regimes").glob("*.yaml")}


@pytest.mark.parametrize("path", REHEARSALS, ids=lambda path: path.stem)
def test_a_rehearsal_comes_out_as_written(path, regimes):
    rehearsal = load(path, Rehearsal)
    scenario = load(CONTENT / "scenarios" / f"{rehearsal.scenario}.yaml", Scenario)
    assert of_rehearsal(rehearsal, scenario) == []
    played = rehearse(scenario, regimes, rehearsal)
    assert played.differences == ()
    assert replay(from_json(to_json(event)) for event in played.events) == played.state


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_has_no_problems_and_two_rehearsals(path, regimes):
    scenario = load(path, Scenario)
    assert problems(scenario) == []
    assert of_duties(scenario, regimes) == []
    assert sum(load(each, Rehearsal).scenario == path.stem for each in REHEARSALS) >= 2
