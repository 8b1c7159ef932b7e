"""What must hold between files: references, what is used and trained, the report form, and rehearsals.

Looked at whenever a file has changed. A broken file counts as being there, so it causes no problems elsewhere.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from catalog.file import File
from catalog.problem import Problem
from catalog.shape import Path, near
from domain import scenario_checks
from domain.drill import ReportDrill
from domain.module import Module
from domain.organisation import FormField, Organisation
from domain.quiz import Quiz
from domain.regime import Regime
from domain.scenario import Rehearsal, Scenario
from domain.skills import Skill

Known = dict[tuple[str, str], File]
"""Files by kind and slug."""


def references(file: File) -> list[tuple[str, str]]:
    """(kind, slug) of every file that this one cannot be used without."""
    return [(kind, slug) for _, kind, slug in _references(file)]


def _references(file: File) -> Iterator[tuple[Path, str, str]]:
    match file.value:
        case Module() as module:
            for number, slug in enumerate(module.lessons):
                yield ("lessons", number), "lesson", slug
            yield ("quiz",), "quiz", module.quiz
            for number, slug in enumerate(module.drills):
                yield ("drills", number), "drill", slug
        case ReportDrill():
            yield (), "organisation", "organisation"
        case Scenario() as scenario:
            for number, owed in enumerate(scenario.duties):
                yield ("duties", number, "regime"), "regime", owed.regime
            for number, letter in enumerate(scenario.letters):
                yield ("letters", number, "regime"), "regime", letter.regime
        case Rehearsal() as rehearsal:
            yield ("scenario",), "scenario", rehearsal.scenario


def together(files: Sequence[File]) -> list[Problem]:
    """Problems between files. A broken file counts as being there, so it causes no further problems elsewhere."""
    names: dict[str, set[str]] = {}
    for file in files:
        if file.kind is not None:
            names.setdefault(file.kind.name, set()).add(file.slug)
    by_name = {(file.kind.name, file.slug): file for file in files if file.kind is not None}
    problems = [*_unknown(files, names), *_unused(files), *_untrained(files)]
    organisation = by_name.get(("organisation", "organisation"))
    form = organisation.value if organisation else None
    for file in files:
        match file.value:
            case Module():
                problems += _skills(file, file.value, by_name)
            case ReportDrill() if isinstance(form, Organisation):
                problems += _form(file, file.value, form)
            case Scenario():
                problems += _rehearsed(file, files)
                problems += _duties(file, file.value, by_name)
            case Rehearsal():
                problems += _rehearsal(file, file.value, by_name)
        problems += _real_addresses(file, form if isinstance(form, Organisation) else None)
    return problems


def _unknown(files: Sequence[File], names: dict[str, set[str]]) -> Iterator[Problem]:
    for file in files:
        for path, kind, slug in _references(file):
            known = names.get(kind, set())
            if slug not in known:
                yield file.problem(path, "C201", f"There is no {kind} `{slug}`.{near(slug, known)}")


def _unused(files: Sequence[File]) -> Iterator[Problem]:
    modules = [file for file in files if file.kind is not None and file.kind.name == "module"]
    if any(file.value is None for file in modules):
        return  # nobody knows what the broken one uses
    used = {(kind, slug) for file in modules for _, kind, slug in _references(file)}
    for file in files:
        kind = file.kind.name if file.kind else ""
        if kind in {"lesson", "quiz", "drill"} and (kind, file.slug) not in used:
            yield file.problem((), "C202", f"No module uses this {kind}: name it in one.")


def _untrained(files: Sequence[File]) -> Iterator[Problem]:
    trainers = [file for file in files if file.kind is not None and file.kind.name in {"module", "scenario"}]
    if any(file.value is None for file in trainers):
        return
    trained = {skill for file in trainers for skill in _trains(file.value)}
    for skill in Skill:
        if skill not in trained:
            yield Problem(
                "content/modules", 1, 1, "C203", f"No module or scenario decision trains the skill `{skill}`."
            )


def _trains(value: Any) -> Iterable[Skill]:
    if isinstance(value, Module):
        return value.skills
    return (skill for decision in value.decisions for skill in decision.skills)


def _skills(file: File, module: Module, by_name: dict[tuple[str, str], File]) -> Iterator[Problem]:
    """A module trains what it says, and says what it trains."""
    parts = [(path, by_name[kind, slug].value) for path, kind, slug in _references(file) if (kind, slug) in by_name]
    if any(part is None for _, part in parts):
        return
    trained = {part.skill for _, part in parts}
    trained |= {q.skill for _, part in parts if isinstance(part, Quiz) for q in part.questions if q.skill}
    for number, skill in enumerate(module.skills):
        if skill not in trained:
            yield file.problem(
                ("skills", number), "C209", f"No lesson, question or drill of this module trains `{skill}`."
            )
    for path, part in parts:
        if part.skill not in module.skills:
            yield file.problem(path, "C209", f"This trains `{part.skill}`, which `skills` does not name.")


def _form(file: File, drill: ReportDrill, organisation: Organisation) -> Iterator[Problem]:
    fields = {field.id: field for field in organisation.report_form}
    counted = Counter(model.field for model in drill.fields)
    for number, model in enumerate(drill.fields):
        at: Path = ("fields", number)
        field = fields.get(model.field)
        if field is None:
            yield file.problem(
                (*at, "field"),
                "C207",
                f"The report form has no field `{model.field}`.{near(model.field, fields)}",
            )
            continue
        if counted[model.field] > 1:
            yield file.problem((*at, "field"), "C207", f"The field `{model.field}` is judged twice.")
        choices = [choice.id for choice in field.choices]
        for place, choice in [(("right", n), choice) for n, choice in enumerate(model.right)] if choices else []:
            if choice not in choices:
                yield file.problem(
                    (*at, *place), "C207", f"`{field.id}` offers no choice `{choice}`.{near(choice, choices)}"
                )
        yield from _fits(file, at, field, right=bool(model.right), time=model.at is not None)
        if choices and model.model not in choices:
            yield file.problem(
                (*at, "model"), "C207", f"`model` of a choice is the id of one of: {', '.join(choices)}."
            )


def _fits(file: File, at: Path, field: FormField, *, right: bool, time: bool) -> Iterator[Problem]:
    if (field.kind == "choice") != right:
        said = "needs `right`: the ids that are right" if field.kind == "choice" else "is no choice: remove `right`"
        yield file.problem((*at, "right") if right else at, "C207", f"The field `{field.id}` {said}.")
    if (field.kind == "time") != time:
        said = 'needs `at`: the time it was noticed, as "16:50"' if field.kind == "time" else "is no time: remove `at`"
        yield file.problem((*at, "at") if time else at, "C207", f"The field `{field.id}` {said}.")


def _real_addresses(file: File, organisation: Organisation | None) -> Iterator[Problem]:
    """Invented mails and sites use names that nobody can own, or the organisation's own."""
    own = " ".join(channel.reach for channel in organisation.channels).lower() if organisation else ""
    for path, host in file.hosts:
        if host not in own:
            yield file.problem(path, "C212", f"`{host}` could be somebody's: end invented addresses in `.example`.")


