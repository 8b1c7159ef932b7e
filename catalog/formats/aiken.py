"""Aiken: a question on a line, options with letters, and `ANSWER: B`. It has no whys, no names and one kind."""

import re
from pathlib import Path
from typing import Final

from catalog.formats.bank import Answer, Asked, Bank, Imported, brief
from catalog.formats.draft import Unreadable
from catalog.formats.pool import make
from catalog.formats.texts import text_of
from domain.skills import Skill

_OPTION: Final = re.compile(r"([A-Za-z])[.)]\s+(.+)")
_ANSWER: Final = re.compile(r"ANSWERS?\s*:\s*([A-Za-z](?:\s*[,;&]\s*[A-Za-z])*)\s*", re.IGNORECASE)
_FEEDBACK: Final = re.compile(r"(?:FEEDBACK|EXPLANATION)\s*:\s*(.+)", re.IGNORECASE)


def read(path: Path, skill: Skill | None = None) -> Imported:
    """The quizzes that an Aiken file holds. Raises Unreadable with one sentence."""
    return make(bank(text_of(path), path.stem), skill)


def bank(text: str, title: str) -> Bank:
    """Everything an Aiken text says."""
    found = Bank(title)
    ask: list[str] = []
    options: dict[str, str] = {}
    started = 1
    for number, line in enumerate([*text.split("\n"), ""], 1):
        bare = line.strip()
        if key := _ANSWER.fullmatch(bare):
            _finish(found, started, ask, options, key[1])
            ask, options = [], {}
        elif (option := _OPTION.fullmatch(bare)) and ask:
            options[option[1].upper()] = option[2]
        elif (said := _FEEDBACK.fullmatch(bare)) and not ask and found.asked:
            last = found.asked[-1]
            found.asked[-1] = Asked(last.where, last.kind, last.text, answers=last.answers, rule=said[1])
        elif bare:
            if options:
                found.lost(f"line {started}", f"a question without `ANSWER:`: {brief(' '.join(ask))}")
                ask, options = [], {}
            started = started if ask else number
            ask.append(bare)
    if ask:
        found.lost(f"line {started}", f"a question without `ANSWER:`: {brief(' '.join(ask))}")
    if not found.asked:
        raise Unreadable("There is no Aiken question in this file: each ends with a line such as `ANSWER: B`.")
    return found


def _finish(found: Bank, line: int, ask: list[str], options: dict[str, str], key: str) -> None:
    right = set(re.findall(r"[A-Z]", key.upper()))
    if not ask or not right <= set(options):
        what = f"the key {key.upper()} names no option of {brief(' '.join(ask))}" if ask else "a key without a question"
        found.lost(f"line {line}", what)
        return
    answers = tuple(Answer(text, (1 / len(right)) if letter in right else 0.0) for letter, text in options.items())
    kind = "single" if len(right) == 1 else "multiple"
    found.asked.append(Asked(f"question {len(found.asked) + 1} (line {line})", kind, " ".join(ask), answers=answers))
