"""What is wrong in a content file, and where: one sentence an author can act on.

A code never changes its meaning: docs/problems.md explains each one, and each has an example file that is a test.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a file; lines and columns count from 1, as editors do. The message is one line."""

    file: str
    line: int
    column: int
    code: str
    message: str

    def __post_init__(self) -> None:
        line = " ".join(self.message.split())
        # What an author wrote may be in it, and may be of any length.
        object.__setattr__(self, "message", line if len(line) <= 300 else f"{line[:150]} … {line[-140:]}")

    @property
    def blocks(self) -> bool:
        """Whether this version of the file is refused until it is mended, and the last good one stays in use."""
        return self.code not in ADVICE

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column} {self.code} {self.message}"


CODES: Final = {
    # Reading the file
    "C101": "File too large",
    "C102": "Not UTF-8",
    "C103": "Forbidden character",
    "C104": "Not YAML",
    "C105": "YAML feature that content does not use",
    "C106": "Not exactly one document",
    "C107": "Key given twice",
    "C108": "Too deep or too many values",
    "C109": "Number that cannot be used",
    "C110": "File that cannot be read",
    "C111": "File in the wrong place",
    # The shape of one file
    "C120": "Field missing",
    "C121": "Unknown field",
    "C122": "Wrong type",
    "C123": "Unknown value",
    "C124": "Out of bounds",
    "C125": "Fields that contradict each other",
    # Between files
    "C201": "Unknown reference",
    "C202": "Used nowhere",
    "C203": "Skill that nothing trains",
    "C204": "Citation without source",
    "C205": "Source never cited",
    "C206": "Id given twice",
    "C207": "Drill and report form disagree",
    "C208": "Share of harmless artefacts",
    "C209": "Module and its parts disagree on skills",
    "C210": "Guessing pays",
    "C211": "Screen too long",
    "C212": "Address that could be real",
    "C213": "Markup that is not allowed",
    "C214": "Still to be written",
    # Inside and around a scenario
    "C301": "Unknown name in a scenario",
    "C302": "Out of reach",
    "C303": "Step that no decision exercises",
    "C304": "Idle seat",
    "C305": "Clock that nothing moves",
    "C306": "Scenario without rehearsal",
    "C307": "Rehearsal comes out differently",
    "C308": "Case comes out differently",
    "C309": "Letter that leaves out what its duty asks for",
    "C320": "Red herring that nothing clears up",
}
"""Every code, with its name."""

ADVICE: Final = frozenset(
    {
        "C202",
        "C203",
        "C205",
        "C208",
        "C209",
        "C210",
        "C211",
        "C212",
        "C214",
        "C302",
        "C303",
        "C304",
        "C305",
        "C306",
        "C307",
        "C308",
        "C309",
        "C320",
    }
)
"""Codes that fail the check but do not keep a file out of the running app."""
