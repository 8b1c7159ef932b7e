"""How good the model is on recorded answers: each is predicted before it is learnt, from the default parameters.

Streams: memory grows with people, skills and items, not with answers. The same figures for the average-percent
baseline stand beside the model's.
"""

import math
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from domain.readiness.model import PRIORS, WARM, Belief, Priors, Shared, days, shrink, sigmoid
from domain.readiness.standing import Z80

FINE = 100_000
"""Bins for the area under the curve: fine enough to be exact in four digits, and of a fixed size."""
GAPS = (WARM, 7.0, 30.0, 90.0)
BLOCK = 10
"""Answers of one person that are compared with their predicted sum, for the coverage of the interval."""
EDGE = 1e-6
OFFSETS = ("first", "warm", "gap", "repeat")


@dataclass(frozen=True, slots=True)
class Row:
    """One recorded answer."""

    person: str
    item: str
    skill: str
    at: datetime
    y: float
    guess: float = 0.0
    repeat: bool | None = None
    """Whether the person had got this very item right before; None lets the learner remember it."""


class Learner:
    """The model with everything it has learnt, items and offsets included; the only mutable thing here.

    The arithmetic is that of `model.learn`, in the same order and therefore to the same bit, without its values: a
    million answers are learnt in seconds. A test holds the two together.
    """

    def __init__(self, shared: Shared | None = None, priors: Priors = PRIORS) -> None:
        """Start from `shared`, by default from nothing but priors."""
        start = shared or Shared()
        self._priors = priors
        self._base = priors.base
        self._items = {item: (belief.mean, belief.var) for item, belief in start.items.items()}
        self._offsets = {name: (getattr(start, name).mean, getattr(start, name).var) for name in OFFSETS}
        self._general: dict[str, tuple[float, float, datetime | None]] = {}
        self._skill: dict[tuple[str, str], tuple[float, float, float, datetime]] = {}
        self._right: set[tuple[str, str]] = set()

    def shared(self) -> Shared:
        """Offsets and items as learnt so far."""
        offsets = {name: Belief(*pair) for name, pair in self._offsets.items()}
        return Shared(**offsets, items={item: Belief(*pair) for item, pair in self._items.items()})

    def gap(self, row: Row) -> float | None:
        """Days since the person last answered in the skill; None when never."""
        known = self._skill.get((row.person, row.skill))
        return days(known[3], row.at) if known else None

    def step(self, row: Row, weight: float = 1.0, prior: float = 0.0) -> float:
        """The probability we gave the answer before seeing it; then learn it. Without weight nothing is learnt."""
        priors, offsets, key = self._priors, self._offsets, (row.person, row.skill)
        g_mean, g_var, g_at = self._general.get(row.person, (0.0, priors.general, None))
        known = self._skill.get(key)
        mean, var, stability, _ = known or (0.0, priors.skill, priors.stability, None)
        item_mean, item_var = self._items.get(row.item) or (prior, priors.item)
        since = None if known is None else days(known[3], row.at)

        kept = math.exp(-days(g_at, row.at) / priors.general_days)
        g_mean, g_var = g_mean * kept, priors.general - (priors.general - g_var) * kept * kept
        kept = float((1.0 + (since or 0.0) / stability) ** -priors.decay)
        mean, var = mean * kept, priors.skill - (priors.skill - var) * kept * kept

        again = row.repeat if row.repeat is not None else (row.person, row.item) in self._right
        moment = offsets["repeat"][0] if again else 0.0
        if since is None:
            name, slope = "first", -1.0
        elif since < WARM:
            name, slope = "warm", 1.0
        else:
            name, slope = "gap", -math.log1p(since)
        moment += slope * offsets[name][0]

        c = shrink(g_var + var + item_var)
        q = sigmoid(c * (self._base + g_mean + mean - item_mean + moment))
        p = row.guess + (1.0 - row.guess) * q
        if weight <= 0:
            return p
        h = (1.0 - row.guess) * q * (1.0 - q) * c
        spread = p * (1.0 - p)
        gain, info = weight * h * (row.y - p) / spread, weight * h * h / spread

        if since is not None:
            stability = stability + 0.5 * since if row.y > 0.5 else max(1.0, stability / 2)
        self._general[row.person] = (g_mean + g_var * gain, g_var - g_var**2 * info, row.at)
        self._skill[key] = (mean + var * gain, var - var**2 * info, stability, row.at)
        self._items[row.item] = (item_mean - item_var * gain, item_var - item_var**2 * info)
        offsets[name] = _move(offsets[name], slope, gain, info)
        if again:
            offsets["repeat"] = _move(offsets["repeat"], 1.0, gain, info)
        if row.repeat is None and row.y > 0.5:
            self._right.add((row.person, row.item))
        return p


