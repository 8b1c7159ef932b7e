"""The legal clocks of an exercise: which duties run, since when, until when, and whether they were done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.condition import holds
from domain.exercise.state import State
from domain.regime import Breach, Deadline, Regime, Start, stand
from domain.scenario import Owed, Scenario

Regimes = Mapping[str, Regime]


@dataclass(frozen=True, slots=True)
class Clock:
    """One duty on the table, and how it stands."""

    owed: Owed
    regime: Regime
    deadline: Deadline


def moment(scenario: Scenario, t: timedelta) -> datetime:
    """The moment in the story at exercise time `t`."""
    return scenario.local(scenario.starts + t)


def breach(scenario: Scenario, state: State, t: timedelta) -> Breach:
    """What is known of the breach at `t`."""
    known = {}
    for start in Start:
        fact = state.facts.get(scenario.clocks.of(start) or "")
        if fact is not None and fact.since <= t:
            known[start] = moment(scenario, fact.since)
    people = {group.where: group for group in scenario.people}
    people |= {count.people.where: count.people for count in state.counts}
    risk, protection, exposure = scenario.risk, scenario.protection, scenario.exposure
    for judged in state.risks:
        risk = judged.risk or risk
        protection = judged.protection or protection
        exposure = judged.exposure or exposure
    return Breach(known, tuple(people.values()), risk, scenario.organisation, protection, scenario.effects, exposure)


def clocks(scenario: Scenario, regimes: Regimes, state: State, t: timedelta) -> tuple[Clock, ...]:
    """Every duty of the scenario whose regime is known, as it stands at `t`; those that cannot be owed are left out."""
    now = moment(scenario, t)
    facts = breach(scenario, state, t)
    met: dict[str, dict[str, datetime]] = {}
    for owed in scenario.duties:
        done = state.facts.get(owed.met_by)
        if done is not None and done.since <= t:
            met.setdefault(owed.regime, {})[owed.duty] = moment(scenario, done.since)
    elsewhere = {f"{slug}/{duty}": done for slug, by_duty in met.items() for duty, done in by_duty.items()}
    return tuple(
        Clock(
            owed,
            regimes[owed.regime],
            stand(owed.regime, regimes[owed.regime], owed.duty, facts, elsewhere | met.get(owed.regime, {}), now),
        )
        for owed in scenario.duties
        if owed.regime in regimes and holds(owed.when, state.known, t)
    )


def last_moment(state: State, t: timedelta) -> timedelta:
    """`t`, or the moment of the last fact that is on its way, if that is later."""
    return max([t, *(fact.since for fact in state.facts.values())])
