"""Plain data → a value of the domain, or every problem that stands in the way, each at its line and column.

Types are strict: `"5"` is not a number and `1` is not true; text becomes a date or a named choice where one is due.
"""

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from catalog.problem import Problem
from catalog.read import MAX_PROBLEMS, Place, Read, Spot

type_adapter = cache(TypeAdapter[Any])
"""The validator of a type, made once."""

Path = tuple[str | int, ...]


def shape(read: Read, kind: Any, file: str) -> tuple[Any, tuple[Problem, ...]]:
    """The value of `kind` that a file holds, or None, and all problems of the file in reading order."""
    if read.data is None:
        return None, read.problems
    adapter = type_adapter(kind)
    try:
        value = adapter.validate_json(json.dumps(read.data), strict=True)
    except ValidationError as error:
        errors = error.errors(include_url=False)[: 5 * MAX_PROBLEMS]  # some of them will fall to one sentence
        found = [_problem(fault, read, kind, file) for fault in _faults(errors, read.data)]
        shown = [problem for problem in found if (problem.line, problem.column) not in read.holes]
        return None, tuple(sorted({*read.problems, *shown}))[:MAX_PROBLEMS]
    return (None if read.problems else value), read.problems


def place_at(place: Spot | Place, path: Iterable[str | int]) -> Spot:
    """Where the value at `path` is, or the nearest thing around it; for a list or mapping, where its key is."""
    at = place[:2]
    for step in path:
        if not isinstance(place, Place):
            break
        inside = place.inside
        held = step in inside if isinstance(inside, dict) else isinstance(step, int) and step < len(inside)
        if not held:
            break
        keys, place = place.keys, inside[step]  # type: ignore[index]
        at = keys[step] if isinstance(place, Place) and isinstance(step, str) else place[:2]
    return at


def key_at(place: Spot | Place, path: Path) -> Spot:
    """Where the key that ends `path` is."""
    for step in path[:-1]:
        if isinstance(place, Place):
            place = place.inside[step]  # type: ignore[index]
    return place.keys[str(path[-1])] if isinstance(place, Place) and path[-1] in place.keys else place[:2]


def near(word: str, known: Iterable[str]) -> str:
    """' Did you mean `x`?' when something known is close, else nothing."""
    close = difflib.get_close_matches(word, sorted(set(known)), n=1, cutoff=0.6)
    return f" Did you mean `{close[0]}`?" if close else ""


# ── pydantic's locations ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Fault:
    """One of pydantic's errors: the path through the data, and at which paths which branch of a union it took."""

    path: Path
    branches: tuple[tuple[Path, str], ...]
    details: ErrorDetails


def _located(loc: Path, data: Any, so_far: Path = ()) -> tuple[Path, tuple[tuple[Path, str], ...]]:
    """Split a location into the path through the data and the names of union branches that pydantic mixed in.

    A branch name can equal a key (`report` in a mapping that has a field `report`), so of both readings of a step
    the one that leads furthest through the data wins.
    """
    if not loc:
        return so_far, ()
    step, rest = loc[0], loc[1:]
    held = step in data if isinstance(data, dict) else isinstance(step, int) and step < len(data or ())
    if held:
        as_step = _located(rest, data[step], (*so_far, step))
        if not as_step[1]:
            return as_step
    path, branches = _located(rest, data, so_far)
    as_branch = (path, ((so_far, str(step)), *branches))
    return as_step if held and len(as_step[0]) >= len(path) else as_branch


def _faults(errors: list[ErrorDetails], data: Any) -> list[_Fault]:
    """Located errors; of the branches of a union only the one that fits best speaks."""
    faults = []
    for details in errors:
        if details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]:
            continue  # pydantic counts only the items that are right themselves
        loc = details["loc"][:-1] if details["type"] == "missing" else details["loc"]
        faults.append(_Fault(*_located(loc, data), details))
    unions: dict[Path, dict[str, list[_Fault]]] = {}
    for fault in faults:
        for site, branch in fault.branches:
            unions.setdefault(site, {}).setdefault(branch, []).append(fault)
    silent: set[int] = set()
    for site, by_branch in unions.items():
        if len(by_branch) > 1:
            speaker = min(by_branch.values(), key=lambda branch: _misfit(branch, site))
            spoken = {id(fault) for fault in speaker}
            silent |= {id(fault) for branch in by_branch.values() for fault in branch} - spoken
    return [fault for fault in faults if id(fault) not in silent]


