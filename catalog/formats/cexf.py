"""CEXF: the Common Exercise Format of the MISP project, JSON with an exercise, its injects and the order they come in.

Source: format-description.md of github.com/MISP/cexf. It knows moments and messages, no decisions.
"""

import base64
import binascii
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from catalog.formats.documents import document, items, mapping, number, text, texts
from catalog.formats.draft import Draft, Imported, Note, Row, Unreadable
from catalog.formats.make import make
from catalog.formats.msel import as_set, lost
from domain.scenario import Inject, Scenario

_ACTIONS = {"mail": "email_to_participants", "log": "network_connection"}
_USED = {"exercise", "inject_flow", "inject_payloads", "injects"}


def read(path: Path, name: str) -> Imported:
    """The scenario `name` that a CEXF file holds. Raises Unreadable with one sentence."""
    data = document(path)
    injects = items(data.get("injects"))
    if not injects:
        raise Unreadable(f"{path.name} is no CEXF file: it has no `injects`.")
    about = mapping(data.get("exercise"))
    draft = Draft(text(about.get("name")) or path.stem, text(about.get("description")), text(about.get("expanded")))
    seconds = number(about.get("total_duration"))
    if seconds and seconds >= 300:
        draft.minutes = round(seconds / 60)
    for field in ("meta", "tags", "namespace", "valid_until", "version"):
        if about.get(field):
            draft.lost(f"exercise.{field}", json.dumps(about[field], ensure_ascii=False)[:80])
    for field in sorted(data.keys() - _USED):
        draft.lost(field, "nothing is known of this part")
    payloads = {text(each.get("uuid")): each for each in items(data.get("inject_payloads"))}
    flow = items(data.get("inject_flow"))
    order = {text(step.get("inject_uuid")): n for n, step in reversed(list(enumerate(flow)))}
    ranked = sorted(enumerate(injects), key=lambda each: (order.get(text(each[1].get("uuid")), len(flow)), each[0]))
    known = {text(each.get("uuid")) for each in injects}
    for place, inject in ranked:
        step = flow[order[text(inject.get("uuid"))]] if text(inject.get("uuid")) in order else {}
        draft.rows.append(_row(draft, (place, inject), step, payloads, known))
    return make(draft, name)


def _row(
    draft: Draft,
    numbered: tuple[int, dict[str, Any]],
    step: dict[str, Any],
    payloads: dict[str, dict[str, Any]],
    known: set[str],
) -> Row:
    place, inject = numbered
    where = f"injects[{place}]"
    if not step:
        draft.guessed(where, "the facilitator sends it, as `inject_flow` does not name it")
    body = _payload(draft, where, payloads.get(text(inject.get("action_payload_resource_uuid"))))
    requirements = mapping(step.get("requirements"))
    before = text(requirements.get("inject_uuid"))
    if requirements.get("resolution_requirement"):
        draft.lost(where, f"it waits for “{str(requirements['resolution_requirement'])[:60]}” of another inject")
    seconds = number(mapping(step.get("timing")).get("triggered_at"))
    expected = []
    for each in items(inject.get("inject_evaluation")):
        expected += texts(each.get("result"))
        if each.get("parameters") or each.get("score_range"):
            draft.lost(where, f"how “{text(each.get('result'))[:40]}” is checked and scored by a tool")
    if inject.get("target_tool"):
        draft.lost(where, f"the tool {str(inject['target_tool'])[:40]}")
    after = (before,) if before in known and seconds is None else ()
    return Row(
        where=where,
        key=text(inject.get("uuid")) or where,
        title=text(inject.get("name")),
        text=body or text(step.get("description")),
        at=timedelta(minutes=round(seconds / 60)) if seconds is not None and seconds >= 0 else None,
        after=after,
        contingency=not step,
        channel=text(inject.get("action")),
        expected=tuple(expected),
    )


def _payload(draft: Draft, where: str, payload: dict[str, Any] | None) -> str:
    """The text of a payload; what is no text is lost."""
    if payload is None:
        return ""
    parameters = mapping(payload.get("parameters"))
    if payload.get("type") != "file":
        draft.lost(
            where, f"the payload “{text(payload.get('name'))}”: {json.dumps(parameters, ensure_ascii=False)[:120]}"
        )
        return ""
    raw = text(parameters.get("content"))
    if parameters.get("content-type") != "base64":
        return raw
    try:
        return base64.b64decode(raw, validate=False).decode()
    except (binascii.Error, ValueError):
        draft.lost(where, f"the file “{text(parameters.get('filename'))}”, which is no text")
        return ""


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────


def data(scenario: Scenario, name: str) -> dict[str, Any]:
    """The scenario as CEXF. The same scenario always gets the same identifiers."""
    injects, payloads, flow = [], [], []
    for inject in scenario.injects:
        own, resource = _uuid(name, inject.id), _uuid(name, f"{inject.id}/text")
        body = "\n".join((inject.text, *inject.lines))
        payloads.append(
            {
                "name": inject.id,
                "parameters": {
                    "content": base64.b64encode(body.encode()).decode(),
                    "content-type": "base64",
                    "filename": f"{inject.id}.txt",
                },
                "type": "file",
                "uuid": resource,
            }
        )
        injects.append(
            {
                "action": _ACTIONS.get(inject.channel, inject.channel),
                "action_payload_resource_uuid": resource,
                "inject_evaluation": [
                    {"parameters": [], "result": each, "score_range": [0, 10]} for each in inject.expected
                ],
                "name": inject.title,
                "target_tool": "",
                "uuid": own,
            }
        )
        if not inject.contingency:
            flow.append(_step(scenario, inject, name, own))
    span = max((inject.at.total_seconds() for inject in scenario.injects if inject.at), default=0)
    return {
        "exercise": {
            "description": scenario.summary,
            "expanded": scenario.setting,
            "meta": {"author": "Muster"},
            "name": scenario.title,
            "namespace": "data-breach",
            "tags": [],
            "total_duration": str(int(max(scenario.table_minutes * 60, span))),
            "uuid": _uuid(name, ""),
            "version": f"{scenario.starts:%Y%m%d}",
        },
        "inject_flow": flow,
        "inject_payloads": payloads,
        "injects": injects,
    }


def _step(scenario: Scenario, inject: Inject, name: str, own: str) -> dict[str, Any]:
    seconds = None if inject.at is None else int(inject.at.total_seconds())
    waits = next((part.inject for part in inject.when.walk() if part.inject), None) if inject.when else None
    first = inject.id == scenario.injects[0].id
    return {
        "description": inject.title,
        "inject_uuid": own,
        "reporting_callback": [],
        "requirements": {"inject_uuid": _uuid(name, waits)} if waits else {},
        "sequence": {"completion_trigger": ["time_expiration", "completion"], "trigger": ["startex"] if first else []},
        "timing": {"triggered_at": seconds},
    }


def _uuid(name: str, part: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"muster/{name}/{part}"))


def write(scenario: Scenario, name: str, path: Path) -> list[Note]:
    """Write the scenario as CEXF, and say what the format cannot hold."""
    path.write_text(json.dumps(data(as_set(scenario), name), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return [*lost(scenario), Note("lost", "decisions", "all of them: CEXF knows messages and moments only")]
