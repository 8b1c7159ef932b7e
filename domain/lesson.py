"""A lesson: one idea per screen, with a prediction before the telling.

A prediction is practice: it is recorded and shown back, and carries no weight as evidence.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.skills import Skill
from domain.source import Source
from domain.value import Line, Prose, Slug, Value


class Exhibit(Value):
    """Something to look at: a few labelled lines, as on a mail head or a log."""

    label: Line = Field(description="What it is: 'A chat message', 'The access log'.")
    lines: tuple[Line, ...] = Field(min_length=1, max_length=12)
    mono: bool = Field(default=False, description="Set in the code font, for logs.")


class Tell(Value):
    """A screen that says one thing."""

    kind: Literal["tell"]
    title: Line
    text: Prose = Field(description="Under 60 words.")
    exhibit: Exhibit | None = None
    cites: tuple[Slug, ...] = ()


class Guess(Value):
    """One answer to a prediction, with what to say to somebody who took it."""

    text: Line
    right: bool = False
    why: Prose


class Predict(Value):
    """A screen that asks before it tells."""

    kind: Literal["predict"]
    title: Line
    text: Prose = Field(description="The situation, under 60 words.")
    exhibit: Exhibit | None = None
    ask: Line
    options: tuple[Guess, ...] = Field(min_length=2, max_length=5)
    then: Prose | None = Field(default=None, description="The idea, told after the prediction whatever was taken.")
    cites: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _one_right(self) -> "Predict":
        if sum(option.right for option in self.options) != 1:
            raise ValueError("a prediction needs exactly one option with `right: true`")
        return self


Screen = Annotated[Tell | Predict, Field(discriminator="kind")]


class Lesson(Value):
    """One file of content/lessons."""

    title: Line
    summary: Line = Field(description="One sentence that makes somebody want to read on.")
    skill: Skill
    minutes: int = Field(ge=1, le=10, description="Honest reading time.")
    screens: tuple[Screen, ...] = Field(min_length=3, max_length=10)
    sources: tuple[Source, ...] = ()
