"""Findings that the log itself suggests: what was late, what went badly, what an evaluator rated low.

A suggestion is a start for a sentence of somebody's own; nothing becomes a finding by itself.
"""

from dataclasses import dataclass

from domain.exercise.events import Decided, Event, Observed
from domain.review import MEANING, Review
from domain.scenario import Rating
from domain.skills import Skill

POOR: frozenset[Rating] = frozenset({"M", "U"})

_TOLD = {"individuals": Skill.CUSTOMERS, "media": Skill.CUSTOMERS}
"""Whom a duty is owed to, and the skill it belongs to; all others are for the authorities."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What could be a finding."""

    skill: Skill
    text: str
    events: tuple[int, ...]


def suggestions(seen: Review, events: tuple[Event, ...]) -> tuple[Suggestion, ...]:
    """Suggestions from a debrief and its log, the gravest first."""
    decided = {event.decision: number for number, event in enumerate(events, 1) if isinstance(event, Decided)}
    found = []
    for owed in seen.clocks:
        late = owed.deadline.late_by is not None or owed.deadline.standing == "late"
        if late:
            skill = _TOLD.get(owed.regime.duty(owed.owed.duty).to, Skill.AUTHORITIES)
            found.append(Suggestion(skill, f"{owed.owed.label} was not done in time.", ()))
    for verdict in seen.verdicts:
        rating, numbers = verdict.taken.rating, (decided[verdict.decision.id],)
        if rating in POOR:
            text = f"{verdict.decision.ask} The team chose “{verdict.taken.text}” ({MEANING[rating].lower()})."
            found.append(Suggestion(verdict.decision.skills[0], text, numbers))
        elif verdict.overrun > verdict.decision.within:
            text = f"{verdict.decision.ask} The answer took more than twice as long as it should."
            found.append(Suggestion(verdict.decision.skills[0], text, numbers))
    objectives = {shown.objective.id: shown.objective for shown in seen.objectives}
    for number, event in enumerate(events, 1):
        if isinstance(event, Observed) and event.rating in POOR and event.objective in objectives:
            found.append(Suggestion(objectives[event.objective].skill, event.text, (number,)))
    return tuple(found)


def rating_of(seen: Review, skill: Skill) -> float | None:
    """The mean worth of an exercise's decisions on a skill; None when none exercised it."""
    worths = [verdict.worth for verdict in seen.verdicts if skill in verdict.decision.skills]
    return sum(worths) / len(worths) if worths else None
