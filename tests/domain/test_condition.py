"""Conditions: what holds when, and the first moment at which it will."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.condition import Condition, Known, first, holds
from domain.span import Moment, Span, moment, written

HOUR = timedelta(hours=1)
NAMES = ("a", "b", "c")
times = st.integers(0, 6).map(lambda n: n * HOUR)


def atoms() -> st.SearchStrategy[Condition]:
    after = st.one_of(st.none(), st.integers(1, 3).map(lambda n: n * HOUR))
    return st.one_of(
        st.builds(lambda name, wait: Condition(fact=name, after=wait), st.sampled_from(NAMES), after),
        st.builds(lambda name, wait: Condition(inject=name, after=wait), st.sampled_from(NAMES), after),
        st.builds(
            lambda name, option: Condition(decided=name, option=option),
            st.sampled_from(NAMES),
            st.sampled_from([None, "x", "y"]),
        ),
        st.builds(lambda at: Condition(time=at), times),
        st.builds(lambda value: Condition(dial="d", value=value), st.sampled_from(NAMES)),
    )


conditions = st.recursive(
    atoms(),
    lambda inner: st.builds(
        lambda group, parts: Condition(**{group: tuple(parts)}),
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)
knowns = st.builds(
    Known,
    facts=st.dictionaries(st.sampled_from(NAMES), times),
    injects=st.dictionaries(st.sampled_from(NAMES), times),
    decided=st.dictionaries(st.sampled_from(NAMES), st.tuples(st.sampled_from(["x", "y"]), times)),
    dials=st.dictionaries(st.just("d"), st.sampled_from(NAMES)),
)


@given(conditions, knowns, times)
def test_the_first_moment_is_the_first_at_which_it_holds(condition, known, start):
    found = first(condition, known, start)
    # Everything happens on whole hours, so looking at each of them is a complete search.
    each = [start + n * HOUR for n in range(30)]
    assert found == next((t for t in each if holds(condition, known, t)), None)


@given(conditions, knowns, times)
def test_none_is_the_opposite_of_any(condition, known, at):
    assert holds(Condition(none=(condition,)), known, at) is not holds(Condition(any=(condition,)), known, at)


@given(conditions)
def test_a_condition_survives_the_way_through_json(condition):
    assert Condition.model_validate_json(condition.model_dump_json(exclude_defaults=True)) == condition


def test_no_condition_always_holds():
    assert holds(None, Known(), timedelta())
    assert first(None, Known(), HOUR) == HOUR


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"fact": "a", "inject": "b"},
        {"option": "x", "fact": "a"},
        {"dial": "d"},
        {"value": "x", "fact": "a"},
        {"time": "T+1h", "after": "1h"},
        {"all": [{"fact": "a"}], "fact": "b"},
        {"time": "1h"},
        {"fact": "a", "after": "T+1h"},
    ],
)
def test_a_condition_that_says_two_things_or_none_is_refused(body):
    with pytest.raises(ValidationError):
        Condition.model_validate(body)


def test_the_start_is_a_moment_like_any_other():
    assert Condition.model_validate({"time": "T+0m"}).time == timedelta()


@given(st.integers(0, 400 * 1440))
def test_spans_and_moments_are_read_as_they_are_written(minutes):
    from pydantic import TypeAdapter

    span = timedelta(minutes=minutes)
    assert TypeAdapter(Span).validate_python(written(span)) == span
    assert TypeAdapter(Moment).validate_python(moment(span)) == span


@pytest.mark.parametrize("text", ["", "T+", "m", "5", "5s", "-5m", "5m3h", "401d", "99999999999999999999m", "T+5m"])
def test_what_is_no_span_is_refused(text):
    from pydantic import TypeAdapter

    with pytest.raises(ValidationError):
        TypeAdapter(Span).validate_python(text)
