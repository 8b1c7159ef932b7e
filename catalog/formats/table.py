"""Quizzes as a table, CSV or XLSX: a question begins a row with its id; each row is one thing that can be answered.

Text stays text in every spreadsheet, whatever it begins with; what was exported is read back as it was.
"""

import csv
import io
from pathlib import Path
from typing import Final

from catalog.formats.bank import Answer, Asked, Bank, Imported, Pair, Range, brief
from catalog.formats.documents import number
from catalog.formats.draft import Note, Unreadable
from catalog.formats.pool import make
from catalog.formats.sheets import MAX_ROWS, Sheet, harmless, plain, sheets
from catalog.formats.texts import text_of
from catalog.formats.told import dropped, told, why
from domain.quiz import Bins, Matching, Multiple, Numeric, Ordering, Question, Quiz, Single, Text, TrueFalse
from domain.skills import Skill

HEAD: Final = ("id", "kind", "skill", "difficulty", "question", "answer", "right", "why", "rule")
ELSE: Final = "*"
"""What stands for any other answer."""

_YES: Final = frozenset({"x", "yes", "y", "true", "1", "right"})


def read(path: Path, skill: Skill | None = None) -> Imported:
    """The quizzes of a table. Raises Unreadable with one sentence."""
    return make(bank(_rows(path), path.stem), skill)


def _rows(path: Path) -> Sheet:
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        return next((rows for _, rows in sheets(path)), [])
    text = text_of(path)
    first = text.lstrip("\n").split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        rows: Sheet = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise Unreadable(f"{path.name} is not CSV: {error}.") from None
    if len(rows) > MAX_ROWS:
        raise Unreadable(f"{path.name} has more than {MAX_ROWS:,} rows.")
    return rows


def bank(rows: Sheet, title: str) -> Bank:
    """Everything a table says."""
    found = Bank(title)
    names: list[str] = []
    held: list[tuple[int, dict[str, str]]] = []
    for place, row in enumerate(rows, 1):
        cells = [plain(str(cell).strip()) if cell is not None else "" for cell in row]
        if not names:
            if {"question", "answer"} <= {cell.casefold() for cell in cells}:
                names = [cell.casefold() for cell in cells]
                for other in names:
                    if other and other not in HEAD:
                        found.lost("table", f"the column {brief(other)}")
            continue
        named = {name: cell for name, cell in zip(names, cells, strict=False) if name}
        if named.get("question") and held:
            _finish(found, held)
            held = []
        if any(named.values()):
            held.append((place, named))
    if not names:
        raise Unreadable("No row of this table names the columns `question` and `answer`.")
    _finish(found, held)
    if not found.asked:
        raise Unreadable("There is no question in this table.")
    return found


def _finish(found: Bank, held: list[tuple[int, dict[str, str]]]) -> None:
    if not held:
        return
    first, top = held[0]
    where = f"question {len(found.asked) + 1} (row {first})"
    rows = [row for _, row in held]
    marked = [row.get("right", "").casefold() in _YES for row in rows]
    kind = top.get("kind", "").strip().casefold()
    if not kind:
        kind = "single" if sum(marked) == 1 else "multiple"
        found.guessed(where, f"the kind `{kind}`")
    answers = tuple(
        Answer(row.get("answer", ""), float(good), row.get("why", ""))
        for row, good in zip(rows, marked, strict=True)
        if row.get("answer")
    )
    if kind == "multiple":
        answers = tuple(Answer(each.text, each.worth / (sum(marked) or 1), each.why) for each in answers)
    if kind == "true_false":
        by_word = {each.text.casefold(): each for each in answers}
        answers = (by_word.get("true", Answer("True")), by_word.get("false", Answer("False")))
    if kind == "ordering" and all(number(row.get("right")) is not None for row in rows):
        rows.sort(key=lambda row: number(row["right"]) or 0.0)
        answers = tuple(Answer(row.get("answer", ""), 0.0, row.get("why", "")) for row in rows)
    pairs = tuple(Pair(row.get("answer", ""), row.get("right", ""), row.get("why", "")) for row in rows)
    otherwise = next((each.why for each in answers if each.text == ELSE), "")
    ranges = []
    for each in answers if kind == "numeric" else ():
        value, _, tolerance = each.text.partition("±")
        middle, width = number(value.strip()), number(tolerance.strip() or "0")
        if middle is not None and width is not None:
            ranges.append(Range(middle, abs(width), each.worth, each.why))
        elif each.text != ELSE:
            found.lost(where, f"the answer {brief(each.text)}, which is no number")
    skill = top.get("skill", "").casefold()
    if skill and skill not in set(Skill):
        found.lost(where, f"the skill {brief(skill)}, which there is not")
    found.asked.append(
        Asked(
            where,
            kind,
            top.get("question", ""),
            name=top.get("id", ""),
            answers=answers,
            pairs=tuple(pair for pair in pairs if pair.left) if kind in {"matching", "bins"} else (),
            decoys=tuple(pair.right for pair in pairs if not pair.left),
            ranges=tuple(ranges),
            otherwise=otherwise,
            rule=top.get("rule", ""),
            skill=skill if skill in set(Skill) else "",
            difficulty=top.get("difficulty", "").casefold(),
        )
    )


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────


def write(quiz: Quiz, path: Path) -> list[Note]:
    """Write the quiz as CSV, and say what the format cannot hold."""
    lost = [*dropped(quiz), Note("lost", "quiz", "its title: a table has none")]
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(HEAD)
    for question in quiz.questions:
        if not (answers := _answers(question)):
            lost.append(Note("lost", question.id, f"the whole question: a table has none of the kind {question.kind}"))
            continue
        head = [question.id, question.kind, question.skill or quiz.skill, question.difficulty, told(question)]
        for row, (answer, right, reason) in enumerate(answers):
            first = head if row == 0 else [""] * len(head)
            rule = question.rule or "" if row == 0 else ""
            out.writerow([harmless(cell) for cell in (*first, answer, right, why(reason), rule)])
    if all(_answers(question) == [] for question in quiz.questions):
        raise Unreadable("A table can hold none of the questions of this quiz.")
    # The mark at the start tells a spreadsheet that this is UTF-8.
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    return lost


def _answers(question: Question) -> list[tuple[str, str, str]]:  # noqa: PLR0911 - one a kind
    match question:
        case Single() | Multiple():
            return [(option.text, "x" if option.right else "", option.why) for option in question.options]
        case TrueFalse():
            keys = ("x", "") if question.answer else ("", "x")
            return [("True", keys[0], question.why_true), ("False", keys[1], question.why_false)]
        case Ordering():
            return [(item.text, str(place), item.why) for place, item in enumerate(question.items, 1)]
        case Matching():
            pairs = [(pair.left, pair.right, pair.why) for pair in question.pairs]
            return [*pairs, *(("", decoy, "") for decoy in question.decoys)]
        case Bins():
            items = [(item.text, item.bin, item.why) for item in question.items]
            return [*items, *(("", name, "") for name in question.bins)]
        case Numeric():
            right = f"{question.answer!r} ± {question.tolerance!r}"
            slips = [(repr(slip.value), "", slip.why) for slip in question.slips]
            return [(right, "x", question.why), *slips, (ELSE, "", question.otherwise)]
        case Text():
            forms = [(form, "x", question.why) for form in question.accept]
            slips = [(form, "", slip.why) for slip in question.slips for form in slip.any_of]
            return [*forms, *slips, (ELSE, "", question.otherwise)]
    return []
