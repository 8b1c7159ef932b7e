"""A quiz: a pool of questions of five kinds, drawn and shuffled by seed.

Every option carries its own why. What is right never leaves the server before an answer is stored.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.lesson import Exhibit
from domain.skills import Skill
from domain.source import Source
from domain.value import Line, Prose, Slug, Value

Difficulty = Literal["easy", "moderate", "hard"]


class Option(Value):
    """Something a sensible person might do, and what comes of it."""

    text: Line
    right: bool = False
    why: Prose = Field(description="What this choice causes; shown to whoever took it.")


class _Question(Value):
    id: Slug = Field(description="Stays the same for ever: answers refer to it.")
    skill: Skill | None = Field(default=None, description="Only where it differs from the quiz's skill.")
    difficulty: Difficulty = "moderate"
    context: Prose | None = Field(default=None, description="The situation.")
    exhibit: Exhibit | None = None
    ask: Line
    rule: Prose | None = Field(default=None, description="The rule behind the answer, shown on request.")
    cites: tuple[Slug, ...] = ()


class Single(_Question):
    """One option is right."""

    kind: Literal["single"]
    options: tuple[Option, ...] = Field(min_length=3, max_length=6)

    @model_validator(mode="after")
    def _one_right(self) -> "Single":
        if sum(option.right for option in self.options) != 1:
            raise ValueError("a single-choice question needs exactly one option with `right: true`")
        return self


class Multiple(_Question):
    """Several options may be right; each is worth its share."""

    kind: Literal["multiple"]
    options: tuple[Option, ...] = Field(min_length=3, max_length=8)

    @model_validator(mode="after")
    def _some_right(self) -> "Multiple":
        right = sum(option.right for option in self.options)
        if right < 1 or right == len(self.options):
            raise ValueError("a multiple-choice question needs at least one right and one wrong option")
        return self


class TrueFalse(_Question):
    """A statement that holds or does not."""

    kind: Literal["true_false"]
    answer: bool
    why_true: Prose = Field(description="Shown to whoever said true.")
    why_false: Prose = Field(description="Shown to whoever said false.")


class Item(Value):
    """A thing to put in order, and why it stands where it stands."""

    text: Line
    why: Prose


class Ordering(_Question):
    """Items written in the right order; shown shuffled, moved with ▲▼."""

    kind: Literal["ordering"]
    items: tuple[Item, ...] = Field(min_length=3, max_length=7)


class Pair(Value):
    """Two things that belong together, and why."""

    left: Line
    right: Line
    why: Prose


class Matching(_Question):
    """Each left has one right; several lefts may share one."""

    kind: Literal["matching"]
    pairs: tuple[Pair, ...] = Field(min_length=2, max_length=8)
    decoys: tuple[Line, ...] = Field(default=(), max_length=4, description="Rights that belong to nobody.")

    @model_validator(mode="after")
    def _distinct(self) -> "Matching":
        if len({pair.left for pair in self.pairs}) != len(self.pairs):
            raise ValueError("every `left` of a matching question must differ")
        if {pair.right for pair in self.pairs} & set(self.decoys):
            raise ValueError("a decoy must not equal the `right` of a pair")
        return self


Question = Annotated[Single | Multiple | TrueFalse | Ordering | Matching, Field(discriminator="kind")]


class Quiz(Value):
    """One file of quizzes/."""

    title: Line
    skill: Skill
    draw: int = Field(ge=1, le=30, description="How many questions one attempt asks, drawn from the pool.")
    pass_mark: float = Field(default=0.75, gt=0, le=1, description="Share of points that completes the quiz.")
    questions: tuple[Question, ...] = Field(min_length=1, max_length=200)
    sources: tuple[Source, ...] = ()

    @model_validator(mode="after")
    def _enough(self) -> "Quiz":
        if self.draw > len(self.questions):
            raise ValueError(f"`draw: {self.draw}` asks for more questions than the {len(self.questions)} in the pool")
        return self
