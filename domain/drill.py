"""Drills: artefacts to judge (spot drill) and situations to report (report drill).

Clues and verdicts stay on the server until the person has committed to an answer.
"""

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.skills import Skill
from domain.source import Source
from domain.value import Line, Prose, Slug, Value

MARK = re.compile(r"\[\[([a-z0-9-]+)\|([^\]]+)\]\]")
"""A tappable passage in an artefact: `[[clue-id|the words shown]]`."""

Verdict = Literal["breach", "near_miss", "harmless"]
Medium = Literal["mail", "sms", "chat", "login_alert", "share_dialog", "access_log", "letter", "transcript", "note"]


class Clue(Value):
    """A passage that can be flagged, and what it tells."""

    id: Slug
    real: bool = Field(description="True for a sign of trouble; false for a passage that only looks odd.")
    why: Prose


class HeadLine(Value):
    """One line of an artefact's head, as `From: …`; its text may hold `[[clue|words]]`."""

    label: Line
    text: Line


class Artefact(Value):
    """Something that lands in front of a person and must be judged."""

    id: Slug
    kind: Medium
    title: Line = Field(description="Where and when it turns up: 'Monday 08:12, your inbox'.")
    difficulty: Literal["least", "moderate", "very"] = Field(description="NIST Phish Scale rating, for any kind.")
    because: Line = Field(description="The reason for the rating: how many cues, how well it fits the day.")
    head: tuple[HeadLine, ...] = ()
    body: Prose = Field(description="Plain text; `[[clue|words]]` makes words tappable.")
    clues: tuple[Clue, ...] = Field(min_length=2, max_length=10)
    verdict: Verdict
    affects: tuple[Literal["confidentiality", "integrity", "availability"], ...] = ()
    why: Prose = Field(description="The judgement in two or three sentences.")
    cites: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _clues_and_marks_agree(self) -> "Artefact":
        marked = [m.group(1) for text in (*(h.text for h in self.head), self.body) for m in MARK.finditer(text)]
        declared = [clue.id for clue in self.clues]
        if sorted(marked) != sorted(set(declared)) or len(declared) != len(set(declared)):
            raise ValueError(
                f"marked passages {sorted(marked)} and clues {sorted(declared)} must be the same, each once"
            )
        if self.verdict == "breach" and not self.affects:
            raise ValueError("a breach says in `affects` what it harms")
        if self.verdict != "harmless" and not any(clue.real for clue in self.clues):
            raise ValueError("something to report needs at least one clue with `real: true`")
        return self

    @property
    def to_report(self) -> bool:
        """Whether the right move is to report it: breaches and near misses are, harmless things are not."""
        return self.verdict != "harmless"


class SpotDrill(Value):
    """A run of artefacts; about a third are harmless."""

    kind: Literal["spot"]
    title: Line
    summary: Line
    skill: Skill
    minutes: int = Field(ge=1, le=20)
    artefacts: tuple[Artefact, ...] = Field(min_length=3, max_length=40)
    sources: tuple[Source, ...] = ()


class Mention(Value):
    """A fact a good report holds, found by any of the declared phrases."""

    name: Line = Field(description="The fact, as the coach names it: 'the supplier's name'.")
    any_of: tuple[Line, ...] = Field(min_length=1, description="Phrases that count, compared without case or accents.")
    why: Prose = Field(description="What the incident team does with it.")


class Avoid(Value):
    """Something a report must not hold."""

    name: Line
    any_of: tuple[Line, ...] = Field(min_length=1)
    why: Prose


class FieldModel(Value):
    """How one field of the company's form is judged."""

    field: Slug = Field(description="The id of a field of report_form in content/organisation.yaml.")
    model: Prose = Field(description="What a good colleague would have written (for a choice: the choice's id).")
    right: tuple[Slug, ...] = Field(default=(), description="For a choice: the ids that are right.")
    at: str | None = Field(default=None, pattern=r"^\d\d:\d\d$", description="For a time: the time it was noticed.")
    mentions: tuple[Mention, ...] = ()
    avoid: tuple[Avoid, ...] = ()
    why: Prose = Field(description="Why the incident team needs this field.")


class ReportDrill(Value):
    """A situation to report in the company's own form, scored field by field and timed."""

    kind: Literal["report"]
    title: Line
    summary: Line
    skill: Skill
    minutes: int = Field(ge=1, le=20)
    clock: Line = Field(description="Day and time when it turns up: 'Tuesday, 16:50'.")
    situation: Prose = Field(description="What the person sees and knows.")
    fields: tuple[FieldModel, ...] = Field(min_length=3)
    sources: tuple[Source, ...] = ()
    cites: tuple[Slug, ...] = ()
    prompt_within: timedelta = Field(
        default=timedelta(minutes=15), description="A report this fast is worth all of it."
    )


Drill = Annotated[SpotDrill | ReportDrill, Field(discriminator="kind")]
