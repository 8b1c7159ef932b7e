"""People who learn and forget as the model believes they do, and answer: for testing what it says of them.

`python -m tests.domain.cohort 1000000 > answers.csv` writes so many answers as a file for `readiness evaluate`.
"""

import csv
import math
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from domain.readiness.evaluate import Row
from domain.readiness.model import PRIORS, WARM, Shared, sigmoid

START = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)
SKILLS = ("spot", "report", "authorities")
ITEMS = 40  # of each skill
GUESSES = (0.0, 0.25, 0.5)
SESSION = 5


class Somebody:
    """One person: an ability in general and one in each skill, both drifting back to anything as time goes."""

    def __init__(self, name: str, chance: random.Random, difficulties: dict[str, float]) -> None:
        self._name, self._chance, self._difficulties = name, chance, difficulties
        self._general, self._at = chance.gauss(0, math.sqrt(PRIORS.general)), 0.0
        self._skill = {skill: chance.gauss(0, math.sqrt(PRIORS.skill)) for skill in SKILLS}
        self._stability = dict.fromkeys(SKILLS, PRIORS.stability)
        self._last: dict[str, float] = {}
        self._right: set[str] = set()

    def _drift(self, value: float, kept: float, var: float) -> float:
        return value * kept + self._chance.gauss(0, math.sqrt(var * max(0.0, 1 - kept * kept)))

    def answer(self, day: float, skill: str, item: str, guess: float) -> Row:
        offsets = Shared()
        self._general = self._drift(self._general, math.exp(-(day - self._at) / PRIORS.general_days), PRIORS.general)
        self._at = day
        gap = day - self._last[skill] if skill in self._last else None
        kept = (1 + (gap or 0.0) / self._stability[skill]) ** -PRIORS.decay
        self._skill[skill] = self._drift(self._skill[skill], kept, PRIORS.skill)
        moment = offsets.repeat.mean if item in self._right else 0.0
        if gap is None:
            moment -= offsets.first.mean
        else:
            moment += offsets.warm.mean if gap < WARM else -offsets.gap.mean * math.log1p(gap)
        knows = sigmoid(PRIORS.base + self._general + self._skill[skill] - self._difficulties[item] + moment)
        right = self._chance.random() < guess + (1 - guess) * knows
        if right:
            self._right.add(item)
        if gap is not None:
            grown = self._stability[skill]
            self._stability[skill] = grown + 0.5 * gap if right else max(1.0, grown / 2)
        self._last[skill] = day
        return Row(self._name, item, skill, START + timedelta(days=day), float(right), guess)


def rows(people: int, sessions: int, seed: int = 1) -> Iterator[Row]:
    """Sessions of SESSION answers for each person, in time order: a day for all, then the next, at growing gaps."""
    chance = random.Random(seed)
    items = {skill: [f"{skill}/{n}" for n in range(ITEMS)] for skill in SKILLS}
    difficulties = {item: chance.gauss(0, math.sqrt(PRIORS.item)) for pool in items.values() for item in pool}
    guesses = {item: chance.choice(GUESSES) for item in difficulties}
    learners = [Somebody(f"p{n}", chance, difficulties) for n in range(people)]
    day = 0.0
    for _ in range(sessions):
        for learner in learners:
            skill = chance.choice(SKILLS)
            for number, item in enumerate(chance.sample(items[skill], SESSION)):
                yield learner.answer(day + number / 1440, skill, item, guesses[item])
        day += chance.choice((0.2, 2.0, 14.0, 45.0, 120.0))


def main(count: int) -> None:
    out = csv.writer(sys.stdout)
    out.writerow(["person", "item", "skill", "answered_at", "y", "guess"])
    for row in rows(people=count // 100, sessions=100 // SESSION):
        out.writerow([row.person, row.item, row.skill, row.at.isoformat(), int(row.y), row.guess])


if __name__ == "__main__":
    main(int(sys.argv[1]))
