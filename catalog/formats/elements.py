"""XML of other tools, read within bounds: no entities, nothing external, so deep and no deeper.

Names come without namespace, in lower case and without hyphens, as QTI 3 writes `qti-simple-choice` for `simpleChoice`.
"""

from collections.abc import Iterator
from html import escape
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from catalog.formats.draft import Unreadable

MAX_DEPTH: Final = 100
MAX_ELEMENTS: Final = 100_000


class _TooMuch(Exception):  # noqa: N818 - a way out of the parser
    """The document is deeper or larger than any question bank."""


class _Bounded(TreeBuilder):
    """Builds a tree of bounded depth and size, with plain names."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.count = 0

    def start(self, tag: str, attrs: dict[Any, Any]) -> Element:
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise _TooMuch
        return super().start(plain(tag), {plain(name): value for name, value in attrs.items()})

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(plain(tag))


def plain(name: str) -> str:
    """A name without namespace, prefix of QTI 3, hyphens and capitals."""
    return name.rpartition("}")[2].lower().removeprefix("qti-").replace("-", "")


def elements(raw: bytes, name: str) -> Element:
    """The root of an XML document. Raises Unreadable with one sentence."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    builder = _Bounded()
    # A DOCTYPE that only names a DTD is fine, as QTI 1.2 has one; it is not fetched.
    parser = DefusedXMLParser(target=builder, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(raw)
        root: Element | None = parser.close()
    except _TooMuch:
        raise Unreadable(f"{name} is nested too deeply, or holds more than {MAX_ELEMENTS:,} elements.") from None
    except DefusedXmlException:
        raise Unreadable(f"{name} declares XML entities or fetches something, which no question bank needs.") from None
    except ParseError as error:
        raise Unreadable(f"{name} is not XML (line {error.position[0]}).") from None
    except (ValueError, LookupError, AssertionError):  # an encoding that is unknown or does not fit
        raise Unreadable(f"{name} is not XML that can be read.") from None
    if root is None:
        raise Unreadable(f"{name} is not XML.")
    return root


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down a path of names, if it is there."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if each.tag == name), None)
    return element


def said(element: Element | None, *path: str) -> str:
    """The text of the element at a path, whatever is nested in it."""
    found = child(element, *path)
    return "" if found is None else " ".join("".join(found.itertext()).split())


def within(element: Element, *names: str) -> Iterator[Element]:
    """Elements of these names at any depth, in document order."""
    return (each for each in element.iter() if each.tag in names)


def html(element: Element | None, without: frozenset[str] = frozenset()) -> str:
    """What an element holds, as HTML again; elements named in `without` are left out with all they hold."""
    if element is None:
        return ""
    parts: list[str] = []
    _inner(element, without, parts)
    return "".join(parts)


def _inner(element: Element, without: frozenset[str], parts: list[str]) -> None:
    parts.append(escape(element.text or ""))
    for each in element:
        if each.tag not in without:
            given = "".join(f' {name}="{escape(str(value))}"' for name, value in each.attrib.items())
            parts.append(f"<{each.tag}{given}>")
            _inner(each, without, parts)
            parts.append(f"</{each.tag}>")
        parts.append(escape(each.tail or ""))
