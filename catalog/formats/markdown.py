"""Questions as people write them in Markdown: `1. …?`, then `A) …`, with a key that is marked one way or another.

Keys: `ANSWER: B` below; `- [x]`; an option in bold; ✓, ✔ or ✅; a leading `*`; `(correct)` or `(right)` behind it.
`Why: …` below an option is its why; below the key it is the rule.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from catalog.formats.bank import Answer, Asked, Bank, Imported, brief
from catalog.formats.draft import Unreadable
from catalog.formats.pool import make
from catalog.formats.texts import text_of
from domain.skills import Skill

_HEADING: Final = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
_NUMBERED: Final = re.compile(r"(?:\*\*)?(?:Q(?:uestion)?\s*)?\d{1,4}\s*[.):]\s*(?:\*\*)?\s*(.+)", re.IGNORECASE)
_LETTERED: Final = re.compile(r"(?:[-+]\s+|\*\s+)?(\*{0,2})([A-Ha-h])[.)](\*{0,2})\s+(.+)|(\*)([A-Ha-h])[.)]\s*(.+)")
_BOX: Final = re.compile(r"[-*+]\s+\[([ xX✓✔])\]\s+(.+)")
_KEY: Final = re.compile(
    r"(?:\*\*|__|>\s*)*(?:correct\s+|right\s+)?(?:answers?|key|solution)(?:\*\*|__)?\s*[:=]\s*(?:\*\*|__)?\s*"
    r"\(?([A-Ha-h](?:\s*(?:,|;|&|and)\s*[A-Ha-h])*)(?![A-Za-z])\)?[.)]?\s*(?:\*\*|__)?(?:\s.*)?",
    re.IGNORECASE,
)
_WHY: Final = re.compile(r"(?:>\s*|[-*+]\s+)?(?:\*\*|\*|_)?(?:why|because|explanation|feedback|rationale)(?:\*\*|\*|_)?\s*:\s*(?:\*\*|\*|_)?\s*(.+)", re.IGNORECASE)  # fmt: skip
_SIGN: Final = re.compile(
    r"\s*(?:[✓✔✅]\ufe0f?|\*?\((?:correct|right|richtig|key)\)\*?|←\s*(?:correct|right))\s*$", re.IGNORECASE
)


@dataclass(slots=True)
class _Open:
    """A question that is being read."""

    line: int
    ask: list[str]
    options: list[list[str]] = field(default_factory=list)  # text and why
    letters: list[str] = field(default_factory=list)
    marked: set[int] = field(default_factory=set)
    keyed: bool = False
    rule: str = ""


def read(path: Path, skill: Skill | None = None) -> Imported:
    """The quizzes that a Markdown file holds. Raises Unreadable with one sentence."""
    return make(bank(text_of(path), path.stem), skill)


def bank(text: str, title: str) -> Bank:
    """Everything such a text says."""
    found = Bank(title)
    now: _Open | None = None
    titled = False
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        heading = _HEADING.fullmatch(line)
        if heading and heading[1] == "#" and not titled and now is None:
            found.title, titled = heading[2], True
        elif len(line) > 2 and set(line) <= set("-*_="):
            continue
        elif said := _begun(line, heading):
            _finish(found, now)
            now = _Open(number, [said])
        elif now is None:
            now = _Open(number, [line]) if line and not _option(line) else None
        elif not line:
            now.ask += [""] if not now.options and now.ask[-1:] != [""] else []
        elif not _into(now, line):
            _finish(found, now)
            now = _Open(number, [line])
    _finish(found, now)
    if not found.asked:
        raise Unreadable("There is no question with lettered options and a marked key in this file.")
    return found


def _begun(line: str, heading: re.Match[str] | None) -> str:
    """The text of a line that begins a question: a heading, or a number and a text."""
    text = heading[2] if heading else line
    numbered = _NUMBERED.fullmatch(text)
    return _bare(numbered[1]) if numbered else _bare(text) if heading else ""


def _bare(text: str) -> str:
    """A line without emphasis around the whole of it."""
    found = re.fullmatch(r"(\*\*|__)(.+)\1", text)
    return found[2] if found else text.removesuffix("**")


def _option(line: str) -> tuple[str, str, bool] | None:
    """Letter, text and whether it is marked; None when the line is no option."""
    if box := _BOX.fullmatch(line):
        letter, text, marked = "", box[2], box[1] != " "
    elif found := _LETTERED.fullmatch(line):
        star, letter, text = (
            bool(found[5]) or (found[1], found[3]) == ("*", ""),
            found[2] or found[6],
            found[4] or found[7],
        )
        bold = found[1] == "**" and (found[3] == "**" or text.endswith("**"))
        marked = star or (bold and text.endswith("**")) or re.fullmatch(r"\*\*.+\*\*", text) is not None
        text = text.removeprefix("**").removesuffix("**") if marked or bold else text
    else:
        return None
    bare = _SIGN.sub("", text)
    return letter.upper(), bare.strip(), marked or bare != text


def _into(now: _Open, line: str) -> bool:
    """Take a line into the question; False when it begins another."""
    if key := _KEY.fullmatch(line):
        letters = {letter.upper() for letter in re.findall(r"\b[A-Ha-h]\b", key[1])}
        now.marked = {n for n, letter in enumerate(now.letters) if letter in letters}
        now.keyed = True
    elif why := _WHY.fullmatch(line):
        if now.keyed or not now.options:
            now.rule = f"{now.rule}\n\n{why[1]}".strip()
        else:
            now.options[-1][1] = f"{now.options[-1][1]} {why[1]}".strip()
    elif option := _option(line):
        letter, text, marked = option
        now.letters.append(letter or chr(ord("A") + len(now.letters) % 26))
        now.options.append([text, ""])
        now.marked |= {len(now.options) - 1} if marked else set()
    elif now.keyed:
        return False
    elif now.options:
        now.options[-1][0] += f" {line}"
    else:
        now.ask.append(line)
    return True


def _finish(found: Bank, now: _Open | None) -> None:
    if now is None:
        return
    ask = "\n".join(now.ask).strip()
    if not now.options:
        found.lost(f"line {now.line}", f"a text without options: {brief(ask)}")
    elif not now.marked:
        found.lost(f"line {now.line}", f"a question whose key is not marked: {brief(ask)}")
    else:
        count = len(now.marked)
        answers = tuple(
            Answer(text, 1 / count if n in now.marked else 0.0, why) for n, (text, why) in enumerate(now.options)
        )
        kind = "single" if count == 1 else "multiple"
        where = f"question {len(found.asked) + 1} (line {now.line})"
        found.asked.append(Asked(where, kind, ask, answers=answers, rule=now.rule))
