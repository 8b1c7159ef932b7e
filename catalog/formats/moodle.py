"""Moodle XML: a whole question bank with its categories, weights and feedback.

Source: docs.moodle.org, Moodle XML format. Kinds that Muster has not are lost by name, each of them.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from catalog.formats.bank import Answer, Asked, Bank, Imported, Pair, Range, brief
from catalog.formats.cloze import gaps
from catalog.formats.documents import number
from catalog.formats.draft import Unreadable
from catalog.formats.elements import child, elements, said
from catalog.formats.markup import is_html, to_markdown
from catalog.formats.pool import make
from catalog.formats.sheets import content
from domain.skills import Skill

_FILES: Final = ("file", "image")


def read(path: Path, skill: Skill | None = None) -> Imported:
    """The quizzes that a Moodle XML file holds. Raises Unreadable with one sentence."""
    root = elements(content(path), path.name)
    if root.tag != "quiz":
        raise Unreadable(f"{path.name} is not Moodle XML: it begins with <{root.tag[:40]}>, not with <quiz>.")
    return make(bank(root, path.stem), skill)


def bank(root: Element, title: str) -> Bank:
    """Everything a Moodle XML document says."""
    found = Bank(title)
    category = ""
    for question in root:
        if question.tag != "question":
            continue
        kind = question.get("type", "")
        if kind == "category":
            category = said(question, "category", "text").rpartition("/")[2].strip()
            if found.asked or category in {"", "top"}:
                found.lost("categories", brief(said(question, "category", "text")))
            else:
                found.title = category
            continue
        name = said(question, "name", "text")
        where = f"question {len(found.asked) + 1} {brief(name, 40)}"
        asked = _Reader(question, where, found).asked(kind, name)
        found.asked.append(asked)
    if not found.asked:
        raise Unreadable("There is no question in this Moodle XML file.")
    return found


class _Reader:
    """One question."""

    def __init__(self, question: Element, where: str, bank: Bank) -> None:
        self.question = question
        self.where = where
        self.bank = bank

    def asked(self, kind: str, name: str) -> Asked:
        self._beside()
        skill, difficulty = self._tags()
        return replace(
            self._kind(kind, Asked(self.where, kind, self.text(child(self.question, "questiontext")))),
            name=name,
            rule=self.text(child(self.question, "generalfeedback")),
            skill=skill,
            difficulty=difficulty,
        )

    def _beside(self) -> None:
        """Files, hints and feedback that a question of ours has no place for."""
        for each in self.question.iter():
            if each.tag in _FILES and (each.get("name") or (each.text or "").strip()):
                self.bank.lost(self.where, f"the file {brief(each.get('name') or (each.text or ''), 40)}")
        for field in ("hint", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
            for holder in self.question.findall(field):
                text = self.text(holder)
                if text and not text.casefold().startswith("your answer is"):
                    self.bank.lost(self.where, f"the {field} {brief(text)}")

    def _tags(self) -> tuple[str, str]:
        """Skill and difficulty, where a tag names one; other tags are lost."""
        skill = difficulty = ""
        for tag in self.question.findall("tags/tag"):
            word = said(tag, "text").casefold()
            if word in set(Skill):
                skill = word
            elif word in {"easy", "moderate", "hard"}:
                difficulty = word
            elif word:
                self.bank.lost(self.where, f"the tag {brief(word)}")
        return skill, difficulty

    def _kind(self, kind: str, asked: Asked) -> Asked:  # noqa: PLR0911 - one a kind
        answers = self.question.findall("answer")
        told = tuple(map(self._answer, answers))
        match kind:
            case "multichoice" | "multichoiceset":
                single = said(self.question, "single").casefold() not in {"false", "0"} and kind == "multichoice"
                return replace(asked, kind="single" if single else "multiple", answers=told)
            case "truefalse":
                named = {said(each, "text").casefold(): answer for each, answer in zip(answers, told, strict=True)}
                empty = Answer("")
                return replace(asked, kind="true_false", answers=(named.get("true", empty), named.get("false", empty)))
            case "shortanswer":
                if said(self.question, "usecase") == "1":
                    self.bank.lost(self.where, "that capital letters matter")
                return replace(asked, kind="text", answers=told)
            case "numerical":
                return self._numeric(asked, answers)
            case "matching" | "ddmatch":
                subs = [
                    (self.text(each), self.text(child(each, "answer"))) for each in self.question.findall("subquestion")
                ]
                pairs = tuple(Pair(left, right) for left, right in subs if left)
                decoys = tuple(right for left, right in subs if not left)
                return replace(asked, kind="matching", pairs=pairs, decoys=decoys)
            case "ordering":
                # The items of Moodle's ordering questions stand in the right order.
                return replace(asked, kind="ordering", answers=told)
            case "cloze" | "multianswer":
                return gaps(asked, self.bank)
        return replace(asked, kind=kind or "without a type")

    def _answer(self, answer: Element) -> Answer:
        worth = number(answer.get("fraction", "0").strip().rstrip("%")) or 0.0
        return Answer(self.text(answer), worth / 100, self.text(child(answer, "feedback")))

    def _numeric(self, asked: Asked, answers: list[Element]) -> Asked:
        found: list[Range] = []
        otherwise = ""
        for each in answers:
            middle, width = number(said(each, "text")), abs(number(said(each, "tolerance") or "0") or 0.0)
            worth = (number(each.get("fraction", "0")) or 0.0) / 100
            if said(each, "text") == "*":
                otherwise = self.text(child(each, "feedback"))
            elif middle is None:
                self.bank.lost(self.where, f"the answer {brief(said(each, 'text'), 20)}, which is no number")
            else:
                found.append(Range(middle, width, worth, self.text(child(each, "feedback"))))
        units = [unit for each in self.question.iter("unit") if (unit := said(each, "unit_name"))]
        for other in units[1:]:
            self.bank.lost(self.where, f"the unit {brief(other)}")
        return replace(asked, kind="numeric", ranges=tuple(found), otherwise=otherwise, unit=units[0] if units else "")

    def text(self, holder: Element | None) -> str:
        """The text of an element that has a format."""
        held = child(holder, "text")
        raw = "".join(held.itertext()).strip() if held is not None else ""
        form = holder.get("format", "") if holder is not None else ""
        if form in {"markdown", "plain_text", "plain"} or not (form == "html" or is_html(raw)):
            return raw
        told, lost = to_markdown(raw)
        for each in lost:
            self.bank.lost(self.where, each)
        return told
