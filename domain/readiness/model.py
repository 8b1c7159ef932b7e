"""Predict an answer, learn from it, let what was learnt fade: a Rasch state-space model, one O(1) step per answer.

Means and variances are on the log-odds scale, times in days. Same answers, same numbers, to the last bit. Sources:
Rasch (1960); the update is an extended-Kalman (ADF) step, that is Elo with the posterior variance for K.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

VERSION = "1"
"""Goes up whenever the same answers would give other numbers."""

DAY = timedelta(days=1)
WARM = 0.5
"""Within half a day of the last answer somebody is still warm."""


@dataclass(frozen=True, slots=True)
class Belief:
    """A number we are not sure of: mean and variance."""

    mean: float
    var: float


@dataclass(frozen=True, slots=True)
class Priors:
    """What we believe before any answer."""

    general: float = 0.5
    skill: float = 1.0
    item: float = 1.0
    stability: float = 1.0  # days
    decay: float = 0.25
    general_days: float = 180.0
    facility: float = 0.70

    @property
    def base(self) -> float:
        """Log-odds of a typical task, set so that over all people and items the prior facility comes out right.

        What the moment adds (`offset`) comes on top: on a first time, a little less.
        """
        return _base(self.facility, self.general + self.skill + self.item)


@cache
def _base(facility: float, spread: float) -> float:
    return logit(facility) * math.sqrt(1 + math.pi * spread / 8)


@dataclass(frozen=True, slots=True)
class Shared:
    """What all people share: offsets and item difficulties, as one calibration has them."""

    first: Belief = Belief(0.30, 0.05)
    warm: Belief = Belief(0.40, 0.05)
    gap: Belief = Belief(0.10, 0.01)
    repeat: Belief = Belief(0.35, 0.05)
    items: dict[str, Belief] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class General:
    """How a person does over all skills; `at` is None before the first answer."""

    mean: float = 0.0
    var: float = 0.5
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SkillState:
    """How a person does in one skill beyond that."""

    mean: float = 0.0
    var: float = 1.0
    stability: float = 1.0
    n: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """One piece of evidence: what it was worth (`y` in 0…1), and how much it weighs."""

    item: str
    y: float
    at: datetime
    guess: float = 0.0
    weight: float = 1.0
    prior: float = 0.0  # difficulty of the item before any answer to it
    repeat: bool = False  # this person got this very item right before


@dataclass(frozen=True, slots=True)
class Step:
    """One answer learnt: what we expected, and the states after it."""

    expected: float
    general: General
    skill: SkillState


PRIORS = Priors()
NOBODY = General(var=PRIORS.general)
NOTHING = SkillState(var=PRIORS.skill, stability=PRIORS.stability)


def sigmoid(x: float) -> float:
    """The logistic function, safe for any float."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    z = math.exp(x)
    return z / (1.0 + z)


def logit(p: float) -> float:
    """Log-odds of a probability inside (0, 1)."""
    return math.log(p / (1.0 - p))


def normal(x: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def days(since: datetime | None, now: datetime) -> float:
    """Days from `since` to `now`; 0 when there is none or the clock went back."""
    return 0.0 if since is None else max(0.0, (now - since) / DAY)


def fade_general(state: General, now: datetime, priors: Priors = PRIORS) -> General:
    """The general state at `now`: exponentially back to unknown."""
    kept = math.exp(-days(state.at, now) / priors.general_days)
    return General(state.mean * kept, priors.general - (priors.general - state.var) * kept * kept, state.at)


def fade_skill(state: SkillState, now: datetime, priors: Priors = PRIORS) -> SkillState:
    """The skill state at `now`: by a power of time, the slower the more stable."""
    kept = float((1.0 + days(state.at, now) / state.stability) ** -priors.decay)
    var = priors.skill - (priors.skill - state.var) * kept * kept
    return SkillState(state.mean * kept, var, state.stability, state.n, state.at)


def offset(state: SkillState, now: datetime, shared: Shared, *, repeat: bool) -> float:
    """What the moment adds: first time, still warm, or after a gap; and having got the item right before."""
    again = shared.repeat.mean if repeat else 0.0
    if state.at is None:
        return again - shared.first.mean
    gap = days(state.at, now)
    if gap < WARM:
        return again + shared.warm.mean
    return again - shared.gap.mean * math.log1p(gap)


def shrink(var: float) -> float:
    """How much uncertainty of this size pulls a probability towards one half (probit approximation)."""
    return 1.0 / math.sqrt(1.0 + math.pi * var / 8.0)


def expect(
    general: General, skill: SkillState, answered: Answered, shared: Shared, priors: Priors = PRIORS
) -> tuple[float, float, float]:
    """(P, q, c): the probability of a right answer, that without guessing, and the shrinkage used.

    The states must have been faded to the time of the answer, keeping their own `at`.
    """
    item = shared.items.get(answered.item) or Belief(answered.prior, priors.item)
    moment = offset(skill, answered.at, shared, repeat=answered.repeat)
    eta = priors.base + general.mean + skill.mean - item.mean + moment
    c = shrink(general.var + skill.var + item.var)
    q = sigmoid(c * eta)
    return answered.guess + (1.0 - answered.guess) * q, q, c


def surprise(answered: Answered, p: float, q: float, c: float) -> tuple[float, float]:
    """(gain, information) of an answer: how far, and how surely, it moves what took part in it."""
    slope = (1.0 - answered.guess) * q * (1.0 - q) * c
    spread = p * (1.0 - p)
    return answered.weight * slope * (answered.y - p) / spread, answered.weight * slope * slope / spread


def learn(general: General, skill: SkillState, answered: Answered, shared: Shared, priors: Priors = PRIORS) -> Step:
    """The states after an answer. Evidence without weight changes nothing at all."""
    faded_general, faded = fade_general(general, answered.at, priors), fade_skill(skill, answered.at, priors)
    p, q, c = expect(faded_general, faded, answered, shared, priors)
    if answered.weight <= 0:
        return Step(p, general, skill)
    gain, information = surprise(answered, p, q, c)
    stability = skill.stability
    if skill.at is not None:
        stability = stability + 0.5 * days(skill.at, answered.at) if answered.y > 0.5 else max(1.0, stability / 2)
    return Step(
        expected=p,
        general=General(
            mean=faded_general.mean + faded_general.var * gain,
            var=faded_general.var - faded_general.var**2 * information,
            at=answered.at,
        ),
        skill=SkillState(
            mean=faded.mean + faded.var * gain,
            var=faded.var - faded.var**2 * information,
            stability=stability,
            n=skill.n + 1,
            at=answered.at,
        ),
    )
