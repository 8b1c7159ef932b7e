"""What one seat may see of an exercise, built from nothing.

A view holds only what has been revealed to that seat. It never holds an inject that is not in play, what an option
is worth, a vote of somebody else before the vote is closed, or what is private to another seat.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.exercise.clocks import Clock, Regimes, clocks, moment
from domain.exercise.events import BOT, Noted, Voted
from domain.exercise.state import Phase, State
from domain.exercise.variant import number
from domain.refusal import Refused
from domain.scenario import Attachment, Decision, Scenario, Seat, option
from domain.skills import Skill


@dataclass(frozen=True, slots=True)
class Message:
    """An inject in play, as one seat received it."""

    id: str
    t: timedelta
    moment: datetime
    channel: str
    sender: str
    title: str
    text: str
    lines: tuple[str, ...]
    private: str  # for this seat only; empty when there is nothing
    skills: tuple[Skill, ...]
    attachments: tuple[Attachment, ...] = ()  # those that this seat gets


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote that has been revealed."""

    seat: str
    title: str
    bot: bool
    option: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A decision the table is waiting for."""

    id: str
    ask: str
    context: str
    skills: tuple[Skill, ...]
    options: tuple[tuple[str, str], ...]  # id and text, in the order of this exercise
    opened: timedelta
    until: timedelta  # a prepared team is done by then
    may_vote: bool
    mine: str | None
    my_reason: str
    voted: int
    voters: int
    ballots: tuple[Ballot, ...]  # empty until the vote is closed
    closed: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision the team has taken, and what it led to."""

    id: str
    ask: str
    option: str
    why: str
    then: str
    t: timedelta


@dataclass(frozen=True, slots=True)
class Place:
    """A seat at the table, and who holds it."""

    id: str
    title: str
    player: str
    bot: bool


@dataclass(frozen=True, slots=True)
class View:
    """One seat's screen."""

    phase: Phase
    seq: int
    t: timedelta
    moment: datetime
    speed: float
    ticking: bool
    title: str
    setting: str
    seat: Seat
    places: tuple[Place, ...]
    clocks: tuple[Clock, ...]  # duties that have begun
    messages: tuple[Message, ...]  # oldest first
    asks: tuple[Ask, ...]
    taken: tuple[Taken, ...]
    facts: tuple[tuple[timedelta, str], ...]
    notes: tuple[tuple[timedelta, str], ...]  # this seat's own


def view(scenario: Scenario, regimes: Regimes, state: State, seat: str, now: datetime) -> View:
    """What `seat` may see at `now`. Raises Refused when the scenario has no such seat."""
    if seat not in {each.id for each in scenario.seats}:
        raise Refused("There is no such seat in this scenario.")
    t = state.clock.at(now)
    facts = sorted((fact.since, fact.fact) for fact in state.facts.values() if fact.since <= t)
    remarks = [remark for remark in state.remarks if isinstance(remark, Noted) and remark.seat == seat]
    return View(
        phase=state.phase,
        seq=state.seq,
        t=t,
        moment=moment(scenario, t),
        speed=state.clock.speed,
        ticking=state.clock.ticks(now),
        title=scenario.title,
        setting=scenario.setting,
        seat=scenario.seat(seat),
        places=tuple(_place(each, state) for each in scenario.seats),
        clocks=tuple(c for c in clocks(scenario, regimes, state, t) if c.deadline.standing != "not_started"),
        messages=tuple(_message(scenario, name, at, seat) for name, at in state.released.items()),
        asks=tuple(_ask(scenario, state, name, seat) for name in state.open),
        taken=tuple(_taken(scenario, state, name) for name in state.decided),
        facts=tuple((since, scenario.fact(name).text) for since, name in facts),
        notes=tuple((remark.t, remark.text) for remark in remarks),
    )


def _place(seat: Seat, state: State) -> Place:
    player = state.players.get(seat.id, "")
    return Place(seat.id, seat.title, "" if player == BOT else player, player == BOT)


def _message(scenario: Scenario, name: str, t: timedelta, seat: str) -> Message:
    inject = scenario.inject(name)
    return Message(
        id=name,
        t=t,
        moment=moment(scenario, t),
        channel=inject.channel,
        sender=inject.sender,
        title=inject.title,
        text=inject.text,
        lines=inject.lines,
        private=inject.private.get(seat, ""),
        skills=inject.skills,
        attachments=tuple(each for each in inject.attachments if not each.seats or seat in each.seats),
    )


def order(decision: Decision, seed: int) -> tuple[tuple[str, str], ...]:
    """Options as id and text in the order of one exercise, so that the best one has no place of its own."""
    ranked = sorted(decision.options, key=lambda choice: number(seed, decision.id, choice.id))
    return tuple((choice.id, choice.text) for choice in ranked)


def _ask(scenario: Scenario, state: State, name: str, seat: str) -> Ask:
    decision = scenario.decision(name)
    votes = state.votes.get(name, {})
    mine = votes.get(seat)
    opened = state.opened[name].t
    closed = name in state.closed
    return Ask(
        id=name,
        ask=decision.ask,
        context=decision.context or "",
        skills=decision.skills,
        options=order(decision, state.seed),
        opened=opened,
        until=opened + decision.within,
        may_vote=seat in scenario.voters(decision) and not closed,
        mine=mine.option if mine else None,
        my_reason=mine.reason if mine else "",
        voted=len(votes),
        voters=len(scenario.voters(decision)),
        ballots=tuple(_ballot(scenario, state, decision, vote) for vote in votes.values()) if closed else (),
        closed=closed,
    )


def _ballot(scenario: Scenario, state: State, decision: Decision, vote: Voted) -> Ballot:
    bot = state.players.get(vote.seat) == BOT
    text = option(decision, vote.option).text
    return Ballot(vote.seat, scenario.seat(vote.seat).title, bot, vote.option, text, vote.reason)


def _taken(scenario: Scenario, state: State, name: str) -> Taken:
    taken = state.decided[name]
    decision = scenario.decision(name)
    choice = option(decision, taken.option)
    return Taken(name, decision.ask, choice.text, taken.why, choice.then, taken.t)
