"""The readiness model: what must hold for any history, and the numbers that it gives with its defaults."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.readiness.model import (
    NOBODY,
    NOTHING,
    PRIORS,
    Answered,
    Belief,
    General,
    Shared,
    SkillState,
    learn,
    sigmoid,
)
from domain.readiness.standing import (
    CONFIDENCE,
    ENOUGH,
    FAR,
    TARGET,
    Standing,
    Status,
    d_prime,
    ready_until,
    reasons,
    standing,
)
from domain.skills import Skill

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SHARED = Shared()
KNOWN = Shared(items={"easy": Belief(-1.2, 0.2), "hard": Belief(1.4, 0.3)})

shares = st.floats(0, 1)
gaps = st.one_of(st.just(0.0), st.floats(0, 2), st.floats(0, 400))  # days
answers = st.builds(
    lambda gap, skill, item, y, guess, weight, prior, repeat: (
        gap,
        skill,
        Answered(item, y, START, guess, weight, prior, repeat),
    ),
    gaps,
    st.sampled_from([Skill.SPOT, Skill.REPORT, Skill.SECURE]),
    st.sampled_from(["easy", "hard", "new"]),
    st.one_of(st.sampled_from([0.0, 1.0]), shares),
    st.sampled_from([0.0, 0.25, 0.5]),
    st.sampled_from([0.0, 0.25, 0.35, 0.5, 1.0]),
    st.floats(-0.4, 0.4),
    st.booleans(),
)
histories = st.lists(answers, max_size=25)


class Known:
    """What is known of a person after a history."""

    def __init__(self) -> None:
        self.general: General = NOBODY
        self.skills: dict[Skill, SkillState] = {}
        self.now = START

    def answer(self, skill: Skill, answered: Answered, shared: Shared = KNOWN) -> "Known":
        step = learn(self.general, self.skills.get(skill, NOTHING), answered, shared)
        self.general = step.general
        if answered.weight > 0:
            self.skills[skill] = step.skill
        return self

    def stands(self, skill: Skill = Skill.SPOT, days: float = 0.0, shared: Shared = KNOWN) -> Standing:
        return standing(self.general, self.skills.get(skill, NOTHING), self.now + timedelta(days=days), shared)


def after(history: Sequence[tuple[float, Skill, Answered]]) -> Known:
    known = Known()
    for gap, skill, a in history:
        known.now += timedelta(days=gap)
        known.answer(skill, Answered(a.item, a.y, known.now, a.guess, a.weight, a.prior, a.repeat))
    return known


# ── waiting ───────────────────────────────────────────────────────────────────────────────────────────────────

_BETTER = {Status.GAP: 0, Status.UNCERTAIN: 1, Status.REFRESH: 2, Status.READY: 3}


@given(histories, st.lists(st.floats(0, 900), min_size=2, max_size=12).map(sorted))
def test_waiting_never_raises_a_number_nor_improves_a_status(history, days: list[float]) -> None:
    known = after(history)
    for skill in Skill:
        line = [known.stands(skill, day) for day in (0.0, *days)]
        for sooner, later in pairwise(line):
            assert later.p <= sooner.p + 1e-12
            assert later.meets <= sooner.meets + 1e-12
            if sooner.status is Status.NOT_ASSESSED:
                assert later.status is Status.NOT_ASSESSED
            else:
                assert _BETTER[later.status] <= _BETTER[sooner.status]


@given(histories, st.lists(st.floats(0, 900), min_size=2, max_size=5).map(sorted))
def test_doubt_grows_with_time_until_nothing_is_known(history, days: list[float]) -> None:
    known = after(history)
    widths = [_width(known.stands(days=day)) for day in (0.0, *days)]
    assert all(later >= sooner - 1e-9 for sooner, later in pairwise(widths))
    assert known.stands(days=10**6).low < 0.5
    assert _width(known.stands(days=10**6)) == pytest.approx(_width(Known().stands()), rel=0.01)


def _width(seen: Standing) -> float:
    """Of the interval, on the log-odds scale."""
    return math.log(seen.high / (1 - seen.high)) - math.log(seen.low / (1 - seen.low))


def test_only_what_is_good_fades() -> None:
    bad, good = Known(), Known()
    for _ in range(5):
        bad.answer(Skill.SPOT, Answered("new", 0.0, START), SHARED)
        good.answer(Skill.SPOT, Answered("new", 1.0, START), SHARED)
    assert bad.stands(days=300).p < bad.stands().p < 0.3
    assert good.stands(days=300).p < good.stands().p - 0.1


def test_what_is_due_for_a_refresh_stays_so_when_another_skill_is_practised() -> None:
    known = Known()
    for skill in (Skill.SPOT, Skill.REPORT):
        for _ in range(6):
            known.answer(skill, Answered("new", 1.0, START), SHARED)
    assert known.stands(shared=SHARED).status is Status.READY
    assert known.stands(days=200, shared=SHARED).status is Status.REFRESH
    known.now = START + timedelta(days=200)
    known.answer(Skill.REPORT, Answered("new", 0.9, known.now), SHARED)
    assert known.stands(shared=SHARED).status is Status.REFRESH


# ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────


@given(histories, answers)
def test_a_right_answer_leaves_readiness_above_what_a_wrong_one_would(history, last) -> None:
    gap, skill, a = last
    weight = a.weight or 1.0
    right, wrong = after(history), after(history)
    at = right.now + timedelta(days=gap)
    for known, y in ((right, 1.0), (wrong, 0.0)):
        known.now = at
        known.answer(skill, Answered(a.item, y, at, a.guess, weight, a.prior, a.repeat))
    for other in Skill:
        assert right.stands(other).p > wrong.stands(other).p
        assert right.stands(other).meets >= wrong.stands(other).meets
        assert right.stands(other, 60).p > wrong.stands(other, 60).p


@given(histories, st.sampled_from([0.0, 0.25, 0.5]), st.booleans())
def test_what_was_expected_is_a_probability_above_guessing(history, guess: float, repeat: bool) -> None:
    known = after(history)
    p = learn(known.general, known.skills.get(Skill.SPOT, NOTHING),
              Answered("hard", 1.0, known.now, guess, repeat=repeat), KNOWN).expected  # fmt: skip
    assert guess < p < 1


@given(histories, shares, gaps)
def test_evidence_without_weight_changes_nothing_at_all(history, y: float, gap: float) -> None:
    known = after(history)
    skill = known.skills.get(Skill.SPOT, NOTHING)
    at = known.now + timedelta(days=gap)
    step = learn(known.general, skill, Answered("lesson", y, at, weight=0.0), KNOWN)
    assert (step.general, step.skill) == (known.general, skill)


@given(histories)
def test_a_skill_of_fewer_than_three_answers_is_not_assessed(history) -> None:
    known = after(history)
    for skill in Skill:
        n = sum(s is skill and a.weight > 0 for _, s, a in history)
        assert known.stands(skill).n == n
        assert (known.stands(skill).status is Status.NOT_ASSESSED) == (n < ENOUGH)


@given(histories, gaps)
def test_the_status_follows_from_the_numbers(history, days: float) -> None:
    known = after(history)
    for skill in known.skills:
        seen = known.stands(skill, days)
        assert 0 < seen.low <= seen.p <= seen.high < 1
        assert 0 <= seen.meets <= 1
        expected = {
            Status.READY: seen.meets >= CONFIDENCE,
            Status.REFRESH: seen.meets < CONFIDENCE,
            Status.UNCERTAIN: 1 - CONFIDENCE < seen.meets < CONFIDENCE,
            Status.GAP: seen.meets <= 1 - CONFIDENCE,
            Status.NOT_ASSESSED: seen.n < ENOUGH,
        }
        assert expected[seen.status]


@given(histories)
def test_ready_until_is_the_last_day_of_being_ready(history) -> None:
    known = after(history)
    for skill, state in known.skills.items():
        until = ready_until(known.general, state, known.now, KNOWN)
        assert (until is None) == (known.stands(skill).status is not Status.READY)
        if until is not None:
            days = (until - known.now).days
            assert known.stands(skill, days).status is Status.READY
            assert days == FAR - 1 or known.stands(skill, days + 1).status is not Status.READY


@given(histories, gaps)
def test_the_reasons_add_up_to_the_distance_from_where_everybody_begins(history, days: float) -> None:
    known = after(history)
    now = known.now + timedelta(days=days)
    for skill in Skill:
        state = known.skills.get(skill, NOTHING)
        parts = reasons(known.general, state, now, KNOWN)
        # Points at the present p are log-odds times one factor: taken back, they are exact.
        pause = -KNOWN.gap.mean * math.log1p((now - state.at) / timedelta(days=1)) if state.at else -KNOWN.first.mean
        factor = parts[-1].points / pause if pause else None
        if factor:
            eta = sum(part.points for part in parts) / factor + PRIORS.base
            seen = known.stands(skill, days)
            middle = (math.log(seen.low / (1 - seen.low)) + math.log(seen.high / (1 - seen.high))) / 2
            assert eta == pytest.approx(middle, abs=1e-6)


# ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_before_any_answer_a_typical_task_goes_right_as_often_as_the_prior_facility_says() -> None:
    spread = math.sqrt(PRIORS.general + PRIORS.skill + PRIORS.item)
    grid = [n / 100 for n in range(-800, 801)]
    weights = [math.exp(-x * x / 2) for x in grid]
    mean = sum(w * sigmoid(PRIORS.base + spread * x) for x, w in zip(grid, weights, strict=True)) / sum(weights)
    assert mean == pytest.approx(PRIORS.facility, abs=0.01)


def all_alike(*days: tuple[int, str]) -> Known:
    """Somebody who is asked the same of all eight skills, in turn; `1` is right."""
    known = Known()
    for day, ys in days:
        known.now = START + timedelta(days=day)
        for number, y in enumerate(ys):
            for skill in Skill:
                item = f"{skill.value}/{day}/{number}"
                known.answer(skill, Answered(item, float(y), known.now), SHARED)
    return known


MONTHLY = tuple((30 * month, "1") for month in range(12))
QUARTERLY = tuple((90 * quarter, "111") for quarter in range(4))


@pytest.mark.parametrize(
    ("days", "p", "status", "lasts"),
    [
        (((0, "11111"),), 0.93, Status.READY, (43, 46)),
        (((0, "11110"),), 0.72, Status.UNCERTAIN, None),
        (((0, "11000"),), 0.24, Status.GAP, None),
        (((0, "11"), (30, "11"), (60, "11")), 0.93, Status.READY, (71, 76)),
        (QUARTERLY, 0.94, Status.READY, (109, 120)),
        (MONTHLY, 0.94, Status.READY, (120, 132)),
    ],
)
def test_the_numbers_that_the_docs_give(days, p: float, status: Status, lasts: tuple[int, int] | None) -> None:
    known = all_alike(*days)
    stands = [known.stands(skill, shared=SHARED) for skill in Skill]
    assert round(sum(seen.p for seen in stands) / len(stands), 2) == p
    assert {seen.status for seen in stands} == {status}
    until = [ready_until(known.general, known.skills[skill], known.now, SHARED) for skill in Skill]
    spans = [(end - known.now).days for end in until if end]
    assert ((min(spans), max(spans)) if spans else None) == lasts


def test_nobody_asked_is_an_honest_range() -> None:
    seen = Known().stands(shared=SHARED)
    assert (round(seen.p, 2), round(seen.low, 2), round(seen.high, 2)) == (0.67, 0.34, 0.92)
    assert seen.status is Status.NOT_ASSESSED


def test_no_single_day_keeps_anybody_ready_for_a_year() -> None:
    perfect = all_alike((0, "1" * 40))
    assert perfect.stands(shared=SHARED).status is Status.READY
    assert perfect.stands(days=365, shared=SHARED).status is Status.REFRESH


def test_practice_that_is_spread_lasts_longer_than_the_same_in_one_day() -> None:
    massed, spread = all_alike((0, "111111")), all_alike((0, "11"), (30, "11"), (60, "11"))
    ends = [ready_until(k.general, k.skills[Skill.SPOT], k.now, SHARED) for k in (massed, spread)]
    assert ends[0] is not None
    assert ends[1] is not None
    assert ends[1] - spread.now > ends[0] - massed.now


def test_the_target_is_met_by_half_when_the_estimate_is_on_it() -> None:
    eta = math.log(TARGET / (1 - TARGET))
    on_it = SkillState(mean=eta - PRIORS.base, var=0.3, stability=10.0, n=9, at=START)
    assert standing(General(0.0, 0.1, START), on_it, START, SHARED).meets == pytest.approx(0.5)


# ── spotting ──────────────────────────────────────────────────────────────────────────────────────────────────

counts = st.integers(1, 500)


@given(counts, counts)
@example(10, 5)
def test_calling_everything_a_breach_or_nothing_is_no_skill(signals: int, noises: int) -> None:
    quick, slow = d_prime(signals, signals, noises, noises), d_prime(0, signals, 0, noises)
    assert quick[0] == pytest.approx(0, abs=1e-6)
    assert slow[0] == pytest.approx(0, abs=1e-6)
    assert quick[1] < 0 < slow[1]


@given(counts, counts, st.data())
def test_one_more_hit_raises_skill_and_one_more_false_alarm_lowers_it(signals: int, noises: int, data) -> None:
    hits, alarms = data.draw(st.integers(0, signals - 1)), data.draw(st.integers(0, noises - 1))
    now = d_prime(hits, signals, alarms, noises)[0]
    assert d_prime(hits + 1, signals, alarms, noises)[0] > now > d_prime(hits, signals, alarms + 1, noises)[0]


def test_with_as_many_of_each_it_is_the_published_correction() -> None:
    # Log-linear: (17 + .5) / 21 hits and (3 + .5) / 21 false alarms; z = ±.9674.
    assert d_prime(17, 20, 3, 20)[0] == pytest.approx(1.9348, abs=1e-3)
