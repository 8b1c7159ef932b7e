"""The base of every value that content is made of: frozen, closed, strict.

Unknown keys are errors, so a typing mistake in a file is never silently ignored.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Value(BaseModel):
    """A frozen value that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
"""A name in addresses and references: lower case, digits, single hyphens."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
"""One line of plain text."""

Prose = Annotated[str, StringConstraints(min_length=1, max_length=6000)]
"""Markdown without HTML: paragraphs, emphasis, lists, links."""
