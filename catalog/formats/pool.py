"""A question bank becomes quizzes that pass the check of their shape and can be drawn from at once.

Nothing is made up silently: what the source did not say is in the notes, and texts nobody knew begin with `To write:`.
"""

import json
import re
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from catalog.formats import filled
from catalog.formats.bank import Answer, Asked, Bank, Imported, brief, line, tidy
from catalog.formats.draft import Unreadable, slug, to_write
from catalog.formats.files import dump
from catalog.formats.wording import Lost, Wording
from domain.quiz import Question
from domain.skills import Skill

MAX_QUESTIONS: Final = 200
MAX_TEXT: Final = 200 * 1024
"""Largest quiz file, with room for the review list under the limit of our own reader."""

_QUESTION: Final[TypeAdapter[Question]] = TypeAdapter(Question)
_DIFFICULTIES: Final = frozenset(("easy", "moderate", "hard"))
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MORE: Final = tuple(to_write(f"a {nth} option that a sensible person might take") for nth in ("second", "third"))
_WRONG: Final = to_write("an option that is not right")
_SENTENCE: Final = re.compile(r"(?<=[.!?…:])\s+")


class _Maker:
    """One bank becoming questions of a quiz."""

    def __init__(self, bank: Bank, skill: Skill) -> None:
        self.bank = bank
        self.skill = skill
        self.words = Wording(bank)
        self.taken: set[str] = set()
        self.unrated = 0  # questions without a difficulty

    def question(self, number: int, asked: Asked) -> dict[str, Any] | None:
        """The question as data, or None when it is lost."""
        self.words.where, self.words.unwritten = asked.where, 0
        before = len(self.bank.notes)
        try:
            if asked.kind == "cloze":
                text, body = filled.cloze(self.words, asked)
                context, ask = self._told(text)
            else:
                body = self._body(asked)
                context, ask = self._told(asked.text)
            data = {"id": self._id(number, asked, ask), "kind": body.pop("kind"), **self._about(asked)}
            data |= {"context": context} if context else {}
            data |= {"ask": ask, **body}
            if rule := self.words.prose(asked.rule):
                data["rule"] = rule
            self._valid(data)
        except Lost as why:
            del self.bank.notes[before:]
            self.bank.lost(asked.where, f"the question {brief(line(asked.text))}: {why}")
            return None
        self.taken.add(data["id"])
        self._rated(asked)
        if self.words.unwritten:
            what = "1 text" if self.words.unwritten == 1 else f"{self.words.unwritten} texts"
            self.bank.guessed(asked.where, f"{what} that the source has not: they begin with `To write:`")
        return data

    def _valid(self, data: dict[str, Any]) -> None:
        try:
            _QUESTION.validate_json(json.dumps(data), strict=True)
        except ValidationError as error:
            raise Lost(str(error.errors()[0]["msg"]).lower()) from None

    def _about(self, asked: Asked) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if asked.skill and asked.skill != self.skill:
            found["skill"] = asked.skill
        if asked.difficulty in _DIFFICULTIES:
            found["difficulty"] = asked.difficulty
        return found

    def _rated(self, asked: Asked) -> None:
        if asked.difficulty not in _DIFFICULTIES:
            self.unrated += 1
            if asked.difficulty:
                self.bank.lost(asked.where, f"the difficulty {brief(asked.difficulty)}")

    def _id(self, number: int, asked: Asked, ask: str) -> str:
        name = asked.name.strip()
        if _SLUG.fullmatch(name) and len(name) <= 64 and name not in self.taken:
            return name
        return slug(name or ask, self.taken, f"question-{number}")

    def _told(self, text: str) -> tuple[str, str]:
        """The situation and the question: the last paragraph asks, or its last sentence when it is long."""
        *before, last = tidy(text).split("\n\n")
        ask = line(last)
        if len(ask) > 300:
            *rest, ask = _SENTENCE.split(ask)
            before += [" ".join(rest)] if rest else []
        if len(ask) > 300:
            before, ask = [*before, ask], ""
        if not ask:
            ask = to_write("the question, in one line")
            self.words.unwritten += 1
        return self.words.prose("\n\n".join(before)), ask

    # ── kinds ──

    def _body(self, asked: Asked) -> dict[str, Any]:  # noqa: PLR0911 - one a kind
        match asked.kind:
            case "single" | "multiple":
                return self._choice(asked)
            case "true_false":
                true, false = asked.answers
                return {
                    "kind": "true_false",
                    "answer": true.worth > false.worth,
                    "why_true": self.words.why(true.why),
                    "why_false": self.words.why(false.why),
                }
            case "ordering":
                return self._ordering(asked)
            case "matching":
                return self._matching(asked)
            case "numeric":
                return filled.numeric(self.words, asked)
            case "text":
                return filled.text(self.words, asked)
            case "bins":
                return filled.bins(self.words, asked)
        raise Lost(f"Muster has no questions of this kind ({asked.kind})")

    def _choice(self, asked: Asked) -> dict[str, Any]:
        answers = [Answer(self.words.line(a.text), a.worth, a.why) for a in asked.answers]
        if any(not answer.text for answer in answers):
            self.bank.lost(asked.where, "an option without any text")
            answers = [answer for answer in answers if answer.text]
        most = max((answer.worth for answer in answers), default=0.0)
        if most <= 0:
            raise Lost("no option is right")
        right = [a.worth > 0 if asked.kind == "multiple" else a.worth >= most for a in answers]
        if said := self._statement(answers, right):
            return said
        self._shares(asked, answers, right)
        kind = "single" if asked.kind == "single" and sum(right) == 1 else "multiple"
        if kind != asked.kind:
            self.bank.guessed(
                asked.where, f"{sum(right)} options are right, any of which was enough; now all are asked"
            )
        options = [
            {"text": a.text, **({"right": True} if good else {}), "why": self.words.why(a.why)}
            for a, good in zip(answers, right, strict=True)
        ]
        return {"kind": kind, "options": self._fitted(asked, kind, options)}

    def _statement(self, answers: list[Answer], right: list[bool]) -> dict[str, Any] | None:
        """Two options, True and False, are a statement."""
        words = [answer.text.casefold() for answer in answers]
        if sorted(words) != ["false", "true"] or sum(right) != 1:
            return None
        whys = dict(zip(words, answers, strict=True))
        return {
            "kind": "true_false",
            "answer": right[words.index("true")],
            "why_true": self.words.why(whys["true"].why),
            "why_false": self.words.why(whys["false"].why),
        }

    def _shares(self, asked: Asked, answers: list[Answer], right: list[bool]) -> None:
        """Say when weights meant something that a count of right options does not."""
        share = 1 / sum(right)
        for answer, good in zip(answers, right, strict=True):
            if asked.kind == "multiple":
                usual = abs(answer.worth - share) < 0.01 if good else answer.worth <= 0
            else:
                usual = good or answer.worth <= 0
            if not usual:
                self.bank.lost(asked.where, f"{brief(answer.text)} was worth {answer.worth * 100:.4g} %")

    def _fitted(self, asked: Asked, kind: str, options: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """As many options as a question has: missing ones are to be written, what is too much is lost."""
        most = 6 if kind == "single" else 8
        for place in range(len(options) - 1, -1, -1):
            if len(options) > most and not options[place].get("right"):
                self.bank.lost(asked.where, f"the option {brief(options.pop(place)['text'])}: {most} are kept")
        if all(option.get("right") for option in options):
            for gone in options[most - 1 :]:
                self.bank.lost(asked.where, f"the option {brief(gone['text'])}: {most} are kept")
            options = [*options[: most - 1], self._added(asked, _WRONG)]
        while len(options) < 3:
            options.append(self._added(asked, _MORE[len(options) - 1]))
        return options

    def _added(self, asked: Asked, text: str) -> dict[str, Any]:
        self.bank.guessed(asked.where, f"an option {brief(text, 90)}")
        return {"text": text, "why": self.words.why("")}

    def _ordering(self, asked: Asked) -> dict[str, Any]:
        items = [
            {"text": text, "why": self.words.why(answer.why)}
            for answer in asked.answers
            if (text := self.words.line(answer.text))
        ]
        if len(items) < 3:
            raise Lost("an order needs at least three items")
        for gone in items[7:]:
            self.bank.lost(asked.where, f"the item {brief(gone['text'])}: 7 are kept")
        return {"kind": "ordering", "items": items[:7]}

    def _matching(self, asked: Asked) -> dict[str, Any]:
        pairs: dict[str, dict[str, str]] = {}
        decoys = [self.words.line(decoy) for decoy in asked.decoys]
        for pair in asked.pairs:
            left, right = self.words.line(pair.left), self.words.line(pair.right)
            if not left and right:
                decoys.append(right)
            elif not right or left in pairs or len(pairs) == 8:
                self.bank.lost(asked.where, f"the pair {brief(left)} and {brief(right)}")
            else:
                pairs[left] = {"left": left, "right": right, "why": self.words.why(pair.why)}
        if len(pairs) < 2:
            raise Lost("matching needs at least two pairs")
        rights = {pair["right"] for pair in pairs.values()}
        spare = [decoy for decoy in dict.fromkeys(decoys) if decoy and decoy not in rights]
        for decoy in spare[4:]:
            self.bank.lost(asked.where, f"the further right {brief(decoy)}: 4 are kept")
        return {"kind": "matching", "pairs": list(pairs.values()), **({"decoys": spare[:4]} if spare else {})}


# ── whole quizzes ─────────────────────────────────────────────────────────────────────────────────────────────


def make(bank: Bank, skill: Skill | None) -> Imported:
    """The quizzes of a bank. Without a skill the most frequent one of its questions is taken, and said to be a guess."""
    chosen = skill or _likely(bank)
    if skill is None:
        bank.guessed("quiz", f"the skill `{chosen}`: --skill names another")
    maker = _Maker(bank, chosen)
    questions = [
        data for number, asked in enumerate(bank.asked, 1) if (data := maker.question(number, asked)) is not None
    ]
    if not questions:
        told = f" {str(bank.notes[-1]).capitalize()}." if bank.asked else ""
        raise Unreadable(f"There is no question in this file that Muster can ask.{told}")
    if maker.unrated:
        bank.guessed("quiz", f"{maker.unrated} of {len(bank.asked)} questions are taken for moderately difficult")
    title = maker.words.line(bank.title)
    if not title:
        title = to_write("a title")
        bank.guessed("quiz", "its title")
    parts = _parts(questions)
    if len(parts) > 1:
        bank.guessed("quiz", f"{len(parts)} files, as one holds {MAX_QUESTIONS} questions or 200 KiB at most")
    drawn = "" if bank.draw else "; how many questions one attempt draws: up to 10"
    bank.guessed("quiz", f"the pass mark: 0.75{drawn}")
    return Imported(
        tuple(
            {
                "title": title if len(parts) == 1 else f"{title[:280]} ({number})",
                "skill": str(chosen),
                "draw": max(1, min(bank.draw or 10, len(part), 30)),
                "pass_mark": 0.75,
                "questions": part,
            }
            for number, part in enumerate(parts, 1)
        ),
        tuple(bank.notes),
    )


def _likely(bank: Bank) -> Skill:
    counted = [asked.skill for asked in bank.asked if asked.skill]
    return Skill(max(counted, key=counted.count)) if 2 * len(counted) > len(bank.asked) else Skill.SPOT


def _parts(questions: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The questions in as few files as they fit into."""
    parts: list[list[dict[str, Any]]] = [[]]
    size = 0
    for data in questions:
        length = len(dump({"questions": [data]}).encode())
        if parts[-1] and (len(parts[-1]) == MAX_QUESTIONS or size + length > MAX_TEXT):
            parts.append([])
            size = 0
        parts[-1].append(data)
        size += length
    return parts
