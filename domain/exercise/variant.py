"""One scenario, many exercises: how the dials stand, and the scenario with their words and numbers in place.

The same seed always draws the same dials, on any machine and version.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from domain.refusal import Refused
from domain.regime import Affected
from domain.scenario import Dial, DialValue, Scenario
from domain.span import moment


def number(*parts: object) -> int:
    """A large number that depends on the parts and nothing else."""
    return int.from_bytes(sha256("/".join(map(str, parts)).encode()).digest()[:8])


def draw(scenario: Scenario, seed: int, wanted: Mapping[str, str]) -> dict[str, str]:
    """A value for every dial: as wanted, else drawn from the seed."""
    known = {dial.id for dial in scenario.dials}
    if unknown := sorted(wanted.keys() - known):
        raise Refused(f"There is no dial “{unknown[0]}” in this scenario.")
    return {dial.id: _value(dial, wanted.get(dial.id), seed).id for dial in scenario.dials}


def _value(dial: Dial, wanted: str | None, seed: int) -> DialValue:
    if wanted is None:
        return dial.values[number(seed, dial.id) % len(dial.values)]
    for value in dial.values:
        if value.id == wanted:
            return value
    raise Refused(f"The dial “{dial.label}” has no position “{wanted}”.")


def variant(scenario: Scenario, dials: Mapping[str, str]) -> Scenario:
    """The scenario as it is with these dials; dials that are not named change nothing."""
    chosen = [_value(dial, dials[dial.id], 0) for dial in scenario.dials if dial.id in dials]
    words = {name: text for value in chosen for name, text in value.words.items()}
    data = _filled(scenario.model_dump(mode="json", exclude_defaults=True), words)
    people = {group.where: group for group in scenario.people}
    people |= {group.where: group for value in chosen for group in value.people}
    data["people"] = [_plain(group) for group in people.values()]
    later = {name: span for value in chosen for name, span in value.shift.items()}
    for inject in data["injects"]:
        if inject["id"] in later and "at" in inject:
            inject["at"] = moment(scenario.inject(inject["id"]).at + later[inject["id"]])  # type: ignore[operator]
    return Scenario.model_validate_json(json.dumps(data))


def _plain(group: Affected) -> dict[str, Any]:
    return group.model_dump(mode="json")


def _filled(data: Any, words: Mapping[str, str]) -> Any:
    if isinstance(data, str):
        for name, text in words.items():
            data = data.replace("{{" + name + "}}", text)
        return data
    if isinstance(data, list):
        return [_filled(part, words) for part in data]
    if isinstance(data, dict):
        return {key: part if key == "dials" else _filled(part, words) for key, part in data.items()}
    return data
