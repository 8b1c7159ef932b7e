"""JSON Schemas of all content, so that editors complete and explain every field while somebody writes.

Generated from the very types that read the files; `schema --check` fails when the written ones are stale.
"""

import json
from pathlib import Path
from typing import Any, Final

from catalog.kinds import KINDS, ORGANISATION
from catalog.shape import schema_of
from domain.skills import Skill

FOLDER: Final = "content/schemas"
EDITOR: Final = ".vscode/settings.json"
FIELDS: Final = "docs/content-fields.md"

_COMMON: Final = {
    "affects": "What the breach harms; several may apply.",
    "amount": "How many units.",
    "answer": "Whether the statement holds.",
    "any_of": "Phrases that count, compared without case or accents.",
    "artefacts": "What lands in front of the person, one after the other; about a third is harmless.",
    "ask": "The question, in one line.",
    "avoid": "What must not be in this field.",
    "awareness": "The fact that says the organisation knows (GDPR and most laws).",
    "best_for": "When to use this channel rather than another.",
    "channel": "How it arrives.",
    "channels": "How to reach the incident team, best first.",
    "choices": "What can be chosen.",
    "citation": "The law as it is cited.",
    "cites": "Ids of the `sources` this rests on.",
    "clocks": "Which fact starts which kind of legal clock.",
    "clues": "The marked passages, each with what it tells.",
    "context": "The situation, in a few sentences.",
    "count": "How many people.",
    "debrief": "What the table talks about afterwards.",
    "decision": "A decision of the scenario.",
    "decisions": "What is put to the table.",
    "determination": "The fact that says somebody has judged it a breach.",
    "dials": "What can be set differently from one exercise to the next.",
    "difficulty": "How hard it is for somebody who has read the lessons.",
    "discovery": "The fact that says the first sign was seen.",
    "duties": "Who must be told, and by when.",
    "duty": "A duty of this file.",
    "effects": "What it brings about.",
    "exhibit": "Something to look at: a few labelled lines.",
    "expect": "What must have come out in the end.",
    "facts": "What can be established in the exercise.",
    "fields": "The fields of the form that this drill judges.",
    "head": "The lines above the text: From, To, Subject.",
    "help": "One line that helps to fill it in.",
    "id": "Short name, used to refer to this; never change it once people have answered.",
    "injects": "Messages that enter play.",
    "items": "What to put in order, written in the right order.",
    "jurisdiction": "Where the law holds.",
    "kind": "What sort it is; it decides which other fields belong here.",
    "label": "The name that people see.",
    "left": "What is shown on the left.",
    "lines": "The lines, as they are shown.",
    "materiality": "The fact that says it is material to investors (SEC 8-K 1.05).",
    "mentions": "What a good answer holds.",
    "minutes": "How long it honestly takes.",
    "name": "The name that people see.",
    "note": "What else is worth knowing.",
    "objectives": "What the exercise is to show.",
    "op": "How the law counts: from (>=) or more than (>) so many.",
    "opening": "What the facilitator says first.",
    "option": "The option that is taken.",
    "options": "Things a sensible person might do, about equally long.",
    "pairs": "What belongs together.",
    "payment": "The fact that says a ransom was paid.",
    "questions": "The pool that each attempt draws from.",
    "report_form": "The fields of the report form, in order; drills practise this very form.",
    "required": "Whether a report can be sent without it.",
    "resolution": "The fact that says it was handled, or a fix is there.",
    "right": "Whether this is the right one; for a pair, what belongs to the left.",
    "risk": "How the risk to the people affected is judged.",
    "scenario": "A scenario, by the name of its file.",
    "screens": "One idea each, a prediction before the telling.",
    "seat": "The seat that is played.",
    "seats": "Who is at the table.",
    "skill": "The skill this trains.",
    "skills": "The skills this exercises.",
    "sources": "What this file rests on, and when somebody last looked.",
    "standing": "How the duty stands in the end.",
    "status": "Whether the law is in force.",
    "summary": "One sentence that says what it is about.",
    "text": "What people read.",
    "title": "The heading that people see.",
    "to": "Who is told.",
    "unit": "What is counted.",
    "until": "In force in this form until.",
    "values": "The positions it can take.",
    "verdict": "What it is; a near miss is reported too.",
    "verification": "How far somebody has compared this with the source.",
    "why": "What this causes or tells, and the better move.",
}
"""Explanations of fields that mean the same wherever they stand and carry no description of their own."""


