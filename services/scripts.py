"""What an exercise is played from: the scenario and the rules it names, as they were when it was planned.

Kept by digest in the database, so that a recorded exercise replays the same whatever happens to the files.
"""

import json
from dataclasses import dataclass
from typing import Any

from catalog.library import Catalog
from db import exercises
from db.engine import Connection
from domain.exercise import Regimes, State, variant
from domain.refusal import Refused
from domain.regime import Regime
from domain.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Script:
    """What an exercise is played from, with its dials set."""

    scenario: Scenario
    regimes: Regimes


_scripts: dict[tuple[str, tuple[tuple[str, str], ...]], Script] = {}
"""Parsed and varied once per process: what a digest names never changes, in any database."""


def written(content: Catalog, slug: str) -> tuple[Scenario, dict[str, Any]]:
    """A scenario as its file has it, and the text to keep of it and its rules. Raises Refused when it is not there."""
    scenario = content.scenarios.get(slug)
    if scenario is None:
        raise Refused(
            "This scenario is not available at the moment. Your security team can see why on the content page."
        )
    wanted = {owed.regime for owed in scenario.duties}
    regimes = {name: regime for name, regime in content.regimes.items() if name in wanted}
    return scenario, {
        "scenario": scenario.model_dump(mode="json", exclude_defaults=True),
        "regimes": {
            name: regime.model_dump(mode="json", exclude_defaults=True, exclude={"cases"})
            for name, regime in regimes.items()
        },
    }


def kept(connection: Connection, digest: str, state: State) -> Script:
    """The script of this digest with the dials of this state."""
    key = (digest, tuple(sorted(state.dials.items())))
    if key not in _scripts:
        if len(_scripts) >= 64:  # more variants than anybody plays at once
            _scripts.clear()
        _scripts[key] = _parse(exercises.script(connection, digest), key[1])
    return _scripts[key]


def _parse(text: str, dials: tuple[tuple[str, str], ...]) -> Script:
    body = json.loads(text)
    scenario = Scenario.model_validate_json(json.dumps(body["scenario"]))
    regimes = {slug: Regime.model_validate_json(json.dumps(regime)) for slug, regime in body["regimes"].items()}
    return Script(variant(scenario, dict(dials)), regimes)
