"""Whether every part of a scenario can be played, and leads on."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice, product

from domain.lint.reach import MOST, Reach, everywhere, named, reach
from domain.machine.way import settings
from domain.regime import Affected, Breach, Duty, Regime, Start, owed
from domain.regime.stand import run
from domain.scenario import Effect, Objective, Owed, Scenario
from domain.scenario_checks import Finding, Path
from domain.skills import STEPS, Skill


def look(scenario: Scenario, regimes: Mapping[str, Regime]) -> Iterator[Finding]:
    """L301 to L304, L308 and L309."""
    reached = everywhere(scenario)
    yield from _steps(scenario, reached)
    yield from _unreached(scenario, reached)
    yield from _dead_ends(scenario, reached)
    yield from _objectives(scenario, reached)
    yield from _duties(scenario, regimes, reached)
    yield from _herrings(scenario, reached)


def _exercised(scenario: Scenario, found: Reach) -> set[Skill]:
    return {skill for decision in scenario.decisions if decision.id in found.decisions for skill in decision.skills}


def _steps(scenario: Scenario, reached: list[Reach]) -> Iterator[Finding]:
    for skill in STEPS:
        for found in reached:
            if skill not in _exercised(scenario, found):
                where = named(scenario, found.dials)
                said = f"No decision that can come up{where} exercises step {skill.step}, `{skill}`."
                yield ("decisions",), "L301", said
                break


def _unreached(scenario: Scenario, reached: list[Reach]) -> Iterator[Finding]:
    kinds: tuple[tuple[str, tuple[str, ...], Callable[[Reach], set[str]]], ...] = (
        ("inject", tuple(each.id for each in scenario.injects), lambda found: found.injects),
        ("decision", tuple(each.id for each in scenario.decisions), lambda found: found.decisions),
        ("fact", tuple(each.id for each in scenario.facts), lambda found: found.facts),
    )
    for kind, names, of in kinds:
        for n, name in enumerate(names):
            if not any(name in of(found) for found in reached):
                yield (f"{kind}s", n), "L302", f"No setting of the dials and no play reaches the {kind} `{name}`."
    for n, decision in enumerate(scenario.decisions):
        for m, option in enumerate(decision.options):
            fixed = {decision.id: option.id}
            yield from _effects(scenario, option.effects, ("decisions", n, "options", m), fixed, decision.id)
    for n, inject in enumerate(scenario.injects):
        yield from _effects(scenario, inject.effects, ("injects", n), {}, "")


def _effects(
    scenario: Scenario, effects: Iterable[Effect], path: Path, fixed: Mapping[str, str], decision: str
) -> Iterator[Finding]:
    for k, effect in enumerate(effects):
        if effect.when is None:
            continue
        every = [reach(scenario, dials, fixed) for dials in islice(settings(scenario), MOST)]
        if not any(found.possible(effect.when) for found in every if not decision or decision in found.decisions):
            yield (*path, "effects", k, "when"), "L302", "This effect never happens: its `when` cannot hold here."


def _dead_ends(scenario: Scenario, reached: list[Reach]) -> Iterator[Finding]:
    alone = [reach(scenario, found.dials, by_hand=False) for found in reached]
    for n, decision in enumerate(scenario.decisions):
        for m, option in enumerate(decision.options):
            for free in alone:
                if decision.id not in free.decisions:
                    continue
                tied = reach(scenario, free.dials, {decision.id: option.id}, by_hand=False)
                lost = [s for s in STEPS if s in _exercised(scenario, free) - _exercised(scenario, tied)]
                if lost and decision.id in tied.decisions:
                    where = f"{lost[0].step}, `{lost[0]}`, any more{named(scenario, free.dials)}"
                    said = f"After `{option.id}` the exercise never comes to step {where}: something must lead on from here."
                    yield ("decisions", n, "options", m), "L303", said
                    break


def _objectives(scenario: Scenario, reached: list[Reach]) -> Iterator[Finding]:
    for n, objective in enumerate(scenario.objectives):
        for found in reached:
            if not _shown(objective, found):
                yield (
                    ("objectives", n),
                    "L304",
                    f"Nothing that shows the objective `{objective.id}` can come up{named(scenario, found.dials)}.",
                )
                break


def _shown(objective: Objective, found: Reach) -> bool:
    return bool(
        set(objective.shown_by) & found.decisions
        or {milestone.fact for milestone in objective.milestones} & found.facts
        or set(objective.watched_at) & found.injects
    )


# ── duties ────────────────────────────────────────────────────────────────────────────────────────────────────


def _duties(scenario: Scenario, regimes: Mapping[str, Regime], reached: list[Reach]) -> Iterator[Finding]:
    for n, each in enumerate(scenario.duties):
        regime = regimes.get(each.regime)
        duties = {duty.id: duty for duty in regime.duties} if regime else {}
        if regime is None or each.duty not in duties:
            continue
        reasons = [_never(scenario, regime, duties[each.duty], each, found) for found in reached]
        if all(reasons):
            yield ("duties", n), "L308", f"The duty `{each.regime}/{each.duty}` {reasons[0]}."


def _never(  # noqa: PLR0911 - one reason a line
    scenario: Scenario, regime: Regime, duty: Duty, each: Owed, found: Reach
) -> str:
    """Why this duty never starts or is never done with these dials; empty when it can be both."""
    if not found.possible(each.when):
        return "is never owed: its `when` cannot hold"
    if each.met_by not in found.facts:
        return f"is never done: nothing establishes `{each.met_by}`"
    breaches = list(_breaches(scenario, found))
    if not any(owed(regime, duty, breach, scenario.starts) for breach in breaches):
        return "is never owed: people in its places, its threshold or the risk are not reached"
    done = {}
    for other in scenario.duties:
        if other.met_by in found.facts and (other.regime, other.duty) != (each.regime, duty.id):
            done[f"{other.regime}/{other.duty}"] = scenario.starts
            if other.regime == each.regime:
                done[other.duty] = scenario.starts
    if run(each.regime, regime, duty, breaches[0], done, scenario.starts + timedelta(days=400)).started is None:
        start = duty.limit.start if duty.limit and duty.limit.start else duty.starts
        if waits := [name for name in duty.waits_for if name not in done]:
            return f"never starts: it waits for the duty `{waits[0]}`, which is not in `duties` or never done"
        if (fact := scenario.clocks.of(start)) is None:
            return f"never starts: it runs from {start.value}, and `clocks` names no fact for that"
        return f"never starts: nothing establishes `{fact}`"
    return ""


def _breaches(scenario: Scenario, found: Reach) -> Iterator[Breach]:
    """What can be known of the breach: the most people, with every view of the risk and the data that can come up."""
    known = {start: scenario.starts for start in Start if scenario.clocks.of(start) in found.facts}
    effects = list(_possible_effects(scenario, found))
    risks = dict.fromkeys((scenario.risk, *(effect.risk for effect in effects if effect.risk)))
    protections = dict.fromkeys((scenario.protection, *(each.protection for each in effects if each.protection)))
    exposures = dict.fromkeys((scenario.exposure, *(each.exposure for each in effects if each.exposure)))
    people = _most(scenario, found)
    for risk, protection, exposure in product(risks, protections, exposures):
        yield Breach(known, people, risk, scenario.organisation, protection, scenario.effects, exposure)


def _possible_effects(scenario: Scenario, found: Reach) -> Iterator[Effect]:
    for inject in scenario.injects:
        if inject.id in found.injects:
            yield from (effect for effect in inject.effects if found.possible(effect.when))
    for decision in scenario.decisions:
        if decision.id in found.decisions:
            yield from (e for option in decision.options for e in option.effects if found.possible(e.when))


def _most(scenario: Scenario, found: Reach) -> tuple[Affected, ...]:
    """The most people each place can come to, with everything that can turn out to have leaked about them."""
    groups = [*scenario.people, *(effect.people for effect in _possible_effects(scenario, found) if effect.people)]
    groups += [
        group
        for dial in scenario.dials
        for value in dial.values
        if found.dials.get(dial.id) == value.id
        for group in value.people
    ]
    most: dict[str, Affected] = {}
    for group in groups:
        before = most.get(group.where, group)
        data = tuple(dict.fromkeys((*before.data, *group.data)))
        larger = max(before, group, key=lambda each: each.count)
        most[group.where] = larger.model_copy(update={"data": data})
    return tuple(most.values())


def _herrings(scenario: Scenario, reached: list[Reach]) -> Iterator[Finding]:
    for n, inject in enumerate(scenario.injects):
        if not inject.red_herring:
            continue
        for found in reached:
            if inject.id in found.injects and inject.resolved_by not in found.injects | found.facts:
                by = (
                    f"`{inject.resolved_by}` cannot come" if inject.resolved_by else "nothing is named in `resolved_by`"
                )
                where = named(scenario, found.dials)
                yield ("injects", n), "L309", f"The red herring `{inject.id}` is never cleared up{where}: {by}."
                break
