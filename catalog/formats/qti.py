"""QTI, the exchange format of test systems: versions 1.2, 2.x and 3.0, one XML file or a package with a manifest.

Which version a document is says its root. Parts of a package that hold no question are named among what is lost.
"""

from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final
from xml.etree.ElementTree import Element

from catalog.formats import qti1, qti2
from catalog.formats.archives import archive, is_archive
from catalog.formats.bank import Asked, Bank, Imported
from catalog.formats.documents import number
from catalog.formats.draft import Unreadable
from catalog.formats.elements import elements, within
from catalog.formats.pool import make
from catalog.formats.sheets import content
from domain.skills import Skill

_QUESTIONS: Final = {"questestinterop": qti1.asked, "assessmentitem": qti2.asked}


def read(path: Path, skill: Skill | None = None) -> Imported:
    """The quizzes that a QTI file or package holds. Raises Unreadable with one sentence."""
    raw = content(path)
    parts = archive(raw, path.name) if is_archive(raw) else {path.name: raw}
    return make(bank({name: elements(body, name) for name, body in parts.items()}, path), skill)


def bank(documents: dict[str, Element], path: Path) -> Bank:
    """Everything the documents of a package say, in the order of its test or manifest."""
    found = Bank(path.stem)
    words: dict[str, list[str]] = {}
    order: list[str] = []
    for name, root in documents.items():
        if root.tag == "assessmenttest":
            found.title = root.get("title", "").strip() or found.title
            order = [*_names(name, root, "assessmentitemref"), *order]
            _selection(found, root)
        elif root.tag == "manifest":
            order += _names(name, root, "resource")
            words |= _keywords(name, root)
        elif root.tag not in _QUESTIONS:
            found.lost(name, f"a part that holds no question (<{root.tag[:40]}>)")
    ranks = {name: place for place, name in reversed(list(enumerate(order)))}
    for name in sorted(documents, key=lambda each: (ranks.get(each, len(order)), each)):
        if reader := _QUESTIONS.get(documents[name].tag):
            for asked in reader(documents[name], found):
                found.asked.append(_about(asked, words.get(name, [])))
    if not found.asked:
        raise Unreadable(f"{path.name} holds no QTI question: neither <questestinterop> nor <assessmentItem>.")
    return found


def _names(manifest: str, root: Element, tag: str) -> list[str]:
    """The names of the parts that a manifest or test refers to."""
    folder = PurePosixPath(manifest).parent
    return [str(folder / each.get("href", "")) for each in within(root, tag) if each.get("href")]


def _selection(found: Bank, root: Element) -> None:
    sections = [number(each.get("select")) for each in within(root, "selection")]
    if len(sections) == 1 and sections[0] and sections[0] >= 1:
        found.draw = int(sections[0])
    elif sections:
        found.lost("test", "how many questions each of its sections selects")


def _keywords(manifest: str, root: Element) -> dict[str, list[str]]:
    """The keywords of each part, by its name."""
    folder = PurePosixPath(manifest).parent
    found: dict[str, list[str]] = {}
    for resource in within(root, "resource"):
        name = str(folder / resource.get("href", ""))
        for keyword in within(resource, "keyword"):
            found.setdefault(name, []).append("".join(keyword.itertext()).strip())
    return found


def _about(asked: Asked, words: list[str]) -> Asked:
    for word in words:
        key, _, value = word.partition(":")
        if key == "skill" and value in set(Skill):
            asked = replace(asked, skill=value)
        elif key == "difficulty":
            asked = replace(asked, difficulty=value)
    return asked
