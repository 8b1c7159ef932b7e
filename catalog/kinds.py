"""Which folder holds which kind of content, and the type each file must have.

This table is the only place that knows: the checker, the schemas, the templates and the running app all read it.
"""

from dataclasses import dataclass
from typing import Any, Final

from domain.drill import Drill
from domain.lesson import Lesson
from domain.module import Module
from domain.organisation import Organisation
from domain.quiz import Quiz
from domain.regime import Regime
from domain.scenario import Rehearsal, Scenario


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of content file."""

    name: str
    plural: str
    folder: str
    type: Any


KINDS: Final = (
    Kind("regime", "regimes", "content/regimes", Regime),
    Kind("lesson", "lessons", "content/lessons", Lesson),
    Kind("quiz", "quizzes", "quizzes", Quiz),
    Kind("drill", "drills", "content/drills", Drill),
    Kind("scenario", "scenarios", "content/scenarios", Scenario),
    Kind("rehearsal", "rehearsals", "content/rehearsals", Rehearsal),
    Kind("module", "modules", "content/modules", Module),
)
"""Every kind that has a folder of its own, parts before wholes."""

ORGANISATION: Final = Kind("organisation", "organisation", "content/organisation.yaml", Organisation)
"""The one kind that is a single file."""

BY_NAME: Final = {kind.name: kind for kind in (*KINDS, ORGANISATION)}
