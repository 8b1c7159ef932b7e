"""From people to teams: counts with bounds, coverage, and what must be hidden so that nobody is singled out.

The unknown is never filled in: it widens the bounds.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.readiness.standing import Standing, Status
from domain.skills import Skill

SMALLEST = 5
"""Groups with fewer people are hidden."""

GOAL = 0.8
"""The share of verified ready people that a group aims at."""

WEIGHTS: Mapping[Skill, float] = {skill: 3.0 if skill in {Skill.SPOT, Skill.REPORT} else 1.0 for skill in Skill}
"""How much of a typical week's situations each skill stands for, for everybody."""

CRITICAL: tuple[Skill, ...] = (Skill.SPOT, Skill.REPORT)
"""Skills that everybody must hold: strength elsewhere does not make up for them."""

_WORST = (Status.GAP, Status.NOT_ASSESSED, Status.UNCERTAIN, Status.REFRESH, Status.READY)


@dataclass(frozen=True, slots=True)
class Overall:
    """A person over all skills: the share of weighted situations handled, over the skills that are assessed."""

    status: Status
    p: float | None
    coverage: float


def overall(standings: Mapping[Skill, Standing], critical: Sequence[Skill] = CRITICAL) -> Overall:
    """A person's overall standing: a weighted mean for the number, the worst critical skill for the status."""
    known = {skill: s for skill, s in standings.items() if s.status is not Status.NOT_ASSESSED}
    weight = sum(WEIGHTS[skill] for skill in known)
    p = sum(WEIGHTS[skill] * s.p for skill, s in known.items()) / weight if weight else None
    statuses = [standings[skill].status if skill in standings else Status.NOT_ASSESSED for skill in critical]
    return Overall(min(statuses, key=_WORST.index), p, weight / sum(WEIGHTS.values()))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people of a group have which status."""

    people: int = 0
    ready: int = 0
    refresh: int = 0
    uncertain: int = 0
    gap: int = 0
    not_assessed: int = 0
    sum_p: float = 0.0
    """Sum of p over the people who are assessed."""

    @property
    def assessed(self) -> int:
        """People we may say something about."""
        return self.people - self.not_assessed

    @property
    def coverage(self) -> float:
        """Share of people assessed."""
        return self.assessed / self.people if self.people else 0.0

    @property
    def share(self) -> float:
        """Verified ready of everybody: the lower bound."""
        return self.ready / self.people if self.people else 0.0

    @property
    def most(self) -> float:
        """Ready if everybody we are unsure of were: the upper bound (Manski)."""
        return (self.people - self.gap) / self.people if self.people else 0.0

    @property
    def mean_p(self) -> float | None:
        """Mean probability of those assessed; never without its coverage beside it."""
        return self.sum_p / self.assessed if self.assessed else None


def count(standings: Iterable[tuple[Status, float | None]]) -> Counts:
    """Counts over (status, p) of the people of a group."""
    tally = dict.fromkeys(Status, 0)
    people, total = 0, 0.0
    for status, p in standings:
        people += 1
        tally[status] += 1
        if status is not Status.NOT_ASSESSED and p is not None:
            total += p
    return Counts(
        people=people,
        ready=tally[Status.READY],
        refresh=tally[Status.REFRESH],
        uncertain=tally[Status.UNCERTAIN],
        gap=tally[Status.GAP],
        not_assessed=tally[Status.NOT_ASSESSED],
        sum_p=total,
    )


def together(several: Iterable[Counts]) -> Counts:
    """The counts of groups together."""
    found = tuple(several)
    return Counts(*(sum(getattr(each, name) for each in found) for name in Counts.__slots__))


def hidden(sizes: Mapping[int, int]) -> frozenset[int]:
    """Which groups must be hidden when their total is shown.

    Every group under SMALLEST; and when the hidden ones together could be found by subtraction (they are one group,
    or still fewer than SMALLEST people), the next smallest too.
    """
    order = sorted((size, group) for group, size in sizes.items() if size > 0)
    small = [(size, group) for size, group in order if size < SMALLEST]
    rest = order[len(small) :]
    while small and rest and (len(small) == 1 or sum(size for size, _ in small) < SMALLEST):
        small.append(rest.pop(0))
    return frozenset(group for _, group in small)


def open_groups(
    sizes: Mapping[int, int], asked: Collection[int], secret: Collection[int] = ()
) -> frozenset[int] | None:
    """Which of the `asked` groups may be added up when these many people of each group stand behind a figure.

    `sizes` has every group that the same reader can see, `secret` those that are hidden anyway. A sum over all of them
    tells, by subtraction, what the hidden ones have: it needs SMALLEST people there, or none. None: nothing may be told.
    """
    closed = hidden(sizes) | {group for group in secret if sizes.get(group, 0) > 0}
    whole = {group for group, size in sizes.items() if size > 0}
    told = whole & set(asked)
    if told != whole:
        told -= closed  # part of what the reader sees: the hidden ones stay out of it
    elif 0 < sum(sizes[group] for group in closed) < SMALLEST:
        return None
    return frozenset(told) if sum(sizes[group] for group in told) >= SMALLEST else None


def staffed(meets: Sequence[float], k: int = 2) -> float:
    """Probability that at least `k` of these people meet the target (Poisson-binomial)."""
    at_most = [1.0] + [0.0] * len(meets)
    for p in meets:
        for n in range(len(meets), 0, -1):
            at_most[n] = at_most[n] * (1 - p) + at_most[n - 1] * p
        at_most[0] *= 1 - p
    return min(1.0, max(0.0, 1.0 - sum(at_most[:k])))
