"""Questions that are typed or filled in: numbers, short texts, sentences with gaps, things sorted into bins.

What a source accepts beyond one number, or by wildcards, is lost and said to be.
"""

from decimal import Decimal
from typing import Any, Final

from catalog.formats.bank import Answer, Asked, Gap, Range, brief
from catalog.formats.draft import slug, to_write
from catalog.formats.wording import Lost, Wording
from domain.quiz import GAP
from domain.typed import normal

_ANSWER: Final = to_write("why this is the answer")
_OTHERWISE: Final = to_write("what to say to any other answer")
_FILL: Final = "Fill the gaps."


def numeric(words: Wording, asked: Asked) -> dict[str, Any]:
    """A number within its tolerance."""
    most = max((each.worth for each in asked.ranges), default=0.0)
    right = next((each for each in asked.ranges if each.worth == most and most > 0), None)
    if right is None:
        raise Lost("no number is right")
    middle, width = Decimal(str(right.value)), Decimal(str(right.tolerance))
    slips: dict[float, str] = {}
    for other in asked.ranges:
        if other is right:
            continue
        inside = abs(Decimal(str(other.value)) - middle) <= width
        if other.worth > 0 or other.tolerance or inside or len(slips) == 8 or other.value in slips:
            words.bank.lost(words.where, f"{_number(other)}, which was worth {other.worth * 100:.4g} %")
        else:
            slips[other.value] = words.why(other.why)
    return {
        "kind": "numeric",
        "answer": _whole(right.value),
        **({"tolerance": _whole(right.tolerance)} if right.tolerance else {}),
        **({"unit": asked.unit} if 0 < len(asked.unit) <= 20 else {}),
        "why": words.why(right.why, _ANSWER),
        **({"slips": [{"value": _whole(value), "why": why} for value, why in slips.items()]} if slips else {}),
        "otherwise": words.why(asked.otherwise, _OTHERWISE),
    }


def _whole(value: float) -> float:
    """The number without a point where it has nothing behind it."""
    return int(value) if value.is_integer() else value


def _number(each: Range) -> str:
    return f"{each.value:.12g}" + (f" ± {each.tolerance:.12g}" if each.tolerance else "")


def text(words: Wording, asked: Asked) -> dict[str, Any]:
    """A few words in any of their accepted forms."""
    return {"kind": "text", **_typed(words, asked.answers, asked.otherwise)}


def _typed(words: Wording, answers: tuple[Answer, ...], otherwise: str) -> dict[str, Any]:
    """What is accepted, wrong answers with a why of their own, and what is said to any other."""
    for answer in answers:
        if answer.text.strip() == "*":
            otherwise = otherwise or answer.why
            if answer.worth > 0:
                words.bank.lost(words.where, "that any text at all was accepted")
    known: set[str] = set()
    accept, why = _accepted(words, [answer for answer in answers if answer.worth > 0], known)
    if not accept:
        raise Lost("no text is right")
    slips = _slips(words, [answer for answer in answers if answer.worth <= 0], known)
    return {
        "accept": accept,
        "why": words.why(why, _ANSWER),
        **({"slips": slips} if slips else {}),
        "otherwise": words.why(otherwise, _OTHERWISE),
    }


def _accepted(words: Wording, answers: list[Answer], known: set[str]) -> tuple[list[str], str]:
    """Forms that are right, and the one why they share."""
    accept: list[str] = []
    why = ""
    most = max((answer.worth for answer in answers), default=0.0)
    for answer in answers:
        form = _form(words, answer.text, known)
        if form and len(accept) == 40:
            words.bank.lost(words.where, f"the form {brief(form)}: 40 are kept")
        elif form:
            accept.append(form)
            if answer.worth < most:
                words.bank.lost(words.where, f"{brief(form)} was worth {answer.worth * 100:.4g} %; now it is right")
            if answer.why and why and answer.why != why:
                words.bank.lost(words.where, f"the why of {brief(form)}: {brief(answer.why)}")
            why = why or answer.why
    return accept, why


