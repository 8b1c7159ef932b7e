"""Where a person stands in a skill today: probability, interval, status, until when, and why.

Readiness is cold, unaided, without guessing, on a typical task. Waiting never raises a number that is shown.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.readiness.model import (
    PRIORS,
    General,
    Priors,
    Shared,
    SkillState,
    days,
    fade_general,
    fade_skill,
    logit,
    normal,
    shrink,
    sigmoid,
)

TARGET = 0.75
CONFIDENCE = 0.80
ENOUGH = 3
"""Answers before anything is said about a skill."""
Z80 = 1.2816
FAR = 730
"""Days after which we no longer look for the end of readiness."""


class Status(StrEnum):
    """What is said of a person and a skill, from best to worst known."""

    READY = "ready"
    REFRESH = "refresh"
    UNCERTAIN = "uncertain"
    NOT_ASSESSED = "not_assessed"
    GAP = "gap"

    @property
    def words(self) -> str:
        """As people see it."""
        return {
            "ready": "Ready",
            "refresh": "Refresh due",
            "uncertain": "Uncertain",
            "not_assessed": "Not assessed",
            "gap": "Gap",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Standing:
    """One person, one skill, one moment."""

    status: Status
    p: float
    low: float
    high: float
    meets: float
    """Probability that the person meets the target."""
    n: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """One reason for a number, in points of a hundred; the parts add up to the distance from where we began."""

    name: str
    points: float


def _estimate(
    general: General, skill: SkillState, now: datetime, shared: Shared, priors: Priors
) -> tuple[float, float]:
    """(eta, variance) of readiness: only what is good fades, what is bad stays until practice mends it."""
    later_general, later = fade_general(general, now, priors), fade_skill(skill, now, priors)
    mean = min(general.mean, later_general.mean) + min(skill.mean, later.mean)
    moment = -shared.first.mean if skill.at is None else -shared.gap.mean * math.log1p(days(skill.at, now))
    return priors.base + mean + moment, later_general.var + later.var


def _measure(eta: float, var: float, least: float) -> tuple[float, float]:
    """(p, meets). Doubt that grew since the last evidence, from `least` to `var`, may lower a number, never lift it."""
    over = eta - logit(TARGET)
    return (
        min(sigmoid(eta * shrink(var)), sigmoid(eta * shrink(least))),
        min(normal(over / math.sqrt(var)), normal(over / math.sqrt(least))),
    )


def standing(general: General, skill: SkillState, now: datetime, shared: Shared, priors: Priors = PRIORS) -> Standing:
    """Where the person stands at `now`, not before their last answer. Later is never better."""
    eta, var = _estimate(general, skill, now, shared, priors)
    least = general.var + skill.var
    p, meets = _measure(eta, var, least)
    # The skill as at its own last evidence: answers in other skills do not make what is due for a refresh uncertain.
    _, was = _measure(priors.base + general.mean + skill.mean, least, least)
    half = Z80 * math.sqrt(var)
    return Standing(
        status=_status(skill.n, meets, was),
        p=p,
        low=min(p, sigmoid(eta - half)),
        high=max(p, sigmoid(eta + half)),
        meets=meets,
        n=skill.n,
        last=skill.at,
    )


def _status(n: int, meets: float, was: float) -> Status:
    if n < ENOUGH:
        return Status.NOT_ASSESSED
    if meets >= CONFIDENCE:
        return Status.READY
    if was >= CONFIDENCE:
        return Status.REFRESH
    return Status.GAP if meets <= 1 - CONFIDENCE else Status.UNCERTAIN


def ready_until(
    general: General, skill: SkillState, now: datetime, shared: Shared, priors: Priors = PRIORS
) -> datetime | None:
    """The last day on which the person is ready if nothing is practised; None when not ready now.

    Bisection, to the day; at most FAR days ahead.
    """
    if standing(general, skill, now, shared, priors).status is not Status.READY:
        return None
    low, high = 0, FAR
    while high - low > 1:
        middle = (low + high) // 2
        later = standing(general, skill, now + timedelta(days=middle), shared, priors)
        low, high = (middle, high) if later.status is Status.READY else (low, middle)
    return now + timedelta(days=low)


def reasons(
    general: General, skill: SkillState, now: datetime, shared: Shared, priors: Priors = PRIORS
) -> tuple[Part, ...]:
    """What makes the number: additive on the log-odds scale, shown in points at the present probability."""
    eta, var = _estimate(general, skill, now, shared, priors)
    p, _ = _measure(eta, var, general.var + skill.var)
    points = 100 * p * (1 - p) * shrink(var)
    later_general, later = fade_general(general, now, priors), fade_skill(skill, now, priors)
    faded = min(later_general.mean - general.mean, 0.0) + min(later.mean - skill.mean, 0.0)
    pause = -shared.gap.mean * math.log1p(days(skill.at, now)) if skill.at else -shared.first.mean
    return (
        Part("Your answers in this skill", points * skill.mean),
        Part("Your answers in all skills", points * general.mean),
        Part("Faded since then", points * faded),
        Part("Time since you practised" if skill.at else "Never asked yet", points * pause),
    )


def d_prime(hits: int, signals: int, false_alarms: int, noises: int) -> tuple[float, float]:
    """(d′, bias) of spotting, with the log-linear correction; calling everything a breach gives a d′ of 0.

    Source: Hautus (1995). What is added goes to signals and noises by their number, or somebody who calls everything a
    breach would look skilled wherever the two are not equally many. Bias below 0 means quick to report.
    """
    share = signals / (signals + noises)
    hit = _quantile((hits + share) / (signals + 2 * share))
    alarm = _quantile((false_alarms + 1 - share) / (noises + 2 * (1 - share)))
    return hit - alarm, -(hit + alarm) / 2


def _quantile(p: float) -> float:
    low, high = -8.0, 8.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if normal(middle) < p else (low, middle)
    return (low + high) / 2
