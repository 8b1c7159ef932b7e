"""What becomes of a group: who is still ready week by week if nobody practises, and which practice would move it most.

Nobody gets better by waiting, so the curve only falls; it assumes nothing about those who are not ready today.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.readiness.model import NOTHING, PRIORS, General, Priors, Shared, SkillState
from domain.readiness.rollup import CRITICAL
from domain.readiness.standing import Standing, Status, standing
from domain.skills import Skill

WEEKS = 12
"""How far ahead we look."""

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Lever:
    """The skill whose practice would move a group most."""

    skill: Skill
    people: int
    """Who would be verified ready if they were ready in this skill too."""
    lacking: int
    """Who is not verified ready in it, whatever else they lack."""


def fading(
    people: Iterable[tuple[General, Mapping[Skill, SkillState]]],
    now: datetime,
    shared: Shared,
    *,
    weeks: int = WEEKS,
    critical: Sequence[Skill] = CRITICAL,
    priors: Priors = PRIORS,
) -> tuple[int, ...]:
    """How many are ready now, in a week, … in `weeks` weeks when nothing is done; each number is at most the last."""
    left = list(people)
    counts = []
    for week in range(weeks + 1):
        at = now + week * WEEK
        # Whoever is not ready any more stays so: only the others have to be asked again.
        left = [
            (general, skills)
            for general, skills in left
            if all(
                standing(general, skills.get(skill, NOTHING), at, shared, priors).status is Status.READY
                for skill in critical
            )
        ]
        counts.append(len(left))
    return tuple(counts)


def lever(standings: Iterable[Mapping[Skill, Standing]], critical: Sequence[Skill] = CRITICAL) -> Lever | None:
    """The critical skill that most people lack alone, or else that most people lack; None when nobody lacks any."""
    alone, lacking = dict.fromkeys(critical, 0), dict.fromkeys(critical, 0)
    for found in standings:
        missing = [s for s in critical if s not in found or found[s].status is not Status.READY]
        for skill in missing:
            lacking[skill] += 1
            alone[skill] += len(missing) == 1
    best = max(critical, key=lambda skill: (alone[skill], lacking[skill]))
    return Lever(best, alone[best], lacking[best]) if lacking[best] else None
