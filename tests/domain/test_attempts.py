"""How often and how soon a quiz may be tried again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.attempts import Again, again, in_words, terms
from domain.quiz import Quiz

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _quiz(**policy: Any) -> Quiz:
    asked = [{"id": "q", "kind": "true_false", "ask": "?", "answer": True, "why_true": "w", "why_false": "w"}]
    return Quiz.model_validate({"title": "T", "skill": "spot", "draw": 1, "questions": asked, **policy})


def test_a_quiz_that_says_nothing_may_be_tried_at_any_time() -> None:
    allowed = again(_quiz(), [NOW] * 50, NOW)
    assert allowed == Again()
    assert allowed.refusal(NOW) == ""
    assert terms(_quiz()) == ""


def test_attempts_run_out() -> None:
    quiz = _quiz(attempts=2)
    assert again(quiz, [], NOW).left == 2
    assert again(quiz, [NOW], NOW).refusal(NOW) == ""
    assert "all 2 attempts" in again(quiz, [NOW, NOW], NOW).refusal(NOW)
    assert again(quiz, [NOW] * 3, NOW).left == 0  # the file allowed more once
    assert "the one attempt" in again(_quiz(attempts=1), [NOW], NOW).refusal(NOW)


def test_the_next_attempt_waits_to_the_minute() -> None:
    quiz = _quiz(wait="2h")
    assert again(quiz, [], NOW).refusal(NOW) == ""
    assert again(quiz, [NOW - 2 * HOUR], NOW).refusal(NOW) == ""
    soon = again(quiz, [NOW - 5 * HOUR, NOW - HOUR], NOW)
    assert soon.refusal(NOW) == "You can try this quiz again in 1 hour."
    assert soon.refusal(NOW, "from Friday") == "You can try this quiz again from Friday."
    assert soon.refusal(NOW + HOUR) == ""


def test_who_has_none_left_is_not_told_to_wait() -> None:
    assert "used all" in again(_quiz(attempts=2, wait="1d"), [NOW, NOW], NOW).refusal(NOW)


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({"attempts": 3}, "You have 3 attempts. Your best attempt counts."),
        ({"attempts": 1, "wait": "1d"}, "You have one attempt."),
        ({"wait": "1d12h"}, "The next may begin 1 day 12 hours after the last. Your best attempt counts."),
        ({"keep": "last"}, "Your last attempt counts."),
    ],
)
def test_the_terms_say_what_the_file_says(policy: dict[str, Any], said: str) -> None:
    assert terms(_quiz(**policy)) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=1), "1 minute"),
        (timedelta(seconds=61), "2 minutes"),
        (timedelta(hours=2, minutes=5), "2 hours 5 minutes"),
        (timedelta(days=1, minutes=3), "1 day 3 minutes"),
    ],
)
def test_a_length_of_time_is_said_in_words(span: timedelta, said: str) -> None:
    assert in_words(span) == said


@pytest.mark.parametrize("policy", [{"attempts": 0}, {"attempts": 21}, {"wait": "soon"}, {"keep": "worst"}])
def test_a_policy_that_makes_no_sense_is_refused_when_it_is_read(policy: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _quiz(**policy)
