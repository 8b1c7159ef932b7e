"""Bytes of a content file → plain data, with the place of every value.

Reads the plain core of YAML 1.2 and nothing else: `no` and `10:30` are text, and anchors, tags and duplicate keys
are refused. Whatever the bytes are, the answer is data and problems within bounded time and memory, never an exception.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final, NamedTuple, NoReturn

from yaml import MarkedYAMLError, YAMLError
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs forget to export it
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from catalog.problem import Problem

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 20
MAX_NODES: Final = 20_000
MAX_PROBLEMS: Final = 100
"""After so many of one file, nobody reads on."""

MAX_MARKS: Final = 30
"""Accents on one letter, as in Unicode's stream-safe text format; to sort very many of them takes minutes."""

MAX_DIGITS: Final = 15
"""Longest whole number: any of these survives JSON and a database column unchanged."""


Spot = tuple[int, int]
"""Line and column, both from 1."""


class Place(NamedTuple):
    """Where a list or mapping starts, and the places of what it holds; a single value has only its Spot."""

    line: int
    column: int
    keys: dict[str, Spot]  # of a mapping
    inside: "dict[str, Spot | Place] | list[Spot | Place]"


TOP: Final[Spot] = (1, 1)


@dataclass(frozen=True, slots=True)
class Read:
    """A file as data: JSON types only. `holes` are places whose value could not be understood."""

    data: Any
    place: Spot | Place
    problems: tuple[Problem, ...]
    holes: frozenset[Spot] = frozenset()
    text: str = ""


