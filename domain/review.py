"""The debrief: what happened, against which deadlines, what each decision did, what it says about whom.

Ratings follow HSEEP (performed, some, major challenges, unable); turning them into numbers is a stated convention.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.exercise import BOT, Clock, Regimes, State, clocks, last_moment, moment
from domain.exercise.events import Ended, Event
from domain.exercise.view import Ballot
from domain.scenario import Choice, Decision, Milestone, Objective, Rating, Scenario, option
from domain.skills import STEPS, Skill

WORTH: Mapping[Rating, float] = {"P": 1.0, "S": 0.75, "M": 0.35, "U": 0.0}
"""What a rating is worth as evidence; a convention, not a measurement."""

MEANING: Mapping[Rating, str] = {
    "P": "Performed without challenges",
    "S": "Performed with some challenges",
    "M": "Performed with major challenges",
    "U": "Unable to be performed",
}

BOUNDS: tuple[tuple[float, Rating], ...] = ((0.9, "P"), (0.65, "S"), (0.25, "M"))
"""From which mean worth of its decisions on an objective gets which rating; below the last one it is U."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline."""

    t: timedelta
    moment: datetime
    kind: str  # inject, decision, fact, end
    who: str
    text: str
    skills: tuple[Skill, ...] = ()
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision that was taken, and what it did."""

    decision: Decision
    taken: Choice
    better: Choice | None  # None when nothing was better
    by: str
    why: str
    t: timedelta
    overrun: timedelta
    worth: float
    ballots: tuple[Ballot, ...]
    facts: tuple[tuple[str, timedelta], ...]  # what it established, and from when on


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the votes of people stood to what the team decided, and how well they knew what they knew; bots left out."""

    votes: int  # on decisions that were taken
    agreed: int  # with what the team decided
    sure: int  # cast as sure
    sure_best: int  # … and for a best-rated option
    unsure: int
    unsure_best: int


@dataclass(frozen=True, slots=True)
class Covered:
    """One of the six steps, and the decisions that exercised it."""

    skill: Skill
    decisions: tuple[str, ...]
    worth: float | None


