"""The linter for scenarios: what makes one worth playing, beyond what makes it valid.

Errors are faults in the play; warnings are what an experienced author would look at twice. docs/linting.md explains
each code with an example that has it and one that does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.lint import parts, table, texts
from domain.regime import Regime
from domain.scenario import Scenario
from domain.scenario_checks import Path

CODES: Final = {
    "L301": "Step that nobody can come to",
    "L302": "Part that no setting reaches",
    "L303": "Dead end",
    "L304": "Objective without evidence",
    "L305": "Seat with too little to do",
    "L306": "Seat that is silent too long",
    "L307": "Pace",
    "L308": "Duty that nothing starts or ends",
    "L309": "Red herring that stays",
    "L310": "The longest option is the right one",
    "L311": "Inject that does nothing",
    "L312": "Private text that everybody reads",
    "L320": "Still to be written",
}
"""Every code, with its name."""

ERRORS: Final = frozenset({"L301", "L302", "L303", "L304", "L305", "L308", "L309"})
"""Codes that make `manage.py lint` fail; the others are warnings."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing the linter found."""

    path: Path
    code: str
    message: str

    @property
    def error(self) -> bool:
        """Whether it makes the linter fail."""
        return self.code in ERRORS


def lint(scenario: Scenario, regimes: Mapping[str, Regime]) -> list[Remark]:
    """Everything the linter has to say; the scenario must have passed the check. Duties of unknown regimes are left out."""
    found = [*parts.look(scenario, regimes), *table.look(scenario), *texts.look(scenario)]
    return [Remark(*each) for each in sorted(found, key=lambda each: (each[1], str(each[0])))]
