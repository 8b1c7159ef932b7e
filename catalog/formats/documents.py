"""JSON documents of other tools, read within bounds and generously: what is missing is missing, never an exception."""

import json
from pathlib import Path
from typing import Any

from catalog.formats.draft import Unreadable
from catalog.formats.sheets import content


def document(path: Path) -> dict[str, Any]:
    """The JSON object a file holds. Raises Unreadable with one sentence."""
    try:
        data = json.loads(content(path).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is not UTF-8.") from None
    except (ValueError, RecursionError) as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"{path.name} is not JSON{place}.") from None
    if not isinstance(data, dict):
        raise Unreadable(f"{path.name} holds no JSON object.")
    return data


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, whatever else is in it."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """The texts of a list, or the one text."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [each for each in value if isinstance(each, str) and each.strip()] if isinstance(value, list) else []


def text(value: Any) -> str:
    """The text, or nothing."""
    return value if isinstance(value, str) else ""


def number(value: Any) -> float | None:
    """The number, also when it is written as a text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if abs(found) < 1e9 else None
