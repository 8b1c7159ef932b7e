"""What the words of any content file lack: plainness, brevity, a source, a fresh look at it, an alternative text.

Texts are found by their field names in the file's value as JSON, so a kind of content that is new here is read too.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from domain.item_lint.english import grade, is_english
from domain.item_lint.finding import Finding, Path

GRADE: Final = 9.0
"""Years of school that a screen may ask for. Guides to plain English for the public aim at eight or nine."""

WORDS: Final = 110
"""Words on one screen of a phone, options and exhibit among them, before anybody has to scroll twice."""

OLD: Final = 365
"""Days after which somebody should look at a source again."""

_SHORT: Final = 25
"""A grade says little about fewer words than these."""

_LAW: Final = re.compile(
    r"\bArt(?:icles?|\.)\s?\d+|\bRecital \d+|\b\d+ (?:CFR|FR|U\.?S\.?C\.?)\b|§+ ?\d|\bDirective \(EU\)|\bRegulation \(E[UC]\)"
    r"|\b(?:GDPR|HIPAA|CCPA|NIS2|DORA|CIRCIA|GLBA|FCRA|PIPEDA|LGPD|OFAC|EDPB|Form 8-K)\b|\bNIST (?:SP|TN|Technical)\b"
    r"|\b(?:Civ\. Code|Fla\. Stat\.|Gen\. Stat\.|Rev\. Stat\.)"
)
_NUMBER: Final = re.compile(
    r"\b\d[\d.,]* ?(?:%|per cent|percent)|\b(?:within|at most|not later than|no later than|at least|up to) "
    r"(?:\w+ ){0,2}?\d[\d.,]* (?:calendar |business |working )?(?:hours?|days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_TEACHING: Final = frozenset({"rule", "then"})
"""Fields that say how things are, not what happened in the case."""

_IMAGE: Final = re.compile(r"!\[\s*\]\(")


def look(data: dict[str, Any], today: date) -> Iterator[Finding]:
    """Q301 to Q305. `data` is a file's value as JSON."""
    for path, screen in _screens(data):
        yield from _screen(path, screen)
    yield from _images((), data)
    yield from _claims(data)
    yield from _stale(data, today)


# ── screens ───────────────────────────────────────────────────────────────────────────────────────────────────


def _screens(data: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    for key in ("screens", "questions"):
        for n, part in enumerate(data.get(key) or ()):
            yield (key, n), part
    if "situation" in data:
        yield (), data


def prose(screen: dict[str, Any]) -> list[str]:
    """What a person reads before they answer, without artefacts: those are as they are."""
    told = [screen.get(key) for key in ("context", "situation", "text", "ask")]
    told += [option.get("text") for option in screen.get("options") or () if isinstance(option, dict)]
    told += [item.get("text") for item in screen.get("items") or () if isinstance(item, dict)]
    return [text for text in told if isinstance(text, str)]


def _screen(path: Path, screen: dict[str, Any]) -> Iterator[Finding]:
    texts = prose(screen)
    words = sum(len(text.split()) for text in texts)
    key = next((key for key in ("context", "situation", "text", "ask") if screen.get(key)), "id")
    if words >= _SHORT and is_english(" ".join(texts)) and (years := grade(texts)) > GRADE:
        said = f"This reads like grade {years:.0f}; {GRADE:.0f} is the limit. Shorter sentences and words help."
        yield (*path, key), "Q301", said
    exhibit = screen.get("exhibit")
    lines = exhibit.get("lines") or () if isinstance(exhibit, dict) else ()
    words += sum(len(str(line).split()) for line in lines)
    if words > WORDS:
        yield (*path, key), "Q302", f"{words} words are on the screen at once: keep it to {WORDS}, or make two of it."


# ── images, claims, sources ───────────────────────────────────────────────────────────────────────────────────


def _images(path: Path, data: Any) -> Iterator[Finding]:
    said = "An image without alternative text says nothing to somebody who cannot see it: describe what matters."
    if isinstance(data, str):
        if _IMAGE.search(data):
            yield path, "Q303", said
    elif isinstance(data, list):
        for n, part in enumerate(data):
            yield from _images((*path, n), part)
    elif isinstance(data, dict):
        if data.get("image") and not data.get("alt"):
            yield (*path, "image"), "Q303", said
        for key, part in data.items():
            yield from _images((*path, key), part)


def _claims(data: dict[str, Any]) -> Iterator[Finding]:
    """Whatever can cite answers for the claims in it; the first one is enough to say so."""
    for path, part in _citing((), data):
        for inner, text in () if part["cites"] else _texts((), part):
            teaching = inner[-1] in _TEACHING or (inner == ("text",) and part.get("kind") == "tell")
            found = _LAW.search(text) or (_NUMBER.search(text) if teaching else None)
            if found:
                said = f"“{found.group()}” is a claim without a source: cite one in `cites`, with the day somebody read it."
                yield (*path, *inner), "Q304", said
                break


def _citing(path: Path, data: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every part that has `cites`, empty or not."""
    if isinstance(data, list):
        for n, part in enumerate(data):
            yield from _citing((*path, n), part)
    elif isinstance(data, dict):
        if "cites" in data:
            yield path, data
        for key, part in data.items():
            yield from _citing((*path, key), part)


def _texts(path: Path, data: Any) -> Iterator[tuple[Path, str]]:
    """Texts of a part, without what answers for itself. Artefacts and exhibits are staged: a letter claims what it likes."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, list):
        for n, part in enumerate(data):
            yield from _texts((*path, n), part)
    elif isinstance(data, dict) and not (path and "cites" in data):
        for key, part in data.items():
            if key not in {"sources", "body", "head", "exhibit", "id"}:
                yield from _texts((*path, key), part)


def _stale(data: dict[str, Any], today: date) -> Iterator[Finding]:
    for n, source in enumerate(data.get("sources") or ()):
        days = (today - date.fromisoformat(source["checked"])).days
        if days > OLD:
            said = f"`{source['id']}` was last read {days} days ago: read it again, and write down the day."
            yield ("sources", n, "checked"), "Q305", said
