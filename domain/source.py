"""Where a claim comes from and when somebody last looked.

Content cites sources by id; the checker refuses a citation that no source of the file answers.
"""

from datetime import date

from pydantic import Field

from domain.value import Line, Slug, Value


class Source(Value):
    """A publication that a file rests on."""

    id: Slug = Field(description="Short name used in `cites:`.")
    title: Line = Field(description="Who published what, with article or section where it has one.")
    url: Line | None = Field(default=None, description="Where it can be read.")
    checked: date = Field(description="The day somebody last read it (YYYY-MM-DD).")