def _misfit(branch: list[_Fault], site: Path) -> tuple[bool, bool, int]:
    """How little a branch of a union looks like what the author meant; the least is taken."""
    other_type = any(fault.path == site and fault.details["type"] in _TYPES for fault in branch)
    other_kind = any(fault.details["type"] in {"literal_error", "missing"} for fault in branch)
    return other_type, other_kind, len(branch)


# ── one sentence each ─────────────────────────────────────────────────────────────────────────────────────────


def _problem(fault: _Fault, read: Read, kind: Any, file: str) -> Problem:
    code, message = _sentence(fault.details, fault.path, read, kind)
    match fault.details["type"]:
        case "extra_forbidden":
            line, column = key_at(read.place, fault.path)
        case "union_tag_invalid":
            line, column = place_at(read.place, (*fault.path, _discriminator(fault.details)))
        case _:
            line, column = place_at(read.place, fault.path)
    return Problem(file, line, column, code, message)


def _discriminator(details: ErrorDetails) -> str:
    return str(details.get("ctx", {}).get("discriminator", "")).strip("'")


_TYPES: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "`true` or `false`",
    "tuple_type": "a list",
    "list_type": "a list",
    "frozen_set_type": "a list",
    "set_type": "a list",
    "dict_type": "a mapping of `key: value` lines",
    "model_type": "a mapping of `key: value` lines",
    "model_attributes_type": "a mapping of `key: value` lines",
    "none_required": "nothing",
    "date_type": "a date such as 2026-11-23",
    "datetime_type": "a date and time such as 2026-11-23T09:00:00Z",
    "time_type": 'a time such as "16:50"',
    "time_delta_type": "a duration such as PT15M",
    "decimal_type": "a number",
}

_FORMATS: Final = {
    "date_from_datetime_parsing": "a date such as 2026-11-23",
    "date_parsing": "a date such as 2026-11-23",
    "datetime_parsing": "a date and time such as 2026-11-23T09:00:00Z",
    "datetime_from_date_parsing": "a date and time such as 2026-11-23T09:00:00Z",
    "time_parsing": 'a time such as "16:50"',
    "time_delta_parsing": "a duration such as PT15M",
    "decimal_parsing": "a number",
    "timezone_aware": "a moment with its offset from UTC, such as 2026-11-23T09:00:00+00:00",
    "url_parsing": "an address such as https://example.org",
}


def _sentence(details: ErrorDetails, path: Path, read: Read, kind: Any) -> tuple[str, str]:  # noqa: C901, PLR0911 - one case a sentence
    sort, ctx, given = details["type"], details.get("ctx", {}), details["input"]
    name = field = next((f"`{step}`" for step in reversed(path) if isinstance(step, str)), "this")
    if path and isinstance(path[-1], int) and name != "this":
        name = f"item {path[-1] + 1} of {name}"
    if sort == "missing":
        missing = str(details["loc"][-1])
        return "C120", f"`{missing}` is missing{_about(kind, read.data, (*path, missing))}."
    if sort == "extra_forbidden":
        unknown = str(path[-1])
        return "C121", f"Unknown field `{unknown}`.{near(unknown[:80], _fields(kind, read.data, path[:-1]))}"
    if sort == "union_tag_not_found":
        return "C120", f"`{_discriminator(details)}` is missing: it says which fields belong here."
    if sort == "union_tag_invalid":
        known = [tag.strip(" '") for tag in str(ctx["expected_tags"]).split(",")]
        return "C123", _unknown(str(ctx["tag"]), f"`{_discriminator(details)}`", known)
    if sort in {"literal_error", "enum"}:
        known = [word.strip(" '") for word in str(ctx["expected"]).replace(" or ", ",").split(",")]
        return "C123", _unknown(_shown(given), field, known)
    if sort in _TYPES:
        return "C122", f"{_start(name)} must be {_TYPES[sort]}, not {_describe(given)}.{_hint(sort, given)}"
    if sort in _FORMATS:
        return "C122", f"{_start(name)} must be {_FORMATS[sort]}, not `{_shown(given)}`."
    if sort in {"value_error", "assertion_error"}:
        # A rule about a single value is about its form; a rule about a mapping is about its fields.
        code = "C125" if isinstance(given, dict | list) else "C122"
        return code, f"{_start(str(ctx.get('error', '')))}."
    if sort == "string_pattern_mismatch":
        return "C124", f"{_start(name)} {_pattern(str(ctx['pattern']), given, _about(kind, read.data, path))}"
    return "C124", f"{_start(name)} {_bounds(details)}"


def _start(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".")


def _unknown(given: str, name: str, known: list[str]) -> str:
    hint = near(given, known) or f" Known: {', '.join(known[:12])}{', …' if len(known) > 12 else ''}."
    return f"`{given}` is not a known value of {name}.{hint}"


