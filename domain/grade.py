"""What an answer is worth, and what to say about it.

A response is JSON as the page sends it, in shown positions; anything malformed is refused, never guessed at.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from domain import typed
from domain.drill import MARK, Clue
from domain.present import gap_orders, rights
from domain.quiz import (
    Bins,
    ChoiceGap,
    Cloze,
    Clues,
    Matching,
    Multiple,
    Numeric,
    Ordering,
    Question,
    Rubric,
    Single,
    Text,
    TextGap,
    TrueFalse,
)
from domain.refusal import Refused

Response = dict[str, Any]

_Chosen = Single | Multiple | TrueFalse | Ordering | Matching | Clues
_Split = Numeric | Text | Bins | Cloze | Rubric
"""What is marked part by part, each part right or not."""


@dataclass(frozen=True, slots=True)
class Grade:
    """Worth of a response: `y` in 0…1, and how often a guess would be right."""

    y: float
    guess: float

    @property
    def right(self) -> bool:
        """Whether nothing was missing."""
        return self.y >= 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """Something that could be answered, and its why."""

    text: str
    why: str
    right: bool


@dataclass(frozen=True, slots=True)
class Feedback:
    """What to say after an answer: what was taken, the better answer where there is one, and the rest."""

    grade: Grade
    taken: tuple[Line, ...]
    better: tuple[Line, ...]
    others: tuple[Line, ...]
    rule: str | None
    cites: tuple[str, ...]
    given: str = ""
    """A free text, as it was written."""
    off: str = "Not yet"
    """What a part that is not right is called."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of an answer that is right or not, and the better one where it is not."""

    taken: Line
    better: Line | None = None


def _positions(value: Any, count: int, *, exactly: int | None = None) -> tuple[int, ...]:
    """Distinct positions below `count`, or a refusal."""
    good = (
        isinstance(value, list)
        and all(isinstance(p, int) and not isinstance(p, bool) and 0 <= p < count for p in value)
        and len(set(value)) == len(value)
        and (exactly is None or len(value) == exactly)
    )
    if not good:
        raise Refused("That answer does not fit the question. Please reload the page and answer again.")
    return tuple(value)


def taken(question: _Chosen, positions: tuple[int, ...], response: Response) -> tuple[int, ...]:
    """The response in file positions. Raises Refused when it does not fit the question."""
    match question:
        case Single():
            chosen = _positions([response.get("choice")], len(question.options))
            return (positions[chosen[0]],)
        case Multiple():
            chosen = _positions(response.get("choices"), len(question.options))
            if not chosen:
                raise Refused("Choose at least one.")
            return tuple(sorted(positions[p] for p in chosen))
        case TrueFalse():
            return _positions([response.get("choice")], 2)
        case Ordering():
            chosen = _positions(response.get("order"), len(question.items), exactly=len(question.items))
            return tuple(positions[p] for p in chosen)
        case Matching():
            value = _each(response.get("rights"), len(question.pairs), "Match every line before you answer.")
            count = len(rights(question))
            return tuple(positions[_positions([p], count)[0]] for p in value)
        case Clues():
            chosen = _positions(response.get("flags"), len(question.clues))
            if not chosen:
                raise Refused("Flag at least one passage.")
            return tuple(sorted(chosen))


def _each(value: Any, count: int, otherwise: str) -> list[Any]:
    """One answer for each of `count` parts, or a refusal that says what is missing."""
    if not isinstance(value, list) or len(value) != count or None in value:
        raise Refused(otherwise)
    return value


def _parts(question: _Split, positions: tuple[int, ...], response: Response) -> tuple[_Part, ...]:
    """The parts of the response, in shown order. Raises Refused when it does not fit the question."""
    match question:
        case Numeric():
            return (_number(question, response.get("number")),)
        case Text():
            return (_typed(question, response.get("text"), ""),)
        case Bins():
            value = _each(response.get("bins"), len(question.items), "Put every line into a bin before you answer.")
            chosen = [question.bins[_positions([bin_], len(question.bins))[0]] for bin_ in value]
            items = [question.items[p] for p in positions]
            return tuple(
                _Part(Line(f"{item.text} → {bin_}", item.why, right=True))
                if bin_ == item.bin
                else _Part(
                    Line(f"{item.text} → {bin_}", "", right=False),
                    Line(f"{item.text} → {item.bin}", item.why, right=True),
                )
                for bin_, item in zip(chosen, items, strict=True)
            )
        case Cloze():
            value = _each(response.get("gaps"), len(question.gaps), "Fill every gap before you answer.")
            gaps = zip(question.gaps, gap_orders(question, positions), value, strict=True)
            return tuple(
                _chosen(gap, order, given, f"({number}) ")
                if isinstance(gap, ChoiceGap)
                else _typed(gap, given, f"({number}) ")
                for number, (gap, order, given) in enumerate(gaps, 1)
            )
        case Rubric():
            said = typed.text(response.get("text"), typed.LONG)
            return tuple(_Part(Line(e.name, e.why, right=e.found(said))) for e in question.elements)


def _number(question: Numeric, value: Any) -> _Part:
    unit = question.unit or ""
    given = typed.number(typed.text(value, typed.SHORT), unit)
    text = typed.written(given, unit)
    best = typed.written(Decimal(str(question.answer)), unit)
    if question.accepts(given):
        return _Part(Line(text, question.why, right=True))
    slips = (slip.why for slip in question.slips if Decimal(str(slip.value)) == given)
    return _Part(
        Line(text, next(slips, question.otherwise), right=False),
        Line(best, question.why, right=True),
    )


