"""Every number that a service takes, swapped with another person's: nothing is told, nothing changes, it is noted.

The walk finds the functions by itself: a new one that takes a number fails until it has a case here.
"""

import importlib
import inspect
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from db import sessions
from db.tables import audit, metadata
from domain.drill import ReportDrill, SpotDrill
from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from domain.skills import Skill
from services import accounts, authority, behaviour, content, drills, exercises, learning, people, programme, readiness
from services.app import App
from tests import factories

Call = Callable[[App, Person, int], Any]

COUNTS = {"place", "choice", "to", "seen", "before", "question", "version", "seed", "events"}
"""Numbers that name nobody's thing: they count inside what is one's own, or pages of the audit trail."""

TABLES = ("live.", "hot_wash.", "actions.", "after_action.")
"""Services around a live exercise: test_others_live.py walks them by itself."""

MISSING = 10**6
FIELDS = {"channel": "hotline", "noticed": "16:50", "what": "w", "data": "d", "done": "d", "going-on": "no"}

OWN: dict[str, tuple[str, Call]] = {
    "learning.answer_quiz.attempt_id": (
        "quiz",
        lambda app, me, n: learning.answer_quiz(
            app, me, n, learning.quiz(app, me, "report").attempt.draw[0], {"choice": 0}, sure=True, shown_at=app.now()
        ),
    ),
    "learning.next_question.attempt_id": ("quiz", lambda app, me, n: learning.next_question(app, me, n, 0)),
    "drills.judge.attempt_id": (
        "spot",
        lambda app, me, n: drills.judge(
            app, me, n, "x", {"flags": [], "verdict": "report"}, shown_at=app.now()
        ),
    ),
    "drills.next_artefact.attempt_id": ("spot", lambda app, me, n: drills.next_artefact(app, me, n, 0)),
    "drills.keep_draft.attempt_id": ("report", lambda app, me, n: drills.keep_draft(app, me, n, FIELDS)),
    "drills.send_report.attempt_id": ("report", lambda app, me, n: drills.send_report(app, me, n, FIELDS)),
    "exercises.screen.exercise_id": ("exercise", exercises.screen),
    "exercises.vote.exercise_id": ("exercise", lambda app, me, n: exercises.vote(app, me, n, "first-move", "convene")),
    "exercises.decide.exercise_id": (
        "exercise", lambda app, me, n: exercises.decide(app, me, n, "first-move", "convene")
    ),
    "exercises.go_on.exercise_id": ("exercise", lambda app, me, n: exercises.go_on(app, me, n, 5)),
    "exercises.note.exercise_id": ("exercise", lambda app, me, n: exercises.note(app, me, n, "hello", "1")),
    "exercises.stop.exercise_id": ("exercise", exercises.stop),
    "exercises.debrief.exercise_id": ("exercise", exercises.debrief),
    "accounts.end_session.sid": ("session", accounts.end_session),
    "readiness.board.team_id": ("team", readiness.board),
    "readiness.behind.team_id": ("team", lambda app, me, n: readiness.behind(app, me, n, Skill.SPOT)),
    "programme.assign.team_id": (
        "team", lambda app, me, n: programme.assign(app, me, "report", n, app.now().date())
    ),
    "programme.give.team_id": ("team", lambda app, me, n: programme.give(app, me, "report", n, app.now().date())),
    "readiness.export.team_id": ("team", readiness.export),
    "behaviour.figures.team_id": ("team", behaviour.figures),
    "exercises.draft.exercise_id": ("exercise", lambda app, me, n: exercises.draft(app, me, n, "patients", "x", 0)),
}  # fmt: skip
"""What belongs to somebody: a number of this kind, and how another person asks for it."""

EVERYBODYS: dict[str, Call] = {
    "content.resolve_flag.flag_id": content.resolve_flag,
    "people.add.team_id": lambda app, me, n: people.add(
        app, me, "New", "new@northwind.example", frozenset({Role.EMPLOYEE}), n
    ),
    "people.change.person_id": lambda app, me, n: people.change(
        app, me, n, roles=frozenset({Role.MANAGER}), team_id=None
    ),
    "people.change.team_id": lambda app, me, n: people.change(
        app, me, me.id, roles=frozenset({Role.SECURITY}), team_id=n
    ),
    "people.change.manages": lambda app, me, n: people.change(
        app, me, me.id, roles=frozenset(Role), team_id=None, manages=frozenset({n})
    ),
    "people.close.person_id": people.close,
    "people.invite.person_id": people.invite,
    "people.reopen.person_id": people.reopen,
    "people.sign_out.person_id": people.sign_out,
}
"""What the security team may ask of anybody; test_authority.py shows that nobody else may. Only a missing one is refused."""


def _numbers() -> dict[str, frozenset[Role]]:
    """`module.function.parameter` of every number that a guarded service takes, and who may call it."""
    found = {}
    for name, roles in authority.RULES.items():
        module, _, function = name.rpartition(".")
        signature = inspect.signature(getattr(importlib.import_module(module), function))
        for parameter in signature.parameters.values():
            named = f"{name.removeprefix('services.')}.{parameter.name}"
            number = re.search(r"\bint\b", str(parameter.annotation)) and parameter.name not in COUNTS
            if number and not named.startswith(TABLES):
                found[named] = roles
    return found


