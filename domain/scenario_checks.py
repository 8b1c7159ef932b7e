"""What must hold inside a scenario beyond its shape: names that exist, parts that can be reached, nobody idle.

Reachability is judged hopefully: a part is called unreachable only if no play whatever can reach it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from domain.condition import Condition
from domain.letter import Letter
from domain.regime import Regime
from domain.scenario import Effect, Rehearsal, Scenario
from domain.skills import STEPS

Path = tuple[str | int, ...]
Finding = tuple[Path, str, str]
"""Where in the file, which code, and the sentence for the author."""

_WORD = re.compile(r"\{\{([^}]*)\}\}")


def problems(scenario: Scenario) -> list[Finding]:
    """Everything wrong inside one scenario."""
    found = [*_references(scenario)]
    if found:
        return found  # what cannot be reached for want of a name has been said already
    return [
        *_unreachable(scenario),
        *_steps(scenario),
        *_seats(scenario),
        *_clocks(scenario),
        *_guessing(scenario),
        *_herrings(scenario),
    ]


def _near(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1)
    return f" Did you mean `{close[0]}`?" if close else ""


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _references(scenario: Scenario) -> Iterator[Finding]:
    known = {
        "seat": {seat.id for seat in scenario.seats},
        "fact": {fact.id for fact in scenario.facts},
        "inject": {inject.id for inject in scenario.injects},
        "decision": {decision.id for decision in scenario.decisions},
        "dial": {dial.id for dial in scenario.dials},
    }
    for path, kind, name in _named(scenario):
        if name not in known[kind]:
            yield path, "C301", f"This scenario has no {kind} `{name}`.{_near(name, known[kind])}"
    options = {decision.id: {option.id for option in decision.options} for decision in scenario.decisions}
    values = {dial.id: {value.id for value in dial.values} for dial in scenario.dials}
    for path, condition in _conditions(scenario):
        if condition.option and condition.option not in options.get(condition.decided or "", {condition.option}):
            yield (*path, "option"), "C301", f"`{condition.decided}` has no option `{condition.option}`."
        if condition.value and condition.value not in values.get(condition.dial or "", {condition.value}):
            yield (*path, "value"), "C301", f"The dial `{condition.dial}` has no position `{condition.value}`."
    yield from _words(scenario)


def _named(scenario: Scenario) -> Iterator[tuple[Path, str, str]]:  # noqa: C901, PLR0912 - one line per kind of name
    facts = {fact.id for fact in scenario.facts}
    yield ("leads",), "seat", scenario.leads
    for n, seat in enumerate(scenario.seats):
        if seat.deputy:
            yield ("seats", n, "deputy"), "seat", seat.deputy
    for start in type(scenario.clocks).model_fields:
        if fact := getattr(scenario.clocks, start):
            yield ("clocks", start), "fact", fact
    for n, owed in enumerate(scenario.duties):
        yield ("duties", n, "met_by"), "fact", owed.met_by
    for n, objective in enumerate(scenario.objectives):
        for m, name in enumerate(objective.shown_by):
            yield ("objectives", n, "shown_by", m), "decision", name
        for m, milestone in enumerate(objective.milestones):
            yield ("objectives", n, "milestones", m, "fact"), "fact", milestone.fact
        for m, name in enumerate(objective.watched_at):
            yield ("objectives", n, "watched_at", m), "inject", name
    for n, dial in enumerate(scenario.dials):
        for m, value in enumerate(dial.values):
            for name in value.shift:
                yield ("dials", n, "values", m, "shift"), "inject", name
    for n, inject in enumerate(scenario.injects):
        for name in inject.private:
            yield ("injects", n, "private"), "seat", name
        for m, name in enumerate(inject.asks):
            yield ("injects", n, "asks", m), "decision", name
        for m, attachment in enumerate(inject.attachments):
            for k, name in enumerate(attachment.seats):
                yield ("injects", n, "attachments", m, "seats", k), "seat", name
        if inject.resolved_by and inject.resolved_by not in facts:
            yield ("injects", n, "resolved_by"), "inject", inject.resolved_by
    for n, decision in enumerate(scenario.decisions):
        for m, name in enumerate(decision.seats):
            yield ("decisions", n, "seats", m), "seat", name
        for m, option in enumerate(decision.options):
            for name in option.voices:
                yield ("decisions", n, "options", m, "voices"), "seat", name
    for n, letter in enumerate(scenario.letters):
        for m, name in enumerate(letter.seats):
            yield ("letters", n, "seats", m), "seat", name
    for path, effect in _effects(scenario):
        if effect.fact:
            yield (*path, "fact"), "fact", effect.fact
    for path, condition in _conditions(scenario):
        for field, kind in (("fact", "fact"), ("decided", "decision"), ("inject", "inject"), ("dial", "dial")):
            if name := getattr(condition, field):
                yield (*path, field), kind, name


def _effects(scenario: Scenario) -> Iterator[tuple[Path, Effect]]:
    for n, inject in enumerate(scenario.injects):
        for m, effect in enumerate(inject.effects):
            yield ("injects", n, "effects", m), effect
    for n, decision in enumerate(scenario.decisions):
        for m, option in enumerate(decision.options):
            for k, effect in enumerate(option.effects):
                yield ("decisions", n, "options", m, "effects", k), effect


def _conditions(scenario: Scenario) -> Iterator[tuple[Path, Condition]]:
    roots: list[tuple[Path, Condition | None]] = [
        *((("injects", n, "when"), inject.when) for n, inject in enumerate(scenario.injects)),
        *((("duties", n, "when"), owed.when) for n, owed in enumerate(scenario.duties)),
        *(((*path, "when"), effect.when) for path, effect in _effects(scenario)),
        *((("letters", n, "when"), letter.when) for n, letter in enumerate(scenario.letters)),
        *(
            (("letters", n, "claims", m, "false_when"), claim.false_when)
            for n, letter in enumerate(scenario.letters)
            for m, claim in enumerate(letter.claims)
        ),
    ]
    for path, condition in roots:
        if condition is not None:
            yield from _inside(path, condition)


def _inside(path: Path, condition: Condition) -> Iterator[tuple[Path, Condition]]:
    yield path, condition
    for group in ("all", "any", "none"):
        for n, part in enumerate(getattr(condition, group)):
            yield from _inside((*path, group, n), part)


def _words(scenario: Scenario) -> Iterator[Finding]:
    """Every `{{word}}` is given by every position of one dial."""
    for n, dial in enumerate(scenario.dials):
        offered = {word for value in dial.values for word in value.words}
        for m, value in enumerate(dial.values):
            for word in sorted(offered - value.words.keys()):
                yield (
                    ("dials", n, "values", m),
                    "C301",
                    f"Other positions of this dial set the word `{word}`; this one too.",
                )
    known = {word for dial in scenario.dials for value in dial.values for word in value.words}
    for path, text in _texts(scenario.model_dump(mode="json", exclude_defaults=True)):
        for word in _WORD.findall(text):
            if word not in known:
                yield path, "C301", f"No dial sets the word `{word}`.{_near(word, known)}"


def _texts(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, list):
        for n, part in enumerate(data):
            yield from _texts(part, (*path, n))
    elif isinstance(data, dict):
        for key, part in data.items():
            yield from _texts(part, (*path, key))


# ── reach ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _reachable(scenario: Scenario) -> tuple[set[str], set[str], set[str]]:
    """Facts, injects and decisions that some play can reach."""
    facts: set[str] = set()
    injects: set[str] = set()
    decisions: set[str] = set()
    before = -1
    while before != len(facts) + len(injects) + len(decisions):
        before = len(facts) + len(injects) + len(decisions)
        for inject in scenario.injects:
            if _possible(inject.when, facts, injects, decisions):
                injects.add(inject.id)
                decisions.update(inject.asks)
                facts |= _facts(inject.effects, facts, injects, decisions)
        taken = [option for decision in scenario.decisions if decision.id in decisions for option in decision.options]
        for option in taken:
            facts |= _facts(option.effects, facts, injects, decisions)
    return facts, injects, decisions


def _unreachable(scenario: Scenario) -> Iterator[Finding]:
    facts, injects, decisions = _reachable(scenario)
    for n, inject in enumerate(scenario.injects):
        if inject.id not in injects:
            yield (
                ("injects", n),
                "C302",
                f"Nothing in play can ever bring the inject `{inject.id}`: look at its `when`.",
            )
    for n, decision in enumerate(scenario.decisions):
        if decision.id not in decisions:
            yield ("decisions", n), "C302", f"No inject that can come asks for the decision `{decision.id}`."
    for n, fact in enumerate(scenario.facts):
        if fact.id not in facts:
            yield ("facts", n), "C302", f"Nothing in play can establish the fact `{fact.id}`."


def _facts(effects: Iterable[Effect], facts: set[str], injects: set[str], decisions: set[str]) -> set[str]:
    return {e.fact for e in effects if e.fact and _possible(e.when, facts, injects, decisions)}


def _possible(condition: Condition | None, facts: set[str], injects: set[str], decisions: set[str]) -> bool:
    if condition is None or condition.none:
        return True
    if condition.all:
        return all(_possible(part, facts, injects, decisions) for part in condition.all)
    if condition.any:
        return any(_possible(part, facts, injects, decisions) for part in condition.any)
    return (
        (condition.fact is None or condition.fact in facts)
        and (condition.inject is None or condition.inject in injects)
        and (condition.decided is None or condition.decided in decisions)
    )


# ── what makes it worth playing ───────────────────────────────────────────────────────────────────────────────


def _steps(scenario: Scenario) -> Iterator[Finding]:
    used = {skill for decision in scenario.decisions for skill in decision.skills}
    for skill in STEPS:
        if skill not in used:
            yield ("decisions",), "C303", f"No decision exercises step {skill.step}, `{skill}`."


def _seats(scenario: Scenario) -> Iterator[Finding]:
    for n, seat in enumerate(scenario.seats):
        asked = any(seat.id in scenario.voters(decision) for decision in scenario.decisions)
        told = any(seat.id in inject.private for inject in scenario.injects)
        heard = any(seat.id in o.voices for decision in scenario.decisions for o in decision.options)
        if not asked or not (told or heard):
            missing = "votes on nothing" if not asked else "learns nothing of its own and has no voice"
            yield ("seats", n), "C304", f"The seat `{seat.id}` is idle: it {missing}."


def _clocks(scenario: Scenario) -> Iterator[Finding]:
    made = {effect.fact for _, effect in _effects(scenario) if effect.fact}
    for n, owed in enumerate(scenario.duties):
        if owed.met_by not in made:
            yield (
                ("duties", n, "met_by"),
                "C305",
                f"Nothing in play establishes `{owed.met_by}`, so this is never done.",
            )
    for start in type(scenario.clocks).model_fields:
        if (fact := getattr(scenario.clocks, start)) and fact not in made:
            yield ("clocks", start), "C305", f"Nothing in play establishes `{fact}`, so this clock never starts."


def _guessing(scenario: Scenario) -> Iterator[Finding]:
    """Taking the longest option each time must not be a plan."""
    luck = 0.0
    for decision in scenario.decisions:
        longest = max(len(option.text) for option in decision.options)
        taken = [option.rating == "P" for option in decision.options if len(option.text) == longest]
        luck += sum(taken) / len(taken)
    if len(scenario.decisions) >= 4 and luck > len(scenario.decisions) / 2:
        yield (
            ("decisions",),
            "C210",
            f"The longest option is the best one in {luck:.0f} of {len(scenario.decisions)} decisions: even them out.",
        )


def _herrings(scenario: Scenario) -> Iterator[Finding]:
    for n, inject in enumerate(scenario.injects):
        if inject.red_herring and inject.resolved_by in {None, inject.id}:
            yield (
                ("injects", n),
                "C320",
                f"The red herring `{inject.id}` is never cleared up: name in `resolved_by` the inject or fact that does it.",
            )


# ── between files ─────────────────────────────────────────────────────────────────────────────────────────────


def of_duties(scenario: Scenario, regimes: Mapping[str, Regime]) -> list[Finding]:
    """Duties that the named regime does not have; regimes that do not exist are for the caller to report."""
    found: list[Finding] = []
    for n, owed in enumerate(scenario.duties):
        regime = regimes.get(owed.regime)
        names = {duty.id for duty in regime.duties} if regime else {owed.duty}
        if owed.duty not in names:
            near = _near(owed.duty, names)
            found.append((("duties", n, "duty"), "C301", f"`{owed.regime}` has no duty `{owed.duty}`.{near}"))
    for n, letter in enumerate(scenario.letters):
        if (regime := regimes.get(letter.regime)) is not None:
            found += _letter(("letters", n), letter, regime)
    return found


def _letter(path: Path, letter: Letter, regime: Regime) -> Iterator[Finding]:
    names = {duty.id for duty in regime.duties}
    if letter.duty not in names:
        near = _near(letter.duty, names)
        yield (*path, "duty"), "C301", f"`{letter.regime}` has no duty `{letter.duty}`.{near}"
        return
    covered = {element.text for element in letter.elements}
    for line in regime.duty(letter.duty).content:
        if line not in covered:
            yield (
                (*path, "elements"),
                "C309",
                f"No element covers “{line}”, which `{letter.regime}` asks for. Add one with this text.",
            )


def of_rehearsal(rehearsal: Rehearsal, scenario: Scenario) -> list[Finding]:
    """Names in a rehearsal that its scenario does not have."""
    found: list[Finding] = []
    seats = {seat.id for seat in scenario.seats}
    if rehearsal.seat not in seats:
        found.append((("seat",), "C301", f"The scenario has no seat `{rehearsal.seat}`.{_near(rehearsal.seat, seats)}"))
    options = {decision.id: {option.id for option in decision.options} for decision in scenario.decisions}
    for n, choice in enumerate(rehearsal.choices):
        path: Path = ("choices", n)
        if choice.decision not in options:
            near = _near(choice.decision, options)
            found.append(((*path, "decision"), "C301", f"The scenario has no decision `{choice.decision}`.{near}"))
        elif choice.option not in options[choice.decision]:
            near = _near(choice.option, options[choice.decision])
            sentence = f"`{choice.decision}` has no option `{choice.option}`.{near}"
            found.append(((*path, "option"), "C301", sentence))
    values = {dial.id: {value.id for value in dial.values} for dial in scenario.dials}
    for name, value in rehearsal.dials.items():
        if value not in values.get(name, ()):
            found.append((("dials",), "C301", f"The scenario has no dial `{name}` with a position `{value}`."))
    return found
