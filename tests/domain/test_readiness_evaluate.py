"""Evaluating the model: the same arithmetic as the model's own, right figures, and a model that keeps its word."""

import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.readiness.evaluate import Average, Learner, Row, Tally, evaluate
from domain.readiness.model import (
    NOBODY,
    NOTHING,
    PRIORS,
    WARM,
    Answered,
    Belief,
    General,
    Shared,
    SkillState,
    days,
    expect,
    fade_general,
    fade_skill,
    learn,
    surprise,
)
from domain.skills import Skill
from tests.domain import cohort

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

events = st.lists(
    st.tuples(
        st.floats(0, 200),
        st.sampled_from(["ann", "bob"]),
        st.sampled_from(["x", "y", "z"]),
        st.sampled_from([Skill.SPOT, Skill.REPORT]),
        st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1)),
        st.sampled_from([0.0, 0.25, 0.5]),
        st.sampled_from([0.25, 0.5, 1.0]),
        st.sampled_from([-0.4, 0.0, 0.4]),
    ),
    max_size=30,
)


@given(events)
def test_a_learner_expects_what_the_model_expects_to_the_bit(history) -> None:
    """The model learns with what the learner has made of items and offsets by then."""
    learner, now = Learner(), START
    generals: dict[str, General] = {}
    skills: dict[tuple[str, Skill], SkillState] = {}
    right: set[tuple[str, str]] = set()
    for gap, person, item, skill, y, guess, weight, prior in history:
        now += timedelta(days=gap)
        answered = Answered(item, y, now, guess, weight, prior, (person, item) in right)
        general, own = generals.get(person, NOBODY), skills.get((person, skill), NOTHING)
        step = learn(general, own, answered, learner.shared())
        assert learner.gap(Row(person, item, skill.value, now, y)) == (days(own.at, now) if own.at else None)
        assert learner.step(Row(person, item, skill.value, now, y, guess), weight, prior) == step.expected
        generals[person], skills[person, skill] = step.general, step.skill
        if y > 0.5:
            right.add((person, item))
    for person, general in generals.items():
        assert learner._general[person] == (general.mean, general.var, general.at)
    for (person, skill), own in skills.items():
        assert learner._skill[person, skill.value] == (own.mean, own.var, own.stability, own.at)


@given(events)
def test_items_and_offsets_take_their_share_of_the_surprise(history) -> None:
    learner, now = Learner(), START
    for gap, person, item, skill, y, guess, weight, prior in history:
        now += timedelta(days=gap)
        before, own = learner.shared(), learner._skill.get((person, skill.value))
        general = learner._general.get(person, (0.0, PRIORS.general, None))
        again = (person, item) in learner._right
        learner.step(Row(person, item, skill.value, now, y, guess), weight, prior)
        shared = learner.shared()
        answered = Answered(item, y, now, guess, weight, prior, again)
        state = SkillState(own[0], own[1], own[2], 1, own[3]) if own else NOTHING
        faded = fade_general(General(*general), now), fade_skill(state, now)
        gain, info = surprise(answered, *expect(*faded, answered, before))
        was = before.items.get(item, Belief(prior, PRIORS.item))
        assert shared.items[item] == Belief(was.mean - was.var * gain, was.var - was.var**2 * info)
        since = days(state.at, now) if state.at else None
        moved = "first" if since is None else "warm" if since < WARM else "gap"
        sign = {"first": -1.0, "warm": 1.0, "gap": -math.log1p(since or 0.0)}[moved]
        for name in ("first", "warm", "gap"):
            old, new = getattr(before, name), getattr(shared, name)
            assert 0 < new.var <= old.var
            assert new.mean == (old.mean + sign * old.var * gain if name == moved else old.mean)
        assert (shared.repeat == before.repeat) or again


@given(events, st.randoms(use_true_random=False))
def test_the_order_of_other_peoples_answers_never_changes_mine(history, chance: random.Random) -> None:
    """States are learnt with a calibration that is fixed beforehand, so people do not meet in the arithmetic."""

    def mine(rows) -> tuple[General, dict[Skill, SkillState]]:
        generals: dict[str, General] = {}
        skills: dict[tuple[str, Skill], SkillState] = {}
        for at, person, item, skill, y, guess, weight, prior in rows:
            step = learn(
                generals.get(person, NOBODY),
                skills.get((person, skill), NOTHING),
                Answered(item, y, at, guess, weight, prior),
                Shared(items={"x": Belief(0.7, 0.1)}),
            )
            generals[person], skills[person, skill] = step.general, step.skill
        return generals.get("ann", NOBODY), {skill: s for (who, skill), s in skills.items() if who == "ann"}

    now, timed = START, []
    for gap, *rest in history:
        now += timedelta(days=gap)
        timed.append((now, *rest))
    others = [row for row in timed if row[1] != "ann"]
    chance.shuffle(others)
    own = [row for row in timed if row[1] == "ann"]
    mixed = sorted(
        [(n, row) for n, row in enumerate(own)] + [(chance.randint(0, len(own)), row) for row in others],
        key=lambda pair: pair[0],
    )
    kept = [row for _, row in mixed]
    assert [row for row in kept if row[1] == "ann"] == own
    assert mine(kept) == mine(timed) == mine(own)


