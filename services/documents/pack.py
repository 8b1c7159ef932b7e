"""The printed pack: everything an exercise needs when the network is gone, from the scenario alone."""

from collections.abc import Mapping
from typing import Any

from domain.exercise import Regimes
from domain.exercise.view import order
from domain.regime import Duty
from domain.run_sheet import in_order, said
from domain.scenario import Inject, Scenario
from domain.span import moment, written
from services.documents.pdf import compiled
from services.documents.words import BADGE, LEGAL


def pack(scenario: Scenario, regimes: Regimes, dials: Mapping[str, str], seed: int) -> bytes:
    """Facilitator guide, seat cards, inject and decision slips, evaluator sheets as one PDF.

    `scenario` is the variant that the dials make; options stand in the order the seed gives them.
    """
    return compiled("pack.typ", pack=_data(scenario, regimes, dials, seed))


def _data(scenario: Scenario, regimes: Regimes, dials: Mapping[str, str], seed: int) -> dict[str, Any]:
    titles = {seat.id: seat.title for seat in scenario.seats}
    asks = {decision.id: decision.ask for decision in scenario.decisions}
    labels = {
        f"{dial.label}: {value.label}"
        for dial in scenario.dials
        for value in dial.values
        if dials.get(dial.id) == value.id
    }
    return {
        "title": scenario.title,
        "badge": BADGE,
        "legal": LEGAL,
        "summary": scenario.summary,
        "setting": scenario.setting,
        "starts": f"{scenario.local(scenario.starts):%A %d %B %Y at %H:%M}",
        "table_minutes": scenario.table_minutes,
        "dials": "; ".join(sorted(labels)) or "there is only one",
        "notes": scenario.notes,
        "questions": scenario.debrief.questions,
        "seats": [
            {"title": seat.title, "brief": seat.brief, "deputy": titles.get(seat.deputy or "", "")}
            for seat in scenario.seats
        ],
        "injects": [_inject(scenario, inject, titles, asks) for inject in in_order(scenario, dials)],
        "duties": [
            {
                "label": owed.label,
                "limit": _limit(regimes[owed.regime].duty(owed.duty)),
                "citation": regimes[owed.regime].citation,
            }
            for owed in scenario.duties
            if owed.regime in regimes
        ],
        "decisions": [
            {
                "ask": decision.ask,
                "context": decision.context or "",
                "within": written(decision.within),
                "seats": ", ".join(titles[seat] for seat in scenario.voters(decision)),
                "options": [
                    {"text": choice.text, "rating": choice.rating, "why": choice.why, "then": choice.then}
                    for choice in decision.options
                ],
                "choices": [text for _, text in order(decision, seed)],
            }
            for decision in scenario.decisions
        ],
        "objectives": [objective.text for objective in scenario.objectives],
    }


def _inject(scenario: Scenario, inject: Inject, titles: Mapping[str, str], asks: Mapping[str, str]) -> dict[str, Any]:
    return {
        "when": moment(inject.at) if inject.at is not None else "by hand" if inject.by_hand else "if",
        "condition": said(inject.when, scenario) if inject.when else "",
        "channel": inject.channel,
        "sender": inject.sender,
        "title": inject.title,
        "text": inject.text,
        "lines": inject.lines,
        "attachments": [
            {"kind": item.kind, "head": item.head, "body": item.body or "", "lines": item.lines}
            for item in inject.attachments
        ],
        "private": [(titles[seat], text) for seat, text in inject.private.items()],
        "asks": [asks[name] for name in inject.asks if name in asks],
        "expected": inject.expected,
    }


def _limit(duty: Duty) -> str:
    if duty.limit is None:
        return "without undue delay"
    start = duty.limit.start.value if duty.limit.start else f"the duty “{duty.limit.after}”"
    return f"{duty.limit.amount} {duty.limit.unit.replace('_', ' ')} from {start}"
