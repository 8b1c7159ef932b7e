"""Worked examples of a rule, written by people who know the law, and how they come out."""

from collections.abc import Iterator
from datetime import datetime

from domain.regime.clock import end_of_day
from domain.regime.duties import of
from domain.regime.rule import Case, Regime


def differences(slug: str, regime: Regime) -> Iterator[tuple[int, str]]:
    """How cases of a regime come out otherwise than written: the number of the case, and a sentence."""
    for number, case in enumerate(regime.cases):
        for sentence in _case(slug, regime, case):
            yield number, sentence


def _case(slug: str, regime: Regime, case: Case) -> Iterator[str]:
    found = {each.duty.id: each for each in of(slug, regime, case.facts.breach(), case.now, case.told)}
    for outcome in case.expect:
        each = found[outcome.duty]
        if outcome.required is not None and outcome.required != each.required:
            yield f"`{outcome.duty}` comes out as required: {each.required}, not {outcome.required}. {each.because}"
            continue
        if outcome.standing is not None and outcome.standing != each.deadline.standing:
            yield f"`{outcome.duty}` comes out as {each.deadline.standing}, not {outcome.standing}."
        if outcome.due is not None:
            wanted = outcome.due if isinstance(outcome.due, datetime) else end_of_day(outcome.due, regime.zone)
            if each.deadline.due != wanted:
                due = each.deadline.due.isoformat(timespec="minutes") if each.deadline.due else "no day"
                yield f"`{outcome.duty}` comes out as due {due}, not {outcome.due}."
