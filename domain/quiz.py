"""A quiz: a pool of questions of eleven kinds, drawn and shuffled by seed.

Every option carries its own why. What is right never leaves the server before an answer is stored.
"""

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from domain import typed
from domain.drill import MARK, Clue, Medium
from domain.lesson import Exhibit
from domain.skills import Skill
from domain.source import Source
from domain.span import Span
from domain.value import Line, Prose, Slug, Value

Difficulty = Literal["easy", "moderate", "hard"]
Unit = Annotated[str, StringConstraints(min_length=1, max_length=20)]


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


class NumberSlip(Value):
    """A wrong number that people give, and where it comes from."""

    value: float = Field(allow_inf_nan=False, description="The number.")
    why: Prose


class Numeric(_Question):
    """A number is typed; what lies within the tolerance is right."""

    kind: Literal["numeric"]
    answer: float = Field(allow_inf_nan=False, description="The number that is right.")
    tolerance: float = Field(default=0, ge=0, allow_inf_nan=False, description="How far off is still right.")
    unit: Unit | None = Field(default=None, description="Shown beside the field; may be typed with the number or not.")
    why: Prose = Field(description="Why it is this number; shown to everybody.")
    slips: tuple[NumberSlip, ...] = Field(default=(), max_length=8, description="Wrong numbers with their own why.")
    otherwise: Prose = Field(description="Shown to whoever gave any other number.")

    @model_validator(mode="after")
    def _wrong_ones_are_wrong(self) -> "Numeric":
        if any(self.accepts(Decimal(str(slip.value))) for slip in self.slips):
            raise ValueError("a slip of a numeric question lies within the tolerance, so it is right")
        return self

    def accepts(self, given: Decimal) -> bool:
        """Whether the number is right; counted in decimals, as people count."""
        return abs(given - Decimal(str(self.answer))) <= Decimal(str(self.tolerance))


class Slip(Value):
    """A wrong answer that people give, in any of its forms, and where it comes from."""

    any_of: tuple[Line, ...] = Field(min_length=1, max_length=20, description="The forms it is given in.")
    why: Prose


class _Typed(Value):
    """A few words that are typed, compared without case, accents, punctuation and extra spaces."""

    accept: tuple[Line, ...] = Field(
        min_length=1, max_length=40, description="Every form that counts; the first is shown as the better answer."
    )
    why: Prose = Field(description="Why this is the answer; shown to everybody.")
    slips: tuple[Slip, ...] = Field(default=(), max_length=8, description="Wrong answers with their own why.")
    otherwise: Prose = Field(description="Shown to whoever wrote anything else.")

    @model_validator(mode="after")
    def _forms_differ(self) -> "_Typed":
        forms = [typed.normal(form) for form in (*self.accept, *(form for slip in self.slips for form in slip.any_of))]
        if not all(forms):
            raise ValueError(
                "a form needs at least one letter or digit: case, accents and punctuation are not compared"
            )
        if len(set(forms)) != len(forms):
            same = next(form for form in forms if forms.count(form) > 1)
            raise ValueError(f"`{same}` is there twice: case, accents and punctuation are not compared")
        return self


class Text(_Typed, _Question):
    """A few words are typed."""

    kind: Literal["text"]


class Sortable(Value):
    """A thing to put into a bin, and why it belongs there."""

    text: Line
    bin: Line = Field(description="One of the `bins`.")
    why: Prose


class Bins(_Question):
    """Things are sorted into named bins, each worth its share; shown shuffled."""

    kind: Literal["bins"]
    bins: tuple[Line, ...] = Field(min_length=2, max_length=6, description="The names of the bins, as they are shown.")
    items: tuple[Sortable, ...] = Field(min_length=3, max_length=10, description="What is sorted.")

    @model_validator(mode="after")
    def _sorted(self) -> "Bins":
        if len(set(self.bins)) != len(self.bins) or len({item.text for item in self.items}) != len(self.items):
            raise ValueError("every bin and every item of a bins question must differ")
        unknown = next((item.bin for item in self.items if item.bin not in self.bins), None)
        if unknown is not None:
            raise ValueError(f"there is no bin `{unknown}`: `bins` holds {', '.join(self.bins)}")
        if len({item.bin for item in self.items}) < 2:
            raise ValueError("the items of a bins question must not all belong into one bin")
        return self


GAP = re.compile(r"\[\[([a-z0-9-]+)\]\]")
"""A gap in a cloze: `[[gap-id]]`."""


class _Gap(Value):
    id: Slug = Field(description="The mark in the text.")


