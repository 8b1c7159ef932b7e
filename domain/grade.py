"""What an answer is worth, and what to say about it.

A response is JSON as the page sends it, in shown positions; anything malformed is refused, never guessed at.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

from domain.present import rights
from domain.quiz import Matching, Multiple, Ordering, Question, Single, TrueFalse
from domain.refusal import Refused

Response = dict[str, Any]


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


def taken(question: Question, positions: tuple[int, ...], response: Response) -> tuple[int, ...]:
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
            value = response.get("rights")
            count = len(rights(question))
            if not isinstance(value, list) or len(value) != len(question.pairs):
                raise Refused("Match every line before you answer.")
            return tuple(positions[_positions([p], count)[0]] for p in value)


def grade(question: Question, positions: tuple[int, ...], response: Response) -> Grade:
    """What the response is worth. Partial credit: multiple, ordering and matching give a share."""
    chosen = taken(question, positions, response)
    match question:
        case Single():
            return Grade(float(question.options[chosen[0]].right), 1 / len(question.options))
        case Multiple():
            right = {n for n, option in enumerate(question.options) if option.right}
            hits, false = len(right & set(chosen)), len(set(chosen) - right)
            return Grade(max(0.0, (hits - false) / len(right)), 0.0)
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


def feedback(question: Question, positions: tuple[int, ...], response: Response) -> Feedback:
    """What to say about the response."""
    worth = grade(question, positions, response)
    chosen = taken(question, positions, response)
    took: tuple[Line, ...]
    better: tuple[Line, ...] = ()
    others: tuple[Line, ...] = ()
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
    return Feedback(worth, took, better, others, question.rule, question.cites)