_CONSTANTS: Final[dict[str, bool | None]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INT: Final = re.compile(r"[-+]?[0-9]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LOOKS_NUMERIC: Final = frozenset("-+.0123456789")

# C0 and C1 controls (but tab and line ends), bidirectional overrides and isolates, invisible line ends,
# a byte order mark in the middle, surrogates and noncharacters: none of them can be seen, some deceive.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Only in so long a run of characters beyond ASCII can so many accents be stacked.
_FOREIGN: Final = re.compile(f"[^\x00-\x7f]{{{MAX_MARKS + 1},}}")


def read(raw: bytes, file: str) -> Read:
    """Data of one file's bytes, with all problems that can be told apart; `file` only names it."""
    if len(raw) > MAX_BYTES:
        return _refused(Problem(file, 1, 1, "C101", f"The file is larger than {MAX_BYTES // 1024} KiB: split it."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        return _refused(Problem(file, line, column, "C102", "This is not UTF-8: save the file with encoding UTF-8."))
    if found := _forbidden(text):
        before = text[: found[0]]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        return _refused(Problem(file, line, column, "C103", found[1]))
    text = unicodedata.normalize("NFC", text)
    builder = _Builder(file, text)
    builder.run()
    return Read(builder.data, builder.place, tuple(sorted(builder.problems)), frozenset(builder.holes), text)


def is_typed(text: str) -> bool:
    """Whether a plain text without quotes would be read as something else: a number, true, false or nothing."""
    return text in _CONSTANTS or any(form.fullmatch(text) for form in (_INT, _FLOAT, _NOT_FINITE))


def _refused(problem: Problem) -> Read:
    return Read(None, TOP, (problem,))


def _forbidden(text: str) -> tuple[int, str] | None:
    """Where the first character is that may not be written, and why; None when all may."""
    if found := _FORBIDDEN.search(text):
        character = found.group()
        name = unicodedata.name(character, "a control character").lower()
        return found.start(), f"The invisible character U+{ord(character):04X} ({name}) is not allowed: remove it."
    for run in _FOREIGN.finditer(text):
        marks = 0
        for at, character in enumerate(run.group(), run.start()):
            marks = marks + 1 if unicodedata.combining(character) else 0
            if marks > MAX_MARKS:
                return at, f"More than {MAX_MARKS} accents are stacked on one letter: remove them."
    return None


class _Frame:
    """A list or mapping that is being filled."""

    __slots__ = ("drop", "into", "key", "keys", "mapping", "places")

    def __init__(self, *, mapping: bool) -> None:
        self.mapping = mapping
        self.into: Any = {} if mapping else []
        self.places: Any = {} if mapping else []
        self.keys: dict[str, Spot] = {}
        self.key: str | None = None  # a mapping's key that waits for its value
        self.drop = False  # that key was there before: its value is read and forgotten


class _Stop(Exception):  # noqa: N818 - a way out of the loop, not an error
    """Nothing after this point can be understood."""


@dataclass(slots=True)
class _Builder:
    file: str
    text: str
    data: Any = None
    place: Spot | Place = TOP
    problems: list[Problem] = field(default_factory=list)
    holes: set[Spot] = field(default_factory=set)
    frames: list[_Frame] = field(default_factory=list)
    nodes: int = 0

    def run(self) -> None:  # noqa: C901 - one branch for each way a file can end
        parser = CParser(self.text)
        documents = 0
        try:
            while (event := parser.get_event()) is not None:
                if isinstance(event, NodeEvent):
                    self.node(event)
                elif isinstance(event, CollectionEndEvent):
                    self.frames.pop()
                elif isinstance(event, DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        self.stop(event, "C106", "A file holds one document: remove this `---` and what follows it.")
        except _Stop:
            self.data = None
        except MarkedYAMLError as error:
            self.data = None
            self.problems.append(self.syntax(error))
        except YAMLError:
            self.data = None
            self.problems.append(Problem(self.file, 1, 1, "C104", "This is not YAML."))
        else:
            if not documents or self.data is None:
                self.problems.append(Problem(self.file, 1, 1, "C106", "The file is empty."))

    def node(self, event: NodeEvent) -> None:
        """Put one value, or the key before it, where it belongs."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.stop(event, "C108", f"The file holds more than {MAX_NODES:,} values: split it.")
        spot = _at(event)
        if event.anchor is not None or getattr(event, "tag", None) is not None:
            self.not_plain(event, spot)
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.mapping and frame.key is None:
            if not isinstance(event, ScalarEvent):
                self.stop(event, "C105", "A key must be plain text. Text that starts with `[` or `{` needs quotes.")
            self.key(event, frame, spot)
        elif isinstance(event, ScalarEvent):
            self.put(frame, self.scalar(event, spot), spot)
        elif isinstance(event, AliasEvent):
            self.put(frame, None, spot)
        else:
            if len(self.frames) >= MAX_DEPTH:
                self.stop(event, "C108", f"Values are nested more than {MAX_DEPTH} deep.")
            opened = _Frame(mapping=isinstance(event, MappingStartEvent))
            self.put(frame, opened.into, Place(*spot, opened.keys, opened.places))
            self.frames.append(opened)

    def put(self, frame: _Frame | None, value: Any, place: Spot | Place) -> None:
        """Fill the place that waits."""
        if frame is None:
            self.data, self.place = value, place
        elif not frame.mapping:
            frame.into.append(value)
            frame.places.append(place)
        else:
            if not frame.drop:
                frame.into[frame.key] = value
                frame.places[frame.key] = place
            frame.key = None

    def key(self, event: ScalarEvent, frame: _Frame, spot: Spot) -> None:
        """Remember the key that the next value belongs to."""
        name: str = event.value
        if event.style == '"':
            name = self.clean(name, spot)
        elif name == "<<":
            self.problem(spot, "C105", "Merge keys (`<<`) are not used: write the fields out.")
        frame.key = name
        frame.drop = name in frame.keys
        if frame.drop:
            first = frame.keys[name][0]
            self.problem(spot, "C107", f"`{name}` is already given in line {first}: remove one of the two.")
        else:
            frame.keys[name] = spot

    def scalar(self, event: ScalarEvent, spot: Spot) -> Any:
        """The value of plain or quoted text."""
        text = event.value
        if not event.implicit[0]:
            return self.clean(text, spot) if event.style == '"' else text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        return self.number(text, spot) if text[0] in _LOOKS_NUMERIC else text

    def number(self, text: str, spot: Spot) -> int | float | str:
        """A number when the text is one; text such as `10:30` or `2026-11-23` stays text."""
        if _INT.fullmatch(text):
            if len(text.lstrip("-+")) <= MAX_DIGITS:
                return int(text)
            return self.hole(spot, f"A number has at most {MAX_DIGITS} digits: put longer ones in quotes.")
        if _FLOAT.fullmatch(text):
            number = float(text)
            return number if isfinite(number) else self.hole(spot, "This number is too large.")
        if _NOT_FINITE.fullmatch(text):
            return self.hole(spot, f"`{text}` is not a number that can be used.")
        return text

    def clean(self, text: str, spot: Spot) -> str:
        """Text as written; an escape must not bring in what may not be written openly."""
        if found := _forbidden(text):
            self.problem(spot, "C103", found[1])
            self.holes.add(spot)
            return "\N{REPLACEMENT CHARACTER}"
        return unicodedata.normalize("NFC", text)

    def not_plain(self, event: NodeEvent, spot: Spot) -> None:
        """An alias, an anchor or a tag."""
        if isinstance(event, AliasEvent):
            what = f"Aliases (`*{event.anchor}`) are not used: write the value out, or put text in quotes."
        elif event.anchor is not None:
            what = f"Anchors (`&{event.anchor}`) are not used: remove it, or put text in quotes."
        else:
            what = "Tags (`!…`) are not used: remove it, or put text in quotes."
        self.problem(spot, "C105", what)
        self.holes.add(spot)

    def hole(self, spot: Spot, message: str) -> int:
        """Leave a nought where a number cannot be used."""
        self.holes.add(spot)
        self.problem(spot, "C109", message)
        return 0

    def problem(self, spot: Spot, code: str, message: str) -> None:
        """Note a problem and go on, unless there are very many."""
        self.problems.append(Problem(self.file, *spot, code, message))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Stop

    def stop(self, event: Event, code: str, message: str) -> NoReturn:
        self.problems.append(Problem(self.file, *_at(event), code, message))
        raise _Stop

    def syntax(self, error: MarkedYAMLError) -> Problem:
        """The parser's complaint in an author's words."""
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        lines = self.text.splitlines()
        if line > len(lines):  # the parser noticed at the end of the file: the last line is where to look
            line = max(1, len(lines))
            column = len(lines[-1]) + 1 if lines else 1
        here = lines[line - 1] if lines else ""
        return Problem(self.file, line, column, "C104", _explain(error, here, column))


def _at(event: Event) -> Spot:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _explain(error: MarkedYAMLError, here: str, column: int) -> str:  # noqa: PLR0911 - one sentence a case
    said, context = error.problem or "", error.context or ""
    opened = error.context_mark.line + 1 if error.context_mark else 0
    character = here[column - 1] if column <= len(here) else ""
    if "tab" in said or "\t" in here[: len(here) - len(here.lstrip())]:
        return "Indent with spaces, not tabs."
    if "cannot start any token" in said:
        return f"Text that starts with `{character}` needs quotes around it."
    if "block sequence" in said:
        return "A list item (`- `) cannot stand here: put it on a line of its own."
    if "mapping values are not allowed" in said:
        return "Unexpected `:`. Check the indentation, or put quotes around text that holds a colon and a space."
    if "unexpected end of stream" in said and "quoted" in context:
        return f"The quote opened in line {opened} is never closed."
    if "unexpected end of stream" in said or "expected ',' or" in said:
        return f"The bracket opened in line {opened} is not closed: expected `,` or the closing bracket."
    if "could not find expected ':'" in said:
        return f"Line {opened} is neither `key: value` nor part of the text above it: check its indentation."
    if "did not find expected" in said and ("key" in said or "indicator" in said or "document start" in said):
        return "This does not fit what stands above it: check indentation, quotes and brackets."
    if "escape" in said or "hexdecimal" in said or "Unicode" in said:
        return "This escape is not valid: write the character itself, or use single quotes."
    return f"This is not YAML: {said or 'the text cannot be read'}."
