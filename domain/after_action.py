"""The after-action report of an exercise: what happened, how well, what follows; each claim names the events it rests on.

A report is made from the log alone, so the same log gives the same report. It knows people only by the names it is
given: without them it speaks of seats.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.action import Action, Finding
from domain.exercise import BOT, Clock, Regimes, State, moment
from domain.exercise.events import Decided, Drafted, Ended, Established, Event, Observed, Released, Started
from domain.exercise.view import desk
from domain.hot_wash import Card
from domain.machine import Way
from domain.review import MEANING, Review, Verdict, aligned, rated, review
from domain.scenario import Rating, Scenario, option
from domain.span import moment as moment_of
from domain.span import written


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log, by the number that claims refer to it with."""

    number: int
    t: timedelta
    moment: datetime  # in the story
    at: datetime  # when it was entered
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A duty on the time axis: hours of the story from its first minute."""

    label: str
    began: float
    ended: float  # when it was done, or the end of the axis
    due: float | None
    done: bool


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty, how it came out, and the rule it rests on."""

    label: str
    authority: str
    result: str
    good: bool
    due: str
    citation: str
    verified: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision, what was chosen and how the room stood to it."""

    ask: str
    chosen: str
    by: str
    why: str
    rating: Rating
    meaning: str
    explained: str
    better: str  # empty when nothing was better
    overrun: str  # empty when it was in time
    agreed: int
    votes: int
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """An objective with its rating and the evidence for it."""

    text: str
    rating: Rating | None
    meaning: str
    evidence: tuple[str, ...]
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter as it was when the exercise ended."""

    title: str
    written: str  # by whom and when; empty when nobody wrote it
    text: str
    missing: tuple[str, ...]
    untrue: tuple[tuple[str, str], ...]  # the sentence, and what is wrong with it
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """What an evaluator noted."""

    t: timedelta
    by: str
    text: str
    about: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AfterAction:
    """Everything the report holds, in the order in which it is read."""

    title: str
    answer: str
    lead: str
    compared: str  # with the best a machine does; empty without it
    summary: str
    played_on: datetime
    lasted: str
    ended: timedelta
    seed: int
    digest: str
    dials: tuple[tuple[str, str], ...]
    table: tuple[tuple[str, str], ...]  # seat and who held it
    bars: tuple[Bar, ...]
    axis: float
    duties: tuple[DutyLine, ...]
    steps: tuple[tuple[str, int, str], ...]
    objectives: tuple[ObjectiveLine, ...]
    decisions: tuple[DecisionLine, ...]
    alignment: tuple[str, ...]  # how the votes stood to the decisions, in sentences
    letters: tuple[LetterLine, ...]
    remarks: tuple[Remark, ...]
    cards: tuple[tuple[str, tuple[Card, ...]], ...]  # by question, most dots first
    findings: tuple[tuple[Finding, tuple[Action, ...]], ...]
    missed: tuple[str, ...]
    lessons: tuple[str, ...]
    log: tuple[Entry, ...]


def result(owed: Clock) -> tuple[str, bool]:
    """How a duty came out, in words, and whether that is good."""
    deadline = owed.deadline
    if deadline.late_by is not None:
        return f"done {written(deadline.late_by)} late", False
    if deadline.standing == "met":
        return "done in time", True
    return ("not done, overdue", False) if deadline.standing == "late" else ("not done yet", False)


