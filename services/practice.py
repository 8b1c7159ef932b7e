"""What there is to practise a skill with, and what a piece of evidence is called on screen.

It only names content; what a person may see of it is settled where it is opened.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from catalog.library import Catalog
from domain.skills import Skill

_NEVER = datetime.min.replace(tzinfo=UTC)
_LONG = 110


@dataclass(frozen=True, slots=True)
class Practice:
    """Something short that exercises a skill."""

    kind: str  # spot, report, quiz, exercise
    slug: str
    title: str
    minutes: int


def _all(content: Catalog, skill: Skill) -> Iterator[Practice]:
    for _, module in sorted(content.modules.items(), key=lambda pair: (pair[1].order, pair[0])):
        for slug in module.drills:
            drill = content.drills.get(slug)
            if drill is not None and drill.skill is skill:
                yield Practice(drill.kind, slug, drill.title, drill.minutes)
        quiz = content.quizzes.get(module.quiz)
        if quiz is not None and quiz.skill is skill:
            yield Practice("quiz", module.quiz, quiz.title, max(2, quiz.draw // 2))


def best(content: Catalog, skill: Skill, done: Mapping[tuple[str, str], datetime]) -> Practice | None:
    """What to practise the skill with: whatever was taken up longest ago, drills before quizzes; else an exercise."""
    found = min(_all(content, skill), key=lambda p: done.get((p.kind, p.slug), _NEVER), default=None)
    if found is not None:
        return found
    return next(
        (
            Practice("exercise", slug, scenario.title, scenario.minutes)
            for slug, scenario in sorted(content.scenarios.items())
            if any(skill in decision.skills for decision in scenario.decisions)
        ),
        None,
    )


def title(content: Catalog, kind: str, item: str) -> str:
    """What a piece of evidence was, as the person saw it; the kind of thing where its file has gone."""
    slug, _, rest = item.partition("/")
    name = rest.partition("/")[0]
    quiz, drill, scenario = content.quizzes.get(slug), content.drills.get(slug), content.scenarios.get(slug)
    text = None
    if quiz is not None:
        text = next((question.context or question.ask for question in quiz.questions if question.id == name), None)
    elif drill is not None and drill.kind == "spot":
        text = next((artefact.title for artefact in drill.artefacts if artefact.id == name), None)
    elif drill is not None:
        text = drill.title
    elif scenario is not None:
        text = next((decision.ask for decision in scenario.decisions if decision.id == name), None)
    words = " ".join((text or _KINDS.get(kind, "Something that is not in use any more")).split())
    return words if len(words) <= _LONG else words[:_LONG].rsplit(" ", 1)[0].rstrip(",.;:") + " …"


_KINDS = {
    "quiz": "A question that was taken out since",
    "spot-breach": "An artefact that was taken out since",
    "spot-harmless": "An artefact that was taken out since",
    "report": "A report drill that was taken out since",
    "vote": "A vote in an exercise",
    "team": "A decision in an exercise",
}
