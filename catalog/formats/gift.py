r"""GIFT, the text format of Moodle's question banks, read by its grammar.

    file     = { category | question }, with blank lines between; lines that begin with // are comments
    category = "$CATEGORY:" path
    question = [ "::" title "::" ] [ format ] text [ "{" answers "}" [ text ] ]
    answers  = "" | truth | "#" numbers | ">" items | { ( "=" | "~" ) [ weight ] [ format ] text [ "->" text ] [ "#" feedback ] }
    format   = "[html]" | "[markdown]" | "[plain]" | "[moodle]"        weight = "%" number "%"

`####` before the closing brace begins the general feedback. ~ = # { } : and \ are escaped by a backslash, \n is a line
break. Source: docs.moodle.org, GIFT format. A question that breaks the grammar is lost, and said to be; the others are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Final

from catalog.formats.bank import Answer, Asked, Bank, Imported, Pair, Range, brief
from catalog.formats.draft import Unreadable
from catalog.formats.markup import is_html, to_markdown
from catalog.formats.pool import make
from catalog.formats.texts import text_of
from domain.skills import Skill

GAP: Final = "_____"
_ESCAPED: Final = re.compile(r"\\([~=#{}:\\n])")
_FORMAT: Final = re.compile(r"\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_WEIGHT: Final = re.compile(r"%\s*(-?\d{1,3}(?:[.,]\d{1,9})?)\s*%")
_TRUTH: Final = re.compile(r"(true|t|false|f)\s*(?:$|#)", re.IGNORECASE)
_ORDER: Final = re.compile(r">\s*\d*(?:[ \t]+[A-Z][A-Z_]*)*[ \t]*(?:\n|$)")
_NUMBER: Final = re.compile(r"\s*([-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?)\s*")
_SETTING: Final = re.compile(r"\$[A-Z_]+:")
_TAGS: Final = re.compile(r"\[(id|tag):([^\]\x00-\x1f]*)\]")


class _Broken(Exception):  # noqa: N818 - an answer to whoever imports
    """Where a question leaves the grammar, in half a sentence."""


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of one question, without comments, and what tags the comments before it gave."""

    line: int
    text: str
    tags: tuple[tuple[str, str], ...]


def read(path: Path, skill: Skill | None = None) -> Imported:
    """The quizzes that a GIFT file holds. Raises Unreadable with one sentence."""
    return make(bank(text_of(path), path.stem), skill)


def bank(text: str, title: str) -> Bank:
    """Everything a GIFT text says."""
    found = Bank(title)
    category = ""
    for block in _blocks(text):
        where = f"question {len(found.asked) + 1} (line {block.line})"
        if _SETTING.match(block.text):
            key, _, value = block.text.partition(":")
            if key != "$CATEGORY":
                found.lost(f"line {block.line}", f"the setting {brief(block.text)}")
                continue
            category = _last(value)
            if not found.asked and category:
                found.title = category
            elif category.casefold() not in set(Skill):
                found.lost(f"line {block.line}", f"the category {brief(value)}")
            continue
        try:
            asked = _Reader(block, where, found).question()
        except _Broken as why:
            found.lost(f"line {block.line}", f"a question that is not GIFT: {why}")
            continue
        if not asked.skill and category.casefold() in set(Skill):
            asked = replace(asked, skill=category.casefold())
        found.asked.append(asked)
    if not found.asked:
        told = f" {str(found.notes[0]).capitalize()}." if found.notes else ""
        raise Unreadable(f"There is no GIFT question in this file.{told}")
    return found


def _last(path: str) -> str:
    """The last part of a category's path, in which `//` is a slash."""
    parts = [part.replace("\x00", "/").strip() for part in path.replace("//", "\x00").split("/")]
    return next((part for part in reversed(parts) if part and part not in {"$course$", "top"}), "")


def _blocks(text: str) -> Iterator[_Block]:
    """Questions and settings. Blank lines inside braces are borne, and one before them, unless a new question begins."""
    held: list[str] = []
    tags: list[tuple[str, str]] = []
    later: list[tuple[str, str]] = []  # of a comment behind a blank line, which speaks of the next question
    first, depth, blank, braced = 0, 0, False, False
    for number, raw in enumerate([*text.split("\n"), "", "$END:"], 1):
        line = raw.strip()
        if line.startswith("//"):
            aim = later if held and not depth and (blank or braced) else tags
            aim += _TAGS.findall(line)
            continue
        fresh = line.startswith("::") or _SETTING.match(line) is not None
        setting = bool(held) and _SETTING.match(held[0]) is not None
        over = not depth and (fresh or (blank and line and (braced or not line.startswith("{"))))
        if held and (setting or over or (blank and fresh)):
            yield _Block(first, "\n".join(held).strip(), () if setting else tuple(tags))
            held, tags, later, depth, braced = [], [*tags, *later] if setting else later, [], 0, False
        blank = not line
        if line or depth:
            first = first if held else number
            held.append(line)
            plain = _ESCAPED.sub("", line)
            braced = braced or "{" in plain
            depth = max(0, depth + plain.count("{") - plain.count("}"))


