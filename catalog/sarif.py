"""Remarks as SARIF 2.1.0, which code hosts and editors show beside the lines they are about.

Paths are relative to the content root, so the same file reads the same on any machine.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from catalog.problem import Problem

_LEVELS: Final = {"error": "error", "warning": "warning", "review": "note"}


def sarif(rules: Mapping[str, tuple[str, str]], found: Iterable[tuple[Problem, str]]) -> dict[str, Any]:
    """One run. `rules` gives each code its name and severity; `found` pairs problems with severities."""
    places = {code: n for n, code in enumerate(rules)}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Muster lint",
                        "rules": [
                            {
                                "id": code,
                                "shortDescription": {"text": name},
                                "help": {"text": f"docs/linting.md explains {code} with examples."},
                                "defaultConfiguration": {"level": _LEVELS[severity]},
                            }
                            for code, (name, severity) in rules.items()
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem, severity, places) for problem, severity in found],
            }
        ],
    }


def _result(problem: Problem, severity: str, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "ruleId": problem.code,
        "ruleIndex": places[problem.code],
        "level": _LEVELS[severity],
        "message": {"text": problem.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": problem.file},
                    "region": {"startLine": problem.line, "startColumn": problem.column},
                }
            }
        ],
    }
