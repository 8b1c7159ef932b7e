"""What gives one question away, or makes it a riddle: length, absolute words, whys, negations, overlaps."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final

from domain.guess import ABSOLUTES, words
from domain.item_lint.english import sentences, topic
from domain.item_lint.finding import Choice, Finding, Path, negations
from domain.lesson import Lesson, Predict
from domain.quiz import ChoiceGap, Cloze, Multiple, Quiz, Single, TrueFalse

LONGER: Final = 1.25
"""From how many times the length of the next option on the right one gives itself away."""

ALIKE: Final = 0.75
"""From which share of common words on two options say the same."""

_SWEEPING: Final = re.compile(
    r"\b(all|none|both|neither|any) of (the (above|below|others?)|these|those)\b(?!\s+\w)"
    r"|\b(all|both|none|neither) (of )?(the )?(other )?(answers?|options?|statements?)\b",
    re.IGNORECASE,
)
_VERDICT: Final = re.compile(
    r"^(yes|no|(right|wrong|correct|incorrect|true|false)( (answer|choice|option))?|exactly|not yet|not quite|almost|because)"
    r"\b[\s.,:;!–—-]*",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(r"(\d[\d,]*)\s*(?:to|–|-|and)\s*(\d[\d,]*)\s*([a-z]+)", re.IGNORECASE)


def choices(value: Quiz | Lesson) -> Iterator[Choice]:
    """Every choice of a file; kinds of question that are no choice are skipped."""
    if isinstance(value, Lesson):
        for n, screen in enumerate(value.screens):
            if isinstance(screen, Predict):
                yield Choice(("screens", n), screen.title, screen.ask, screen.options)
        return
    for n, question in enumerate(value.questions):
        if isinstance(question, Single | Multiple):
            yield Choice(("questions", n), question.id, question.ask, question.options)
        elif isinstance(question, Cloze):
            for m, gap in enumerate(question.gaps):
                if isinstance(gap, ChoiceGap):
                    yield Choice(("questions", n, "gaps", m), f"{question.id}/{gap.id}", question.ask, gap.options)


def look(value: Quiz | Lesson) -> Iterator[Finding]:
    """Q101 to Q103, Q105 and Q106."""
    for choice in choices(value):
        yield from _longest(choice)
        yield from _absolute(choice)
        yield from _sweeping(choice)
        yield from _twice_negated(choice)
        yield from _overlap(choice)
    for n, question in enumerate(getattr(value, "questions", ())):
        if isinstance(question, TrueFalse):
            yield from _negated_statement(("questions", n), question)


def _longest(choice: Choice) -> Iterator[Finding]:
    if not choice.single:
        return
    ranked = sorted(choice.options, key=lambda option: len(option.text))
    last, before = ranked[-1], ranked[-2]
    # Of single words, one is soon a quarter longer.
    if last.right and len(last.text) >= max(LONGER * len(before.text), len(before.text) + 8):
        said = f"The right option of `{choice.name}` is by far the longest: shorten it, or say more in the others."
        yield (*choice.path, "options", choice.options.index(last), "text"), "Q101", said


def absolutes(text: str) -> list[str]:
    """The words of a text that leave no room."""
    return [word for word in words(text) if word in ABSOLUTES]


def _absolute(choice: Choice) -> Iterator[Finding]:
    if any(option.right and absolutes(option.text) for option in choice.options):
        return
    crossed = [
        (n, found[0])
        for n, option in enumerate(choice.options)
        if not option.right and not _SWEEPING.search(option.text) and (found := absolutes(option.text))
    ]
    # One of three wrong ones may say “nothing”; a choice of two that are left is a coin.
    if crossed and len(choice.options) - len(crossed) <= 2:
        n, word = crossed[0]
        said = f"“{word}” and the like stand in wrong options of `{choice.name}` only, and tell that they are wrong."
        yield (*choice.path, "options", n, "text"), "Q102", said


def _sweeping(choice: Choice) -> Iterator[Finding]:
    for n, option in enumerate(choice.options):
        if found := _SWEEPING.search(option.text):
            yield (
                (*choice.path, "options", n, "text"),
                "Q103",
                f"“{found.group()}” points at other options, which are shuffled: say what it means, or make it `multiple`.",
            )


def _twice_negated(choice: Choice) -> Iterator[Finding]:
    turned = [word for word in negations(choice.ask) if word in {"not", "never", "except", "cannot"} or "n't" in word]
    if not turned:
        return
    for n, option in enumerate(choice.options):
        if found := negations(option.text):
            yield (
                (*choice.path, "options", n, "text"),
                "Q105",
                f"“{found[0]}” answers a question that says “{turned[0]}”: turn one of them round.",
            )
            return


def _negated_statement(path: Path, question: TrueFalse) -> Iterator[Finding]:
    for sentence in sentences(question.ask):
        found = negations(sentence)
        if len(found) > 1:
            said = f"“{found[0]}” and “{found[1]}” in one statement: `{question.id}` tests patience, not knowledge."
            yield (*path, "ask"), "Q105", said
            return


def _overlap(choice: Choice) -> Iterator[Finding]:
    for (n, one), (m, other) in combinations(enumerate(choice.options), 2):
        if one.right and other.right:
            continue
        if alike(one.text, other.text) or (choice.single and _meet(one.text, other.text)):
            said = f"Options {n + 1} and {m + 1} of `{choice.name}` say nearly the same: whoever takes one may mean the other."
            yield (*choice.path, "options", m, "text"), "Q106", said


def alike(one: str, other: str) -> bool:
    """Whether two texts share nearly all the words of their topic, and differ in no number and no negation."""
    a, b = topic(one), topic(other)
    numbers = {word for word in a ^ b if word[0].isdigit()}
    if not a or not b or numbers or len(negations(one)) != len(negations(other)):
        return False
    return len(a & b) >= ALIKE * len(a | b)


def _meet(one: str, other: str) -> bool:
    """Whether two ranges of the same unit have more than an end in common."""
    first, second = _RANGE.search(one), _RANGE.search(other)
    if not first or not second or first.group(3).casefold() != second.group(3).casefold():
        return False
    (a, b), (c, d) = (sorted(int(m.group(n).replace(",", "")) for n in (1, 2)) for m in (first, second))
    return max(a, c) < min(b, d)


# ── whys, of any kind of content ──────────────────────────────────────────────────────────────────────────────


def _reasons(path: Path, data: Any) -> Iterator[tuple[Path, str, str]]:
    """Every why below: its path, itself, and the text it is about."""
    if isinstance(data, list):
        for n, part in enumerate(data):
            yield from _reasons((*path, n), part)
    elif isinstance(data, dict):
        for key, part in data.items():
            if key == "why" or (isinstance(key, str) and key.startswith("why_")):
                about = data.get("text") or data.get("ask") or ""
                yield (*path, key), str(part or ""), str(about)
            else:
                yield from _reasons((*path, key), part)


def whys(data: Any) -> Iterator[Finding]:
    """Q104. `data` is a file's value as JSON."""
    told = list(_reasons((), data))
    first = Counter(_said(why) for _, why, _ in told if why)
    for path, why, about in told:
        left = _said(why)
        if not left or left == _said(about):
            yield path, "Q104", "This why gives no reason: say what the choice causes, or what the passage tells."
        elif first[left] > 1 and len(left) > 3:
            yield path, "Q104", "The same why stands elsewhere in this file: each choice has a consequence of its own."


def _said(why: str) -> tuple[str, ...]:
    """The words of a why after its verdict."""
    before = None
    while before != why:
        before, why = why, _VERDICT.sub("", why.strip())
    return tuple(words(why))
