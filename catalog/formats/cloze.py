"""Moodle's embedded answers: `{1:MULTICHOICE:=right#why~wrong~%50%half}` inside of a text.

Source: docs.moodle.org, Embedded Answers (Cloze) question type. Weights of gaps are lost: each is worth its share.
"""

import re
from dataclasses import replace
from typing import Final

from catalog.formats.bank import Answer, Asked, Bank, Gap, brief

_GAP: Final = re.compile(r"\{(\d{0,3}):([A-Z_]{1,20}):((?:\\.|[^{}\\])*)\}")
_CHOICE: Final = re.compile(r"(?:MULTICHOICE|MC)(?:_?[HV])?(?:_?S)?")
_TEXT: Final = re.compile(r"SHORTANSWER(?:_C)?|SAC?|MWC?")
_ANSWER: Final = re.compile(r"(=|%\s*(-?\d{1,3}(?:\.\d{1,6})?)\s*%)?(.*)", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)")


def gaps(asked: Asked, bank: Bank) -> Asked:
    """The question with its gaps taken out of its text; a gap of another kind makes it one that Muster has not."""
    found: list[Gap] = []
    text: list[str] = []
    at = 0
    whole = asked.text.replace("[[", "[ [")
    for match in _GAP.finditer(whole):
        name = f"gap-{len(found) + 1}"
        sort = match[2]
        if not (_CHOICE.fullmatch(sort) or _TEXT.fullmatch(sort)):
            return replace(asked, kind=f"a gap of the kind {sort}")
        if match[1] not in {"", "1"}:
            bank.lost(asked.where, f"that gap {len(found) + 1} has the weight {match[1]}")
        kind = "choice" if _CHOICE.fullmatch(sort) else "text"
        found.append(Gap(name, kind, tuple(_answers(match[3]))))
        text += [whole[at : match.start()], f"[[{name}]]"]
        at = match.end()
    text.append(whole[at:])
    if not found:
        return replace(asked, kind="a text without gaps")
    for extra in found[6:]:
        word = next((answer.text for answer in extra.answers if answer.worth > 0), "…")
        bank.lost(asked.where, f"the gap {extra.id} ({brief(word)}): 6 are kept")
        text = [word if part == f"[[{extra.id}]]" else part for part in text]
    return replace(asked, kind="cloze", text="".join(text), gaps=tuple(found[:6]))


def _answers(raw: str) -> list[Answer]:
    found = []
    for part in re.split(r"(?<!\\)~", raw):
        sign = _ANSWER.fullmatch(part)
        if sign is None or not part.strip():
            continue
        worth = 1.0 if sign[1] == "=" else float(sign[2]) / 100 if sign[2] else 0.0
        text, _, why = re.sub(r"\\#", "\x00", sign[3]).partition("#")
        told = [_ESCAPED.sub(r"\1", each.replace("\x00", "#")).strip() for each in (text, why)]
        found.append(Answer(told[0], worth, told[1]))
    return found