class ChoiceGap(_Gap):
    """A gap to choose for."""

    kind: Literal["choice"]
    options: tuple[Option, ...] = Field(min_length=2, max_length=6)

    @model_validator(mode="after")
    def _one_right(self) -> "ChoiceGap":
        if sum(option.right for option in self.options) != 1:
            raise ValueError("a gap to choose for needs exactly one option with `right: true`")
        return self


class TextGap(_Typed, _Gap):
    """A gap to type into."""

    kind: Literal["text"]


Gap = Annotated[ChoiceGap | TextGap, Field(discriminator="kind")]


class Cloze(_Question):
    """A sentence with gaps, each worth its share."""

    kind: Literal["cloze"]
    text: Prose = Field(description="The sentence, with `[[gap-id]]` where something is missing.")
    gaps: tuple[Gap, ...] = Field(min_length=1, max_length=6, description="What belongs into them, in reading order.")

    @model_validator(mode="after")
    def _gaps_and_marks_agree(self) -> "Cloze":
        marked, declared = GAP.findall(self.text), [gap.id for gap in self.gaps]
        if marked != declared or len(set(declared)) != len(declared):
            raise ValueError(f"the text marks the gaps {marked}, `gaps` holds {declared}: the same, in the same order")
        return self


class Clues(_Question):
    """A short text in which passages are flagged: what is found counts, less what is flagged for nothing."""

    kind: Literal["clues"]
    medium: Medium = Field(default="note", description="What it looks like.")
    title: Line = Field(description="Where and when it turns up: 'Monday 08:12, your inbox'.")
    body: Prose = Field(description="Plain text; `[[clue|words]]` makes words tappable.")
    clues: tuple[Clue, ...] = Field(min_length=2, max_length=10)

    @model_validator(mode="after")
    def _clues_and_marks_agree(self) -> "Clues":
        marked, declared = [mark.group(1) for mark in MARK.finditer(self.body)], [clue.id for clue in self.clues]
        if sorted(marked) != sorted(set(declared)) or len(declared) != len(set(declared)):
            raise ValueError(
                f"marked passages {sorted(marked)} and clues {sorted(declared)} must be the same, each once"
            )
        if len({clue.real for clue in self.clues}) < 2:
            raise ValueError("a clues question needs a real clue and a harmless one, or flagging everything is right")
        return self


class Element(Value):
    """Something a good text holds, found by any of its phrases."""

    name: Line = Field(description="The element, as the checklist names it: 'By when they hear more'.")
    any_of: tuple[Line, ...] = Field(
        min_length=1,
        max_length=40,
        description="Phrases that count, as whole words without case or accents; `notif*` also finds *notified*.",
    )
    why: Prose = Field(description="What the reader misses without it.")

    def found(self, said: str) -> bool:
        """Whether the text holds it."""
        return any(typed.mentions(phrase, said) for phrase in self.any_of)


class Rubric(_Question):
    """Free text, checked for the elements it must hold; each is worth its share."""

    kind: Literal["rubric"]
    elements: tuple[Element, ...] = Field(min_length=2, max_length=8, description="What a good text holds.")
    model: Prose = Field(description="A text that holds them all; shown to whoever missed one.")

    @model_validator(mode="after")
    def _the_model_holds_them_all(self) -> "Rubric":
        for element in self.elements:
            if not all(typed.normal(phrase) for phrase in element.any_of):
                raise ValueError(f"a phrase of `{element.name}` needs at least one letter or digit")
            if not element.found(self.model):
                raise ValueError(f"`model` holds none of the phrases of `{element.name}`")
        if len({element.name for element in self.elements}) != len(self.elements):
            raise ValueError("every element of a rubric question must differ")
        return self


Question = Annotated[
    Single | Multiple | TrueFalse | Ordering | Matching | Numeric | Text | Bins | Cloze | Clues | Rubric,
    Field(discriminator="kind"),
]


class Quiz(Value):
    """One file of quizzes/."""

    title: Line
    skill: Skill
    draw: int = Field(ge=1, le=30, description="How many questions one attempt asks, drawn from the pool.")
    pass_mark: float = Field(default=0.75, gt=0, le=1, description="Share of points that completes the quiz.")
    attempts: int | None = Field(default=None, ge=1, le=20, description="How often it may be tried; without it, ever.")
    wait: Span | None = Field(default=None, description="How long after an attempt the next may begin: `2h`, `1d`.")
    keep: Literal["best", "last"] = Field(default="best", description="Which attempt counts.")
    questions: tuple[Question, ...] = Field(min_length=1, max_length=200)
    sources: tuple[Source, ...] = ()

    @model_validator(mode="after")
    def _enough(self) -> "Quiz":
        if self.draw > len(self.questions):
            raise ValueError(f"`draw: {self.draw}` asks for more questions than the {len(self.questions)} in the pool")
        return self
