"""Playing an exercise alone: start, move, see, look back. The log of events is the only truth.

An exercise is played to its end from the text it was started with, whatever happens to the file. Nothing unrevealed
leaves this module before the exercise is over.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from db import exercises, live, receipts
from db.engine import Connection
from db.exercises import Exercise
from db.receipts import Receipt
from domain import solo
from domain.exercise import Event, State, View, apply, evolve, moves, replay, upcoming, view
from domain.people import Person
from domain.refusal import Forbidden, Refused
from domain.review import Evidence, Review, about, evidence, review
from domain.scenario import Scenario
from services import evidence as learnt
from services import scripts
from services.app import App
from services.authority import ANYONE, permits
from services.learning import AGAIN
from services.scripts import Script


@dataclass(frozen=True, slots=True)
class Offer:
    """A scenario that can be played."""

    slug: str
    scenario: Scenario
    open: int | None  # the person's running exercise of it
    played: int


@dataclass(frozen=True, slots=True)
class Run:
    """One of the person's exercises, for a list."""

    exercise: Exercise
    title: str


@dataclass(frozen=True, slots=True)
class Screen:
    """The person's screen in a running exercise."""

    exercise: Exercise
    view: View
    more: bool  # whether anything is still to come
    decided: bool  # whether the last thing that happened is the team's decision, not an inject
    receipt: Receipt | None  # of the last act


@dataclass(frozen=True, slots=True)
class Looking:
    """A finished exercise, and what it said about the person."""

    exercise: Exercise
    review: Review
    evidence: tuple[Evidence, ...]
    votes: Mapping[str, str]  # the person's own vote by decision
    names: Mapping[str, str]  # by seat: who sat there; empty for an exercise played alone
    part: str  # what the person was: player, deputy, observer, facilitator


def _load(connection: Connection, exercise: Exercise) -> tuple[Script, State, tuple[Event, ...]]:
    log = exercises.events(connection, exercise.id)
    state = replay(log)
    return scripts.kept(connection, exercise.digest, state), state, log


def _own(
    connection: Connection, actor: Person, exercise_id: int, *, mode: str = "solo", lock: bool = False
) -> Exercise:
    found = exercises.find(connection, exercise_id, actor.id, mode=mode, lock=lock)
    if found is None:
        raise Forbidden("There is no such exercise of yours.")
    return found


# ── before ────────────────────────────────────────────────────────────────────────────────────────────────────


def _open(run: Exercise, slug: str) -> bool:
    return run.mode == "solo" and run.scenario == slug and run.ended_at is None


@permits(*ANYONE)
def offers(app: App, actor: Person) -> list[Offer]:
    """Every scenario, and how the person stands with it."""
    with app.db.read() as connection:
        mine = exercises.of_person(connection, actor.id)
    found = []
    for slug, scenario in sorted(app.content().scenarios.items(), key=lambda item: item[1].title):
        running = next((run.id for run in mine if _open(run, slug)), None)
        played = sum(run.scenario == slug and run.ended_at is not None for run in mine)
        found.append(Offer(slug, scenario, running, played))
    return found


@permits(*ANYONE)
def mine(app: App, actor: Person) -> list[Run]:
    """The exercises the person plays or played alone, and those played with others that are over; newest first."""
    with app.db.read() as connection:
        every = exercises.of_person(connection, actor.id)
        found = [run for run in every if run.mode == "solo" or run.ended_at is not None]
        titles = {
            run.digest: json.loads(exercises.script(connection, run.digest))["scenario"]["title"] for run in found
        }
    return [Run(run, titles[run.digest]) for run in found]