class _Reader:
    """Recursive descent over one block."""

    def __init__(self, block: _Block, where: str, bank: Bank) -> None:
        self.block = block
        self.text = block.text
        self.at = 0
        self.where = where
        self.bank = bank
        self.format = ""

    def question(self) -> Asked:
        """The question, or _Broken."""
        name = self._title()
        self.format = self._take_format()
        before = self._until("{")
        kind, answers, tail = "description", None, ""
        if self.at < len(self.text):
            self.at += 1
            answers = self._until("}")
            if self.at >= len(self.text):
                raise _Broken("its brace is never closed")
            self.at += 1
            tail = self.text[self.at :]
            if self._find(tail, "{") >= 0 or self._find(tail, "}") >= 0:
                raise _Broken("it has a second pair of braces")
        elif self._find(before, "}") >= 0:
            raise _Broken("a brace is closed that was never opened")
        about = self._tags()
        known = about.pop("id", "")
        if name and known not in {"", name}:
            self.bank.lost(self.where, f"the id {brief(known)}")
        asked = Asked(
            self.where,
            kind,
            "",
            name=name or known,
            skill=about.get("skill", ""),
            difficulty=about.get("difficulty", ""),
        )
        if answers is not None:
            asked = self._answers(asked, answers)
        text = self._said(before, named=False)
        if tail.strip():
            text = f"{text} {GAP} {self._said(tail, named=False)}"
        return replace(asked, text=text)

    def _tags(self) -> dict[str, str]:
        """Id, skill and difficulty, where a tag names one; other tags are lost."""
        found: dict[str, str] = {}
        for key, value in self.block.tags:
            word = value.strip().casefold()
            if key == "tag" and word in set(Skill):
                found["skill"] = word
            elif key == "tag" and word in {"easy", "moderate", "hard"}:
                found["difficulty"] = word
            elif key == "id" and "id" not in found:
                found["id"] = value.strip()
            else:
                self.bank.lost(self.where, f"the {key} {brief(value)}")
        return found

    # ── the parts of the grammar ──

    def _title(self) -> str:
        if not self.text.startswith("::"):
            return ""
        self.at = 2
        name = self._until("::")
        if self.at >= len(self.text):
            raise _Broken("its title is never closed")
        self.at += 2
        return _unescaped(name).strip()

    def _take_format(self) -> str:
        rest = self.text[self.at :]
        found = _FORMAT.match(rest.lstrip())
        if found is None:
            return ""
        self.at += len(rest) - len(rest.lstrip()) + found.end()
        return found[1].lower()

    def _until(self, stop: str) -> str:
        """The raw text up to an unescaped `stop`, at which the reader then stands."""
        start = self.at
        found = self._find(self.text[start:], stop)
        self.at = len(self.text) if found < 0 else start + found
        return self.text[start : self.at]

    @staticmethod
    def _find(text: str, stop: str, start: int = 0) -> int:
        """Where `stop` first stands unescaped, or -1."""
        at = start
        while at < len(text):
            if text[at] == "\\":
                at += 2
            elif text.startswith(stop, at):
                return at
            else:
                at += 1
        return -1

    def _said(self, raw: str, *, named: bool = True) -> str:
        """A text without escapes, in the format that is in force or that it names itself."""
        raw = raw.strip()
        own = _FORMAT.match(raw) if named else None
        form = own[1].lower() if own else self.format
        text = _unescaped(raw[own.end() :] if own else raw).strip()
        if form in {"markdown", "plain"} or (form != "html" and not is_html(text)):
            return text
        told, lost = to_markdown(text if form == "html" else text.replace("\n", "<br>"))
        for each in lost:
            self.bank.lost(self.where, each)
        return told

    # ── answers ──

    def _answers(self, asked: Asked, raw: str) -> Asked:
        at = self._find(raw, "####")
        rule = self._said(raw[at + 4 :]) if at >= 0 else ""
        body = (raw[:at] if at >= 0 else raw).strip()
        asked = replace(asked, rule=rule)
        if not body:
            return replace(asked, kind="essay")
        if _TRUTH.match(body):
            return replace(asked, kind="true_false", answers=self._truth(body))
        if body.startswith("#"):
            return self._numeric(asked, body[1:].strip())
        if found := _ORDER.match(body):
            items = (Answer(self._said(item)) for item in body[found.end() :].split("\n"))
            return replace(asked, kind="ordering", answers=tuple(item for item in items if item.text))
        parts = list(self._parts(body))
        signs = {sign for sign, _ in parts}
        if signs == {"="} and all(self._find(part, "->") >= 0 for _, part in parts):
            pairs = [part.partition("->") for _, part in parts]
            found_pairs = tuple(self._pair(left, right) for left, _, right in pairs)
            return replace(asked, kind="matching", pairs=found_pairs)
        kind = "text" if "~" not in signs else "single" if "=" in signs else "multiple"
        return replace(asked, kind=kind, answers=tuple(self._answer(*part) for part in parts))

    def _truth(self, body: str) -> tuple[Answer, Answer]:
        """True and False with their feedback: the first is for whoever is wrong, the second for whoever is right."""
        truth = body[0] in "tT"
        at = self._find(body, "#")
        wrong, _, right = self._cut(body[at + 1 :] if at >= 0 else "")
        whys = (right, wrong) if truth else (wrong, right)
        return (
            Answer("True", float(truth), self._said(whys[0])),
            Answer("False", float(not truth), self._said(whys[1])),
        )

    def _cut(self, raw: str) -> tuple[str, str, str]:
        """A text cut at its first unescaped `#`."""
        at = self._find(raw, "#")
        return (raw, "", "") if at < 0 else (raw[:at], "#", raw[at + 1 :])

    def _parts(self, body: str) -> Iterator[tuple[str, str]]:
        """Answers with their signs; a text without any sign is one accepted answer."""
        starts = list(self._signs(body))
        if not starts or body[: starts[0]].strip():
            yield "=", body[: starts[0]] if starts else body
        for at, end in pairwise([*starts, len(body)]):
            yield body[at], body[at + 1 : end]

    @staticmethod
    def _signs(body: str) -> Iterator[int]:
        at = 0
        while at < len(body):
            if body[at] == "\\":
                at += 1
            elif body[at] in "=~":
                yield at
            at += 1

    def _answer(self, sign: str, raw: str) -> Answer:
        worth, raw = _weighed(raw.strip(), 1.0 if sign == "=" else 0.0)
        text, _, why = self._cut(raw)
        return Answer(self._said(text), worth, self._said(why))

    def _pair(self, left: str, right: str) -> Pair:
        right, _, why = self._cut(right)
        return Pair(self._said(left), self._said(right), self._said(why))

    def _numeric(self, asked: Asked, body: str) -> Asked:
        """Numbers; a `~` with feedback alone speaks to any other."""
        ranges, otherwise = [], ""
        for sign, raw in self._parts(body):
            worth, rest = _weighed(raw.strip(), 1.0 if sign == "=" else 0.0)
            number, _, why = self._cut(rest)
            if number.strip() in {"", "*"}:
                otherwise = otherwise or self._said(why)
            else:
                value, tolerance = _bounds(number)
                ranges.append(Range(value, tolerance, worth, self._said(why)))
        return replace(asked, kind="numeric", ranges=tuple(ranges), otherwise=otherwise)


def _unescaped(raw: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], raw)


def _weighed(raw: str, usual: float) -> tuple[float, str]:
    """The worth of an answer and the rest of it."""
    found = _WEIGHT.match(raw)
    return (float(found[1].replace(",", ".")) / 100, raw[found.end() :].strip()) if found else (usual, raw)


def _bounds(raw: str) -> tuple[float, float]:
    """Value and tolerance of `3`, `3:0.5` or `3..5`, reckoned in decimals as people do."""
    text = _unescaped(raw).strip()
    if ".." in text:
        first, _, last = text.partition("..")
        low, high = _number(first), _number(last)
        return float((low + high) / 2), float(abs(high - low) / 2)
    value, _, tolerance = text.partition(":")
    return float(_number(value)), float(abs(_number(tolerance))) if tolerance.strip() else 0.0


def _number(text: str) -> Decimal:
    found = _NUMBER.fullmatch(text)
    value = float(found[1].replace(",", ".")) if found else float("nan")
    if found is None or not (value == 0 or 1e-9 <= abs(value) <= 1e12):
        raise _Broken(f"{brief(text, 20)} is no number")
    return Decimal(found[1].replace(",", "."))
