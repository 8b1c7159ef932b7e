"""One content file as the checks see it: its value, its data, and the place of everything in it."""

from dataclasses import dataclass
from typing import Any

from catalog.kinds import Kind
from catalog.problem import Problem
from catalog.read import Read
from catalog.shape import Path, place_at


@dataclass(frozen=True, slots=True)
class File:
    """One content file: `value` is None when it is broken, `kind` None when it lies in the wrong place."""

    path: str
    kind: Kind | None
    slug: str
    value: Any
    read: Read
    hosts: tuple[tuple[Path, str], ...] = ()

    def problem(self, path: Path, code: str, message: str) -> Problem:
        """A problem of the value at `path`."""
        line, column = place_at(self.read.place, path)
        return Problem(self.path, line, column, code, message)