# ── figures ───────────────────────────────────────────────────────────────────────────────────────────────────


def tally(*pairs: tuple[float, float]) -> dict[str, float | int | None]:
    found = Tally()
    for p, y in pairs:
        found.add(p, y)
    return found.figures()


def test_figures_of_a_few_predictions_by_hand() -> None:
    found = tally((0.9, 1.0), (0.8, 0.0), (0.3, 0.0), (0.6, 1.0))
    assert found["n"] == 4
    assert found["auc"] == 0.75
    assert found["brier"] == pytest.approx((0.01 + 0.64 + 0.09 + 0.16) / 4)
    assert found["log_loss"] == pytest.approx(-(math.log(0.9) + math.log(0.2) + math.log(0.7) + math.log(0.6)) / 4)
    assert found["ece"] == pytest.approx((0.1 + 0.8 + 0.3 + 0.4) / 4)


def test_ties_count_by_half_and_one_kind_of_outcome_has_no_auc() -> None:
    assert tally((0.5, 1.0), (0.5, 0.0))["auc"] == 0.5
    assert tally((0.5, 1.0), (0.7, 1.0))["auc"] is None
    assert tally()["log_loss"] is None


@given(st.lists(st.tuples(st.integers(0, 999).map(lambda n: n / 1000), st.booleans()), min_size=2, max_size=40))
def test_auc_is_the_share_of_pairs_in_the_right_order(pairs: list[tuple[float, bool]]) -> None:
    ups, downs = [p for p, y in pairs if y], [p for p, y in pairs if not y]
    found = tally(*((p, float(y)) for p, y in pairs))["auc"]
    if ups and downs:
        wins = sum((u > d) + (u == d) / 2 for u in ups for d in downs)
        assert found == pytest.approx(wins / (len(ups) * len(downs)))
    else:
        assert found is None


def test_the_average_is_smoothed_towards_what_everybody_did_so_far() -> None:
    average = Average()
    rows = [("ann", "spot", 1.0), ("bob", "spot", 0.0), ("ann", "spot", 1.0), ("ann", "report", 1.0)]
    said = [average.step(Row(who, "i", skill, START, y)) for who, skill, y in rows]
    assert said == [0.5, 1.0, (1 + 2 * 0.5) / 3, 2 / 3]


def test_bias_is_told_by_days_since_the_last_practice() -> None:
    spans = [0.0, 0.49, 0.5, 6.9, 7.0, 29.9, 30.0, 89.9, 90.0, 400.0]
    now, rows = START, [Row("ann", "first", "spot", START, 1.0)]
    for number, span in enumerate(spans):
        now += timedelta(days=span)
        rows.append(Row("ann", str(number), "spot", now, 1.0))
    found = evaluate(rows)["bias_by_gap"]
    assert [(gap["days"], gap["n"]) for gap in found] == [
        ("<0.5", 2), ("0.5-7", 2), ("7-30", 2), ("30-90", 2), (">90", 2),
    ]  # fmt: skip
    assert all(gap["bias"] < 0 for gap in found)


def test_no_answers_are_no_figures() -> None:
    found = evaluate([])
    assert found["model"] == {"n": 0, "auc": None, "log_loss": None, "brier": None, "ece": None}
    assert found["coverage_80"] is None


@pytest.mark.parametrize("seed", [1, 2])
def test_on_people_who_learn_and_forget_so_the_model_keeps_its_word(seed: int) -> None:
    found = evaluate(cohort.rows(people=150, sessions=20, seed=seed))
    assert found["model"]["n"] == 15_000
    assert found["model"]["ece"] < 0.02
    assert 0.75 <= found["coverage_80"] <= 0.85
    assert found["model"]["log_loss"] < found["average"]["log_loss"] - 0.03
    assert found["model"]["auc"] > found["average"]["auc"]
    assert all(abs(gap["bias"]) < 0.05 for gap in found["bias_by_gap"] if gap["n"] >= 300)


def test_repeat_given_by_the_file_and_remembered_by_the_learner_are_the_same() -> None:
    seen: set[tuple[str, str]] = set()
    given = []
    for row in cohort.rows(people=5, sessions=10):
        given.append(replace(row, repeat=(row.person, row.item) in seen))
        if row.y > 0.5:
            seen.add((row.person, row.item))
    assert any(row.repeat for row in given)
    assert evaluate(given) == evaluate(replace(row, repeat=None) for row in given)