def _move(belief: tuple[float, float], slope: float, gain: float, info: float) -> tuple[float, float]:
    """An offset that entered with `slope` takes its share of the surprise."""
    mean, var = belief
    # For a steep slope the plain step could leave a variance below zero; dividing cannot.
    shrunk = var - var**2 * info if abs(slope) == 1 else var / (1.0 + slope * slope * var * info)
    return mean + slope * var * gain, shrunk


class Tally:
    """Running figures of one predictor."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        self.n = 0
        self._loss = self._brier = 0.0
        self._bins = [[0.0, 0.0, 0.0] for _ in range(10)]
        self._right, self._wrong = array("d", bytes(8 * FINE)), array("d", bytes(8 * FINE))

    def add(self, p: float, y: float) -> None:
        """One prediction and what happened."""
        self.n += 1
        safe = min(1 - EDGE, max(EDGE, p))
        self._loss -= y * math.log(safe) + (1 - y) * math.log(1 - safe)
        self._brier += (p - y) ** 2
        entry = self._bins[min(9, int(p * 10))]
        entry[0] += 1
        entry[1] += p
        entry[2] += y
        fine = min(FINE - 1, int(p * FINE))
        self._right[fine] += y
        self._wrong[fine] += 1 - y

    def figures(self) -> dict[str, float | int | None]:
        """n, AUC, log-loss, Brier score, ECE over ten equal bins; None where there is nothing to say."""
        if not self.n:
            return {"n": 0, "auc": None, "log_loss": None, "brier": None, "ece": None}
        below = area = 0.0
        for right, wrong in zip(self._right, self._wrong, strict=True):
            area += right * (below + wrong / 2)
            below += wrong
        right = sum(self._right)
        return {
            "n": self.n,
            "auc": area / (right * below) if right and below else None,
            "log_loss": self._loss / self.n,
            "brier": self._brier / self.n,
            "ece": sum(abs(p - y) for _, p, y in self._bins) / self.n,
        }


class Average:
    """The baseline: a person's share right in a skill, smoothed towards the mean of all earlier answers (weight 2)."""

    def __init__(self) -> None:
        """Nothing seen yet: one half."""
        self._own: dict[tuple[str, str], tuple[float, int]] = {}
        self._sum, self._n = 0.0, 0

    def step(self, row: Row) -> float:
        """The share before the answer; then count it."""
        overall = self._sum / self._n if self._n else 0.5
        total, n = self._own.get((row.person, row.skill), (0.0, 0))
        self._own[row.person, row.skill] = (total + row.y, n + 1)
        self._sum, self._n = self._sum + row.y, self._n + 1
        return (total + 2 * overall) / (n + 2)


def evaluate(rows: Iterable[Row]) -> dict[str, Any]:
    """Figures for rows in time order; see docs/readiness.md for each."""
    learner, average = Learner(), Average()
    model, baseline = Tally(), Tally()
    gaps = [[0, 0.0, 0.0] for _ in range(len(GAPS) + 1)]
    blocks: dict[str, tuple[int, float, float]] = {}
    inside = whole = 0
    for row in rows:
        gap = learner.gap(row)
        p = learner.step(row)
        model.add(p, row.y)
        share = average.step(row)
        baseline.add(share, row.y)
        if gap is not None:
            place = sum(gap >= edge for edge in GAPS)
            gaps[place][0] += 1
            gaps[place][1] += p - row.y
            gaps[place][2] += share - row.y
        count, off, var = blocks.get(row.person, (0, 0.0, 0.0))
        count, off, var = count + 1, off + row.y - p, var + p * (1 - p)
        if count == BLOCK:
            whole += 1
            inside += abs(off) <= Z80 * math.sqrt(var)
            count, off, var = 0, 0.0, 0.0
        blocks[row.person] = (count, off, var)
    return {
        "model": model.figures(),
        "average": baseline.figures(),
        "bias_by_gap": [
            {"days": name, "n": int(n), "bias": off / n if n else None, "average": base / n if n else None}
            for name, (n, off, base) in zip(_names(), gaps, strict=True)
        ],
        "coverage_80": inside / whole if whole else None,
    }


def _names() -> Iterator[str]:
    yield f"<{GAPS[0]:g}"
    for low, high in pairwise(GAPS):
        yield f"{low:g}-{high:g}"
    yield f">{GAPS[-1]:g}"
