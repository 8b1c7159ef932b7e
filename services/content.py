"""How the content is: its problems and what the app does meanwhile, what is in use, what learners have flagged.

Nothing here changes content: files are written by people, in an editor.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.library import Catalog, State
from catalog.problem import Problem
from db import audit, flags
from db.engine import Connection
from db.flags import Flag
from domain.drill import SpotDrill
from domain.people import Person, Role
from domain.refusal import Forbidden
from domain.skills import Skill
from services.app import App
from services.authority import permits


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem, and how the app gets by until somebody mends it."""

    problem: Problem
    meanwhile: str

    @property
    def place(self) -> str:
        """file:line:column, as editors open it."""
        return f"{self.problem.file}:{self.problem.line}:{self.problem.column}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much in use trains one skill."""

    skill: Skill
    modules: int
    lessons: int
    questions: int
    artefacts: int
    decisions: int


@dataclass(frozen=True, slots=True)
class Health:
    """How the content is, at one moment."""

    troubles: tuple[Trouble, ...]
    files: tuple[State, ...]
    coverage: tuple[Coverage, ...]
    flags: tuple[Flag, ...]

    @property
    def in_use(self) -> dict[str, int]:
        """How many files of each kind the app uses."""
        return dict(Counter(state.kind for state in self.files if state.use != "absent"))

    @property
    def answer(self) -> str:
        """The state of things in one sentence."""
        broken = sum(state.use != "good" for state in self.files)
        if broken:
            return f"{broken} of {len(self.files)} files {'needs' if broken == 1 else 'need'} mending"
        if self.troubles:
            return f"All {len(self.files)} files are in use, {len(self.troubles)} could be better"
        return f"All {len(self.files)} files are in use"


@permits(Role.SECURITY)
def content_health(app: App, actor: Person) -> Health:  # noqa: ARG001
    """Problems, what is in use, how much trains each skill, and what learners have flagged."""
    catalog = app.content()
    states = {state.file: state for state in catalog.states}
    troubles = tuple(Trouble(p, _meanwhile(p, states.get(p.file))) for p in catalog.problems)
    with app.db.read() as connection:
        flagged = tuple(flags.unresolved(connection))
    return Health(troubles, catalog.states, tuple(_coverage(catalog, skill) for skill in Skill), flagged)


@permits(Role.SECURITY)
def list_flags(app: App, actor: Person) -> Sequence[Flag]:  # noqa: ARG001
    """What learners have flagged and nobody has dealt with, oldest first."""
    with app.db.read() as connection:
        return flags.unresolved(connection)


@permits(Role.SECURITY)
def resolve_flag(app: App, actor: Person, flag_id: int) -> Flag:
    """Take a flag off the list. Doing it twice, or both of two people doing it, is doing it once."""
    now = app.now()

    def work(connection: Connection) -> Flag:
        if flags.resolve(connection, flag_id, by=actor.id, now=now):
            audit.add(connection, now=now, actor=actor, action="flag resolved", subject=f"flag {flag_id}")
        found = flags.find(connection, flag_id)
        if found is None:
            raise Forbidden("That flag is not there.")
        return found

    return app.db.write(work)


def _meanwhile(problem: Problem, state: State | None) -> str:
    if state is None:
        return "Not in the app until it is mended." if problem.blocks else "All files stay in use."
    if state.use == "good":
        return "In use as it is."
    if state.use == "absent":
        return "Not in the app until it is mended."
    return f"The last good version stays in use{_since(state.since)}."


def _since(moment: datetime | None) -> str:
    return f"; broken since {moment:%d %b, %H:%M} UTC" if moment else ""


def _coverage(catalog: Catalog, skill: Skill) -> Coverage:
    questions = [(q.skill or quiz.skill) for quiz in catalog.quizzes.values() for q in quiz.questions]
    practice = [
        drill.skill
        for drill in catalog.drills.values()
        for _ in (drill.artefacts if isinstance(drill, SpotDrill) else (drill,))
    ]
    return Coverage(
        skill,
        modules=sum(skill in module.skills for module in catalog.modules.values()),
        lessons=sum(lesson.skill == skill for lesson in catalog.lessons.values()),
        questions=questions.count(skill),
        artefacts=practice.count(skill),
        decisions=sum(skill in d.skills for scenario in catalog.scenarios.values() for d in scenario.decisions),
    )
