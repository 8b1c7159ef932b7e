"""Findings and actions: what an exercise showed, who mends it by when, and how it is shown to be mended.

An action is done when its owner says so, and closed only when a re-test showed it: a later exercise, or a micro-inject
answered well by the people concerned.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.refusal import Refused
from domain.scenario import Rating
from domain.skills import Skill

Priority = Literal["high", "medium", "low"]
PRIORITIES: tuple[Priority, ...] = ("high", "medium", "low")

Status = Literal["open", "done", "verified"]
"""Open until its owner says it is done; verified, and with that closed, once a re-test showed it."""

LONGEST = 1000
"""Characters of a finding, an action or a note."""

PASSED: frozenset[Rating] = frozenset({"P", "S"})
"""Ratings of a re-test that show an action has worked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an exercise showed, tied to the numbers of the events it rests on."""

    id: int
    exercise_id: int
    skill: Skill
    seat: str  # empty when it concerns the whole table
    text: str
    events: tuple[int, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody does about a finding."""

    id: int
    finding_id: int
    text: str
    owner_id: int
    owner: str
    due_on: date
    priority: Priority
    retest: str
    status: Status
    done_at: datetime | None
    verified_at: datetime | None
    verified_by: str  # the exercise or the micro-inject that showed it

    def overdue(self, today: date) -> bool:
        """Whether it should have been done by now."""
        return self.status == "open" and self.due_on < today


@dataclass(frozen=True, slots=True)
class Retest:
    """What a later exercise showed of the skill of a finding."""

    exercise_id: int
    title: str
    ended_at: datetime
    rating: Rating | None


def written(text: str, what: str) -> str:
    """The text of a finding or action as it is kept. Raises Refused when it is empty or too long."""
    kept = text.strip()
    if not kept:
        raise Refused(f"Say in a sentence what the {what} is.")
    if len(kept) > LONGEST:
        raise Refused(f"Please keep the {what} under {LONGEST:,} characters.")
    return kept


def due(due_on: date, today: date) -> date:
    """The due date as it is kept. Raises Refused when it has passed."""
    if due_on < today:
        raise Refused("The due date has passed already. Choose today or later.")
    return due_on


def verify(action: Action, retest: Retest, since: datetime) -> None:
    """Whether a re-test closes an action; `since` is when its exercise ended. Raises Refused with the reason."""
    if action.status == "verified":
        raise Refused("This action is closed already.")
    if action.status != "done" or action.done_at is None:
        raise Refused("Its owner has not said that it is done yet. A re-test comes after that.")
    if retest.ended_at <= since or retest.ended_at <= action.done_at:
        raise Refused("A re-test is an exercise that was played after the action was done.")
    if retest.rating is None:
        raise Refused(f"“{retest.title}” did not exercise this skill, so it shows nothing about this action.")
    if retest.rating not in PASSED:
        raise Refused(
            f"“{retest.title}” was rated {retest.rating} on this skill: the action has not worked yet. It stays open."
        )
