"""The run sheet: injects in the order in which a facilitator meets them, and their conditions in words."""

from collections.abc import Mapping
from datetime import timedelta

from domain.condition import Condition
from domain.scenario import Inject, Scenario
from domain.span import moment, written


def in_order(scenario: Scenario, dials: Mapping[str, str]) -> list[Inject]:
    """Injects that can come in this variant: those with a time by their time, those that wait, those kept back."""
    found = [inject for inject in scenario.injects if _possible(inject.when, dials)]
    return sorted(found, key=lambda each: (each.contingency, each.at is None, each.at or timedelta()))


def _possible(condition: Condition | None, dials: Mapping[str, str]) -> bool:
    """Whether the condition may come to hold: only how the dials stand is known beforehand."""
    if condition is None:
        return True
    if condition.all:
        return all(_possible(part, dials) for part in condition.all)
    if condition.any:
        return any(_possible(part, dials) for part in condition.any)
    if condition.none:
        return not any(part.dial and _possible(part, dials) for part in condition.none)
    return condition.dial is None or dials.get(condition.dial) == condition.value


def said(condition: Condition, scenario: Scenario) -> str:  # noqa: PLR0911 - one case per kind of condition
    """A condition as a person at the table can check it."""
    for group, joint in (("all", " and "), ("any", " or ")):
        if inner := getattr(condition, group):
            return joint.join(said(part, scenario) for part in inner)
    if condition.none:
        return "not: " + " or ".join(said(part, scenario) for part in condition.none)
    wait = f", {written(condition.after)} later" if condition.after else ""
    if condition.time is not None:
        return f"from {moment(condition.time)}"
    if condition.fact:
        return f"“{scenario.fact(condition.fact).text}”{wait}"
    if condition.inject:
        return f"“{scenario.inject(condition.inject).title}” was sent{wait}"
    if condition.decided:
        decision = scenario.decision(condition.decided)
        chosen = next((o.text for o in decision.options if o.id == condition.option), "anything")
        return f"“{decision.ask}” was decided: {chosen}{wait}"
    dial = next(dial for dial in scenario.dials if dial.id == condition.dial)
    value = next(value for value in dial.values if value.id == condition.value)
    return f"{dial.label}: {value.label}"