@permits(*ANYONE)
def start(
    app: App, actor: Person, slug: str, *, seat: str | None = None, dials: Mapping[str, str] | None = None
) -> int:
    """The person's running exercise of a scenario, or a new one with bots on the other seats; returns its number."""
    scenario, text = scripts.written(app.content(), slug)
    seed, now, chair = app.seeds(), app.now(), seat or scenario.leads
    player = str(actor.id)
    opening = solo.begin(scenario, seat=chair, player=player, seed=seed, dials=dials or {}, now=now)

    def work(connection: Connection) -> int:
        for run in exercises.of_person(connection, actor.id):
            if _open(run, slug):
                return run.id
        number = exercises.add(
            connection,
            scenario=slug,
            script=exercises.keep_script(connection, text),
            mode="solo",
            seed=seed,
            owner_id=actor.id,
            seat=chair,
            now=now,
        )
        exercises.append(connection, number, 0, opening)
        return number

    return app.db.write(work)


# ── during ────────────────────────────────────────────────────────────────────────────────────────────────────


@permits(*ANYONE)
def screen(app: App, actor: Person, exercise_id: int) -> Screen:
    """What the person's seat may see now."""
    now = app.now()
    with app.db.read() as connection:
        exercise = _own(connection, actor, exercise_id)
        script, state, log = _load(connection, exercise)
    seen = view(script.scenario, script.regimes, state, exercise.seat, now)
    more = upcoming(script.scenario, state, seen.t) is not None
    acted = [event for event in log if event.kind in {"voted", "decided"}]
    turns = [event.kind for event in log if event.kind in {"released", "decided"}]
    receipt = Receipt(f"exercise:{exercise.id}:{len(acted)}", acted[-1].at, {}) if acted else None
    return Screen(exercise, seen, more, turns[-1:] == ["decided"], receipt)


Act = Callable[[Scenario, State, str, datetime], tuple[Event, ...]]


def _move(app: App, actor: Person, exercise_id: int, key: str, payload: object, act: Act) -> Receipt:
    """Ask the rules with the newest state, and keep what they say. The same act twice is once."""
    now = app.now()

    def work(connection: Connection) -> Receipt:
        exercise = _own(connection, actor, exercise_id, lock=True)

        def write() -> dict[str, int]:
            script, state, _ = _load(connection, exercise)
            events = act(script.scenario, state, exercise.seat, now)
            exercises.append(connection, exercise.id, state.seq, events)
            for event in events:
                state = evolve(state, event)
            if any(event.kind == "ended" for event in events):
                exercises.end(connection, exercise.id, now)
                _learn(connection, actor, exercise, script.scenario, state, now)
            return {"seq": state.seq}

        return receipts.once(connection, f"exercise:{exercise_id}:{key}", actor.id, payload, now, write)

    return app.db.write(work)


@permits(*ANYONE)
def vote(
    app: App,
    actor: Person,
    exercise_id: int,
    decision: str,
    option: str,
    reason: str = "",
    *,
    sure: bool | None = None,
) -> Receipt:
    """Vote blind, perhaps saying how sure one is; then the bots vote, and all is shown. The first vote counts."""

    def act(scenario: Scenario, state: State, seat: str, now: datetime) -> tuple[Event, ...]:
        return solo.vote(
            scenario, state, seat=seat, decision=decision, option=option, reason=reason, now=now, sure=sure
        )

    return _move(app, actor, exercise_id, f"vote:{decision}", {"option": option}, act)


@permits(*ANYONE)
def decide(app: App, actor: Person, exercise_id: int, decision: str, option: str, why: str = "") -> Receipt:
    """Decide for the team, after the votes were shown."""

    def act(scenario: Scenario, state: State, seat: str, now: datetime) -> tuple[Event, ...]:
        return solo.decide(scenario, state, seat=seat, decision=decision, option=option, why=why, now=now)

    return _move(app, actor, exercise_id, f"decide:{decision}", {"option": option}, act)


