"""A file with the facts of a breach → the facts, or every problem with its line and column; and the rules for them.

YAML or JSON: the latter is read as the former. Nothing is guessed; what is missing stays missing.
"""

from pathlib import Path

from catalog.kinds import BY_NAME
from catalog.problem import Problem
from catalog.read import read
from catalog.shape import shape
from domain.regime import Facts, Regime


def read_facts(raw: bytes, file: str) -> tuple[Facts | None, tuple[Problem, ...]]:
    """The facts in a file, or None, and what is wrong with it in reading order."""
    facts, problems = shape(read(raw, file), Facts, file)
    return facts, problems


def read_regimes(root: Path) -> tuple[dict[str, Regime], tuple[Problem, ...]]:
    """The rules under `root` by slug, without any other content; and the first problem of each that is broken."""
    regimes: dict[str, Regime] = {}
    broken: list[Problem] = []
    folder = BY_NAME["regime"].folder
    for path in sorted((root / folder).glob("*.yaml")):
        file = f"{folder}/{path.name}"
        regime, problems = shape(read(path.read_bytes(), file), Regime, file)
        if regime is not None:
            regimes[path.stem] = regime
        broken += problems[:1]
    return regimes, tuple(broken)
