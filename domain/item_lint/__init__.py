"""The linter for quizzes, lessons and drills: what makes them worth somebody's minutes, beyond what makes them valid.

Errors keep a file from being published; warnings are what an experienced author would look at twice; what is to be
reviewed is a question to a person. docs/linting.md explains each code with an example that has it and one that does not.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from domain.item_lint import choices, lessons, pool, texts
from domain.item_lint.finding import Finding, Path
from domain.lesson import Lesson
from domain.module import Module
from domain.quiz import Quiz

CODES: Final = {
    # One question
    "Q101": "The longest option is the right one",
    "Q102": "Absolute words in wrong options only",
    "Q103": "All or none of the above",
    "Q104": "Why missing or copied",
    "Q105": "Double negative",
    "Q106": "Options that overlap",
    "Q107": "Key that contradicts the lesson",
    # A pool
    "Q201": "One place is right too often",
    "Q202": "The longest option is right too often",
    "Q203": "Absolute words in wrong options too often",
    "Q211": "Guessing passes",
    "Q212": "Guessing comes close",
    # Any text
    "Q301": "Hard to read",
    "Q302": "Too much at once",
    "Q303": "Image without alternative text",
    "Q304": "Claim without source",
    "Q305": "Source not read lately",
    # What a module promises
    "Q401": "Skill that no question asks about",
    "Q402": "Lesson that no question asks about",
    "Q403": "Difficulty that no question has",
}
"""Every code, with its name."""

ERRORS: Final = frozenset({"Q103", "Q104", "Q211", "Q303"})
"""Codes that make `manage.py lint` fail, and for which publishing is refused."""

REVIEWS: Final = frozenset({"Q107"})
"""Codes that ask a person to look; the others are warnings."""

Severity = Literal["error", "warning", "review"]


def severity(code: str) -> Severity:
    """How much a code weighs."""
    return "error" if code in ERRORS else "review" if code in REVIEWS else "warning"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing the linter found: in which file (its kind and slug), where in it, and what."""

    kind: str
    slug: str
    path: Path
    code: str
    message: str

    @property
    def severity(self) -> Severity:
        """How much it weighs."""
        return severity(self.code)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The content that is linted together, by slug: a question is judged beside its lessons and all other quizzes."""

    modules: Mapping[str, Module] = field(default_factory=dict)
    lessons: Mapping[str, Lesson] = field(default_factory=dict)
    quizzes: Mapping[str, Quiz] = field(default_factory=dict)
    drills: Mapping[str, Any] = field(default_factory=dict)


def lint(shelf: Shelf, today: date) -> list[Remark]:
    """Everything the linter has to say, by file and code. `today` is what sources are old by."""
    looks: list[tuple[str, str, Iterable[Finding]]] = [
        *(("quiz", slug, _quiz(slug, shelf, today)) for slug in shelf.quizzes),
        *(("lesson", slug, _lesson(lesson, today)) for slug, lesson in shelf.lessons.items()),
        *(("drill", slug, _any(drill, today)) for slug, drill in shelf.drills.items()),
        *(("module", slug, _module(module, shelf)) for slug, module in shelf.modules.items()),
    ]
    # Two checks may come upon the same thing.
    remarks = {Remark(kind, slug, *finding) for kind, slug, findings in looks for finding in findings}
    return sorted(remarks, key=lambda each: (each.kind, each.slug, each.code, str(each.path), each.message))


def _any(value: Any, today: date) -> Iterator[Finding]:
    data = value.model_dump(mode="json")
    yield from choices.whys(data)
    yield from texts.look(data, today)


def _lesson(lesson: Lesson, today: date) -> Iterator[Finding]:
    yield from choices.look(lesson)
    yield from _any(lesson, today)


def _quiz(slug: str, shelf: Shelf, today: date) -> Iterator[Finding]:
    quiz = shelf.quizzes[slug]
    yield from choices.look(quiz)
    yield from _any(quiz, today)
    yield from pool.look(slug, shelf.quizzes)
    beside = [module for module in shelf.modules.values() if module.quiz == slug]
    yield from lessons.look(quiz, {name: shelf.lessons[name] for module in beside for name in _known(module, shelf)})


def _module(module: Module, shelf: Shelf) -> Iterator[Finding]:
    if module.quiz in shelf.quizzes:
        held = {name: shelf.lessons[name] for name in _known(module, shelf)}
        yield from lessons.uncovered(module, shelf.quizzes[module.quiz], held)


def _known(module: Module, shelf: Shelf) -> list[str]:
    return [name for name in module.lessons if name in shelf.lessons]
