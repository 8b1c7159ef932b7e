"""The demo company: people, teams and six months of history, made through the services people use.

Deterministic for a given day; kept as a whole or not at all. Everything it makes is marked and can be removed.
"""

import gc
import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from db import demo as rows
from db import people
from db.engine import Connection, Together
from domain import present, respond
from domain.drill import ReportDrill, SpotDrill
from domain.people import Person, Role
from domain.refusal import Refused
from domain.skills import Skill
from services import drills, exercises, learning, passwords, programme, readiness
from services.app import App
from services.authority import unguarded

DAYS = 182
WAVES = 3
"""How many modules have come to the company in that time; the others are there to be assigned."""
SEED = 20261124
PASSWORD = "northwind-drill-2026"  # noqa: S105 - printed for everybody who tries the demo

TEAMS = {
    "Care": (52, 0.35),
    "Front desk": (34, 0.15),
    "Laboratory": (26, 0.45),
    "IT and systems": (18, 1.1),
    "Finance": (16, 0.3),
    "People and culture": (10, 0.6),
    "Board office": (4, 0.2),
}
"""How many people a team has, and how able they are on the log-odds scale."""

TABLE = ("IT and systems", "People and culture", "Board office")
"""Teams whose people sit at the table when something happens, and practise that."""

FIRST = [
    "Ada", "Ben", "Cleo", "Dario", "Edda", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Kaja", "Luca", "Mira", "Nils",
    "Oda", "Pablo", "Rosa", "Sami", "Tilda", "Umar", "Vera", "Wim", "Yara", "Zeno", "Alba", "Bruno", "Celia",
    "Dina", "Emil", "Fara", "Gil", "Hana", "Ivo", "Jana", "Karl", "Lene", "Milo", "Nora", "Otis", "Pia",
]  # fmt: skip
LAST = [
    "Alder", "Birch", "Cedar", "Dunmore", "Elmhurst", "Fenwick", "Garnet", "Hollis", "Ivers", "Juniper", "Kestrel",
    "Larkin", "Merrow", "Nettle", "Orchard", "Penrose", "Quill", "Rowan", "Sorrel", "Thorne", "Underhill", "Vale",
    "Wren", "Yarrow", "Ashby", "Brook", "Calder", "Dell", "Ember", "Flint", "Grove", "Heath", "Isley", "Jarrow",
    "Knoll", "Loch", "Marsh", "Nook", "Oakes", "Pike",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody the demo lets you be."""

    name: str
    email: str
    role: str
    team: str
    roles: frozenset[Role]
    manages: tuple[str, ...] = ()


PERSONAS = (
    Persona("Kim Alder", "kim@northwind.example", "employee", "Front desk", frozenset({Role.EMPLOYEE})),
    Persona(
        "Robin Hale",
        "robin@northwind.example",
        "manager",
        "Care",
        frozenset({Role.EMPLOYEE, Role.MANAGER}),
        ("Care", "Front desk", "Laboratory", "Board office"),
    ),
    Persona(
        "Sam Okoro",
        "sam@northwind.example",
        "security",
        "IT and systems",
        frozenset({Role.EMPLOYEE, Role.SECURITY}),
    ),
)


@dataclass(frozen=True, slots=True)
class Worker:
    """A person of the company with how able and how diligent they are."""

    person: Person
    team: str
    ability: float
    diligence: float


@unguarded("command line: the demo company belongs to whoever runs the server")
def present_already(app: App) -> bool:
    """Whether the demo company is in the database."""
    with app.db.read() as connection:
        return rows.exists(connection)


@unguarded("command line: the demo company belongs to whoever runs the server")
def remove(app: App) -> int:
    """Remove the demo company and everything its people did; returns how many people went."""
    return app.db.write(rows.remove)


@unguarded("command line: the demo company belongs to whoever runs the server")
def seed(app: App, progress: Callable[[int, int], None] = lambda _done, _all: None) -> int:
    """Make the demo company in one transaction; returns how many people it has. Nothing happens when it is there.

    `progress(done, all)` is told of each day of history.
    """
    if present_already(app):
        return 0
    end = app.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    with _unswept():
        return app.db.write(lambda c: _make(app, c, end, progress))


@contextmanager
def _unswept() -> Iterator[None]:
    """Without the garbage collector: it would look through all of history again and again, a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _make(app: App, connection: Connection, end: datetime, progress: Callable[[int, int], None]) -> int:
    chance = random.Random(SEED)  # noqa: S311 - a company, not a secret
    clock = [end - timedelta(days=DAYS)]
    inner = replace(app, db=Together(app.db, connection), clock=lambda: clock[0], seeds=lambda: chance.getrandbits(48))
    workers = _people(inner, chance)
    sam = next(worker.person for worker in workers if worker.person.has(Role.SECURITY))
    modules = inner.content().modules
    for number, slug in enumerate(sorted(modules, key=lambda slug: modules[slug].order)[:WAVES]):
        for wave, team_id in enumerate(dict.fromkeys(worker.person.team_id for worker in workers)):
            due = clock[0].date() + timedelta(days=DAYS - 30 + number * 33 + wave * 2)
            programme.assign(inner, sam, slug, team_id or 0, due)
    plan = sorted(_plan(inner, workers, chance, end), key=lambda act: act[0])
    day, done = clock[0], 0
    for at, act in plan:
        while day + timedelta(days=1) <= at:
            day += timedelta(days=1)
            done += 1
            clock[0] = day
            if day.weekday() == 0 or (end - day).days < 14:
                readiness.take_snapshot(inner)
            progress(done, DAYS)
        clock[0] = at
        act()
    clock[0] = end
    readiness.take_snapshot(inner)
    return len(workers)


def _people(app: App, chance: random.Random) -> list[Worker]:
    names = [f"{first} {last}" for first in FIRST for last in LAST]
    chance.shuffle(names)
    hashed = passwords.keep(PASSWORD)
    now = app.now()

    def work(connection: Connection) -> list[Worker]:
        ids = {team: people.add_team(connection, team, demo=True) for team in TEAMS}
        workers = []
        for team, (size, ability) in TEAMS.items():
            here = [persona for persona in PERSONAS if persona.team == team]
            for number in range(size):
                persona = here[number] if number < len(here) else None
                name = persona.name if persona else names.pop()
                boss = number == len(here) and team not in {"Care", "Front desk", "Laboratory", "Board office"}
                roles = persona.roles if persona else frozenset({Role.EMPLOYEE, *([Role.MANAGER] if boss else [])})
                person_id = people.add(
                    connection,
                    name=name,
                    email=persona.email if persona else f"{name.lower().replace(' ', '.')}@northwind.example",
                    roles=roles,
                    now=now,
                    team_id=ids[team],
                    manages_teams=frozenset(ids[t] for t in persona.manages)
                    if persona
                    else frozenset([ids[team]] if boss else []),
                    password_hash=hashed if persona else None,
                    demo=True,
                )
                person = people.find(connection, person_id)
                assert person is not None
                diligence = 1.0 if persona else min(1.0, max(0.05, chance.gauss(0.85, 0.18)))
                workers.append(Worker(person, team, ability + chance.gauss(0, 0.8), diligence))
        return workers

    return app.db.write(work)


Act = tuple[datetime, Callable[[], None]]


def _plan(app: App, workers: list[Worker], chance: random.Random, end: datetime) -> Iterator[Act]:
    """Who does what when. Kim has only begun: somebody has to try the rest."""
    modules = learning.path(app, workers[0].person)[:WAVES]
    for worker in workers:
        kim = worker.person.email == PERSONAS[0].email
        begun = list(_rolled_out(worker, modules[:1] if kim else modules, chance, end, days=DAYS - 24 if kim else None))
        done = [step for _, step in begun if step.kind != "lesson"]
        ahead = [] if kim else [*_refreshed(worker, done, chance, end)]
        yield from ((at, _step(app, worker, step.kind, step.slug, chance)) for at, step in (*begun, *ahead))
        if not kim:
            yield from (
                (at, partial(_play, app, worker, slug, chance)) for at, slug in _played(app, worker, chance, end)
            )


def _rolled_out(
    worker: Worker, modules: tuple[learning.ModuleState, ...], chance: random.Random, end: datetime, days: int | None
) -> Iterator[tuple[datetime, learning.Step]]:
    """Modules come to one team after the other; the diligent do them."""
    wave = list(TEAMS).index(worker.team) * 4
    for number, state in enumerate(modules):
        if chance.random() > worker.diligence:
            continue
        first = days or wave + number * 34 + chance.randint(0, 30)
        at = end - timedelta(days=DAYS - first) + timedelta(minutes=chance.randint(0, 600))
        for step in state.steps:
            at += timedelta(minutes=chance.randint(3, 9))
            if at < end:
                yield at, step


def _refreshed(
    worker: Worker, done: list[learning.Step], chance: random.Random, end: datetime
) -> Iterator[tuple[datetime, learning.Step]]:
    """Short refreshers on spotting and reporting for those who keep at it; the keenest third weekly, of late."""
    keen = worker.diligence > 0.93
    short = [step for step in done if (step.kind == "quiz" if keen else step.kind != "spot")]
    skills = sorted({step.slug.split("-")[0] for step in short} & {Skill.SPOT, Skill.REPORT})
    at = end - timedelta(days=80 if keen else DAYS - 30 - list(TEAMS).index(worker.team) * 4)
    turn = chance.randrange(2)
    while skills and (keen or chance.random() < 0.82 + 0.18 * worker.diligence):
        at += timedelta(days=chance.randint(6, 9) if keen else chance.randint(20, 40), minutes=chance.randint(0, 400))
        if at >= end:
            return
        turn += 1
        skill = skills[turn % len(skills)] if keen else chance.choice(skills)
        yield at, chance.choice([step for step in short if step.slug.startswith(skill)])


def _played(app: App, worker: Worker, chance: random.Random, end: datetime) -> Iterator[tuple[datetime, str]]:
    """Exercises alone, mostly by those who would sit at the table."""
    slugs = sorted(app.content().scenarios)
    if slugs and chance.random() < (0.7 if worker.team in TABLE else 0.05):
        for _ in range(chance.randint(1, 2)):
            at = end - timedelta(days=chance.randint(2, 120), minutes=chance.randint(0, 400))
            yield at, chance.choice(slugs)


def _step(app: App, worker: Worker, kind: str, slug: str, chance: random.Random) -> Callable[[], None]:
    doers = {"lesson": _read, "quiz": _answer, "spot": _spot, "report": _report}
    return lambda: doers[kind](app, worker, slug, chance)


def _knows(worker: Worker, chance: random.Random, hard: float = 0.0) -> bool:
    return chance.random() < 1 / (1 + math.exp(hard - worker.ability - 2.5))


def _read(app: App, worker: Worker, slug: str, _chance: random.Random) -> None:
    # Only the end counts for anything: turning every screen would double the rows for nothing.
    learning.turn(app, worker.person, slug, len(app.content().lessons[slug].screens))


def _answer(app: App, worker: Worker, slug: str, chance: random.Random) -> None:
    try:
        attempt_id = learning.begin_quiz(app, worker.person, slug)
    except Refused:  # the quiz allows no further attempt, or not yet
        return
    view = learning.quiz(app, worker.person, slug)
    hard = {"easy": -0.6, "moderate": 0.0, "hard": 0.7}
    questions = {question.id: question for question in view.quiz.questions}
    for place, item in enumerate(view.attempt.draw):
        question = questions[item]
        order = present.order(view.attempt.seed, item, present.size(question))
        known = _knows(worker, chance, hard[question.difficulty])
        response = respond.right(question, order) if known else respond.wrong(question, order, chance)
        learning.answer_quiz(
            app, worker.person, attempt_id, item, response, sure=known or chance.random() < 0.4, shown_at=app.now()
        )
        learning.next_question(app, worker.person, attempt_id, place)


def _spot(app: App, worker: Worker, slug: str, chance: random.Random) -> None:
    attempt_id = drills.begin(app, worker.person, slug)
    view = drills.spot_drill(app, worker.person, slug)
    assert isinstance(view.drill, SpotDrill)
    artefacts = {artefact.id: artefact for artefact in view.drill.artefacts}
    for place, item in enumerate(view.attempt.draw):
        artefact = artefacts[item]
        well = _knows(worker, chance, drills.PRIOR_DIFFICULTY[artefact.difficulty])
        response = respond.judgement(artefact, well=well, chance=chance)
        drills.judge(app, worker.person, attempt_id, item, response, shown_at=app.now())
        drills.next_artefact(app, worker.person, attempt_id, place)


def _report(app: App, worker: Worker, slug: str, chance: random.Random) -> None:
    begun = app.now()
    attempt_id = drills.begin(app, worker.person, slug)
    drill = app.content().drills[slug]
    organisation = app.content().organisation
    assert isinstance(drill, ReportDrill)
    assert organisation is not None
    given = {}
    for field in organisation.report_form:
        model = next((model for model in drill.fields if model.field == field.id), None)
        if field.kind == "choice":
            ids = [choice.id for choice in field.choices]
            given[field.id] = model.right[0] if model and model.right and _knows(worker, chance) else chance.choice(ids)
        elif field.kind == "time":
            given[field.id] = (model.at if model else None) or "09:00"
        else:
            given[field.id] = model.model if model and _knows(worker, chance) else "I am not sure, please have a look."
    minutes = min(300.0, 2.0 + chance.lognormvariate(1.9 - worker.ability / 2, 0.8))
    later = replace(app, clock=lambda: begun + timedelta(minutes=minutes))
    drills.send_report(later, worker.person, attempt_id, given)


def _play(app: App, worker: Worker, slug: str, chance: random.Random) -> None:
    number = exercises.start(app, worker.person, slug)
    decisions = {decision.id: decision for decision in app.content().scenarios[slug].decisions}
    for _ in range(200):  # a scenario has a few dozen turns
        seen = exercises.screen(app, worker.person, number)
        if seen.exercise.ended_at is not None:
            return
        ask = next((ask for ask in seen.view.asks if ask.id not in {taken.id for taken in seen.view.taken}), None)
        if ask is None:
            exercises.go_on(app, worker.person, number, seen.view.seq)
            continue
        good = [choice.id for choice in decisions[ask.id].options if choice.rating in {"P", "S"}]
        choice = chance.choice(good if _knows(worker, chance, 0.6) else [option for option, _ in ask.options])
        if ask.may_vote and ask.mine is None:
            exercises.vote(app, worker.person, number, ask.id, choice, "")
        exercises.decide(app, worker.person, number, ask.id, choice, "")
