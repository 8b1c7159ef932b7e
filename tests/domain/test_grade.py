"""Grading and presenting, for every kind of question."""

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from domain import grade, present, respond
from domain.quiz import Item as Step
from domain.quiz import Matching, Multiple, Option, Ordering, Pair, Question, Quiz, Single, TrueFalse
from domain.refusal import Refused

SINGLE = Single(
    id="s", kind="single", ask="?",
    options=tuple(Option(text=f"o{n}", right=n == 1, why=f"w{n}") for n in range(4)),
)  # fmt: skip
MULTIPLE = Multiple(
    id="m", kind="multiple", ask="?",
    options=tuple(Option(text=f"o{n}", right=n < 2, why=f"w{n}") for n in range(5)),
)  # fmt: skip
TRUE = TrueFalse(id="t", kind="true_false", ask="?", answer=True, why_true="yes", why_false="no")
ORDER = Ordering(id="o", kind="ordering", ask="?", items=tuple(Step(text=f"i{n}", why="w") for n in range(4)))
MATCH = Matching(
    id="p", kind="matching", ask="?",
    pairs=tuple(Pair(left=f"l{n}", right=f"r{n % 2}", why="w") for n in range(3)), decoys=("r9",),
)  # fmt: skip
EVERY = Quiz.model_validate(
    yaml.safe_load((Path(__file__).parents[1] / "every_kind/quizzes/every-kind.yaml").read_text(encoding="utf-8"))
)
ALL: tuple[Question, ...] = (SINGLE, MULTIPLE, TRUE, ORDER, MATCH, *EVERY.questions)
seeds = st.integers(0, 2**48)


@given(st.sampled_from(ALL), seeds)
def test_a_right_response_is_worth_all_and_a_wrong_one_less(question: Question, seed: int) -> None:
    positions = present.order(seed, question.id, present.size(question))
    right = grade.grade(question, positions, respond.right(question, positions))
    wrong = grade.grade(question, positions, respond.wrong(question, positions, random.Random(seed)))
    assert right.right
    assert 0 <= wrong.y < right.y == 1.0


@given(st.sampled_from(ALL), seeds)
def test_the_same_seed_shows_the_same_and_loses_nothing(question: Question, seed: int) -> None:
    size = present.size(question)
    positions = present.order(seed, question.id, size)
    assert positions == present.order(seed, question.id, size)
    assert sorted(positions) == list(range(size))
    shown = present.show(question, positions)
    assert "w0" not in repr(shown)
    assert "why" not in repr(shown)


@given(st.sampled_from(ALL), seeds, st.dictionaries(
       st.sampled_from(["choice", "choices", "order", "rights", "number", "text", "bins", "gaps", "flags"]),
       st.one_of(st.none(), st.booleans(), st.integers(-3, 9), st.text(max_size=3), st.floats(),
                 st.lists(st.one_of(st.none(), st.integers(-2, 9), st.text(max_size=3)), max_size=6))))  # fmt: skip
def test_a_forged_response_is_graded_or_refused_and_nothing_else(
    question: Question, seed: int, forged: dict[str, object]
) -> None:
    positions = present.order(seed, question.id, present.size(question))
    try:
        worth = grade.grade(question, positions, forged)
    except Refused:
        return
    assert 0 <= worth.y <= 1


def test_ticking_everything_is_worth_less_than_the_right_ones() -> None:
    positions = tuple(range(5))
    assert grade.grade(MULTIPLE, positions, {"choices": [0, 1]}).y == 1
    assert grade.grade(MULTIPLE, positions, {"choices": [0, 1, 2, 3, 4]}).y == 0
    assert grade.grade(MULTIPLE, positions, {"choices": [0]}).y == 0.5


def test_true_is_shown_first_whatever_the_shuffle() -> None:
    assert present.show(TRUE, (1, 0)).options == ("True", "False")
    assert grade.grade(TRUE, (1, 0), {"choice": 0}).right


def test_feedback_tells_what_was_taken_the_better_one_and_the_rest() -> None:
    said = grade.feedback(SINGLE, (3, 2, 1, 0), {"choice": 0})
    assert [line.text for line in said.taken] == ["o3"]
    assert [line.text for line in said.better] == ["o1"]
    assert [line.text for line in said.others] == ["o0", "o2"]


def test_a_boolean_is_not_a_position() -> None:
    with pytest.raises(Refused):
        grade.grade(SINGLE, (0, 1, 2, 3), {"choice": True})
