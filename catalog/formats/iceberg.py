"""IcebergTTX: scenarios as a graph of injects whose options lead to other injects.

Source: app/schemas/scenario_json.py of github.com/IcebergAI/IcebergTTX, schema version 1.0.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from catalog.formats.documents import document, items, mapping, number, text, texts
from catalog.formats.draft import Draft, Imported, Option, Question, Row, Unreadable, clean
from catalog.formats.make import make

_USED = {
    "schema_version",
    "title",
    "description",
    "metadata",
    "participant_teams",
    "injects",
    "start_inject_id",
    "debrief_notes",
}


def read(path: Path, name: str) -> Imported:
    """The scenario `name` that an IcebergTTX file holds. Raises Unreadable with one sentence."""
    data = document(path)
    nodes = items(data.get("injects"))
    if not nodes:
        raise Unreadable(f"{path.name} is no IcebergTTX scenario: it has no `injects`.")
    draft = Draft(
        text(data.get("title")) or path.stem, text(data.get("description")), opening=text(data.get("debrief_notes"))
    )
    minutes = number(mapping(data.get("metadata")).get("estimated_duration_minutes"))
    draft.minutes = round(minutes) if minutes else None
    if author := mapping(data.get("metadata")).get("author"):
        draft.lost("metadata.author", str(author)[:80])
    for field in sorted(data.keys() - _USED):
        draft.lost(field, "nothing here takes it")
    for number_, team in enumerate(items(data.get("participant_teams"))):
        label = text(team.get("label")) or text(team.get("id"))
        if number_ < 12 and label:
            draft.seats[text(team.get("id")) or label] = label
        else:
            draft.lost(f"participant_teams[{number_}]", "a team without a name, or more than twelve")
    start = text(data.get("start_inject_id"))
    leads: dict[str, list[str]] = {}
    for node in nodes:
        for place, option in enumerate(items(node.get("options"))):
            leads.setdefault(text(option.get("next_inject_id")), []).append(f"{text(node.get('id'))}/{place}")
    ranked = sorted(
        enumerate(nodes),
        key=lambda each: (text(each[1].get("id")) != start, number(each[1].get("sequence_order")) or 0, each[0]),
    )
    for place, node in ranked:
        first = text(node.get("id")) == start
        draft.rows.append(_row(draft, place, node, [] if first else leads.get(text(node.get("id")), []), first=first))
    return make(draft, name)


def _row(draft: Draft, place: int, node: dict[str, Any], after: list[str], *, first: bool) -> Row:
    where = f"injects[{place}]"
    teams = [draft.seats.get(team, team) for team in texts(node.get("target_teams"))]
    options = tuple(Option(text(each.get("label")) or text(each.get("id"))) for each in items(node.get("options")))
    attachments = []
    for each in items(node.get("triggers_communications")):
        if each.get("direction") == "outbound":
            draft.lost(where, f"the outgoing message “{text(each.get('subject'))[:60]}”")
            continue
        if each.get("delay_after_release_seconds"):
            draft.lost(where, f"the delay of “{text(each.get('subject'))[:60]}”: it comes with the inject")
        attachments.append(
            {
                "kind": "mail",
                "sender": clean(text(each.get("external_entity")))[:300] or "Unknown sender",
                "subject": clean(text(each.get("subject")))[:300] or "(no subject)",
                "body": clean(text(each.get("body")))[:6000] or "(empty)",
            }
        )
    if len(attachments) > 6:
        draft.lost(where, f"{len(attachments) - 6} messages: six attachments are the most")
    if node.get("free_text_response") and options:
        draft.lost(where, "answers in free text; the reason with each vote takes their place")
    alone = not first and not after
    if alone:
        draft.guessed(where, "the facilitator sends it, as no option leads to it")
    return Row(
        where=where,
        key=text(node.get("id")) or where,
        title=text(node.get("title")),
        text=text(node.get("content")),
        at=timedelta() if first else None,
        after=tuple(after),
        contingency=alone,
        to=", ".join(teams),
        expected=tuple(texts(node.get("expected_actions"))),
        questions=(Question("", options, tuple(teams)),),
        attachments=tuple(attachments),
    )
