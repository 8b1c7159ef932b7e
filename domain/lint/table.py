"""Whether a table would be kept busy: each seat, and in a bearable rhythm.

Stories jump over nights and weekends, so silence is counted in minutes at the table: the scenario's own
`table_minutes`, shared out evenly among its injects and decisions.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice, pairwise
from typing import Final

from domain.condition import Condition, Known, first
from domain.lint.reach import MOST, named, reach
from domain.machine.way import settings
from domain.scenario import Inject, Scenario
from domain.scenario_checks import Finding

LEAST: Final = 2
"""How often a seat is asked or told something of its own, at least."""

SILENT: Final = timedelta(minutes=45)
"""How long a seat waits at the table for something of its own, at most."""

LISTENING: Final = 5
"""Injects in a row after which a table wants to decide something."""

BURST: Final = 3
"""Decisions that come within five minutes of the story and can still be talked about."""

GAP: Final = timedelta(minutes=45)
"""Without anything new in a story that is played in its own time."""


def look(scenario: Scenario) -> Iterator[Finding]:
    """L305 to L307."""
    seen: set[tuple[str, str]] = set()
    for dials in islice(settings(scenario), MOST):
        beats = timeline(scenario, dials)
        for path, code, sentence in (*_seats(scenario, beats, dials), *_pace(scenario, beats, dials)):
            if (code, str(path)) not in seen:
                seen.add((code, str(path)))
                yield path, code, sentence


def timeline(scenario: Scenario, dials: Mapping[str, str]) -> list[tuple[timedelta, Inject]]:
    """The injects that can come by themselves with these dials, each at the earliest moment it could."""
    shift = {n: s for d in scenario.dials for v in d.values if dials.get(d.id) == v.id for n, s in v.shift.items()}
    found = reach(scenario, dials, by_hand=False)
    at: dict[str, timedelta] = {}
    facts: dict[str, timedelta] = {}
    decided: dict[str, tuple[str, timedelta]] = {}
    before = -1
    while before != len(at):
        before = len(at)
        known = Known(facts, decided, at, dials)
        for inject in scenario.injects:
            if inject.id in found.injects and inject.id not in at:
                start = inject.at + shift.get(inject.id, timedelta()) if inject.at is not None else timedelta()
                turn = first(_hopeful(inject.when), known, start)
                if turn is not None:
                    at[inject.id] = turn
                    _brings(scenario, inject, turn, facts, decided)
    return sorted(((t, scenario.inject(name)) for name, t in at.items()), key=lambda beat: beat[0])


def _brings(
    scenario: Scenario,
    inject: Inject,
    t: timedelta,
    facts: dict[str, timedelta],
    decided: dict[str, tuple[str, timedelta]],
) -> None:
    """Add what an inject at `t` brings about, whatever the table decides on it."""
    brought = [(t, effect) for effect in inject.effects]
    for name in inject.asks:
        decision = scenario.decision(name)
        taken = t + decision.within / 2
        decided.setdefault(name, ("", taken))
        brought += [(taken, effect) for option in decision.options for effect in option.effects]
    for since, effect in brought:
        if effect.fact:
            facts[effect.fact] = min(facts.get(effect.fact, timedelta.max), since + (effect.after or timedelta()))


def _hopeful(condition: Condition | None) -> Condition | None:
    """The condition without what is not so, and with any option for one option."""
    if condition is None or condition.none:
        return None
    if condition.all or condition.any:
        parts = tuple(part for part in map(_hopeful, condition.parts) if part is not None)
        if len(parts) < len(condition.parts) and condition.any:
            return None
        return condition.model_copy(update={"all" if condition.all else "any": parts}) if parts else None
    return condition.model_copy(update={"option": None})


def _own(scenario: Scenario, inject: Inject, seat: str) -> int:
    """How often an inject asks this seat or tells it something of its own."""
    asked = sum(seat in scenario.voters(scenario.decision(name)) for name in inject.asks)
    told = seat in inject.private or any(seat in attachment.seats for attachment in inject.attachments)
    return asked + told


def _seats(scenario: Scenario, beats: list[tuple[timedelta, Inject]], dials: Mapping[str, str]) -> Iterator[Finding]:
    parts = sum(1 + len(inject.asks) for _, inject in beats)
    share = timedelta(minutes=scenario.table_minutes) / max(parts, 1)
    where = named(scenario, dials)
    for n, seat in enumerate(scenario.seats):
        own = [_own(scenario, inject, seat.id) for _, inject in beats]
        times = sum(own)
        if times < LEAST:
            said = f"The seat `{seat.id}` is asked or told something of its own {times} times{where}; {LEAST} at least."
            yield ("seats", n), "L305", said
            continue
        silent, longest, since, last = timedelta(), timedelta(), "", "the start"
        for (_, inject), mine in zip(beats, own, strict=True):
            if mine:
                silent, last = timedelta(), f"`{inject.id}`"
            else:
                silent += share * (1 + len(inject.asks))
            if silent > longest:
                longest, since = silent, last
        if longest > SILENT:
            minutes = round(longest.total_seconds() / 60)
            said = f"The seat `{seat.id}` has nothing of its own for about {minutes} minutes after {since}{where}."
            yield ("seats", n), "L306", said


def _pace(scenario: Scenario, beats: list[tuple[timedelta, Inject]], dials: Mapping[str, str]) -> Iterator[Finding]:
    where = named(scenario, dials)
    places = {inject.id: n for n, inject in enumerate(scenario.injects)}
    listening = 0
    for t, inject in beats:
        listening = 0 if inject.asks else listening + 1
        if listening == LISTENING:
            yield (
                ("injects", places[inject.id]),
                "L307",
                f"With `{inject.id}` the table has listened to {LISTENING} injects in a row without deciding{where}.",
            )
        near = [name for at, each in beats if t <= at <= t + timedelta(minutes=5) for name in each.asks]
        if len(near) > BURST and inject.asks:
            yield (
                ("injects", places[inject.id]),
                "L307",
                f"{len(near)} decisions come within five minutes of `{inject.id}`{where}: {BURST} can be talked about.",
            )
    whole = beats[-1][0] if beats else timedelta()
    if whole <= timedelta(minutes=scenario.table_minutes) * 2:
        busy = timedelta()
        for (t, inject), (later, after) in pairwise(beats):
            busy = max(busy, t) + sum((scenario.decision(name).within / 2 for name in inject.asks), timedelta())
            if later - busy > GAP:
                minutes = round((later - busy).total_seconds() / 60)
                yield (
                    ("injects", places[after.id]),
                    "L307",
                    f"Nothing new comes for {minutes} minutes between `{inject.id}` and `{after.id}`{where}.",
                )
