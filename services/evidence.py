"""Learning from evidence inside the transaction that brings it, and rebuilding what was learnt.

States are a function of the evidence rows and the calibrations they name: `replay` gives the same bits.
"""

from datetime import datetime

from db import evidence
from db.engine import Connection
from domain.readiness.evaluate import Learner, Row
from domain.readiness.model import NOBODY, NOTHING, Answered, General, Shared, SkillState, Step, learn
from domain.skills import Skill
from services.app import App
from services.authority import unguarded


@unguarded("called by services inside the transaction of an answer they have authorised")
def record(
    connection: Connection,
    *,
    person_id: int,
    item: str,
    skill: Skill,
    kind: str,
    y: float,
    guess: float,
    weight: float,
    now: datetime,
    answer_id: int | None = None,
    exercise_id: int | None = None,
    difficulty: float = 0.0,
) -> Step:
    """Append evidence and learn from it, in the caller's transaction; returns what we expected and the new states.

    `difficulty` is the item's prior on the log-odds scale. Items and offsets are only read: see `fold`.
    """
    number, shared = evidence.newest_calibration(connection, item, now)
    repeat = evidence.got_right(connection, person_id, item)
    answered = Answered(item, y, now, guess, weight, difficulty, repeat)
    general, own = evidence.state(connection, person_id, skill)
    step = learn(general, own, answered, shared)
    evidence.add(
        connection,
        person_id=person_id,
        skill=skill,
        kind=kind,
        answered=answered,
        calibration_id=number,
        answer_id=answer_id,
        exercise_id=exercise_id,
    )
    if weight > 0:
        evidence.keep_state(connection, person_id, skill, step.general, step.skill)
    return step


States = tuple[dict[int, General], dict[tuple[int, Skill], SkillState]]


@unguarded("command line: rebuilds states from evidence")
def rebuilt(app: App) -> States:
    """The states that the evidence gives, computed from nothing."""
    generals: dict[int, General] = {}
    skills: dict[tuple[int, Skill], SkillState] = {}
    right: dict[int, set[str]] = {}
    calibrations: dict[int, Shared] = {}
    with app.db.read() as connection:
        for past in evidence.history(connection):
            if past.calibration_id not in calibrations:
                calibrations[past.calibration_id] = evidence.find_calibration(connection, past.calibration_id)
            answered = past.with_repeat(right.setdefault(past.person_id, set()))
            if answered.weight <= 0:
                continue
            key = (past.person_id, past.skill)
            step = learn(
                generals.get(past.person_id, NOBODY),
                skills.get(key, NOTHING),
                answered,
                calibrations[past.calibration_id],
            )
            generals[past.person_id], skills[key] = step.general, step.skill
            if answered.y > 0.5:
                right[past.person_id].add(answered.item)
    return generals, skills


@unguarded("command line: replaces states by what the evidence gives")
def replay(app: App) -> tuple[int, int]:
    """Rebuild all states in one transaction; returns (states, how many of them differed from what was stored)."""
    generals, skills = rebuilt(app)

    def work(connection: Connection) -> int:
        stored_generals, stored_skills = evidence.all_states(connection)
        wrong = sum(stored_generals.get(person) != state for person, state in generals.items())
        wrong += sum(stored_skills.get(key) != state for key, state in skills.items())
        wrong += len(stored_generals.keys() - generals.keys()) + len(stored_skills.keys() - skills.keys())
        if wrong:
            evidence.forget_states(connection)
            for (person_id, skill), own in skills.items():
                evidence.keep_state(connection, person_id, skill, generals[person_id], own)
        return wrong

    return len(generals) + len(skills), app.db.write(work)


@unguarded("command line: folds answers into item difficulties and offsets")
def fold(app: App) -> int:
    """Learn items and offsets from all evidence and put them to use from the next answer on; returns how many items.

    Past evidence keeps the calibration it was learnt with, so nobody's past changes.
    """
    learner = Learner()
    with app.db.read() as connection:
        for past in evidence.history(connection):
            a = past.answered
            if a.weight > 0:
                row = Row(str(past.person_id), a.item, past.skill.value, a.at, a.y, a.guess)
                learner.step(row, a.weight, a.prior)
    now = app.now()
    shared = learner.shared()
    app.db.write(lambda c: evidence.add_calibration(c, shared, now))
    return len(shared.items)
