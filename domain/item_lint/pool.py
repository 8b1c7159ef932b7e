"""What a whole pool of questions gives away: places, lengths, and habits that pay. Source: `domain.guess`."""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import comb
from typing import Final

from domain.guess import MARGIN, STRATEGIES, baseline
from domain.item_lint.choices import absolutes, choices
from domain.item_lint.finding import Finding
from domain.quiz import Quiz, Single, TrueFalse

RARE: Final = 0.01
"""A place that is right so often by luck in less than one pool of a hundred is no luck."""

UNLIKELY: Final = 0.05
"""Likewise for length, where an author's hand is likelier than luck."""


def look(slug: str, quizzes: Mapping[str, Quiz]) -> Iterator[Finding]:
    """Q201 to Q203, Q211 and Q212."""
    quiz = quizzes[slug]
    yield from _places(quiz)
    yield from _statements(quiz)
    yield from _lengths(quiz)
    yield from _absolutes(quiz)
    found = baseline(slug, quizzes)
    for name in found.passing or found.close:
        code = "Q211" if found.passing else "Q212"
        share, mark = round(100 * found.shares[name]), round(100 * found.pass_mark)
        said = f"Whoever {STRATEGIES[name]} gets {share} % of the points on average; {mark} % pass"
        yield ("questions",), code, f"{said}." if found.passing else f"{said}: stay {round(100 * MARGIN)} points below."


def _singles(quiz: Quiz) -> list[Single]:
    return [question for question in quiz.questions if isinstance(question, Single)]


def at_least(hits: int, of: int, chance: float) -> float:
    """The probability of `hits` or more of `of`, each with the same chance."""
    return sum(comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(hits, of + 1))


def _places(quiz: Quiz) -> Iterator[Finding]:
    singles = _singles(quiz)
    right = Counter(n for question in singles for n, option in enumerate(question.options) if option.right)
    for place, hits in sorted(right.items()):
        possible = [question for question in singles if place < len(question.options)]
        chance = sum(1 / len(question.options) for question in possible) / len(possible)
        if at_least(hits, len(possible), chance) < RARE:
            letter = chr(ord("A") + place)
            said = f"Option {letter} is right in {hits} of {len(possible)} questions: move some right ones elsewhere in the file."
            yield ("questions",), "Q201", said


def _statements(quiz: Quiz) -> Iterator[Finding]:
    keys = [question.answer for question in quiz.questions if isinstance(question, TrueFalse)]
    for key in (True, False):
        if len(keys) >= 4 and keys.count(key) > 3 * len(keys) / 4:
            said = f"{keys.count(key)} of {len(keys)} statements are {str(key).lower()}: turn some of them round."
            yield ("questions",), "Q201", said


def _lengths(quiz: Quiz) -> Iterator[Finding]:
    singles = _singles(quiz)
    hits = 0
    for question in singles:
        lengths = sorted(len(option.text) for option in question.options)
        right = next(len(option.text) for option in question.options if option.right)
        hits += right == lengths[-1] > lengths[-2]
    if singles:
        chance = sum(1 / len(question.options) for question in singles) / len(singles)
        if at_least(hits, len(singles), chance) < UNLIKELY:
            said = f"The longest option is right in {hits} of {len(singles)} questions: shorten some, or say more in the others."
            yield ("questions",), "Q202", said


def _absolutes(quiz: Quiz) -> Iterator[Finding]:
    options = [option for choice in choices(quiz) for option in choice.options]
    right = [bool(absolutes(option.text)) for option in options if option.right]
    wrong = [bool(absolutes(option.text)) for option in options if not option.right]
    if right and wrong and so_few(sum(right), len(right), sum(wrong), len(wrong)) < UNLIKELY:
        said = f"{sum(wrong)} of {len(wrong)} wrong options hold words like *always* and *nothing*, {sum(right)} of {len(right)} right ones do."
        yield ("questions",), "Q203", f"{said} Take some out, or let right ones be as sure."


def so_few(hits: int, of: int, others: int, of_others: int) -> float:
    """Fisher's exact test, one-sided: the probability of `hits` or fewer among `of`, if words fell at random."""
    total = hits + others
    ways = sum(comb(of, k) * comb(of_others, total - k) for k in range(hits + 1))
    return ways / comb(of + of_others, total)