def schemas() -> dict[str, str]:
    """Every generated file: its path under the root, and its text."""
    files = {f"{FOLDER}/{kind.name}.json": _text(_schema(kind.type)) for kind in (*KINDS, ORGANISATION)}
    files[EDITOR] = _text({"yaml.schemas": _mapping(), "yaml.customTags": [], "yaml.format.printWidth": 120})
    return {**files, FIELDS: fields()}


def stale(root: Path) -> list[str]:
    """Generated files that are missing under `root` or differ from what the types say."""
    return [file for file, text in schemas().items() if _read(root / file) != text]


def write(root: Path) -> list[str]:
    """Write every generated file that is stale, and name it."""
    files = schemas()
    written = stale(root)
    for file in written:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(files[file], encoding="utf-8")
    return written


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _mapping() -> dict[str, str]:
    kinds = {f"./{FOLDER}/{kind.name}.json": f"{kind.folder}/*.yaml" for kind in KINDS}
    return {**kinds, f"./{FOLDER}/{ORGANISATION.name}.json": ORGANISATION.folder}


def _schema(kind: Any) -> dict[str, Any]:
    described: dict[str, Any] = _described(schema_of(kind))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}


def _described(schema: Any) -> Any:
    """The schema with a description for every field, and without titles that only repeat the field's name."""
    if isinstance(schema, list):
        return [_described(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: _described(part) for key, part in schema.items() if key != "title" or not isinstance(part, str)}
    for name, field in schema.get("properties", {}).items():
        if isinstance(field, dict) and "description" not in field and name in _COMMON:
            field["description"] = _COMMON[name]
    if schema.get("enum") == [skill.value for skill in Skill]:
        schema["enumDescriptions"] = [f"{skill.label}: {skill.promise}" for skill in Skill]
    return schema


# ── for people ────────────────────────────────────────────────────────────────────────────────────────────────


_HEAD: Final = """# Every field of every content file

Written by `manage.py schema` from the types that read the files. A field marked \\* must be there.
"""


def fields() -> str:
    """Every field of every kind of content as Markdown: what it is called, what goes in, what for."""
    parts = [_HEAD]
    for kind in (*KINDS, ORGANISATION):
        where = kind.folder if kind is ORGANISATION else f"{kind.folder}/SLUG.yaml"
        schema = _described(schema_of(kind.type))
        parts.append(f"\n## {kind.name.capitalize()}: `{where}`\n")
        if "properties" in schema:
            parts.append(_table(schema))
        for name, inner in sorted(schema.get("$defs", {}).items()):
            if "properties" in inner:
                parts.append(f"\n### {name}\n\n{_sentence(inner.get('description', ''))}\n{_table(inner)}")
            elif "enum" in inner:
                parts.append(f"\n### {name}\n\n{_sentence(inner.get('description', ''))} One of {_takes(inner)}.\n")
    return "".join(parts)


def _table(schema: dict[str, Any]) -> str:
    rows = ["\n| field | takes | what for |\n|---|---|---|\n"]
    required = schema.get("required", ())
    for name, field in schema["properties"].items():
        star = "\\*" if name in required else ""
        rows.append(f"| `{name}`{star} | {_takes(field)} | {_sentence(field.get('description', ''))} |\n")
    return "".join(rows)


def _sentence(text: str) -> str:
    return text.split("\n\n", maxsplit=1)[0].replace("\n", " ").replace("|", "\\|")


def _takes(field: dict[str, Any]) -> str:  # noqa: PLR0911 - one answer for each sort of schema
    """What a field takes, in a few words."""
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return " ".join(f"`{value}`" for value in field["enum"])
    options = field.get("anyOf") or field.get("oneOf")
    if options:
        return " or ".join(dict.fromkeys(_takes(option) for option in options if option.get("type") != "null"))
    sort = field.get("type")
    if sort == "array":
        return f"list of {_takes(field.get('items', {}))}"
    if sort == "object":
        inner: Any = field.get("additionalProperties") or next(iter(field.get("patternProperties", {}).values()), {})
        return f"mapping to {_takes(inner)}"
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true` or `false`"}
    known = {"date": "date", "date-time": "date and time", "duration": "duration as PT15M"}
    said = known.get(field.get("format", ""), words.get(str(sort), "anything"))
    low, high = field.get("minimum"), field.get("maximum")
    return f"{said}, {low} to {high}" if low is not None and high is not None else said