@dataclass(frozen=True, slots=True)
class Shown:
    """An objective and what the exercise showed of it; no rating when none of its evidence came up."""

    objective: Objective
    rating: Rating | None
    worth: float | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """Everything a debrief shows."""

    scenario: Scenario
    ended: timedelta
    timeline: tuple[Entry, ...]
    clocks: tuple[Clock, ...]  # at the end, with what is on its way counted at its time
    verdicts: tuple[Verdict, ...]
    steps: tuple[Covered, ...]
    objectives: tuple[Shown, ...]
    missed: tuple[str, ...]  # titles of injects that never came
    dials: tuple[tuple[str, str], ...]
    alignment: Alignment

    @property
    def covered(self) -> int:
        """How many of the six steps were exercised."""
        return sum(bool(step.decisions) for step in self.steps)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an exercise says about the person on a seat."""

    item: str
    skill: Skill
    kind: str  # vote, or team: the decision of everybody at the table
    y: float
    guess: float
    weight: float


def worth(decision: Decision, choice: Choice, took: timedelta) -> float:
    """The worth of a decision that took so long: half as much for each time its own limit over."""
    over = max(took - decision.within, timedelta()) / decision.within if decision.within else 0.0
    return float(WORTH[choice.rating] * 0.5**over)


def rated(value: float) -> Rating:
    """The rating of a mean worth."""
    return next((rating for bound, rating in BOUNDS if value >= bound), "U")


def review(scenario: Scenario, regimes: Regimes, state: State, events: tuple[Event, ...]) -> Review:
    """The debrief of an exercise as it stands; `scenario` is the variant that was played."""
    ended = next((event.t for event in events if isinstance(event, Ended)), state.clock.passed)
    end = last_moment(state, ended)
    verdicts = tuple(_verdict(scenario, state, name) for name in state.decided)
    by_id = {verdict.decision.id: verdict for verdict in verdicts}
    return Review(
        scenario=scenario,
        ended=ended,
        timeline=_timeline(scenario, state, events),
        clocks=clocks(scenario, regimes, state, end),
        verdicts=verdicts,
        steps=tuple(_covered(skill, verdicts) for skill in STEPS),
        objectives=tuple(_shown(scenario, state, objective, by_id) for objective in scenario.objectives),
        missed=tuple(
            inject.title for inject in scenario.injects if inject.id not in state.released and not inject.contingency
        ),
        dials=tuple(
            (dial.label, value.label)
            for dial in scenario.dials
            for value in dial.values
            if state.dials.get(dial.id) == value.id
        ),
        alignment=alignment(verdicts),
    )


def alignment(verdicts: Sequence[Verdict]) -> Alignment:
    """What the votes on these decisions say together."""
    votes = [(verdict, ballot) for verdict in verdicts for ballot in verdict.ballots if not ballot.bot]
    best = {True: 0, False: 0}
    said = {True: 0, False: 0}
    for verdict, ballot in votes:
        if ballot.sure is not None:
            said[ballot.sure] += 1
            best[ballot.sure] += _is_best(verdict.decision, ballot.option)
    return Alignment(
        votes=len(votes),
        agreed=sum(ballot.option == verdict.taken.id for verdict, ballot in votes),
        sure=said[True],
        sure_best=best[True],
        unsure=said[False],
        unsure_best=best[False],
    )


def _is_best(decision: Decision, name: str) -> bool:
    return WORTH[option(decision, name).rating] == max(WORTH[each.rating] for each in decision.options)


def aligned(found: Alignment) -> tuple[str, ...]:
    """An alignment as lines; none about what nobody said."""
    lines = (
        ("Votes that agreed with what the team decided", found.agreed, found.votes),
        ("Votes cast sure that were for a best-rated option", found.sure_best, found.sure),
        ("Votes cast not sure that were for a best-rated option", found.unsure_best, found.unsure),
    )
    return tuple(f"{said}: {part} of {whole}." for said, part, whole in lines if whole)


def _verdict(scenario: Scenario, state: State, name: str) -> Verdict:
    decision, taken = scenario.decision(name), state.decided[name]
    choice = option(decision, taken.option)
    best = max(decision.options, key=lambda each: WORTH[each.rating])
    took = taken.t - state.opened[name].t
    votes = state.votes.get(name, {}).values()
    return Verdict(
        decision=decision,
        taken=choice,
        better=best if WORTH[best.rating] > WORTH[choice.rating] else None,
        by=_title(scenario, taken.by),
        why=taken.why,
        t=taken.t,
        overrun=max(took - decision.within, timedelta()),
        worth=worth(decision, choice, took),
        ballots=tuple(
            Ballot(
                vote.seat,
                _title(scenario, vote.seat),
                state.players.get(vote.seat) == BOT,
                vote.option,
                option(decision, vote.option).text,
                vote.reason,
                vote.sure,
            )
            for vote in votes
        ),
        facts=tuple((scenario.fact(f.fact).text, f.since) for f in state.facts.values() if f.because == name),
    )


def _title(scenario: Scenario, seat: str) -> str:
    return next((each.title for each in scenario.seats if each.id == seat), seat.capitalize())


def _covered(skill: Skill, verdicts: tuple[Verdict, ...]) -> Covered:
    used = [verdict for verdict in verdicts if skill in verdict.decision.skills]
    mean = sum(verdict.worth for verdict in used) / len(used) if used else None
    return Covered(skill, tuple(verdict.decision.ask for verdict in used), mean)


def _shown(scenario: Scenario, state: State, objective: Objective, verdicts: Mapping[str, Verdict]) -> Shown:
    used = [verdicts[name] for name in objective.shown_by if name in verdicts]
    worths = [verdict.worth for verdict in used]
    told = [f"{verdict.decision.ask} → {verdict.taken.text}" for verdict in used]
    for milestone in objective.milestones:
        fact = state.facts.get(milestone.fact)
        found = reached(fact.since if fact else None, milestone)
        worths.append(WORTH[found])
        told.append(f"{scenario.fact(milestone.fact).text} → {_REACHED[found]}")
    if not worths:
        return Shown(objective, None, None, ())
    mean = sum(worths) / len(worths)
    return Shown(objective, rated(mean), mean, tuple(told))


_REACHED: Mapping[Rating, str] = {"P": "in time", "M": "late", "U": "not established"}


def reached(since: timedelta | None, milestone: Milestone) -> Rating:
    """What a fact since then shows: in time is worth P, late M, never U."""
    if since is None:
        return "U"
    return "P" if milestone.by is None or since <= milestone.by else "M"


OBSERVED = 0.25
"""What a team's decision weighs for somebody who watched it being taken."""


