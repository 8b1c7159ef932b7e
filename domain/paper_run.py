"""An exercise played on paper, typed in afterwards: the lines of its sheets, made into the log of that afternoon.

The rules judge each line at its own exercise time, so the log looks like that of any exercise; what they refuse comes
back as one sentence with its line. Nothing here reads a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from domain.exercise import FACILITATOR, Event, Move, State, apply, moves, upcoming
from domain.refusal import Refused
from domain.run_sheet import in_order, said
from domain.scenario import Decision, Inject, Rating, Scenario
from domain.span import moment, read_moment

NOT_SENT = frozenset({"-", "–", "—"})
"""What stands for the time of an inject that was not sent."""


@dataclass(frozen=True, slots=True)
class Sent:
    """When an inject was sent: empty when the script says, a dash for not at all."""

    line: int
    inject: str
    at: str


@dataclass(frozen=True, slots=True)
class Cast:
    """A seat's vote."""

    seat: str
    option: str
    sure: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Took:
    """What the team decided, when, by which seat (nobody in particular when empty), and the votes before."""

    line: int
    decision: str
    at: str
    option: str
    by: str = ""
    why: str = ""
    votes: tuple[Cast, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A fact that the facilitator established by hand."""

    line: int
    fact: str
    at: str


@dataclass(frozen=True, slots=True)
class Saw:
    """An observation; at the end when it has no time, by the facilitator when it names nobody."""

    line: int
    text: str
    at: str = ""
    by: str = ""
    about: str = ""
    objective: str = ""
    rating: Rating | None = None


Line = Sent | Took | Known | Saw


@dataclass(frozen=True, slots=True)
class PaperRun:
    """Everything that was typed; times are as somebody wrote them."""

    lines: tuple[Line, ...]
    ended: str


@dataclass(frozen=True, slots=True)
class Entered:
    """The log that the lines lead to, and a sentence for each that the rules refuse; kept only without these."""

    events: tuple[Event, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the sheet to type on: an inject with its time in the script, or a decision that it asks for."""

    line: int
    inject: Inject
    decision: Decision | None
    at: str  # what the script says; empty when that depends on the table
    condition: str  # in words


def sheet(scenario: Scenario, dials: Mapping[str, str]) -> tuple[Row, ...]:
    """The lines of a variant in the order of its run sheet, each decision below the first inject that asks for it."""
    found: list[Row] = []
    asked: set[str] = set()
    known = _scripted(scenario, dials)
    for inject in in_order(scenario, dials):
        at = moment(known[inject.id]) if inject.id in known else ""
        condition = said(inject.when, scenario) if inject.when and not at else ""
        found.append(Row(len(found) + 1, inject, None, at, condition))
        for name in inject.asks:
            if name not in asked:
                found.append(Row(len(found) + 1, inject, scenario.decision(name), "", ""))
        asked |= {*inject.asks}
    return tuple(found)


def _scripted(scenario: Scenario, dials: Mapping[str, str]) -> dict[str, timedelta]:
    """Injects of this variant that come at a moment which nothing at the table can change."""
    return {
        inject.id: inject.at
        for inject in in_order(scenario, dials)
        if inject.at is not None
        and (inject.when is None or all(part.dial or part.parts for part in inject.when.walk()))
    }


def entered(
    scenario: Scenario, state: State, run: PaperRun, *, actor: str, began: datetime, lasted: timedelta
) -> Entered:
    """The log of a planned exercise as it was played from `began` on for `lasted`. Raises Refused if it has started.

    Nobody wrote down when each line happened on the wall clock: their moments are spread over `lasted` as in the story.
    """
    if state.phase != "planned":
        raise Refused("This exercise was played in Muster; only one that has not started can be typed in.")
    typing = _Typing(scenario, state, run, actor)
    typing.play(began, lasted)
    return Entered(tuple(typing.events), tuple(sentence for _, sentence in sorted(typing.problems)))


class _Typing:
    """The lines on their way into a log."""

    def __init__(self, scenario: Scenario, state: State, run: PaperRun, actor: str) -> None:
        self.scenario, self.state, self.run, self.actor = scenario, state, run, actor
        self.events: list[Event] = []
        self.problems: list[tuple[int, str]] = []
        self.scripted = _scripted(scenario, state.dials)
        self.titles = {inject.id: inject.title for inject in scenario.injects}
        self.titles |= {decision.id: decision.ask for decision in scenario.decisions}
        self.titles |= {fact.id: fact.text for fact in scenario.facts}

    def play(self, began: datetime, lasted: timedelta) -> None:
        ended = self.time(None, self.run.ended)
        timed = self.timed(ended or timedelta())
        if ended is None:
            return
        self.began, self.pace = began, lasted / ended if ended else 0.0
        self.hold(timed)
        # On a leash of nothing the clock moves only by what was typed.
        self.do(None, moves.Start(leash=timedelta()))
        for t, line in timed:
            if t > ended:
                self.problem(line, f"This is after the end at {moment(ended)}.", t)
                continue
            self.until(t)
            self.enter(line)
        self.until(ended)
        self.do(None, moves.End("Played on paper and typed in afterwards."))

    # ── times ──

    def timed(self, ended: timedelta) -> list[tuple[timedelta, Line]]:
        """Lines that happen at a time, in the order in which they happened."""
        found = []
        for line in self.run.lines:
            if isinstance(line, Sent) and (self.by_itself(line) or line.at.strip() in NOT_SENT):
                continue
            t = ended if isinstance(line, Saw) and not line.at.strip() else self.time(line, line.at)
            if t is not None:
                found.append((t, line))
        return sorted(found, key=lambda each: (each[0], each[1].line))

    def time(self, line: Line | None, text: str) -> timedelta | None:
        """The exercise time that was typed; None, with a sentence, when it is none."""
        if not text.strip():
            self.problem(line, "The time is missing.")
            return None
        try:
            return read_moment(text)
        except ValueError as error:
            self.problem(line, f"The time: {error}.")
            return None

    def by_itself(self, line: Sent) -> bool:
        """Whether an inject was sent when the script says."""
        if not line.at.strip():
            return True
        try:
            return self.scripted.get(line.inject) == read_moment(line.at)
        except ValueError:
            return False

    def until(self, t: timedelta) -> None:
        """Let happen what happens by itself until `t`."""
        while (turn := upcoming(self.scenario, self.state, self.state.clock.passed)) and turn[0] <= t:
            self.skip(turn[0])
            self.do(None, moves.Advance())
        self.skip(t)

    def skip(self, t: timedelta) -> None:
        if t > self.state.clock.passed:
            self.do(None, moves.Skip(t))

    # ── lines ──

    def hold(self, timed: list[tuple[timedelta, Line]]) -> None:
        """Keep back what was sent by hand at another time, and what was not sent."""
        by_hand = {each.id for each in self.scenario.injects if each.by_hand}
        sent = [line for _, line in timed if isinstance(line, Sent)]
        never = [line for line in self.run.lines if isinstance(line, Sent) and line.at.strip() in NOT_SENT]
        for line in (*(each for each in sent if each.inject in self.titles), *never):
            if line.inject not in by_hand:
                self.do(line, moves.Hold(line.inject))

    def enter(self, line: Line) -> None:
        match line:
            case Sent():
                self.do(line, moves.Release(line.inject))
            case Took():
                self.took(line)
            case Known():
                self.do(line, moves.Establish(line.fact))
            case Saw():
                if line.about not in {*self.state.sent, *self.state.opened, ""}:
                    self.problem(line, "What this is about had not come up by then.", self.state.clock.passed)
                by = line.by or self.actor
                self.do(line, moves.Observe(by, line.text, line.about, line.objective, line.rating))
            case _:
                assert_never(line)

    def took(self, line: Took) -> None:
        t = self.state.clock.passed
        if not line.option:
            self.problem(line, "Say which option the team took.", t)
            return
        if line.by not in {seat.id for seat in self.scenario.seats} | {""}:
            self.problem(line, "There is no such seat in this scenario.", t)
        if line.decision in self.state.open:  # otherwise the refusal of the decision says it all
            for cast in line.votes:
                vote = moves.Vote(line.decision, cast.seat, cast.option, cast.reason, cast.sure)
                # The vote was the act of whoever held the seat, and is evidence about them.
                self.do(line, vote, self.state.players.get(cast.seat, ""))
            self.do(line, moves.CloseVote(line.decision))
        self.do(line, moves.Decide(line.decision, line.option, line.by or FACILITATOR, line.why))

    def do(self, line: Line | None, move: Move, actor: str = "") -> None:
        now = self.began + self.state.clock.passed * self.pace
        try:
            self.state, more = apply(self.scenario, self.state, move, now, actor or self.actor)
        except Refused as refusal:
            self.problem(line, str(refusal), self.state.clock.passed)
        else:
            self.events += more

    def problem(self, line: Line | None, sentence: str, t: timedelta | None = None) -> None:
        if line is None:
            self.problems.append((0, f"The end: {sentence}"))
            return
        name = {Sent: "inject", Took: "decision", Known: "fact", Saw: "text"}[type(line)]
        title = self.titles.get(getattr(line, name), getattr(line, name))[:80]
        at = f", {moment(t)}" if t is not None else ""
        self.problems.append((line.line, f"Line {line.line}{at}, “{title}”: {sentence}"))
