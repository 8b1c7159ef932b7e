"""The organisation's own channels and report form, from content/organisation.yaml.

Drills use the very form that a real report would use, so practice and reality cannot drift apart.
"""

from typing import Literal

from pydantic import Field, model_validator

from domain.value import Line, Prose, Slug, Value


class Channel(Value):
    """A way to reach the incident team."""

    id: Slug
    name: Line
    reach: Line = Field(description="The number, address or place, exactly as somebody would use it.")
    hours: Line = Field(description="When somebody answers.")
    best_for: Line


class Choice(Value):
    """One answer of a choice field."""

    id: Slug
    text: Line


class FormField(Value):
    """One field of the report form."""

    id: Slug
    label: Line
    help: Line
    kind: Literal["line", "text", "time", "choice"]
    choices: tuple[Choice, ...] = ()
    required: bool = True

    @model_validator(mode="after")
    def _choices(self) -> "FormField":
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("`choices` belong to `kind: choice`, and only there")
        return self


class Organisation(Value):
    """The one file content/organisation.yaml."""

    name: Line
    channels: tuple[Channel, ...] = Field(min_length=1)
    first_steps: tuple[Line, ...] = Field(min_length=1, description="What to do in the first minutes, in order.")
    promise: Prose = Field(description="What the organisation promises to whoever reports: no blame.")
    report_form: tuple[FormField, ...] = Field(min_length=3)
