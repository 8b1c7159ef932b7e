"""A quiz as GIFT, which Moodle and others import. What the format cannot hold is said.

Written so that `gift.read` gives the same quiz back, but for what is said to be lost.
"""

import re
from pathlib import Path
from typing import Final

from catalog.formats.bank import brief
from catalog.formats.draft import Note, Unreadable
from catalog.formats.told import dropped, told, why
from domain.quiz import (
    Bins,
    Cloze,
    Clues,
    Matching,
    Multiple,
    Numeric,
    Ordering,
    Question,
    Quiz,
    Rubric,
    Single,
    Text,
    TrueFalse,
)

_Held = Single | Multiple | TrueFalse | Ordering | Matching | Bins | Numeric | Text
"""Kinds that GIFT can hold."""

_SIGNS: Final = re.compile(r"([~=#{}:\\])")


def write(quiz: Quiz, path: Path) -> list[Note]:
    """Write the quiz as GIFT, and say what the format cannot hold."""
    notes = dropped(quiz)
    blocks = [f"$CATEGORY: {_line(quiz.title).replace('/', '//')}"]
    questions = [_question(question, quiz, notes) for question in quiz.questions]
    blocks += [question for question in questions if question]
    if len(blocks) == 1:
        raise Unreadable("GIFT can hold none of the questions of this quiz.")
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    return notes


def _question(question: Question, quiz: Quiz, notes: list[Note]) -> str:
    """The question, or nothing when GIFT has none of its kind."""
    if isinstance(question, Cloze | Clues | Rubric):
        notes.append(Note("lost", question.id, f"the whole question: GIFT has none of the kind {question.kind}"))
        return ""
    tags = f"// [tag:{question.skill or quiz.skill}] [tag:{question.difficulty}]"
    rule = f"\n\t####{_text(question.rule)}" if question.rule else ""
    head = f"{tags}\n::{question.id}::[markdown]{_escaped(told(question))}"
    return f"{head}{{{_answers(question, notes)}{rule}\n}}"


def _answers(question: _Held, notes: list[Note]) -> str:
    match question:
        case Single():
            parts = [_choice(option.text, option.why, right=option.right) for option in question.options]
        case Multiple():
            right = sum(option.right for option in question.options)
            parts = [_share(option.text, option.why, right if option.right else -right) for option in question.options]
        case TrueFalse():
            whys = (
                (question.why_false, question.why_true) if question.answer else (question.why_true, question.why_false)
            )
            return f"{str(question.answer).upper()}#{_text(why(whys[0]))}#{_text(why(whys[1]))}"
        case Ordering():
            _whys_lost(question.id, [item.why for item in question.items], notes)
            notes.append(Note("guessed", question.id, "an order is written for Moodle's ordering questions"))
            return f">{len(question.items)}" + "".join(f"\n\t{_text(item.text)}" for item in question.items)
        case Matching():
            _whys_lost(question.id, [pair.why for pair in question.pairs], notes)
            parts = [f"={_left(pair.left, question.id, notes)} -> {_text(pair.right)}" for pair in question.pairs]
            parts += [f"= -> {_text(decoy)}" for decoy in question.decoys]
        case Bins():
            notes.append(Note("guessed", question.id, "bins are written as matching"))
            _whys_lost(question.id, [item.why for item in question.items], notes)
            parts = [f"={_left(item.text, question.id, notes)} -> {_text(item.bin)}" for item in question.items]
            empty = [name for name in question.bins if name not in {item.bin for item in question.items}]
            parts += [f"= -> {_text(name)}" for name in empty]
        case Numeric():
            return f"#{''.join(f'{chr(10)}{chr(9)}{part}' for part in _numbers(question))}"
        case Text():
            parts = [f"={_form(form)}{_feedback(question.why)}" for form in question.accept]
            parts += [f"=%0%{_form(form)}{_feedback(slip.why)}" for slip in question.slips for form in slip.any_of]
            parts += [f"=%0%*{_feedback(question.otherwise)}"] if why(question.otherwise) else []
    return "".join(f"\n\t{part}" for part in parts)


def _numbers(question: Numeric) -> list[str]:
    parts = [f"={question.answer!r}:{question.tolerance!r}{_feedback(question.why)}"]
    parts += [f"=%0%{slip.value!r}:0{_feedback(slip.why)}" for slip in question.slips]
    return [*parts, *([f"~{_feedback(question.otherwise)}"] if why(question.otherwise) else [])]


def _form(text: str) -> str:
    """An accepted form. A `*` would stand for any text, and punctuation is not compared."""
    bare = text.replace("*", "").replace("->", " ").strip()
    return ("%100%" if bare.startswith("%") else "") + _text(bare)


def _choice(text: str, reason: str, *, right: bool) -> str:
    weight = ("%100%" if right else "%0%") if text.startswith("%") else ""
    return f"{'=' if right else '~'}{weight}{_text(text)}{_feedback(reason)}"


def _share(text: str, reason: str, count: int) -> str:
    """An option worth one part in so many, below zero when it is wrong."""
    share = f"{100 / count:.5f}".rstrip("0").rstrip(".")
    return f"~%{share}%{_text(text)}{_feedback(reason)}"


def _feedback(reason: str) -> str:
    said = why(reason)
    return f"#{_text(said)}" if said else ""


def _left(text: str, name: str, notes: list[Note]) -> str:
    if "->" in text:
        notes.append(Note("guessed", name, f"`->` is written as an arrow in {brief(text)}"))
    return _text(text.replace("->", "→"))


def _whys_lost(name: str, whys: list[str], notes: list[Note]) -> None:
    if any(why(each) for each in whys):
        notes.append(Note("lost", name, f"{len(whys)} whys: GIFT has no place for them in such a question"))


def _text(text: str) -> str:
    """A text of its own: a format is named where its beginning would be taken for one."""
    return ("[markdown]" if text.startswith("[") else "") + _escaped(text)


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text).replace("\n", "\\n")


def _line(text: str) -> str:
    return " ".join(text.split())
