"""How often and how soon somebody may try a quiz again, and which of the attempts counts.

A quiz that says nothing about it may be tried at any time, and the best attempt counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.quiz import Quiz


@dataclass(frozen=True, slots=True)
class Again:
    """Whether another attempt may begin: `left` of `limit` attempts, not before `at`; None where nothing is said."""

    limit: int | None = None
    left: int | None = None
    at: datetime | None = None

    def refusal(self, now: datetime, when: str = "") -> str:
        """Why no attempt may begin now, in a sentence that says `when` in the reader's time; nothing when one may."""
        if self.left == 0:
            several = f"all {self.limit} attempts" if self.limit != 1 else "the one attempt"
            return f"You have used {several} at this quiz. Ask your security team if you need another."
        if self.at is not None and self.at > now:
            return f"You can try this quiz again {when or f'in {in_words(self.at - now)}'}."
        return ""


def again(quiz: Quiz, ended: Sequence[datetime], now: datetime) -> Again:
    """What the quiz allows somebody whose attempts at it ended at these moments, oldest first."""
    left = None if quiz.attempts is None else max(0, quiz.attempts - len(ended))
    at = ended[-1] + quiz.wait if ended and quiz.wait is not None else None
    return Again(quiz.attempts, left, at if at is not None and at > now else None)


def terms(quiz: Quiz) -> str:
    """What the quiz says about attempts, for whoever is about to begin; nothing where it says nothing."""
    told = []
    if quiz.attempts is not None:
        told.append("You have one attempt." if quiz.attempts == 1 else f"You have {quiz.attempts} attempts.")
    if quiz.wait and quiz.attempts != 1:
        told.append(f"The next may begin {in_words(quiz.wait)} after the last.")
    if quiz.attempts != 1 and (told or quiz.keep == "last"):
        told.append(f"Your {quiz.keep} attempt counts.")
    return " ".join(told)


def in_words(span: timedelta) -> str:
    """A length of time as people say it, in its two largest units, rounded up to a minute: "1 day 2 hours"."""
    minutes = max(1, -(-int(span.total_seconds()) // 60))
    counts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    named = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in counts if count]
    return " ".join(named[:2])