def _slips(words: Wording, answers: list[Answer], known: set[str]) -> list[dict[str, Any]]:
    """Wrong forms; those that share a why are one slip."""
    slips: list[dict[str, Any]] = []
    for answer in answers:
        form = _form(words, answer.text, known)
        same = bool(slips) and bool(answer.why) and slips[-1]["why"] == words.prose(answer.why)
        if form and same and len(slips[-1]["any_of"]) < 20:
            slips[-1]["any_of"].append(form)
        elif form and len(slips) < 8:
            slips.append({"any_of": [form], "why": words.why(answer.why)})
        elif form:
            words.bank.lost(words.where, f"what is said to {brief(form)}: 8 slips are kept")
    return slips


def _form(words: Wording, text: str, known: set[str]) -> str:
    """A form without wildcards, or nothing when none of it can be compared or it is there already."""
    if text.strip() == "*":
        return ""
    form = words.line(text)
    bare = form.replace("\\*", "").replace("*", "").strip()
    if bare != form and normal(bare):
        words.bank.lost(words.where, f"that `*` stands for any text in {brief(form)}")
        form = words.line(bare)
    if form and not normal(form):
        words.bank.lost(words.where, f"the form {brief(form)}: it has no letter and no digit")
    elif form and normal(form) in known:
        words.bank.lost(words.where, f"the form {brief(form)}, which is another in disguise")
    elif form:
        known.add(normal(form))
        return form
    return ""


def cloze(words: Wording, asked: Asked) -> tuple[str, dict[str, Any]]:
    """What is asked, and a text with gaps. The source marks each gap as `[[id]]` in the last paragraph that has one."""
    parts = words.prose(asked.text).split("\n\n")
    marked = [n for n, part in enumerate(parts) if GAP.search(part)]
    if not marked:
        raise Lost("no gap stands in its text")
    before = "\n\n".join(parts[: marked[0]])
    body = "\n\n".join(parts[marked[0] :])
    if not before:
        words.bank.guessed(words.where, f"what it asks: {brief(_FILL)}")
    gaps: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    for gap in asked.gaps:
        names[gap.id] = slug(gap.id, set(names.values()), "gap")
        gaps.append({"id": names[gap.id], **_gap(words, gap)})
    order = GAP.findall(body)
    body = GAP.sub(lambda found: f"[[{names.get(found[1], found[1])}]]", body)
    gaps.sort(key=lambda gap: order.index(gap["id"]) if gap["id"] in order else len(order))
    return before or _FILL, {"kind": "cloze", "text": body, "gaps": gaps}


def _gap(words: Wording, gap: Gap) -> dict[str, Any]:
    if gap.kind == "text":
        return {"kind": "text", **_typed(words, gap.answers, gap.otherwise)}
    most = max((answer.worth for answer in gap.answers), default=0.0)
    right = next((n for n, answer in enumerate(gap.answers) if answer.worth == most), -1)
    if most <= 0:
        raise Lost("nothing is right in one of its gaps")
    options = [
        {"text": words.line(answer.text), **({"right": True} if n == right else {}), "why": words.why(answer.why)}
        for n, answer in enumerate(gap.answers)
    ]
    if len(options) < 2:
        options.append({"text": to_write("another way to fill the gap"), "why": words.why("")})
    for place in range(len(options) - 1, -1, -1):
        if len(options) > 6 and place != right:
            words.bank.lost(words.where, f"the option {brief(str(options.pop(place)['text']))}: 6 are kept")
    return {"kind": "choice", "options": options}


def bins(words: Wording, asked: Asked) -> dict[str, Any]:
    """Things and the bins they belong into."""
    items: dict[str, dict[str, str]] = {}
    for pair in asked.pairs:
        left, right = words.line(pair.left), words.line(pair.right)
        if left and right and left not in items and len(items) < 10:
            items[left] = {"text": left, "bin": right, "why": words.why(pair.why)}
        else:
            words.bank.lost(words.where, f"the item {brief(left)} in {brief(right)}")
    named = [name for decoy in asked.decoys if (name := words.line(decoy))]
    every = dict.fromkeys((*named, *(item["bin"] for item in items.values())))
    return {"kind": "bins", "bins": list(every), "items": list(items.values())}
