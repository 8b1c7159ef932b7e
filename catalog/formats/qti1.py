"""QTI 1.2: items with presentation, response processing and feedback, as older test systems and Canvas write them.

What is right is read from the conditions that set a score above zero; conditions that cannot be read so are lost by name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element

from catalog.formats.bank import Answer, Asked, Bank, Pair, Range, brief
from catalog.formats.documents import number
from catalog.formats.elements import child, html, within
from catalog.formats.markup import is_html, to_markdown

_RESPONSES: Final = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")


def asked(root: Element, bank: Bank) -> Iterator[Asked]:
    """Every item of a document, in order."""
    for assessment in within(root, "assessment"):
        bank.title = assessment.get("title", "").strip() or bank.title
    for item in within(root, "item"):
        name = item.get("title", "").strip() or item.get("ident", "")
        where = f"question {len(bank.asked) + 1} {brief(name, 40)}"
        yield _Item(item, where, bank).asked(name)


@dataclass(slots=True)
class _Scores:
    """What the conditions of an item say, by response and by what is answered."""

    worth: dict[tuple[str, str], float] = field(default_factory=dict)
    feedback: dict[tuple[str, str], str] = field(default_factory=dict)  # identifiers of feedback
    orders: dict[str, list[str]] = field(default_factory=dict)
    ranges: dict[str, list[Range]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)


class _Item:
    """One item."""

    def __init__(self, item: Element, where: str, bank: Bank) -> None:
        self.item = item
        self.where = where
        self.bank = bank
        self.scores = _Scores()

    def asked(self, name: str) -> Asked:
        presentation = child(self.item, "presentation")
        responses = [] if presentation is None else list(within(presentation, *_RESPONSES))
        for condition in within(self.item, "respcondition"):
            self._condition(condition)
        whole = self._text(presentation, [*_RESPONSES])
        asked = self._kind(responses, Asked(self.where, "", whole, name))
        rule = "\n\n".join(self._feedback(each) for each in ("general_fb", "solution", "rule") if each in self._fed())
        for other in self._fed() - self.scores.told - {"general_fb", "solution", "rule"}:
            if text := self._feedback(other):
                self.bank.lost(self.where, f"the feedback {brief(text)}")
        return replace(asked, rule=rule)

    # ── kinds ──

    def _kind(self, responses: list[Element], asked: Asked) -> Asked:
        tags = {each.tag for each in responses}
        if tags == {"response_lid"} and len(responses) > 1:
            return self._matching(responses, asked)
        if len(responses) != 1 or tags & {"response_xy", "response_grp"}:
            what = f"{len(responses)} responses of {', '.join(sorted(tags))}" if tags else "no response"
            return replace(asked, kind=what)
        response = responses[0]
        ident = response.get("ident", "")
        right = self._right(ident)
        if response.tag == "response_num" or ident in self.scores.ranges:
            single = [Range(value) for (_, key), _ in right if (value := number(key)) is not None]
            return replace(asked, kind="numeric", ranges=(*self.scores.ranges.get(ident, []), *single))
        if response.tag == "response_str":
            accepted = tuple(Answer(key, worth, self._why(ident, key)) for (_, key), worth in right)
            return replace(asked, kind="text" if accepted else "essay", answers=accepted)
        labels = self._labels(response)
        if response.get("rcardinality", "").lower() == "ordered":
            keys = [key for key in self.scores.orders.get(ident, []) if key in labels]
            items = tuple(Answer(labels[key], 0.0, self._why(ident, key)) for key in keys)
            return replace(asked, kind="ordering", answers=items)
        single_choice = response.get("rcardinality", "single").lower() != "multiple"
        answers = [
            Answer(text, self.scores.worth.get((ident, key), 0.0), self._why(ident, key))
            for key, text in labels.items()
        ]
        kind = "single" if single_choice else "multiple"
        return replace(asked, kind=kind, answers=_shared(answers, single=single_choice))

    def _matching(self, responses: list[Element], asked: Asked) -> Asked:
        """Canvas matches by several choices, each with its own text, among the same labels."""
        pairs: list[Pair] = []
        labels: dict[str, str] = {}
        for response in responses:
            ident = response.get("ident", "")
            labels |= self._labels(response)
            right = [key for (_, key), _ in self._right(ident)]
            left = self._text(response, ["render_choice"])
            if not right or right[0] not in labels or not left:
                self.bank.lost(self.where, f"the line {brief(left)}, which has nothing right")
            else:
                pairs.append(Pair(left, labels[right[0]], self._why(ident, right[0])))
        rights = {pair.right for pair in pairs}
        decoys = tuple(text for text in labels.values() if text not in rights)
        return replace(asked, kind="matching", pairs=tuple(pairs), decoys=decoys)

    def _right(self, ident: str) -> list[tuple[tuple[str, str], float]]:
        return [(key, worth) for key, worth in self.scores.worth.items() if key[0] == ident and worth > 0]

    def _labels(self, response: Element) -> dict[str, str]:
        return {each.get("ident", ""): self._text(each, []) for each in within(response, "response_label")}

    # ── what is right ──

    def _condition(self, condition: Element) -> None:
        values = [number((each.text or "").strip()) or 0.0 for each in within(condition, "setvar")]
        worth = sum(values)
        shown = [each.get("linkrefid", "") for each in within(condition, "displayfeedback")]
        test = child(condition, "conditionvar")
        if test is None:
            return
        equal: list[Element] = []
        bounds: list[Element] = []
        _positive(test, equal, bounds)
        answered = [(each.get("respident", ""), (each.text or "").strip()) for each in equal]
        for key in answered:
            if worth > 0:
                self.scores.worth[key] = self.scores.worth.get(key, 0.0) + worth / len(answered)
            elif worth < 0 and len(answered) == 1:
                self.scores.worth.setdefault(key, worth)
            if shown and len(answered) == 1 and (worth <= 0 or len(shown) == 1):
                self.scores.feedback.setdefault(key, shown[0])
        if worth > 0 and answered:
            self.scores.orders.setdefault(answered[0][0], [key for _, key in answered])
        self._bounded(bounds, worth)

    def _bounded(self, bounds: list[Element], worth: float) -> None:
        low = [number((each.text or "").strip()) for each in bounds if each.tag in {"vargte", "vargt"}]
        high = [number((each.text or "").strip()) for each in bounds if each.tag in {"varlte", "varlt"}]
        if worth > 0 and low and high and low[0] is not None and high[0] is not None:
            ident = bounds[0].get("respident", "")
            middle, width = Decimal(str(low[0])) + Decimal(str(high[0])), Decimal(str(high[0])) - Decimal(str(low[0]))
            self.scores.ranges.setdefault(ident, []).append(Range(float(middle / 2), float(abs(width) / 2)))
        elif bounds and worth > 0:
            self.bank.lost(self.where, "a comparison that is open to one side")

    # ── texts ──

    def _fed(self) -> set[str]:
        return {each.get("ident", "") for each in within(self.item, "itemfeedback")}

    def _why(self, ident: str, key: str) -> str:
        name = self.scores.feedback.get((ident, key), "")
        self.scores.told.add(name)
        return self._feedback(name) if name else ""

    def _feedback(self, name: str) -> str:
        found = (each for each in within(self.item, "itemfeedback") if each.get("ident") == name)
        return self._text(next(found, None), [])

    def _text(self, holder: Element | None, without: list[str]) -> str:
        """The text of every material in an element, but for those inside elements named in `without`."""
        parts: list[str] = []
        waiting = [holder] if holder is not None else []
        while waiting:
            each = waiting.pop()
            if each.tag == "mattext":
                parts.append(self._mattext(each))
            elif each.tag.startswith("mat") and each.tag not in {"material", "material_ref", "matbreak"}:
                self.bank.lost(self.where, f"a part of its text ({each.tag} {each.get('uri', '')[:60]})")
            if each is holder or each.tag not in without:
                waiting += reversed(list(each))
        return "\n\n".join(part for part in parts if part)

    def _mattext(self, element: Element) -> str:
        raw = html(element) if len(element) else element.text or ""
        if len(element) or "html" in element.get("texttype", "") or is_html(raw):
            told, lost = to_markdown(raw)
            for each in lost:
                self.bank.lost(self.where, each)
            return told
        return raw.strip()


def _positive(test: Element, equal: list[Element], bounds: list[Element]) -> None:
    """What must be answered, without what must not."""
    for each in test:
        if each.tag == "varequal":
            equal.append(each)
        elif each.tag in {"vargte", "varlte", "vargt", "varlt"}:
            bounds.append(each)
        elif each.tag in {"and", "or", "conditionvar"}:
            _positive(each, equal, bounds)


def _shared(answers: list[Answer], *, single: bool) -> tuple[Answer, ...]:
    """Worths as shares: scores of any scale become parts of what can be had."""
    positive = [answer.worth for answer in answers if answer.worth > 0]
    whole = (max(positive) if single else sum(positive)) if positive else 1.0
    return tuple(Answer(answer.text, answer.worth / whole, answer.why) for answer in answers)
