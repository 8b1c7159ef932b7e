"""QTI 2.0 to 3.0: one item with its interaction, what is right and its feedback.

Choice, order, match and text entry are taken; every other interaction is lost by its name.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from xml.etree.ElementTree import Element

from catalog.formats.bank import Answer, Asked, Bank, Gap, Pair, Range, brief
from catalog.formats.documents import number
from catalog.formats.elements import child, html, within
from catalog.formats.markup import to_markdown

_BESIDE: Final = frozenset(
    {"feedbackinline", "feedbackblock", "rubricblock", "modalfeedback", "inlinechoice", "prompt"}
)
_GAPS: Final = frozenset({"textentryinteraction", "inlinechoiceinteraction"})
_CHOICE: Final = ("simplechoice", "simpleassociablechoice", "inlinechoice")


def asked(root: Element, bank: Bank) -> Iterator[Asked]:
    """The item of a document."""
    name = root.get("title", "").strip() or root.get("identifier", "")
    yield _Item(root, f"question {len(bank.asked) + 1} {brief(name, 40)}", bank).asked(name)


class _Item:
    """One item."""

    def __init__(self, root: Element, where: str, bank: Bank) -> None:
        self.root = root
        self.where = where
        self.bank = bank
        self.feedback = {each.get("identifier", ""): each for each in within(root, "modalfeedback", "feedbackblock")}
        self.told: set[str] = set()

    def asked(self, name: str) -> Asked:
        body = child(self.root, "itembody")
        found = [] if body is None else [each for each in body.iter() if each.tag.endswith("interaction")]
        tags = frozenset(each.tag for each in found)
        gapped = body is not None and bool(found) and tags <= _GAPS and _gapped(body, tags)
        text = self._told(html(body, _BESIDE | (frozenset() if gapped else tags)))
        prompts = [self._told(html(child(each, "prompt"), _BESIDE)) for each in found]
        text = "\n\n".join(part for part in (text, *prompts) if part)
        asked = Asked(self.where, "", text, name)
        asked = replace(asked, **self._cloze(found)) if gapped else self._kind(found, asked)
        asked = replace(asked, rule=self._rule())
        for rubric in within(self.root, "rubricblock"):
            if said := self._told(html(rubric)):
                self.bank.lost(self.where, f"the rubric {brief(said)}")
        return asked

    def _kind(self, found: list[Element], asked: Asked) -> Asked:
        if len(found) != 1:
            kinds = ", ".join(sorted({each.tag for each in found}))
            return replace(asked, kind=f"{len(found)} interactions: {kinds}" if found else "no interaction")
        one = found[0]
        declared = self._declared(one.get("responseidentifier", ""))
        values = _values(declared)
        mapped = _mapped(declared)
        match one.tag:
            case "choiceinteraction":
                kind, answers = self._choice(one, declared, values, mapped)
                return replace(asked, kind=kind, answers=answers)
            case "orderinteraction":
                choices = {each.get("identifier", ""): each for each in within(one, "simplechoice")}
                items = tuple(self._answer(choices[value], 0.0) for value in values if value in choices)
                return replace(asked, kind="ordering", answers=items)
            case "matchinteraction":
                pairs, decoys = self._matching(one, values or [key for key, worth in mapped.items() if worth > 0])
                return replace(asked, kind="matching", pairs=pairs, decoys=decoys)
            case "textentryinteraction":
                return replace(asked, **self._entry(one, declared, values, mapped))
        return replace(asked, kind=one.tag)

    def _declared(self, name: str) -> Element | None:
        every = [each for each in within(self.root, "responsedeclaration") if each.get("identifier") == name]
        return every[0] if every else None

    # ── kinds ──

    def _choice(
        self, one: Element, declared: Element | None, values: list[str], mapped: dict[str, float]
    ) -> tuple[str, tuple[Answer, ...]]:
        cardinality = declared.get("cardinality", "") if declared is not None else ""
        single = cardinality == "single" or (not cardinality and one.get("maxchoices", "1") == "1")
        right = set(values) or {key for key, worth in mapped.items() if worth > 0}
        whole = sum(worth for key, worth in mapped.items() if worth > 0) or 1.0
        answers = []
        for each in within(one, "simplechoice"):
            key = each.get("identifier", "")
            worth = (1.0 if single else 1 / len(right)) if key in right else 0.0
            if key in mapped and not single:
                worth = mapped[key] / whole
            answers.append(self._answer(each, worth))
        return "single" if single else "multiple", tuple(answers)

    def _matching(self, one: Element, values: list[str]) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
        sets = list(within(one, "simplematchset"))
        lefts = {e.get("identifier", ""): e for e in within(sets[0], *_CHOICE)} if sets else {}
        rights = {e.get("identifier", ""): e for e in within(sets[-1], *_CHOICE)} if len(sets) > 1 else {}
        partners = {left: right for left, _, right in (value.strip().partition(" ") for value in values)}
        pairs, used = [], set()
        for key, element in lefts.items():
            left = self._answer(element, 0.0)
            other = rights.get(partners.get(key, "").strip())
            if other is None:
                self.bank.lost(self.where, f"the line {brief(left.text)}, which has nothing right")
                continue
            used.add(other.get("identifier", ""))
            pairs.append(Pair(left.text, self._answer(other, 0.0).text, left.why))
        decoys = (self._answer(each, 0.0).text for key, each in rights.items() if key not in used)
        if len(values) > len(partners):
            self.bank.lost(self.where, f"{len(values) - len(partners)} further rights of lines that have several")
        return tuple(pairs), tuple(decoys)

    def _entry(
        self, one: Element, declared: Element | None, values: list[str], mapped: dict[str, float]
    ) -> dict[str, Any]:
        """A number or a short text, and what is said to it."""
        name = one.get("responseidentifier", "")
        worths = {**dict.fromkeys(values, 1.0), **mapped}
        most = max(worths.values(), default=1.0) or 1.0
        why, otherwise = self._feedback(f"{name}-WHY"), self._feedback(f"{name}-OTHERWISE")
        answers = [Answer(key, worth / most, why if worth > 0 else "") for key, worth in worths.items()]
        answers += [Answer(key, 0.0, self._feedback(told)) for key, told in self._spoken(name) if key not in worths]
        if declared is None or declared.get("basetype") not in {"float", "integer"}:
            return {"kind": "text", "answers": tuple(answers), "otherwise": otherwise}
        width = next((each.get("tolerance", "") for each in within(self.root, "equal") if each.get("tolerance")), "0")
        tolerance = number(width.split()[-1]) if width.split() else None
        ranges = [
            Range(value, abs(tolerance or 0.0) if each.worth > 0 else 0.0, each.worth, each.why)
            for each in answers
            if (value := number(each.text)) is not None
        ]
        return {"kind": "numeric", "ranges": tuple(ranges), "otherwise": otherwise}

    def _spoken(self, name: str) -> list[tuple[str, str]]:
        """Values of a response with feedback of their own, as conditions of the form `response is value` say."""
        found = []
        for condition in within(self.root, "responseif", "responseelseif"):
            test, value = child(condition, "match"), child(condition, "match", "basevalue")
            told = child(condition, "setoutcomevalue", "basevalue")
            if test is None or value is None or told is None:
                continue
            if (variable := child(test, "variable")) is not None and variable.get("identifier") == name:
                found.append((" ".join((value.text or "").split()), (told.text or "").strip()))
        return found

    def _cloze(self, found: list[Element]) -> dict[str, Any]:
        """Gaps in a sentence, to type into or to choose for. A single one to type into is a short text."""
        gaps = []
        for one in found:
            declared = self._declared(one.get("responseidentifier", ""))
            values, mapped = _values(declared), _mapped(declared)
            if one.tag == "textentryinteraction":
                entry = self._entry(one, declared, values, mapped)
                if entry["kind"] == "numeric":
                    return {"kind": "a gap for a number"}
                gaps.append(Gap(_name(one), "text", entry["answers"], entry["otherwise"]))
            else:
                right = set(values) or {key for key, worth in mapped.items() if worth > 0}
                options = within(one, "inlinechoice")
                answers = tuple(self._answer(each, float(each.get("identifier") in right)) for each in options)
                gaps.append(Gap(_name(one), "choice", answers))
        return {"kind": "cloze", "gaps": tuple(gaps)}

    # ── texts ──

    def _answer(self, choice: Element, worth: float) -> Answer:
        inline = [self._told(html(each)) for each in within(choice, "feedbackinline", "feedbackblock")]
        key = choice.get("identifier", "")
        if not inline:
            inline = [self._feedback(key)]
        return Answer(self._told(html(choice, _BESIDE)), worth, "\n\n".join(inline))

    def _feedback(self, key: str) -> str:
        if key not in self.feedback:
            return ""
        self.told.add(key)
        return self._told(html(self.feedback[key]))

    def _rule(self) -> str:
        """What is said after the answer whatever it was; feedback on anything else is lost by name."""
        left = {key: each for key, each in self.feedback.items() if key not in self.told}
        within_choices = {id(each) for choice in within(self.root, *_CHOICE) for each in choice.iter()}
        left = {key: each for key, each in left.items() if id(each) not in within_choices}
        rule = left.pop("RULE", None)
        if rule is None and len(left) == 1:
            key, rule = left.popitem()
            self.bank.guessed(self.where, f"the feedback `{key[:40]}` is taken for the rule behind the answer")
        for each in left.values():
            if said := self._told(html(each)):
                self.bank.lost(self.where, f"the feedback {brief(said)}")
        return self._told(html(rule)) if rule is not None else ""

    def _told(self, raw: str) -> str:
        told, lost = to_markdown(raw)
        for each in lost:
            self.bank.lost(self.where, each)
        return told


def _name(one: Element) -> str:
    """The name of a gap, from that of its response."""
    name = re.sub(r"[^a-z0-9]+", "-", one.get("responseidentifier", "").removeprefix("G-").lower())
    return name.strip("-")[:40].strip("-") or "gap"


def _gapped(body: Element, tags: frozenset[str]) -> bool:
    """Mark each gap that stands in a sentence, and empty it; False when there is none."""
    inside = [(holder, each) for holder in body.iter() for each in holder if each.tag in tags]
    if not any(each.tag == "inlinechoiceinteraction" or _words(holder) for holder, each in inside):
        return False
    for _, each in inside:
        each.text = f"[[{_name(each)}]]"
    return True


def _words(holder: Element) -> bool:
    """Whether anything but gaps is said in an element."""
    return bool((holder.text or "").strip() or any((each.tail or "").strip() for each in holder))


def _values(declared: Element | None) -> list[str]:
    correct = child(declared, "correctresponse")
    return [] if correct is None else [" ".join((each.text or "").split()) for each in within(correct, "value")]


def _mapped(declared: Element | None) -> dict[str, float]:
    mapping = child(declared, "mapping")
    if mapping is None:
        return {}
    entries = within(mapping, "mapentry")
    return {" ".join(e.get("mapkey", "").split()): number(e.get("mappedvalue", "0")) or 0.0 for e in entries}