def _typed(asked: Text | TextGap, value: Any, name: str) -> _Part:
    given = typed.text(value, typed.SHORT)
    form = typed.normal(given)
    if form in {typed.normal(accepted) for accepted in asked.accept}:
        return _Part(Line(name + given, asked.why, right=True))
    slips = (slip.why for slip in asked.slips if form in {typed.normal(each) for each in slip.any_of})
    return _Part(
        Line(name + given, next(slips, asked.otherwise), right=False),
        Line(name + asked.accept[0], asked.why, right=True),
    )


def _chosen(gap: ChoiceGap, order: tuple[int, ...], value: Any, name: str) -> _Part:
    option = gap.options[order[_positions([value], len(order))[0]]]
    best = next(each for each in gap.options if each.right)
    return _Part(
        Line(name + option.text, option.why, option.right),
        None if option.right else Line(name + best.text, best.why, right=True),
    )


def _luck(question: _Split) -> float:
    """What somebody who guesses gets on average: nothing where it must be written."""
    match question:
        case Bins():
            return 1 / len(question.bins)
        case Cloze():
            floors = [1 / len(gap.options) if isinstance(gap, ChoiceGap) else 0.0 for gap in question.gaps]
            return sum(floors) / len(floors)
        case Numeric() | Text() | Rubric():
            return 0.0


def grade(question: Question, positions: tuple[int, ...], response: Response) -> Grade:  # noqa: PLR0911 - one a kind
    """What the response is worth. Partial credit: whatever has parts gives a share."""
    if isinstance(question, _Split):
        parts = _parts(question, positions, response)
        return Grade(sum(part.taken.right for part in parts) / len(parts), _luck(question))
    chosen = taken(question, positions, response)
    match question:
        case Single():
            return Grade(float(question.options[chosen[0]].right), 1 / len(question.options))
        case Multiple():
            right = {n for n, option in enumerate(question.options) if option.right}
            return Grade(_caught(right, set(chosen)), 0.0)
        case TrueFalse():
            return Grade(float((chosen[0] == 0) == question.answer), 0.5)
        case Ordering():
            pairs = list(combinations(chosen, 2))
            agree = sum(first < second for first, second in pairs)
            # Kendall's tau, floored: a random order is worth nothing on average, the reverse not less.
            return Grade(max(0.0, 2 * agree / len(pairs) - 1), 0.0)
        case Matching():
            names = rights(question)
            hits = sum(names[c] == pair.right for c, pair in zip(chosen, question.pairs, strict=True))
            return Grade(hits / len(question.pairs), 0.0)
        case Clues():
            real = {number for number, (_, clue) in enumerate(_flaggable(question)) if clue.real}
            return Grade(_caught(real, set(chosen)), 0.0)


def _caught(right: set[int], chosen: set[int]) -> float:
    """Hits less false alarms, as a share of what was to be found; never less than nothing."""
    return max(0.0, (len(right & chosen) - len(chosen - right)) / len(right))


def _flaggable(question: Clues) -> list[tuple[str, Clue]]:
    """The words of each passage with its clue, in reading order."""
    by_id = {clue.id: clue for clue in question.clues}
    return [(mark.group(2), by_id[mark.group(1)]) for mark in MARK.finditer(question.body)]


def feedback(question: Question, positions: tuple[int, ...], response: Response) -> Feedback:
    """What to say about the response."""
    worth = grade(question, positions, response)
    took: tuple[Line, ...]
    better: tuple[Line, ...] = ()
    others: tuple[Line, ...] = ()
    if isinstance(question, _Split):
        parts = _parts(question, positions, response)
        took = tuple(part.taken for part in parts)
        better = tuple(part.better for part in parts if part.better)
        given = ""
        if isinstance(question, Rubric):
            given = typed.text(response.get("text"), typed.LONG)
            better = () if worth.right else (Line("A text that holds them all", question.model, right=True),)
        off = "Missing" if isinstance(question, Rubric) else "Not yet"
        return Feedback(worth, took, better, others, question.rule, question.cites, given, off)
    chosen = taken(question, positions, response)
    match question:
        case Single() | Multiple():
            lines = [Line(option.text, option.why, option.right) for option in question.options]
            took = tuple(lines[c] for c in chosen)
            better = tuple(line for n, line in enumerate(lines) if line.right and n not in chosen)
            others = tuple(line for n, line in enumerate(lines) if not line.right and n not in chosen)
        case TrueFalse():
            said = chosen[0] == 0
            took = (Line(str(said), question.why_true if said else question.why_false, said == question.answer),)
        case Ordering():
            # A wrong order is told with its reasons once, in the right one.
            took = tuple(
                Line(question.items[c].text, question.items[c].why if worth.right else "", c == place)
                for place, c in enumerate(chosen)
            )
            if not worth.right:
                better = tuple(Line(item.text, item.why, right=True) for item in question.items)
        case Matching():
            names = rights(question)
            took = tuple(
                Line(f"{pair.left} → {names[c]}", pair.why, names[c] == pair.right)
                for c, pair in zip(chosen, question.pairs, strict=True)
            )
            better = tuple(
                Line(f"{pair.left} → {pair.right}", pair.why, right=True)
                for c, pair in zip(chosen, question.pairs, strict=True)
                if names[c] != pair.right
            )
        case Clues():
            lines = [Line(f"“{words}”", clue.why, clue.real) for words, clue in _flaggable(question)]
            took = tuple(lines[c] for c in chosen)
            better = tuple(line for n, line in enumerate(lines) if line.right and n not in chosen)
            others = tuple(line for n, line in enumerate(lines) if not line.right and n not in chosen)
    off = "Harmless" if isinstance(question, Clues) else "Not yet"
    return Feedback(worth, took, better, others, question.rule, question.cites, off=off)