def watched(scenario: Scenario, slug: str, state: State) -> tuple[Evidence, ...]:
    """What the decisions say about somebody who watched the table."""
    found = []
    for name, taken in state.decided.items():
        decision = scenario.decision(name)
        y = worth(decision, option(decision, taken.option), taken.t - state.opened[name].t)
        for skill in decision.skills:
            item = f"{slug}/{name}/{skill.value}/team"
            found.append(Evidence(item, skill, "team", y, 1 / len(decision.options), OBSERVED))
    return tuple(found)


def about(
    scenario: Scenario, slug: str, state: State, events: tuple[Event, ...], *, part: str, seat: str, player: str
) -> tuple[Evidence, ...]:
    """What an exercise with several people says about one of them: those who sat and those who watched."""
    if part == "observer":
        return watched(scenario, slug, state)
    if part not in {"player", "deputy"} or not seat:
        return ()
    sat = {event.player: event.t for event in events if event.kind == "seated"}
    found = evidence(scenario, slug, state, seat, player=player, since=sat.get(player, timedelta()))
    if part == "deputy":  # for whom the holder decided, unless they voted themselves
        voted = {each.item for each in found if each.kind == "vote"}
        found = tuple(each for each in found if each.item.removesuffix("/team") in voted)
    return found


def _timeline(scenario: Scenario, state: State, events: tuple[Event, ...]) -> tuple[Entry, ...]:
    entries = []
    for name, t in state.released.items():
        inject = scenario.inject(name)
        entries.append(Entry(t, moment(scenario, t), "inject", inject.sender, inject.title, inject.skills))
    for name, taken in state.decided.items():
        decision = scenario.decision(name)
        choice = option(decision, taken.option)
        who = _title(scenario, taken.by)
        entries.append(
            Entry(taken.t, moment(scenario, taken.t), "decision", who, choice.text, decision.skills, choice.rating)
        )
    for fact in state.facts.values():
        text = scenario.fact(fact.fact).text
        entries.append(Entry(fact.since, moment(scenario, fact.since), "fact", "", text))
    over = [event.t for event in events if isinstance(event, Ended)]
    entries += [Entry(t, moment(scenario, t), "end", "", "The exercise ends.") for t in over]
    entries += [
        Entry(sent.t, moment(scenario, sent.t), "inject", sent.sender, sent.title) for sent in state.improvised.values()
    ]
    # Sorting keeps the order of equal moments: an inject, then what it made so.
    return tuple(sorted(entries, key=lambda entry: entry.t))


def evidence(
    scenario: Scenario,
    slug: str,
    state: State,
    seat: str,
    *,
    player: str | None = None,
    since: timedelta = timedelta(),
) -> tuple[Evidence, ...]:
    """What the decisions say about whoever holds `seat`: their own blind vote in full, the team's decision by half.

    When several people share the table, `player` is the one it is about: votes that somebody else cast for the seat
    say nothing about them, nor do decisions taken before they sat down, at `since`.
    """
    found = []
    for name, taken in state.decided.items():
        decision = scenario.decision(name)
        guess = 1 / len(decision.options)
        opened = state.opened[name].t
        vote = state.votes.get(name, {}).get(seat)
        if vote is not None and player is not None and vote.actor != player:
            vote = None
        for skill in decision.skills:
            item = f"{slug}/{name}/{skill.value}"
            if vote is not None:
                y = worth(decision, option(decision, vote.option), vote.t - opened)
                found.append(Evidence(item, skill, "vote", y, guess, 1.0))
            if seat in scenario.voters(decision) and taken.t >= since:
                y = worth(decision, option(decision, taken.option), taken.t - opened)
                found.append(Evidence(f"{item}/team", skill, "team", y, guess, 0.5))
    return tuple(found)