# ── scenarios ─────────────────────────────────────────────────────────────────────────────────────────────────


def _rehearsed(file: File, files: Sequence[File]) -> Iterator[Problem]:
    rehearsals = [other for other in files if other.kind is not None and other.kind.name == "rehearsal"]
    if all(isinstance(r.value, Rehearsal) and r.value.scenario != file.slug for r in rehearsals):
        yield file.problem((), "C306", "No rehearsal plays this scenario: write one in content/rehearsals.")


def _duties(file: File, scenario: Scenario, by_name: Known) -> Iterator[Problem]:
    for finding in scenario_checks.of_duties(scenario, _regimes(by_name)):
        yield file.problem(*finding)


def _rehearsal(file: File, rehearsal: Rehearsal, by_name: Known) -> Iterator[Problem]:
    found = by_name.get(("scenario", rehearsal.scenario))
    if found is None or not isinstance(found.value, Scenario):
        return
    unknown = scenario_checks.of_rehearsal(rehearsal, found.value)
    for finding in unknown:
        yield file.problem(*finding)
    regimes = _regimes(by_name)
    whole = all(owed.regime in regimes for owed in found.value.duties)
    if not unknown and whole and not scenario_checks.problems(found.value):
        named = tuple(_Same(regime) for _, regime in sorted(regimes.items()))
        for sentence in _played(_Same(found.value), _Same(rehearsal), tuple(sorted(regimes)), named):
            yield file.problem(("expect",), "C307", sentence)


def _regimes(by_name: Known) -> dict[str, Regime]:
    return {slug: f.value for (kind, slug), f in by_name.items() if kind == "regime" and isinstance(f.value, Regime)}


class _Same:
    """A value that equals only itself: content values hold dicts and have no hash."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


@lru_cache(maxsize=512)
def _played(scenario: _Same, rehearsal: _Same, slugs: tuple[str, ...], regimes: tuple[_Same, ...]) -> tuple[str, ...]:
    """How a rehearsal comes out differently; played once for the same values."""
    from domain.rehearse import rehearse  # the engine is not needed to check anything else

    by_slug = dict(zip(slugs, (regime.value for regime in regimes), strict=True))
    try:
        played = rehearse(scenario.value, by_slug, rehearsal.value)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return (f"This cannot be played to its end: {type(error).__name__} {error}.",)
    # What follows from a play that stopped halfway says nothing new.
    return played.differences if played.state.phase == "ended" else played.differences[:1]