@permits(*ANYONE)
def go_on(app: App, actor: Person, exercise_id: int, seen: int) -> Receipt:
    """On to the next thing that happens, from the screen that showed `seen` events.

    When that screen is old (a double click, another tab) nothing happens: the person has not read what came since.
    """

    def act(scenario: Scenario, state: State, _seat: str, now: datetime) -> tuple[Event, ...]:
        return solo.go_on(scenario, state, now) if state.seq == seen else ()

    return _move(app, actor, exercise_id, f"on:{seen}", {}, act)


@permits(*ANYONE)
def draft(app: App, actor: Person, exercise_id: int, letter: str, text: str, version: int) -> Receipt:
    """Save a letter at the draft desk, written on top of its draft `version`."""

    def act(scenario: Scenario, state: State, seat: str, now: datetime) -> tuple[Event, ...]:
        return apply(scenario, state, moves.Draft(letter, seat, text, version), now)[1]

    key = f"draft:{letter}:{version}:{receipts.digest(text)[:12]}"
    return _move(app, actor, exercise_id, key, {"text": text}, act)


@permits(*ANYONE)
def note(app: App, actor: Person, exercise_id: int, text: str, key: str) -> Receipt:
    """Write a private note; `key` tells one note from the same text written twice."""

    def act(scenario: Scenario, state: State, seat: str, now: datetime) -> tuple[Event, ...]:
        return apply(scenario, state, moves.Note(seat, text), now)[1]

    return _move(app, actor, exercise_id, f"note:{key}", {"text": text}, act)


@permits(*ANYONE)
def stop(app: App, actor: Person, exercise_id: int) -> Receipt:
    """End it before its time; what was decided so far counts."""

    def act(scenario: Scenario, state: State, _seat: str, now: datetime) -> tuple[Event, ...]:
        return apply(scenario, state, moves.End("Stopped by the player."), now)[1] if state.phase != "ended" else ()

    return _move(app, actor, exercise_id, "stop", {}, act)


def _learn(
    connection: Connection, actor: Person, exercise: Exercise, scenario: Scenario, state: State, now: datetime
) -> None:
    """What the exercise says about the person becomes evidence; less of it when they know the story already."""
    before = exercises.of_person(connection, actor.id)
    again = any(run.scenario == exercise.scenario and run.id < exercise.id for run in before)
    for found in evidence(scenario, exercise.scenario, state, exercise.seat):
        learnt.record(
            connection,
            person_id=actor.id,
            item=found.item[:140],
            skill=found.skill,
            kind=found.kind,
            y=found.y,
            guess=found.guess,
            weight=found.weight * (AGAIN if again else 1.0),
            now=now,
            exercise_id=exercise.id,
        )


# ── after ─────────────────────────────────────────────────────────────────────────────────────────────────────


@permits(*ANYONE)
def debrief(app: App, actor: Person, exercise_id: int) -> Looking:
    """The debrief of a finished exercise, for whoever sat, ran or watched. Raises Refused while it is being played."""
    with app.db.read() as connection:
        exercise = _own(connection, actor, exercise_id, mode="")
        script, state, log = _load(connection, exercise)
        everybody = live.members(connection, exercise_id) if exercise.mode == "live" else ()
    if state.phase != "ended":
        raise Refused("The debrief comes when the exercise is over.")
    me, seat = str(actor.id), exercise.seat
    part = next((member.part for member in everybody if member.person_id == actor.id), "player")
    if everybody:
        found = about(script.scenario, exercise.scenario, state, log, part=part, seat=seat, player=me)
    else:
        found = evidence(script.scenario, exercise.scenario, state, seat)
    own = {name: cast[seat] for name, cast in state.votes.items() if seat in cast}
    names: dict[str, str] = {}
    for member in everybody:
        if member.seat:
            names[member.seat] = ", ".join(each for each in (names.get(member.seat), member.name) if each)
    return Looking(
        exercise=exercise,
        review=review(script.scenario, script.regimes, state, log),
        evidence=found,
        votes={name: vote.option for name, vote in own.items() if not everybody or vote.actor == me},
        names=names,
        part=part,
    )
