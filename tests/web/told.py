"""What a played exercise may have told whom, and from when, worked out from its script and its log: not from the code
that draws it.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.exercise import Event
from domain.scenario import Choice, Inject, Scenario
from tests.web.table import Screen, letters

EVER = datetime.min.replace(tzinfo=UTC)
SHORTEST, LONGEST = 20, 60
"""Letters of a sentence: shorter ones could stand anywhere, and the rest of longer ones says nothing new."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text, the screens it may come to, and from when; never when None."""

    text: str
    whose: frozenset[str]
    since: datetime | None = EVER
    shown: bool = True
    """Whether all of these screens have certainly shown it by the end, if it may come to them at all."""

    def open_to(self, name: str, at: datetime) -> bool:
        """Whether it may have come to this screen at this moment."""
        return self.since is not None and name in self.whose and at >= self.since


@dataclass(frozen=True, slots=True)
class Party:
    """Who sits where: screens by seat, those of evaluators, those on the wall."""

    seats: Mapping[str, frozenset[str]]
    evaluators: frozenset[str]
    walls: frozenset[str]

    @property
    def players(self) -> frozenset[str]:
        return frozenset[str]().union(*self.seats.values())

    @property
    def everybody(self) -> frozenset[str]:
        return self.players | self.evaluators | self.walls

    def of(self, seats: Collection[str]) -> frozenset[str]:
        """The screens of some seats."""
        return frozenset[str]().union(*(self.seats[seat] for seat in seats))


NOBODY = frozenset[str]()


def messages(scenario: Scenario, log: Sequence[Event], party: Party) -> Iterator[Words]:
    """What stays on a player's screen, also on that of somebody who comes late: the setting, briefs, injects."""
    released = {event.inject: event.at for event in log if event.kind == "released"}
    yield Words(scenario.setting, party.players)
    yield Words(scenario.setting, party.everybody, shown=False)  # those who watch, until the first message comes
    for seat in scenario.seats:
        yield Words(seat.brief, party.seats[seat.id])
    for inject in scenario.injects:
        yield from _inject(inject, released.get(inject.id), party)


def rest(scenario: Scenario, log: Sequence[Event], party: Party) -> Iterator[Words]:
    """All other texts of the script: decisions, facts, objectives, letters, the debrief."""
    opened = {event.decision: event.at for event in log if event.kind == "opened"}
    decided = {(event.decision, event.option): event.at for event in log if event.kind == "decided"}
    facts = {event.fact: event.at for event in log if event.kind == "established"}
    for decision in scenario.decisions:
        since = opened.get(decision.id)
        yield Words(decision.ask, party.everybody, since)
        yield Words(decision.context or "", party.players, since)
        for choice in decision.options:
            yield Words(choice.text, party.everybody, since)
            yield Words(choice.then, party.everybody, decided.get((decision.id, choice.id)))
            yield from map(_never, _model_answer(choice))
    for fact in scenario.facts:
        # In the log on a player's screen, perhaps later: a fact may be so only after some time.
        yield Words(fact.text, party.players, facts.get(fact.id), shown=False)
    for objective in scenario.objectives:
        yield Words(objective.text, party.evaluators)
    debrief = scenario.debrief
    yield from map(_never, (*scenario.notes, debrief.opening, *debrief.lessons, *debrief.questions))
    for letter in scenario.letters:
        desk = [letter.title, letter.opening or "", *(f"{each.text}\n{each.why}" for each in letter.elements)]
        yield Words("\n".join([*desk, *(claim.say for claim in letter.claims)]), party.players, shown=False)


def _never(text: str) -> Words:
    return Words(text, NOBODY, None)


def _model_answer(choice: Choice) -> Iterator[str]:
    yield choice.why
    yield from choice.voices.values()


def _inject(inject: Inject, since: datetime | None, party: Party) -> Iterator[Words]:
    yield Words("\n".join((inject.title, inject.sender, inject.text, *inject.lines)), party.everybody, since)
    yield Words("\n".join(inject.expected), party.evaluators, since)
    for seat, text in inject.private.items():
        yield Words(text, party.seats[seat], since)
    for each in inject.attachments:
        whose = party.of(each.seats) if each.seats else party.everybody
        yield Words("\n".join([*(text for _, text in each.head), each.body or "", *each.lines]), whose, since)


def reasons(log: Sequence[Event], party: Party) -> Iterator[Words]:
    """Why each seat voted as it did: its own before the vote is closed, and everybody's from then on."""
    closed = {event.decision: event.at for event in log if event.kind == "vote_closed"}
    for event in log:
        if event.kind == "voted":
            yield Words(event.reason, party.seats[event.seat], shown=False)
            yield Words(event.reason, party.everybody, closed[event.decision])


def improvised(log: Sequence[Event], party: Party) -> Iterator[Words]:
    """What the facilitator wrote at the table."""
    for event in log:
        if event.kind == "improvised":
            whose = party.of(event.seats) if event.seats else party.everybody
            yield Words(f"{event.title}\n{event.text}", whose, event.at)


def pieces(text: str) -> list[bytes]:
    """The sentences of a text as they are searched for."""
    found = (letters(part.encode())[:LONGEST] for part in re.split(r"(?<=[.!?])\s|[“”\n]", text))
    return [piece for piece in found if len(piece) >= SHORTEST]


def leaks(words: Sequence[Words], screens: Collection[Screen]) -> list[str]:
    """What came to a screen that it was not for, or before its time, with when."""
    texts = [(each, letters(each.text.encode())) for each in words]
    found = []
    for piece in {piece for each in words for piece in pieces(each.text)}:
        # The same sentence may stand in several places: whoever has read one of them knows the other.
        homes = [each for each, text in texts if piece in text]
        for screen in screens:
            at = screen.first(piece)
            if at is not None and not any(home.open_to(screen.name, at) for home in homes):
                found.append(f"{screen.name} was sent {piece.decode()} at {at:%H:%M:%S.%f}")
    return found


def missing(words: Sequence[Words], screens: Collection[Screen]) -> list[str]:
    """What a screen must have shown and was never sent: the search finds what is there."""
    return [
        f"{screen.name} never got {piece.decode()}"
        for each in words
        if each.shown and each.since is not None
        for piece in pieces(each.text)
        for screen in screens
        if screen.name in each.whose and screen.first(piece) is None
    ]


def early_votes(scenario: Scenario, log: Sequence[Event], screens: Collection[Screen]) -> list[str]:
    """Votes drawn, with reasons or without, before they were closed."""
    closed = {event.decision: event.at for event in log if event.kind == "vote_closed"}
    return [
        f"{screen.name} was sent the votes on {decision.id} at {at:%H:%M:%S.%f}"
        for screen in screens
        for frame, at in screen.came.items()
        if b"Howthetablevoted" in (told := letters(frame))
        for decision in scenario.decisions
        if letters(decision.options[0].text.encode()) in told
        and (decision.id not in closed or at < closed[decision.id])
    ]