def after_action(
    scenario: Scenario,
    regimes: Regimes,
    state: State,
    events: Sequence[Event],
    *,
    digest: str,
    names: Mapping[str, str],
    best: Way | None = None,
    cards: Sequence[Card] = (),
    findings: Sequence[tuple[Finding, Sequence[Action]]] = (),
) -> AfterAction:
    """The report; `scenario` is the variant that was played, `names` holds people's names by player, empty to redact."""
    seen = review(scenario, regimes, state, tuple(events))
    log = tuple(_log(scenario, events, names))
    at = _Numbers(events)
    owed = [each for each in seen.clocks if each.deadline.standing != "not_started"]
    good = sum(result(each)[1] for each in owed)
    unbeaten = sum(verdict.better is None for verdict in seen.verdicts)
    axis = _axis(scenario, seen, owed)
    started = next((event.at for event in events if isinstance(event, Started)), events[0].at)
    return AfterAction(
        title=scenario.title,
        answer=f"{good} of {len(owed)} duties done in time" if owed else "No legal clock started",
        lead=f"{unbeaten} of {len(seen.verdicts)} decisions could not have been better. "
        f"{seen.covered} of the six steps were exercised.",
        compared=_compared(best, seen, good, len(owed)) if best else "",
        summary=scenario.summary,
        played_on=started,
        lasted=written(events[-1].at - started),
        ended=seen.ended,
        seed=state.seed,
        digest=digest,
        dials=seen.dials,
        table=tuple((seat.title, _who(state.players.get(seat.id, ""), names)) for seat in scenario.seats),
        bars=tuple(_bar(scenario, each, axis) for each in owed),
        axis=axis,
        duties=tuple(_duty(each, at) for each in owed),
        steps=tuple(
            (f"{step.skill.step} {step.skill.label}", len(step.decisions), _meaning(step.worth)) for step in seen.steps
        ),
        objectives=tuple(_objective(seen, number, at) for number in range(len(seen.objectives))),
        decisions=tuple(_decision(verdict, at) for verdict in seen.verdicts),
        alignment=aligned(seen.alignment),
        letters=tuple(_letters(scenario, state, seen.ended, at)),
        remarks=tuple(_remarks(scenario, events, names)),
        cards=tuple(
            (question, tuple(sorted((c for c in cards if c.question == place), key=lambda c: (-c.dots, c.id))))
            for place, question in enumerate(scenario.debrief.questions)
            if any(card.question == place for card in cards)
        ),
        findings=tuple((finding, tuple(actions)) for finding, actions in findings),
        missed=seen.missed,
        lessons=scenario.debrief.lessons,
        log=log,
    )


def _compared(best: Way, seen: Review, good: int, owed: int) -> str:
    """The table beside a machine that takes the best-rated option each time, in half the time allowed."""
    met = sum(standing == "met" for standing in best.duties.values())
    ours = sum(verdict.worth for verdict in seen.verdicts) / len(seen.verdicts) if seen.verdicts else 0.0
    due = sum(standing != "not_owed" for standing in best.duties.values())
    return (
        f"Played by machine, always the best-rated option and in half the time allowed, this variant comes to {met} of "
        f"{due} duties in time and decisions worth {best.worth:.2f}. This table: {good} of {owed}, and {ours:.2f}."
    )


def redact(report: AfterAction) -> AfterAction:
    """The report without the names of those who own actions; what people wrote themselves stays as they wrote it."""
    return replace(
        report,
        findings=tuple(
            (replace(finding, by=""), tuple(replace(each, owner="an owner", verified_by="") for each in actions))
            for finding, actions in report.findings
        ),
    )


