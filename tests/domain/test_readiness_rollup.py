"""From people to teams: nobody unknown is counted ready, and nobody is singled out."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.readiness.rollup import CRITICAL, SMALLEST, WEIGHTS, Counts, count, hidden, overall, staffed, together
from domain.readiness.standing import Standing, Status
from domain.skills import Skill


def stands(status: Status, p: float = 0.8) -> Standing:
    return Standing(status, p, p, p, 0.5, 0 if status is Status.NOT_ASSESSED else 9, None)


people = st.lists(st.tuples(st.sampled_from(list(Status)), st.one_of(st.none(), st.floats(0, 1))), max_size=30)
everywhere = st.fixed_dictionaries(
    {skill: st.builds(stands, st.sampled_from(list(Status)), st.floats(0, 1)) for skill in Skill}
)


@given(people)
def test_who_is_not_assessed_is_never_counted_ready(group) -> None:
    counts = count(group)
    assert counts.ready == sum(status is Status.READY for status, _ in group)
    assert counts.assessed == len(group) - sum(status is Status.NOT_ASSESSED for status, _ in group)
    assert counts.ready + counts.refresh + counts.uncertain + counts.gap + counts.not_assessed == counts.people
    unknown = count([(Status.NOT_ASSESSED, 0.99)] * 7)
    assert (unknown.ready, unknown.share, unknown.mean_p, unknown.coverage) == (0, 0.0, None, 0.0)


@given(people)
def test_the_bounds_hold_whatever_the_unknown_turn_out_to_be(group) -> None:
    counts = count(group)
    unsure = {Status.REFRESH, Status.UNCERTAIN, Status.NOT_ASSESSED}
    for settled in (Status.READY, Status.GAP):
        truth = count((settled if status in unsure else status, p) for status, p in group)
        assert counts.share <= truth.share <= counts.most


@given(st.lists(people, max_size=4))
def test_counts_of_groups_add_up_to_the_counts_of_all(groups) -> None:
    whole, parts = count(person for group in groups for person in group), together(count(group) for group in groups)
    assert parts.sum_p == pytest.approx(whole.sum_p)
    for name in ("people", "ready", "refresh", "uncertain", "gap", "not_assessed"):
        assert getattr(parts, name) == getattr(whole, name)


@given(everywhere)
def test_strength_elsewhere_does_not_make_up_for_a_critical_skill(standings) -> None:
    whole = overall(standings)
    rank = [Status.GAP, Status.NOT_ASSESSED, Status.UNCERTAIN, Status.REFRESH, Status.READY]
    assert whole.status is min((standings[skill].status for skill in CRITICAL), key=rank.index)
    assert (whole.status is Status.READY) == all(standings[skill].status is Status.READY for skill in CRITICAL)


@given(everywhere)
def test_a_persons_number_is_over_what_is_assessed_with_its_coverage(standings) -> None:
    whole = overall(standings)
    known = [skill for skill in Skill if standings[skill].status is not Status.NOT_ASSESSED]
    assert whole.coverage == pytest.approx(sum(WEIGHTS[s] for s in known) / sum(WEIGHTS.values()))
    if known:
        values = [standings[skill].p for skill in known]
        assert whole.p is not None
        assert min(values) - 1e-9 <= whole.p <= max(values) + 1e-9
    else:
        assert whole.p is None


def test_spotting_and_reporting_weigh_three_times_as_much() -> None:
    standings = {skill: stands(Status.READY, 1.0 if skill in CRITICAL else 0.0) for skill in Skill}
    assert overall(standings).p == pytest.approx(6 / 12)
    assert overall({}).status is Status.NOT_ASSESSED


# ── privacy ───────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.dictionaries(st.integers(1, 12), st.integers(0, 12), max_size=8))
def test_what_is_hidden_cannot_be_recovered_by_subtraction(sizes: dict[int, int]) -> None:
    secret = hidden(sizes)
    assert {group for group, size in sizes.items() if 0 < size < SMALLEST} <= secret
    assert not any(sizes[group] == 0 for group in secret)
    total = sum(sizes.values())
    if secret and total >= SMALLEST:  # smaller totals are not shown at all
        left = total - sum(size for group, size in sizes.items() if group not in secret)
        assert left >= SMALLEST
        assert len(secret) >= 2


@given(st.dictionaries(st.integers(1, 12), st.integers(0, 12), max_size=8))
def test_no_more_is_hidden_than_must_be(sizes: dict[int, int]) -> None:
    secret = hidden(sizes)
    large = [sizes[group] for group in secret if sizes[group] >= SMALLEST]
    assert len(large) <= 1
    open_sizes = [size for group, size in sizes.items() if group not in secret and size]
    assert all(size <= min(open_sizes, default=size) for size in large)
    if all(size >= SMALLEST or size == 0 for size in sizes.values()):
        assert secret == frozenset()


def test_the_next_smallest_team_is_hidden_with_a_single_small_one() -> None:
    assert hidden({1: 4, 2: 30, 3: 7}) == {1, 3}
    assert hidden({1: 4, 2: 3, 3: 7}) == {1, 2}
    assert hidden({1: 2, 2: 2, 3: 7}) == {1, 2, 3}
    assert hidden({1: 5, 2: 6}) == frozenset()


# ── staffing ──────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.floats(0, 1), max_size=7), st.integers(1, 3))
def test_staffing_is_what_counting_all_outcomes_gives(meets: list[float], k: int) -> None:
    exact = 0.0
    for outcome in product((0, 1), repeat=len(meets)):
        chance = 1.0
        for p, there in zip(meets, outcome, strict=True):
            chance *= p if there else 1 - p
        exact += chance if sum(outcome) >= k else 0.0
    assert staffed(meets, k) == pytest.approx(exact, abs=1e-9)


def test_empty_counts_divide_by_nothing() -> None:
    assert (Counts().share, Counts().most, Counts().coverage, Counts().mean_p) == (0.0, 0.0, 0.0, None)
