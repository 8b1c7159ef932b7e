"""A module: what an employee completes, made of lessons, one quiz and drills for named skills."""

from datetime import datetime, timedelta

from pydantic import Field

from domain.skills import Skill
from domain.value import Line, Prose, Slug, Value


class Module(Value):
    """One file of content/modules."""

    title: Line
    summary: Prose = Field(description="Two sentences that say why this is worth somebody's minutes.")
    skills: tuple[Skill, ...] = Field(min_length=1, description="The skills this module trains.")
    order: int = Field(ge=1, le=99, description="Where it stands on everybody's path; low comes first.")
    lessons: tuple[Slug, ...] = Field(min_length=1, description="Lessons in reading order, by file name.")
    quiz: Slug = Field(description="The quiz, by file name in quizzes/.")
    drills: tuple[Slug, ...] = Field(default=(), description="Drills, by file name in content/drills.")


FRESH = timedelta(days=30)
"""Practice that was passed this shortly before it was assigned need not be done again."""


def counts(passed_at: datetime | None, assigned_at: datetime | None) -> bool:
    """Whether a pass counts: any, where nothing was assigned; else one since then, or still fresh when it was."""
    return passed_at is not None and (assigned_at is None or passed_at >= assigned_at - FRESH)