def _shown(given: Any) -> str:
    text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:39] + "…"


def _describe(given: Any) -> str:
    if given is None:
        return "empty"
    if isinstance(given, list):
        return "a list"
    if isinstance(given, Mapping):
        return "a mapping"
    return f"the text `{_shown(given)}`" if isinstance(given, str) else f"`{_shown(given)}`"


_YES: Final = frozenset({"yes", "no", "on", "off", "y", "n"})


def _hint(sort: str, given: Any) -> str:
    if sort == "string_type" and isinstance(given, bool | int | float):
        return f' Put it in quotes: "{_shown(given)}".'
    if sort == "bool_type" and isinstance(given, str) and given.lower() in _YES:
        return f" Write `{'true' if given.lower() in {'yes', 'on', 'y'} else 'false'}`."
    if sort in {"int_type", "float_type"} and isinstance(given, str) and given.strip().lstrip("+-").isdigit():
        return " Remove the quotes."
    if sort in {"tuple_type", "list_type"} and isinstance(given, str):
        return f" Write `[{_shown(given)}]`."
    return ""


def _bounds(details: ErrorDetails) -> str:  # noqa: PLR0911
    sort, ctx = details["type"], details.get("ctx", {})
    match sort:
        case "string_too_short":
            return "must not be empty." if ctx["min_length"] == 1 else f"needs at least {ctx['min_length']} characters."
        case "string_too_long":
            return f"is longer than {ctx['max_length']} characters: shorten it."
        case "too_short":
            return f"needs at least {ctx['min_length']} items, not {ctx['actual_length']}."
        case "too_long":
            return f"may hold at most {ctx['max_length']} items."
        case "greater_than_equal":
            return f"must be {ctx['ge']} or more."
        case "greater_than":
            return f"must be more than {ctx['gt']}."
        case "less_than_equal":
            return f"must be {ctx['le']} or less."
        case "less_than":
            return f"must be less than {ctx['lt']}."
    return f"is not valid: {details['msg']}."


def _pattern(pattern: str, given: Any, about: str) -> str:
    if pattern == r"^[a-z0-9]+(-[a-z0-9]+)*$":
        return f"is a name in lower case letters, digits and single hyphens, not `{_shown(given)}`."
    if pattern == r"^\d\d:\d\d$":
        return f'is a time such as "16:50", not `{_shown(given)}`.'
    return f"cannot be `{_shown(given)}`{about}."


# ── what a mapping may hold ───────────────────────────────────────────────────────────────────────────────────


@cache
def schema_of(kind: Any) -> dict[str, Any]:
    """JSON Schema of a type, for messages; the published one is made by catalog.schema."""
    return type_adapter(kind).json_schema()


def _about(kind: Any, data: Any, path: Path) -> str:
    """': ' and what the field that ends `path` is for, when it says so itself."""
    fields = _fields(kind, data, path[:-1]) if path else {}
    said = fields.get(str(path[-1]), {}).get("description", "") if path else ""
    said = said[:1].lower() + said[1:] if said[1:2].islower() else said
    return f": {said.rstrip('.')}" if said else ""


def _fields(kind: Any, data: Any, path: Path) -> dict[str, dict[str, Any]]:
    """The fields that the mapping at `path` may hold, by name."""
    schema = schema_of(kind)
    definitions = schema.get("$defs", {})
    open_ = _branches(schema, data, definitions)
    for step in path:
        data = data[step]
        inner: list[Any] = []
        for branch in open_:
            if isinstance(step, int):
                inner.append(branch.get("items"))
                inner.extend(branch.get("prefixItems", ())[step : step + 1])
            else:
                inner.append(branch.get("properties", {}).get(step, branch.get("additionalProperties")))
                inner.extend(branch.get("patternProperties", {}).values())
        open_ = [found for one in inner if isinstance(one, dict) for found in _branches(one, data, definitions)]
    return {name: field for branch in open_ for name, field in branch.get("properties", {}).items()}


def _branches(schema: dict[str, Any], data: Any, definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """The schemas that may apply to `data`: references followed, unions opened, by their tag where they have one."""
    if "$ref" in schema:
        return _branches(definitions[schema["$ref"].rsplit("/", 1)[-1]], data, definitions)
    tag = schema.get("discriminator")
    if tag and isinstance(data, dict):
        chosen = tag["mapping"].get(data.get(tag["propertyName"]))
        if chosen:
            return _branches({"$ref": chosen}, data, definitions)
    options = schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf")
    if options:
        return [found for option in options for found in _branches(option, data, definitions)]
    return [schema]
