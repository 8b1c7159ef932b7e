"""Every service around a live exercise, asked by somebody of another table: nothing is told, nothing changes, it is noted.

The walk finds the functions by itself and fills their other arguments by name; a name that is new fails until it is here.
"""

import importlib
import inspect
import pkgutil
from datetime import timedelta
from typing import Any

import services
from domain.paper_run import PaperRun
from domain.people import Person, Role
from domain.refusal import Forbidden
from domain.skills import Skill
from services import authority, hot_wash
from services.actions import micro_injects, register
from services.app import App
from services.live import conduct, plan
from tests import factories
from tests.services.test_others_ids import TABLES, _everything, _noted

for module in pkgutil.walk_packages(services.__path__, "services."):
    importlib.import_module(module.name)

OWNED = {"exercise_id", "finding_id", "action_id", "key"}
"""What names something of a table: an exercise, what it led to, a question put to one person."""

SECURITYS = {
    f"services.actions.{name}"
    for name in (
        "register.done", "register.reopen", "register.retests", "register.verify",
        "micro_injects.offers", "micro_injects.send", "micro_injects.sent",
    )
}  # fmt: skip
"""The security team keeps the register of all actions; test_actions.py shows what it may do with them."""

WORDS = {"decision", "option", "reason", "why", "seat", "text", "inject", "title", "base", "fact", "letter", "key", "chosen",
         "retest", "scenario"}  # fmt: skip


def _firm(app: App) -> dict[str, int]:
    """A finished exercise with a finding, an action and a micro-inject, of people who are none of the test's business."""
    robin, kim = factories.person(app, Role.SECURITY), factories.person(app)
    number = plan.plan(app, robin, "results-page", key="k")
    plan.seat(app, robin, number, kim.id, "player", "lead")
    conduct.start(app, robin, number)
    conduct.end(app, robin, number)
    hot_wash.write(app, kim, number, 0, "a card", key="c")
    finding = int(register.find(app, robin, number, skill=Skill.AUTHORITIES, text="late", key="f").result["finding"])
    due = app.now().date()
    given = register.act(
        app, robin, finding, text="mend", owner_id=kim.id, due_on=due, priority="low", retest="again", key="a"
    )
    action = int(given.result["action"])
    register.done(app, kim, action)
    offer = micro_injects.offers(app, robin, action)[0]
    micro_injects.send(app, robin, action, scenario=offer.scenario, decision=offer.decision, person_ids=[kim.id])
    (waiting,) = micro_injects.waiting(app, kim)
    return {"exercise_id": number, "finding_id": finding, "action_id": action, "key": waiting.id}


def _argument(app: App, me: Person, name: str, annotation: str) -> Any:
    now = app.now()
    given: dict[str, Any] = {
        "seen": "players" if "players" in annotation else 0,
        "to": timedelta(hours=1),
        "until": timedelta(hours=1),
        "lasted": timedelta(hours=1),
        "began": now - timedelta(hours=2),
        "run": PaperRun((), "T+1h"),
        "planned_for": None,
        "due_on": now.date(),
        "person_id": me.id,
        "owner_id": me.id,
        "person_ids": [me.id],
        "card_id": 1,
        "question": 0,
        "version": 0,
        "speed": 2.0,
        "given": True,
        "skill": Skill.SPOT,
        "priority": "low",
        "part": "observer",
    }
    assert name in given or name in WORDS, f"say in this test what `{name}` may be"
    return given.get(name, "words")


def test_nobody_of_another_table_is_told_or_changes_anything(app: App) -> None:
    things = _firm(app)
    stranger = factories.person(app, *(role for role in Role if role is not Role.GUEST))
    before, refused = _everything(app), []
    for name in sorted(authority.RULES):
        if not name.removeprefix("services.").startswith(TABLES) or name in SECURITYS:
            continue
        module, _, last = name.rpartition(".")
        function = getattr(importlib.import_module(module), last)
        parameters = list(inspect.signature(function).parameters.values())[2:]
        if not parameters or parameters[0].name not in OWNED or "int" not in str(parameters[0].annotation):
            continue
        rest = {
            p.name: _argument(app, stranger, p.name, str(p.annotation)) for p in parameters[1:] if p.default is p.empty
        }
        for number in (things[parameters[0].name], 10**6):
            try:
                function(app, stranger, number, **rest)
            except Forbidden:
                refused.append(name)
            else:
                raise AssertionError(f"{name} answered somebody of another table")
    assert len(refused) > 80
    # A service that asks another is refused there, and noted once.
    assert len(_noted(app, stranger)) == len(refused)
    assert _everything(app) == before


def test_an_action_is_its_owners_and_the_security_teams(app: App) -> None:
    things, stranger = _firm(app), factories.person(app)
    for act in (register.done, register.reopen):
        for number in (things["action_id"], 10**6):
            try:
                act(app, stranger, number)
            except Forbidden:
                continue
            raise AssertionError(f"{act.__name__} let a stranger in")
    assert len(_noted(app, stranger)) == 4