def test_every_number_that_a_service_takes_has_a_case_here() -> None:
    numbers = _numbers()
    assert numbers.keys() == OWN.keys() | EVERYBODYS.keys()
    assert {numbers[name] for name in EVERYBODYS} == {frozenset({Role.SECURITY})}


def _things(app: App) -> dict[str, int]:
    """One of everything, of somebody who has just begun it."""
    somebody = factories.person(app)
    slug = {
        kind: next(slug for slug, drill in sorted(app.content().drills.items()) if isinstance(drill, kind))
        for kind in (SpotDrill, ReportDrill)
    }
    team = factories.team(app)
    for _ in range(6):  # large enough to be shown to whom it belongs
        factories.person(app, team_id=team)
    return {
        "quiz": learning.begin_quiz(app, somebody, "report"),
        "spot": drills.begin(app, somebody, slug[SpotDrill]),
        "report": drills.begin(app, somebody, slug[ReportDrill]),
        "exercise": exercises.start(app, somebody, "results-page"),
        "team": team,
        "session": app.db.write(
            lambda c: sessions.start(
                c,
                token_hash="x",
                person_id=somebody.id,
                now=app.now(),
                expires_at=app.now() + timedelta(hours=1),
                address="",
                agent="",
            )
        ),
    }


def _everything(app: App) -> dict[str, list[Any]]:
    """All rows of all tables but the audit trail."""
    with app.db.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in metadata.sorted_tables
            if table is not audit
        }


def _noted(app: App, person: Person) -> list[tuple[str, dict[str, Any]]]:
    query = select(audit.c.subject, audit.c.detail).where(audit.c.action == "refused", audit.c.actor_id == person.id)
    with app.db.read() as connection:
        return [(row.subject, row.detail) for row in connection.execute(query.order_by(audit.c.id))]


@pytest.mark.parametrize("name", OWN)
def test_somebody_elses_reads_like_a_missing_one_and_is_noted(app: App, name: str) -> None:
    kind, call = OWN[name]
    things = _things(app)
    # Who may look after everybody may not play, answer or read for them. Teams are the security team's to see.
    roles = (Role.EMPLOYEE, Role.MANAGER) if kind == "team" else tuple(Role)
    stranger = factories.person(app, *roles, manages=frozenset({factories.team(app)}))
    learning.begin_quiz(app, stranger, "report")
    before, said = _everything(app), []
    asked = [things[kind], MISSING, *([things["spot"]] if kind in {"quiz", "report"} else [])]
    for number in asked:
        with pytest.raises(Forbidden) as refusal:
            call(app, stranger, number)
        said.append(str(refusal.value))
    assert len(set(said)) == 1
    assert _everything(app) == before
    function, _, parameter = f"services.{name}".rpartition(".")
    module = function.rpartition(".")[0]  # one service may ask another of its module, and is refused there
    assert [(subject.rpartition(".")[0], detail[parameter]) for subject, detail in _noted(app, stranger)] == [
        (module, number) for number in asked
    ]


def test_whose_it_is_gets_it(app: App) -> None:
    """The cases above would also pass if nobody could do anything."""
    things = _things(app)
    with app.db.read() as connection:
        owner = connection.scalar(select(func.min(metadata.tables["attempt"].c.person_id)))
    me = Person(owner or 0, "", "", frozenset(), None, frozenset())
    for name, (kind, call) in OWN.items():
        if kind not in {"team", "session"}:
            try:
                call(app, me, things[kind])
            except Forbidden:
                pytest.fail(name)
            except Refused:
                pass  # the rules of the game, not of who may
    accounts.end_session(app, me, things["session"])
    with pytest.raises(Refused, match="already signed out"):
        accounts.end_session(app, me, things["session"])
    assert _noted(app, me) == []
    manager = factories.person(app, Role.MANAGER, manages=frozenset({things["team"]}))
    for kind, call in OWN.values():
        if kind == "team":
            call(app, manager, things["team"])


@pytest.mark.parametrize("name", EVERYBODYS)
def test_what_is_not_there_is_refused_to_the_security_team_too(app: App, name: str) -> None:
    guardian = factories.person(app, Role.SECURITY)
    before = _everything(app)
    with pytest.raises(Refused):
        EVERYBODYS[name](app, guardian, MISSING)
    assert _everything(app) == before


def test_a_refusal_inside_another_service_is_noted_once(app: App) -> None:
    manager = factories.person(app, Role.MANAGER)

    @authority.permits(Role.MANAGER)
    def outer(app: App, actor: Person) -> None:
        readiness.board(app, actor, MISSING)

    with pytest.raises(Forbidden):
        outer(app, manager)
    del authority.RULES[f"{outer.__module__}.outer"]
    assert [subject for subject, _ in _noted(app, manager)] == ["services.readiness.board"]
