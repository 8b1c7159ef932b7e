"""Judging an artefact: the verdict is what counts, the flags show what was seen.

Hits and false alarms are kept apart: calling everything a breach is not skill.
"""

from dataclasses import dataclass
from typing import Any

from domain.drill import Artefact, Clue
from domain.grade import Grade
from domain.present import clue_order
from domain.refusal import Refused


@dataclass(frozen=True, slots=True)
class Pin:
    """A passage in the debrief: what it was, whether the person flagged it."""

    number: int
    clue: Clue
    flagged: bool


@dataclass(frozen=True, slots=True)
class SpotResult:
    """What came of one artefact."""

    grade: Grade
    reported: bool
    to_report: bool
    pins: tuple[Pin, ...]

    @property
    def found(self) -> int:
        """Real clues that were flagged."""
        return sum(pin.flagged for pin in self.pins if pin.clue.real)

    @property
    def real(self) -> int:
        """Real clues there are."""
        return sum(pin.clue.real for pin in self.pins)


def judge(artefact: Artefact, response: dict[str, Any]) -> SpotResult:
    """Judge `{"flags": [numbers], "verdict": "report" | "harmless"}`. Raises Refused when malformed."""
    clues = clue_order(artefact)
    flags, verdict = response.get("flags"), response.get("verdict")
    fits = isinstance(flags, list) and all(
        isinstance(n, int) and not isinstance(n, bool) and 0 <= n < len(clues) for n in flags
    )
    if not fits or verdict not in {"report", "harmless"}:
        raise Refused("That judgement does not fit what is shown. Please reload the page and try again.")
    flagged = set(flags or ())
    by_id = {clue.id: clue for clue in artefact.clues}
    reported = verdict == "report"
    return SpotResult(
        grade=Grade(float(reported == artefact.to_report), 0.5),
        reported=reported,
        to_report=artefact.to_report,
        pins=tuple(Pin(number + 1, by_id[clue], number in flagged) for number, clue in enumerate(clues)),
    )
