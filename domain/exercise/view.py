"""What one seat may see of an exercise, built from nothing.

A view holds only what has been revealed to that seat. It never holds an inject that is not in play, what an option
is worth, a vote of somebody else before the vote is closed, or what is private to another seat.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.condition import holds
from domain.exercise.clocks import Clock, Regimes, clocks, moment
from domain.exercise.events import BOT, Improvised, Noted, Voted
from domain.exercise.state import Phase, State
from domain.exercise.variant import number
from domain.letter import Examined, examine
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
    sure: bool | None = None


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
    closes: timedelta | None  # the vote closes by itself then
    may_vote: bool
    mine: str | None
    my_reason: str
    voted: int
    voters: int
    ballots: tuple[Ballot, ...]  # empty until the vote is closed
    closed: bool
    my_sure: bool | None = None


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
class Desk:
    """A letter on the draft desk, as it stands."""

    id: str
    title: str
    text: str
    by: str  # the seat that wrote last; empty before anybody has
    t: timedelta
    version: int
    may_write: bool
    examined: Examined


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
    notes: tuple[tuple[timedelta, str], ...]  # this person's own
    desk: tuple[Desk, ...]  # letters to write
    nudged: bool  # the table waits for this seat, and the facilitator has said so


def view(
    scenario: Scenario, regimes: Regimes, state: State, seat: str, now: datetime, player: str | None = None
) -> View:
    """What `seat` may see at `now`. Raises Refused when the scenario has no such seat.

    Several people may share a seat, or hold it one after the other: with `player`, notes are that person's alone.
    """
    if seat not in {each.id for each in scenario.seats}:
        raise Refused("There is no such seat in this scenario.")
    t = state.clock.at(now)
    facts = sorted((fact.since, fact.fact) for fact in state.facts.values() if fact.since <= t)
    notes = [remark for remark in state.remarks if isinstance(remark, Noted)]
    if player is None:
        notes = [note for note in notes if note.seat == seat]
    else:
        notes = [note for note in notes if note.actor == player]
    asks = tuple(ask_of(scenario, state, name, seat) for name in state.open)
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
        places=places(scenario, state),
        clocks=tuple(c for c in clocks(scenario, regimes, state, t) if c.deadline.standing != "not_started"),
        messages=messages(scenario, state, seat),
        asks=asks,
        taken=tuple(taken_of(scenario, state, name) for name in state.decided),
        facts=tuple((since, scenario.fact(name).text) for since, name in facts),
        notes=tuple((note.t, note.text) for note in notes),
        desk=desk(scenario, state, seat, t),
        nudged=any(ask.may_vote and ask.mine is None and state.nudged.get(seat, _NEVER) >= ask.opened for ask in asks),
    )


_NEVER = timedelta(days=-1)


def desk(scenario: Scenario, state: State, seat: str | None, t: timedelta) -> tuple[Desk, ...]:
    """The letters that can be written at `t`, each with what the desk says of its newest draft."""
    found = []
    for letter in scenario.letters:
        if not holds(letter.when, state.known, t):
            continue
        written = state.drafts.get(letter.id, ())
        text = written[-1].text if written else letter.opening or ""
        found.append(
            Desk(
                id=letter.id,
                title=letter.title,
                text=text,
                by=scenario.seat(written[-1].seat).title if written else "",
                t=written[-1].t if written else t,
                version=len(written),
                may_write=state.phase == "running" and (not letter.seats or seat in letter.seats),
                examined=examine(letter, text, state.known, t),
            )
        )
    return tuple(found)


def places(scenario: Scenario, state: State) -> tuple[Place, ...]:
    """All seats, and who holds them."""
    held = ((seat, state.players.get(seat.id, "")) for seat in scenario.seats)
    return tuple(Place(seat.id, seat.title, "" if who == BOT else who, who == BOT) for seat, who in held)


def messages(scenario: Scenario, state: State, seat: str | None) -> tuple[Message, ...]:
    """What has been sent to `seat`, oldest first; without a seat only what everybody may read."""
    found = []
    for name in state.sent:
        improvised = state.improvised.get(name)
        if improvised is None:
            found.append(_message(scenario, name, state.released[name], seat))
        elif not improvised.seats or seat in improvised.seats:
            found.append(_improvised(scenario, improvised))
    return tuple(found)


def _improvised(scenario: Scenario, inject: Improvised) -> Message:
    return Message(
        id=inject.inject,
        t=inject.t,
        moment=moment(scenario, inject.t),
        channel=inject.channel,
        sender=inject.sender,
        title=inject.title,
        text=inject.text,
        lines=(),
        private="",
        skills=(),
    )


def _message(scenario: Scenario, name: str, t: timedelta, seat: str | None) -> Message:
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
        private=inject.private.get(seat, "") if seat is not None else "",
        skills=inject.skills,
        attachments=tuple(each for each in inject.attachments if not each.seats or seat in each.seats),
    )


def order(decision: Decision, seed: int) -> tuple[tuple[str, str], ...]:
    """Options as id and text in the order of one exercise, so that the best one has no place of its own."""
    ranked = sorted(decision.options, key=lambda choice: number(seed, decision.id, choice.id))
    return tuple((choice.id, choice.text) for choice in ranked)


def awaited(scenario: Scenario, state: State, decision: Decision) -> tuple[str, ...]:
    """The seats whose vote the table waits for: those that are asked and that somebody holds."""
    return tuple(seat for seat in scenario.voters(decision) if state.players.get(seat))


def ask_of(scenario: Scenario, state: State, name: str, seat: str | None) -> Ask:
    """An open decision as `seat` sees it, or as everybody does who has none."""
    decision = scenario.decision(name)
    votes = state.votes.get(name, {})
    mine = votes.get(seat) if seat is not None else None
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
        closes=state.opened[name].until,
        may_vote=seat in scenario.voters(decision) and not closed,
        mine=mine.option if mine else None,
        my_reason=mine.reason if mine else "",
        voted=len(votes),
        voters=len({*awaited(scenario, state, decision), *votes}),
        ballots=ballots(scenario, state, name) if closed else (),
        closed=closed,
        my_sure=mine.sure if mine else None,
    )


def ballots(scenario: Scenario, state: State, name: str) -> tuple[Ballot, ...]:
    """All votes on a decision; whoever shows them has made sure that they may be seen."""
    decision = scenario.decision(name)
    return tuple(_ballot(scenario, state, decision, vote) for vote in state.votes.get(name, {}).values())


def _ballot(scenario: Scenario, state: State, decision: Decision, vote: Voted) -> Ballot:
    bot = state.players.get(vote.seat) == BOT
    text = option(decision, vote.option).text
    return Ballot(vote.seat, scenario.seat(vote.seat).title, bot, vote.option, text, vote.reason, vote.sure)


def taken_of(scenario: Scenario, state: State, name: str) -> Taken:
    """A decision the team has taken."""
    taken = state.decided[name]
    decision = scenario.decision(name)
    choice = option(decision, taken.option)
    return Taken(name, decision.ask, choice.text, taken.why, choice.then, taken.t)
