"""Whether a quiz asks what its lessons tell, and keys what they say. Words are compared, not meanings.

A contradiction found here is for a person to look at: *review*, never an error.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from math import log
from typing import Final, get_args

from domain.item_lint.choices import alike
from domain.item_lint.english import sentences, topic
from domain.item_lint.finding import Finding, negations
from domain.lesson import Lesson, Predict
from domain.module import Module
from domain.quiz import Difficulty, Multiple, Quiz, Single, TrueFalse

ENOUGH: Final = 8
"""From how many questions on a pool should hold every difficulty."""

SHARED: Final = 3
"""How many words, each told by one lesson only, tie a question to it; words of several lessons count for less."""

_AMOUNT: Final = re.compile(r"(\d[\d,]*) ?(hours?|days?|weeks?|months?|years?|people|%|per cent)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Telling:
    """One sentence of a lesson."""

    lesson: str
    text: str
    topic: frozenset[str]
    amounts: frozenset[tuple[str, str]]


def _amounts(text: str) -> frozenset[tuple[str, str]]:
    return frozenset((number.replace(",", ""), unit.casefold().rstrip("s")) for number, unit in _AMOUNT.findall(text))


def told(lesson: Lesson) -> Iterator[str]:
    """What a lesson says is so: its telling, and whatever its predictions lead to."""
    for screen in lesson.screens:
        if isinstance(screen, Predict):
            yield screen.then or ""
            yield next(option.why for option in screen.options if option.right)
        else:
            yield screen.text
        if screen.exhibit:
            yield from screen.exhibit.lines


def look(quiz: Quiz, lessons: Mapping[str, Lesson]) -> Iterator[Finding]:
    """Q107: `lessons` are those of the modules that use the quiz."""
    said = [
        Telling(slug, sentence, topic(sentence), _amounts(sentence))
        for slug, lesson in lessons.items()
        for text in told(lesson)
        for sentence in sentences(text)
    ]
    for n, question in enumerate(quiz.questions):
        path = ("questions", n)
        if isinstance(question, TrueFalse):
            for telling in said:
                if _contradicts(question, telling):
                    why = f"`{telling.lesson}` says “{_short(telling.text)}”, and the key here is {str(question.answer).lower()}: which holds?"
                    yield (*path, "answer"), "Q107", why
                    break
        elif isinstance(question, Single | Multiple):
            yield from _guessed(n, question, lessons)
            yield from _numbers(n, question, said)


def _short(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:88]}…"


def _contradicts(question: TrueFalse, telling: Telling) -> bool:
    """Nearly the same words, and a key that says the other thing."""
    asked = topic(question.ask)
    if len(asked) < 3 or len(asked & telling.topic) < 0.75 * len(asked | telling.topic):
        return False
    turned = (len(negations(question.ask)) - len(negations(telling.text))) % 2 == 1
    return question.answer == turned


def _guessed(n: int, question: Single | Multiple, lessons: Mapping[str, Lesson]) -> Iterator[Finding]:
    """An option that a lesson's prediction has too, with the other key."""
    for slug, lesson in lessons.items():
        for screen in lesson.screens:
            if not isinstance(screen, Predict) or not alike(screen.ask, question.ask):
                continue
            for m, option in enumerate(question.options):
                if any(alike(option.text, guess.text) and option.right != guess.right for guess in screen.options):
                    said = f"`{slug}` asks the same in “{screen.title}”, and marks this option the other way."
                    yield ("questions", n, "options", m), "Q107", said


def _numbers(n: int, question: Single | Multiple, said: list[Telling]) -> Iterator[Finding]:
    """A lesson on the same matter names the number of a wrong option, and no lesson names the right one."""
    right = frozenset(chain.from_iterable(_amounts(o.text) for o in question.options if o.right))
    wrong = frozenset(chain.from_iterable(_amounts(o.text) for o in question.options if not o.right)) - right
    if not right or not wrong:
        return
    asked = topic(" ".join((question.context or "", question.ask, *(o.text for o in question.options))))
    near = [telling for telling in said if telling.amounts and len(telling.topic & asked) >= 3]
    if any(telling.amounts & right for telling in near):
        return
    for telling in near:
        if found := telling.amounts & wrong:
            number, unit = min(found)
            why = f"`{telling.lesson}` says “{_short(telling.text)}”, but {number} {unit} is keyed wrong here: which holds?"
            yield ("questions", n, "options"), "Q107", why
            return


# ── what a module promises ────────────────────────────────────────────────────────────────────────────────────


def uncovered(module: Module, quiz: Quiz, lessons: Mapping[str, Lesson]) -> Iterator[Finding]:
    """Q401 to Q403, at their places in the module."""
    asked = Counter(question.skill or quiz.skill for question in quiz.questions)
    for n, skill in enumerate(module.skills):
        if not asked[skill]:
            said = f"No question of `{module.quiz}` asks about `{skill}`, which this module promises."
            yield ("skills", n), "Q401", said
    for n, slug in enumerate(module.lessons):
        if slug in lessons and slug not in taught(quiz, lessons):
            said = f"No question of `{module.quiz}` asks about what `{slug}` tells: add one, or leave the lesson out."
            yield ("lessons", n), "Q402", said
    missing = [level for level in get_args(Difficulty) if level not in {q.difficulty for q in quiz.questions}]
    if missing and len(quiz.questions) >= ENOUGH:
        yield ("quiz",), "Q403", f"`{module.quiz}` has no question that is {' or '.join(missing)}."


def taught(quiz: Quiz, lessons: Mapping[str, Lesson]) -> set[str]:
    """Lessons that some question asks about: each question counts for the one with which it shares most rare words."""
    held = {slug: frozenset(chain.from_iterable(map(topic, told(lesson)))) for slug, lesson in lessons.items()}
    spread = Counter(word for words in held.values() for word in words)
    found = set()
    for question in quiz.questions:
        asked = topic(" ".join(_texts(question.model_dump(mode="json", exclude={"id", "kind", "skill", "cites"}))))
        shared = {
            slug: sum(log((1 + len(held)) / spread[word]) for word in words & asked) for slug, words in held.items()
        }
        nearest = max(sorted(shared), key=lambda slug: shared[slug])
        if shared[nearest] >= SHARED * log(1 + len(held)):
            found.add(nearest)
    return found


def _texts(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for part in data.values() if isinstance(data, dict) else data:
            yield from _texts(part)