class _Numbers:
    """The numbers of events by what they brought."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.decided: dict[str, int] = {}
        self.drafted: dict[str, int] = {}
        self.facts: dict[str, int] = {}
        for number, event in enumerate(events, 1):
            if isinstance(event, Decided):
                self.decided[event.decision] = number
            elif isinstance(event, Established):
                self.facts[event.fact] = number
            elif isinstance(event, Drafted):
                self.drafted[event.letter] = number

    def fact(self, name: str) -> tuple[int, ...]:
        return (self.facts[name],) if name in self.facts else ()


def _who(player: str, names: Mapping[str, str]) -> str:
    if player == BOT:
        return "a bot"
    if not player:
        return "nobody"
    return names.get(player, "a participant")


def _meaning(worth: float | None) -> str:
    if worth is None:
        return "not exercised"
    letter = rated(worth)
    return f"{letter}: {MEANING[letter]}"


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600


def _axis(scenario: Scenario, seen: Review, owed: Sequence[Clock]) -> float:
    ends = [each.deadline.met - scenario.starts for each in owed if each.deadline.met is not None]
    return _hours(max([seen.ended, *ends])) * 1.05 + 1


def _bar(scenario: Scenario, owed: Clock, axis: float) -> Bar:
    deadline = owed.deadline
    assert deadline.started is not None
    done = deadline.met is not None
    ended = _hours(deadline.met - scenario.starts) if deadline.met is not None else axis
    due = _hours(deadline.due - scenario.starts) if deadline.due is not None else None
    return Bar(owed.owed.label, _hours(deadline.started - scenario.starts), ended, due, done)


def _duty(owed: Clock, at: _Numbers) -> DutyLine:
    said, good = result(owed)
    duty = owed.regime.duty(owed.owed.duty)
    due = f"{owed.deadline.due:%a %d %b %Y %H:%M %Z}" if owed.deadline.due else "without undue delay"
    return DutyLine(
        label=owed.owed.label,
        authority=duty.authority,
        result=said,
        good=good,
        due=due,
        citation=owed.regime.citation,
        verified=f"{owed.regime.verification.replace('_', ' ')}, checked {owed.regime.checked:%d %b %Y}",
        events=at.fact(owed.owed.met_by),
    )


def _objective(seen: Review, place: int, at: _Numbers) -> ObjectiveLine:
    shown = seen.objectives[place]
    used = [name for name in shown.objective.shown_by if name in at.decided]
    return ObjectiveLine(
        text=shown.objective.text,
        rating=shown.rating,
        meaning=MEANING[shown.rating] if shown.rating else "did not come up",
        evidence=shown.evidence,
        events=tuple(at.decided[name] for name in used),
    )


def _decision(verdict: Verdict, at: _Numbers) -> DecisionLine:
    rating = verdict.taken.rating
    return DecisionLine(
        ask=verdict.decision.ask,
        chosen=verdict.taken.text,
        by=verdict.by,
        why=verdict.why,
        rating=rating,
        meaning=MEANING[rating],
        explained=verdict.taken.why,
        better=verdict.better.text if verdict.better else "",
        overrun=written(verdict.overrun) if verdict.overrun else "",
        agreed=sum(ballot.option == verdict.taken.id for ballot in verdict.ballots),
        votes=len(verdict.ballots),
        events=(at.decided[verdict.decision.id],),
    )


def _letters(scenario: Scenario, state: State, t: timedelta, at: _Numbers) -> list[LetterLine]:
    found = []
    for letter in desk(scenario, state, None, t):
        wrote = f"{letter.by}, {moment_of(letter.t)}" if letter.by else ""
        found.append(
            LetterLine(
                title=letter.title,
                written=wrote,
                text=letter.text if wrote else "",
                missing=tuple(each.text for each in letter.examined.elements if not each.there),
                untrue=tuple((each.sentence, each.say) for each in letter.examined.untrue) if wrote else (),
                events=(at.drafted[letter.id],) if letter.id in at.drafted else (),
            )
        )
    return found


def _remarks(scenario: Scenario, events: Sequence[Event], names: Mapping[str, str]) -> list[Remark]:
    return [
        Remark(event.t, _named(event.by, names, "an evaluator"), event.text, _about(scenario, event.about), (number,))
        for number, event in enumerate(events, 1)
        if isinstance(event, Observed)
    ]


def _named(player: str, names: Mapping[str, str], else_: str) -> str:
    return names.get(player, else_)


def _about(scenario: Scenario, name: str) -> str:
    """The title of the inject or decision that an observation is tied to."""
    titles = {inject.id: inject.title for inject in scenario.injects}
    titles |= {decision.id: decision.ask for decision in scenario.decisions}
    return titles.get(name, "")


def _log(scenario: Scenario, events: Sequence[Event], names: Mapping[str, str]) -> list[Entry]:
    found = []
    for number, event in enumerate(events, 1):
        if text := _said(scenario, event, names):
            found.append(Entry(number, event.t, moment(scenario, event.t), event.at, text))
    return found


def _said(scenario: Scenario, event: Event, names: Mapping[str, str]) -> str:  # noqa: PLR0911 - one case per event
    """An event as a sentence; empty for what nobody asks about afterwards."""
    match event:
        case Started():
            return "The exercise started."
        case Released():
            inject = scenario.inject(event.inject)
            return f"Inject: {inject.title} ({inject.sender})"
        case Established():
            return f"Fact: {scenario.fact(event.fact).text}"
        case Decided():
            decision = scenario.decision(event.decision)
            return f"Decision: {decision.ask} {option(decision, event.option).text}"
        case Drafted():
            return f"Draft: {scenario.letter(event.letter).title}, saved by {scenario.seat(event.seat).title}"
        case Observed():
            return f"Observation by {_named(event.by, names, 'an evaluator')}: {event.text}"
        case Ended():
            return f"The exercise ended. {event.why}".strip()
        case _:
            return ""
