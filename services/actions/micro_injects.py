"""Micro-injects: one decision of a scenario put to the people concerned, to see whether an action has worked.

It takes a minute. Answered well by everybody it closes the action; and like any decision it counts as evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from db import actions as rows
from db import audit, exercises, people
from db.actions import MicroInject
from db.engine import Connection
from db.receipts import Receipt, once
from domain.action import PASSED
from domain.exercise import State
from domain.exercise.variant import draw
from domain.exercise.view import order
from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from domain.review import WORTH
from domain.scenario import Choice, Decision, Inject, Scenario, option
from services import evidence as learnt
from services import scripts
from services.actions.register import owned
from services.app import App
from services.authority import ANYONE, permits

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A micro-inject that waits for this person, for a list."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Check:
    """A micro-inject as its person sees it: what arrives, what is asked; the answer's worth only afterwards."""

    id: int
    title: str
    setting: str
    inject: Inject | None
    ask: str
    context: str
    options: tuple[tuple[str, str], ...]
    taken: Choice | None
    better: Choice | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A decision that could be put to somebody."""

    scenario: str
    title: str
    decision: str
    ask: str


@permits(Role.SECURITY)
def offers(app: App, actor: Person, action_id: int) -> list[Offer]:
    """Decisions of all scenarios that exercise the skill of the action's finding."""
    with app.db.read() as connection:
        found = owned(connection, actor, action_id)
        finding = rows.find_finding(connection, found.finding_id)
    assert finding is not None
    return [
        Offer(slug, scenario.title, decision.id, decision.ask)
        for slug, scenario in sorted(app.content().scenarios.items())
        for decision in scenario.decisions
        if finding.skill in decision.skills
    ]


@permits(Role.SECURITY)
def send(app: App, actor: Person, action_id: int, *, scenario: str, decision: str, person_ids: Sequence[int]) -> int:
    """Put a decision to people; returns to how many. Whoever has it already does not get it twice."""
    value, text = scripts.written(app.content(), scenario)
    if decision not in {each.id for each in value.decisions}:
        raise Refused("There is no such decision in this scenario.")
    if not person_ids:
        raise Refused("Choose at least one person.")
    now, seed = app.now(), app.seeds()

    def work(connection: Connection) -> int:
        found = owned(connection, actor, action_id, lock=True)
        if found.status != "done":
            raise Refused("A re-test comes when the action is done, and closes it. This one is not waiting for one.")
        digest = exercises.keep_script(connection, text)
        sent = 0
        for person_id in person_ids:
            person = people.find(connection, person_id)
            if person is None or not person.active or person.has(Role.GUEST):
                raise Refused("Choose people with an open account.")
            sent += rows.send(
                connection, action_id=action_id, digest=digest, scenario=scenario, decision=decision, seed=seed,
                person_id=person_id, sent_by=actor.id, now=now,
            )  # fmt: skip
        detail = {"scenario": scenario, "decision": decision, "people": sent}
        audit.add(
            connection, now=now, actor=actor, action="micro-inject sent", subject=f"action {action_id}", detail=detail
        )
        return sent

    return app.db.write(work)


@permits(*ANYONE)
def waiting(app: App, actor: Person) -> list[Waiting]:
    """Micro-injects that this person has not answered yet."""
    with app.db.read() as connection:
        found = [each for each in rows.micro_injects(connection, person_id=actor.id) if each.answered_at is None]
        return [Waiting(each.id, _played(connection, each)[0].title) for each in found]


@permits(Role.SECURITY)
def sent(app: App, actor: Person, action_id: int) -> list[MicroInject]:
    """To whom decisions were put for an action, and how they answered."""
    with app.db.read() as connection:
        owned(connection, actor, action_id)
        return list(rows.micro_injects(connection, action_id=action_id))


def _played(connection: Connection, found: MicroInject) -> tuple[Scenario, Decision]:
    """The scenario as it was when the decision was put, with dials drawn for it."""
    plain = scripts.kept(connection, found.digest, State()).scenario
    dials = draw(plain, found.seed, {})
    scenario = scripts.kept(connection, found.digest, State(dials=dials)).scenario
    return scenario, scenario.decision(found.decision)


def _own(connection: Connection, actor: Person, key: int) -> MicroInject:
    found = rows.find_micro_inject(connection, key)
    if found is None or found.person_id != actor.id:
        raise Forbidden("There is no such question for you.")
    return found


@permits(*ANYONE)
def check(app: App, actor: Person, key: int) -> Check:
    """A micro-inject as it stands for its person."""
    with app.db.read() as connection:
        found = _own(connection, actor, key)
        scenario, decision = _played(connection, found)
    taken = option(decision, found.option) if found.answered_at else None
    best = max(decision.options, key=lambda each: WORTH[each.rating])
    return Check(
        id=found.id,
        title=scenario.title,
        setting=scenario.setting,
        inject=next((inject for inject in scenario.injects if decision.id in inject.asks), None),
        ask=decision.ask,
        context=decision.context or "",
        options=order(decision, found.seed),
        taken=taken,
        better=best if taken and WORTH[best.rating] > WORTH[taken.rating] else None,
    )


@permits(*ANYONE)
def answer(app: App, actor: Person, key: int, chosen: str, reason: str = "") -> Receipt:
    """Keep the answer, learn from it, and close the action when everybody has answered well. The first answer counts."""
    now = app.now()

    def work(connection: Connection) -> Receipt:
        found = _own(connection, actor, key)
        _, decision = _played(connection, found)
        if chosen not in {each.id for each in decision.options}:
            raise Refused("That is not one of the options.")
        taken = option(decision, chosen)

        def write() -> dict[str, str]:
            rows.answer(connection, key, option=chosen, reason=reason.strip()[:LONGEST], rating=taken.rating, now=now)
            for skill in decision.skills:
                learnt.record(
                    connection,
                    person_id=actor.id,
                    item=f"{found.scenario}/{decision.id}/{skill.value}"[:140],
                    skill=skill,
                    kind="vote",
                    y=WORTH[taken.rating],
                    guess=1 / len(decision.options),
                    weight=1.0,
                    now=now,
                )
            _close(app, connection, found.action_id)
            return {"rating": taken.rating}

        return once(connection, f"micro-inject:{key}", actor.id, {"option": chosen}, now, write)

    return app.db.write(work)


def _close(app: App, connection: Connection, action_id: int) -> None:
    """Close the action when everybody who was asked has answered, and well."""
    asked = rows.micro_injects(connection, action_id=action_id)
    action = rows.find_action(connection, action_id, lock=True)
    passed = all(each.rating in PASSED for each in asked)
    if action is not None and action.status == "done" and passed:
        said = f"Micro-inject, answered well by {', '.join(sorted({each.person for each in asked}))}"
        rows.change_action(connection, action_id, status="verified", verified_at=app.now(), verified_by=said)
