"""PDF by typst: tagged, by the rules of PDF/UA-1, without a clock, so that the same report is the same file."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from domain.after_action import AfterAction
from domain.span import moment
from services.documents.words import BADGE, LEGAL, clean, facts, said

HERE = Path(__file__).parent


def compiled(template: str, **data: Any) -> bytes:
    """A template of this folder with its data, as PDF."""
    import typst

    # People's text is data to the template, never markup: typst parses the template alone.
    inputs: dict[str, str] = {
        name: json.dumps(_cleaned(value), ensure_ascii=False, default=str) for name, value in data.items()
    }
    source = HERE / template
    pdf: bytes
    try:
        pdf = typst.compile(source, root=HERE, sys_inputs=inputs, pdf_standards=["ua-1"], ignore_system_fonts=True)
    except typst.TypstError:
        # PDF/UA asks for a glyph for every letter. Names in scripts that the built-in fonts lack get the machine's.
        pdf = typst.compile(source, root=HERE, sys_inputs=inputs)
    return pdf


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _cleaned(inner) for key, inner in value.items()}
    return [_cleaned(inner) for inner in value] if isinstance(value, list | tuple) else value


def report(after: AfterAction) -> bytes:
    """The after-action report as PDF."""
    return compiled("report.typ", report=_data(after))


def _data(after: AfterAction) -> dict[str, Any]:
    body = asdict(after)
    lines = ((bar.label, duty.result) for bar, duty in zip(after.bars, after.duties, strict=True))
    body |= {
        "badge": BADGE,
        "legal": LEGAL,
        "facts": facts(after),
        "bars_alt": "Duties on a time axis. " + "; ".join(f"{label}: {result}" for label, result in lines),
        "log": [
            {"number": e.number, "t": moment(e.t), "moment": f"{e.moment:%a %d %b %H:%M}", "text": e.text}
            for e in after.log
        ],
    }
    body["remarks"] = [asdict(remark) | {"when": moment(remark.t)} for remark in after.remarks]
    body["cards"] = [
        {"ask": ask, "cards": [{"text": card.text, "said": said(card)} for card in cards]} for ask, cards in after.cards
    ]
    body["findings"] = [
        {
            "skill": finding.skill.label,
            "text": finding.text,
            "seat": finding.seat or "the whole table",
            "events": finding.events,
            "actions": [asdict(action) | {"due": f"{action.due_on:%d %b %Y}"} for action in actions],
        }
        for finding, actions in after.findings
    ]
    return body
