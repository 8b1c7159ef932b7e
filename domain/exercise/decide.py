"""The rules: what a move leads to, or why it is not allowed.

`decide` changes nothing. Whoever lost a race asks it again with the newer state and gets a sentence or new events.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, assert_never

from domain.condition import first, holds
from domain.exercise import moves
from domain.exercise.events import (
    Counted,
    Decided,
    Drafted,
    Ended,
    Established,
    Event,
    Freed,
    HandedOver,
    Held,
    Improvised,
    Judged,
    Left,
    Noted,
    Nudged,
    Observed,
    Opened,
    Paused,
    Planned,
    Released,
    Resumed,
    Seated,
    Skipped,
    SpeedSet,
    Started,
    VoteClosed,
    Voted,
    VoteExtended,
    Withdrawn,
)
from domain.exercise.moves import Move
from domain.exercise.state import State, evolve
from domain.exercise.variant import draw
from domain.letter import LONGEST as DRAFT
from domain.refusal import Refused
from domain.scenario import Decision, Effect, Scenario, option

LONGEST = 2000
"""Characters of a reason or note that are kept."""

SLOWEST, FASTEST = 0.1, 60.0


def decide(scenario: Scenario, state: State, move: Move, now: datetime, actor: str = "") -> tuple[Event, ...]:
    """The events a move leads to at `now`. Raises Refused with a sentence for whoever made it.

    `actor` is written into each event and changes nothing: who may do what is not the engine's affair.
    """
    rules = _Rules(scenario, state, now, actor)
    if state.phase == "ended":
        raise Refused("This exercise is over.")
    if isinstance(move, moves.Plan):
        return rules.plan(move)
    if state.phase == "new":
        raise Refused("This exercise has not been set up yet.")
    return rules.move(move)


def apply(
    scenario: Scenario, state: State, move: Move, now: datetime, actor: str = ""
) -> tuple[State, tuple[Event, ...]]:
    """The state after a move, and the events that led there."""
    events = decide(scenario, state, move, now, actor)
    for event in events:
        state = evolve(state, event)
    return state, events


def upcoming(scenario: Scenario, state: State, t: timedelta) -> tuple[timedelta, str] | None:
    """The next inject that comes by itself if nobody does anything, and when; None when none does."""
    found = []
    known = state.known
    for place, inject in enumerate(scenario.injects):
        if inject.id in state.released or inject.id in state.held or inject.by_hand:
            continue
        turn = first(inject.when, known, max(t, inject.at or timedelta()))
        if turn is not None:
            # Of those that wait already, the one that was written for the earlier moment comes first.
            found.append((turn, inject.at or turn, place, inject.id))
    return (min(found)[0], min(found)[3]) if found else None


def due(scenario: Scenario, state: State, now: datetime) -> bool:
    """Whether Advance would bring anything about at `now`."""
    if state.phase != "running":
        return False
    t = state.clock.at(now)
    turn = upcoming(scenario, state, t)
    return (turn is not None and turn[0] <= t) or bool(_expired(state, t))


def _expired(state: State, t: timedelta) -> list[str]:
    """Votes whose time is up, and that nobody has closed."""
    ends = {name: state.opened[name].until for name in state.open if name not in state.closed}
    return [name for name, until in ends.items() if until is not None and until <= t]


class _Rules:
    """One move being judged: collects events, each rule seeing what those before it led to."""

    def __init__(self, scenario: Scenario, state: State, now: datetime, actor: str) -> None:
        self.scenario = scenario
        self.state = state
        self.now = now
        self.actor = actor
        self.t = state.clock.at(now)
        self.events: list[Event] = []

    def add(self, kind: Callable[..., Event], **body: Any) -> None:
        event = kind(at=self.now, t=self.t, actor=self.actor, **body)
        self.events.append(event)
        self.state = evolve(self.state, event)

    # ── before it starts ──

    def plan(self, move: moves.Plan) -> tuple[Event, ...]:
        if self.state.phase != "new":
            raise Refused("This exercise has been set up already.")
        seats = {seat.id for seat in self.scenario.seats}
        if unknown := sorted(move.players.keys() - seats):
            raise Refused(f"There is no seat “{unknown[0]}” in this scenario.")
        dials = draw(self.scenario, move.seed, move.dials)
        players = {seat.id: move.players.get(seat.id, "") for seat in self.scenario.seats}
        self.add(Planned, players=players, dials=dials, seed=move.seed, alone=move.alone)
        return tuple(self.events)

    # ── moves ──

    def move(self, move: Move) -> tuple[Event, ...]:  # noqa: C901, PLR0912, PLR0915 - one case per move, flat
        match move:
            case moves.Plan():
                raise AssertionError("planned before")
            case moves.Sit():
                self._seat(move.seat)
                self.add(Seated, seat=move.seat, player=move.player)
            case moves.Leave():
                self._seat(move.seat)
                if self.state.players.get(move.seat):
                    self.add(Left, seat=move.seat)
            case moves.HandOver():
                self.add(HandedOver, to=move.to)
            case moves.Start():
                self._phase("planned", "It has started already.")
                self.add(Started, speed=self._speed(move.speed), leash=move.leash, timed=move.timed)
            case moves.Pause():
                self._phase("running", "It is not running.")
                self.add(Paused)
            case moves.Resume():
                self._phase("paused", "It is not paused.")
                self.add(Resumed)
            case moves.SetSpeed():
                self.add(SpeedSet, speed=self._speed(move.speed))
            case moves.Skip():
                self._running()
                if move.to < self.t:
                    raise Refused("The clock does not go back.")
                self._skip(move.to)
            case moves.Advance():
                self._running()
                while (turn := upcoming(self.scenario, self.state, self.t)) and turn[0] <= self.t:
                    self._release(turn[1])
                for name in _expired(self.state, self.t):
                    self.add(VoteClosed, decision=name)
            case moves.Continue():
                self._running()
                self._continue()
            case moves.Release():
                self._running()
                self._not_in_play(move.inject)
                self._release(move.inject)
            case moves.Improvise():
                self._running()
                self._improvise(move)
            case moves.Nudge():
                self._running()
                self._seat(move.seat)
                self.add(Nudged, seat=move.seat)
            case moves.Undo():
                self._undo(move.inject)
            case moves.Hold():
                self._not_in_play(move.inject)
                if move.inject not in self.state.held:
                    self.add(Held, inject=move.inject)
            case moves.Free():
                if move.inject in self.state.held:
                    self.add(Freed, inject=move.inject)
            case moves.Vote():
                self._vote(move)
            case moves.Extend():
                self._vote_open(move.decision)
                if move.until <= max(self.t, self.state.opened[move.decision].until or self.t):
                    raise Refused("The vote runs that long already.")
                self.add(VoteExtended, decision=move.decision, until=move.until)
            case moves.CloseVote():
                self._vote_open(move.decision)
                self.add(VoteClosed, decision=move.decision)
            case moves.Decide():
                self._decide(move)
            case moves.Establish():
                if move.fact not in {fact.id for fact in self.scenario.facts}:
                    raise Refused("This scenario knows no such fact.")
                self._establish(move.fact, self.t, "facilitator")
            case moves.Observe():
                self._observe(move)
            case moves.Note():
                self._seat(move.seat)
                self.add(Noted, seat=move.seat, text=_text(move.text))
            case moves.Draft():
                self._draft(move)
            case moves.End():
                self.add(Ended, why=move.why[:LONGEST])
            case _:
                assert_never(move)
        return tuple(self.events)

    def _continue(self) -> None:
        if self.state.open:
            raise Refused("The table is waiting for a decision. Take it first.")
        turn = upcoming(self.scenario, self.state, self.t)
        if turn is None:
            self.add(Ended, why="Everything has been played.")
            return
        if turn[0] > self.t:
            self._skip(turn[0])
        self._release(turn[1])

    def _skip(self, to: timedelta) -> None:
        self.add(Skipped, to=to)
        self.t = to

    def _release(self, name: str) -> None:
        inject = self.scenario.inject(name)
        self.add(Released, inject=name)
        for effect in inject.effects:
            self._effect(effect, name)
        for decision in inject.asks:
            if decision not in self.state.opened:
                until = self.t + self.scenario.decision(decision).within if self.state.timed else None
                self.add(Opened, decision=decision, by=name, until=until)

    def _improvise(self, move: moves.Improvise) -> None:
        for seat in move.seats:
            self._seat(seat)
        name = f"+{self.state.seq + 1}"  # no slug, so no inject of any script is called like it
        title = _text(move.title)[:300]
        sender = move.sender.strip()[:300] or "Exercise control"
        text = _text(move.text)
        self.add(Improvised, inject=name, channel=move.channel, sender=sender, title=title, text=text, seats=move.seats)

    def _observe(self, move: moves.Observe) -> None:
        if move.objective and move.objective not in {each.id for each in self.scenario.objectives}:
            raise Refused("This scenario has no such objective.")
        if move.rating is not None and not move.objective:
            raise Refused("Say which objective this rating is about.")
        text = move.text.strip()[:LONGEST] if move.rating is not None else _text(move.text)
        self.add(Observed, by=move.by, text=text, about=move.about[:64], objective=move.objective, rating=move.rating)

    def _undo(self, wanted: str) -> None:
        if not self.state.sent:
            raise Refused("Nothing has been sent yet.")
        last = self.state.sent[-1]
        if wanted and wanted != last:
            raise Refused("Something else has been sent since; only the last one can be taken back.")
        if any(opened.by == last and name in self.state.decided for name, opened in self.state.opened.items()):
            raise Refused("The team has already decided on this one; it cannot be taken back.")
        self.add(Withdrawn, inject=last)

    def _vote(self, move: moves.Vote) -> None:
        decision = self._open(move.decision)
        self._choice(decision, move.option)
        if move.seat not in self.scenario.voters(decision):
            raise Refused("This seat is not asked for this decision.")
        until = self.state.opened[move.decision].until
        if move.decision in self.state.closed or (until is not None and until <= self.t):
            raise Refused("This vote is closed. The team decides now.")
        before = self.state.votes.get(move.decision, {}).get(move.seat)
        reason = move.reason.strip()[:LONGEST]
        if before is None or (before.option, before.reason, before.sure) != (move.option, reason, move.sure):
            said = {"option": move.option, "reason": reason, "sure": move.sure}
            self.add(Voted, decision=move.decision, seat=move.seat, **said)

    def _draft(self, move: moves.Draft) -> None:
        self._running()
        letter = next((each for each in self.scenario.letters if each.id == move.letter), None)
        if letter is None or not holds(letter.when, self.state.known, self.t):
            raise Refused("There is no such letter on the desk.")
        if letter.seats and move.seat not in letter.seats:
            raise Refused("Other seats write this letter. Tell them what should be in it.")
        before = self.state.drafts.get(move.letter, ())
        text = move.text.strip()[:DRAFT]
        if before and before[-1].text == text:
            return
        if len(before) != move.seen:
            raise Refused("Somebody has saved another version meanwhile. Copy your text, read theirs, then save again.")
        self.add(Drafted, letter=move.letter, seat=move.seat, text=text)

    def _decide(self, move: moves.Decide) -> None:
        decision = self._open(move.decision)
        choice = self._choice(decision, move.option)
        if move.decision not in self.state.closed:
            raise Refused("Close the vote first, so that everybody has been heard.")
        why = move.why.strip()[:LONGEST]
        self.add(Decided, decision=move.decision, option=move.option, by=move.by, why=why)
        for effect in choice.effects:
            self._effect(effect, move.decision)

    def _effect(self, effect: Effect, because: str) -> None:
        if not holds(effect.when, self.state.known, self.t):
            return
        if effect.fact is not None:
            self._establish(effect.fact, self.t + (effect.after or timedelta()), because)
        elif effect.people is not None:
            self.add(Counted, people=effect.people, because=because)
        else:
            kinds = {"risk": effect.risk, "protection": effect.protection, "exposure": effect.exposure}
            self.add(Judged, because=because, **kinds)

    def _establish(self, fact: str, since: timedelta, because: str) -> None:
        # What was so earlier stays so: a clock that started does not start again.
        before = self.state.facts.get(fact)
        if before is None or since < before.since:
            self.add(Established, fact=fact, since=since, because=because)

    # ── what must hold ──

    def _phase(self, phase: str, sentence: str) -> None:
        if self.state.phase != phase:
            raise Refused(sentence)

    def _running(self) -> None:
        if self.state.phase == "paused":
            raise Refused("The exercise is paused.")
        self._phase("running", "The exercise has not started yet.")

    def _seat(self, name: str) -> None:
        if name not in {seat.id for seat in self.scenario.seats}:
            raise Refused("There is no such seat in this scenario.")

    def _not_in_play(self, name: str) -> None:
        if name not in {inject.id for inject in self.scenario.injects}:
            raise Refused("There is no such inject in this scenario.")
        if name in self.state.released:
            raise Refused("This has been sent already.")

    def _open(self, name: str) -> Decision:
        self._running()
        if name in self.state.decided:
            raise Refused("The team has already decided this.")
        if name not in self.state.opened:
            raise Refused("This decision is not open.")
        return self.scenario.decision(name)

    def _vote_open(self, name: str) -> None:
        self._open(name)
        if name in self.state.closed:
            raise Refused("This vote is closed already.")

    def _choice(self, decision: Decision, name: str) -> Any:
        try:
            return option(decision, name)
        except KeyError:
            raise Refused("That is not one of the options.") from None

    def _speed(self, speed: float) -> float:
        if not SLOWEST <= speed <= FASTEST:
            raise Refused(f"The clock runs between {SLOWEST:g} and {FASTEST:g} times as fast as ours.")
        return speed


def _text(text: str) -> str:
    text = text.strip()[:LONGEST]
    if not text:
        raise Refused("There is nothing written yet.")
    return text
