"""The linter: every code has an example that has it and one that does not, both in docs/linting.md."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from catalog.library import load
from catalog.read import read
from domain.lint import CODES, ERRORS, lint
from domain.lint.table import timeline
from domain.scenario import Scenario
from domain.scenario_checks import problems
from tests.domain import overlay
from tests.domain.overlay import laid_over

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOG = load(ROOT)
SECTIONS = {code: section for code, section in overlay.SECTIONS.items() if code.startswith("L")}
TEMPLATE = (ROOT / "catalog/templates/scenario.yaml").read_text(encoding="utf-8").replace("DATE", "2026-11-24")


def example(code: str, which: str) -> Scenario:
    patch = read(overlay.example(code, which).encode(), "example").data
    return Scenario.model_validate_json(json.dumps(laid_over(read(TEMPLATE.encode(), "template").data, patch)))


def test_codes_and_explanations_are_the_same_ones():
    assert re.findall(r"^### (L\d+) (.+)$", overlay.DOCS, re.MULTILINE) == list(CODES.items())
    told = {code for code, section in SECTIONS.items() if section.partition("\n")[2].startswith("An error.")}
    assert told == ERRORS
    assert all(section.partition("\n")[2].startswith(("An error.", "A warning.")) for section in SECTIONS.values())


@pytest.mark.parametrize("code", CODES)
def test_each_example_has_its_code_and_its_counterpart_has_nothing(code):
    has = example(code, "has")
    assert {remark.code for remark in lint(has, CATALOG.regimes)} == {code}
    assert all(remark.message[0].isupper() or remark.message[0].isdigit() for remark in lint(has, CATALOG.regimes))
    clean = example(code, "has not")
    assert [remark.message for remark in lint(clean, CATALOG.regimes)] == []
    assert [code for _, code, _ in problems(clean) if code != "C304"] == []


@pytest.mark.parametrize("slug", sorted(CATALOG.scenarios))
def test_the_shipped_scenarios_lint_clean(slug):
    assert [remark.message for remark in lint(CATALOG.scenarios[slug], CATALOG.regimes) if remark.error] == []


def test_the_template_lints_clean():
    assert yaml.safe_load(TEMPLATE)
    assert lint(example("L320", "has not"), CATALOG.regimes) == []


def test_an_inject_on_a_condition_stands_in_the_timeline_as_early_as_it_can_come():
    scenario = example("L303", "has")
    at = {inject.id: t for t, inject in timeline(scenario, {})}
    assert at == {"call": timedelta(), "journalist": timedelta(minutes=40), "police": timedelta(minutes=100)}


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ({"people": [{"where": "FR", "count": 0}]}, "never owed"),
        ({"clocks": {"awareness": None}}, "`clocks` names no fact"),
        (
            {"duties": [{"regime": "eu-gdpr", "duty": "authority", "label": "A", "met_by": "lost"}]},
            "nothing establishes `lost`",
        ),
        (
            {
                "duties": [
                    {
                        "regime": "eu-gdpr",
                        "duty": "authority",
                        "label": "A",
                        "met_by": "authority-told",
                        "when": {"all": [{"dial": "d", "value": "a"}, {"dial": "d", "value": "b"}]},
                    }
                ]
            },
            "its `when` cannot hold",
        ),
    ],
)
def test_a_duty_says_why_it_never_runs_or_ends(patch, said):
    base = laid_over(read(TEMPLATE.encode(), "template").data, {"facts": [{"id": "lost", "text": "Lost."}]})
    base["duties"] = [{"regime": "eu-gdpr", "duty": "authority", "label": "A", "met_by": "authority-told"}]
    base["dials"] = [{"id": "d", "label": "D", "values": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]}]
    base.update({key: laid_over(base[key], value) if key == "clocks" else value for key, value in patch.items()})
    scenario = Scenario.model_validate_json(json.dumps(base))
    assert any(said in remark.message for remark in lint(scenario, CATALOG.regimes) if remark.code == "L308")
