"""Right and wrong responses to a question, for bots, the demo company and tests.

Nothing here is used to show a question: it knows the key.
"""

import random
from decimal import Decimal
from typing import Any

from domain import typed
from domain.drill import Artefact
from domain.grade import Response, grade
from domain.present import clue_order, clues_in, gap_orders, rights
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
    TrueFalse,
)


def right(question: Question, positions: tuple[int, ...]) -> Response:  # noqa: C901, PLR0911 - one a kind
    """A response that is worth everything."""
    match question:
        case Single():
            key = next(n for n, option in enumerate(question.options) if option.right)
            return {"choice": positions.index(key)}
        case Multiple():
            return {"choices": [p for p, n in enumerate(positions) if question.options[n].right]}
        case TrueFalse():
            return {"choice": 0 if question.answer else 1}
        case Ordering():
            return {"order": [positions.index(n) for n in range(len(question.items))]}
        case Matching():
            names = rights(question)
            return {"rights": [positions.index(names.index(pair.right)) for pair in question.pairs]}
        case Bins():
            return {"bins": [question.bins.index(question.items[p].bin) for p in positions]}
        case Numeric():
            return {"number": f"{Decimal(str(question.answer)):f}"}
        case Text():
            return {"text": question.accept[0]}
        case Rubric():
            return {"text": question.model}
        case Clues():
            real = {clue.id for clue in question.clues if clue.real}
            return {"flags": [n for n, clue in enumerate(clues_in(question.body)) if clue in real]}
        case Cloze():
            return {
                "gaps": [
                    next(place for place, p in enumerate(order) if gap.options[p].right)
                    if isinstance(gap, ChoiceGap)
                    else gap.accept[0]
                    for gap, order in zip(question.gaps, gap_orders(question, positions), strict=True)
                ]
            }


def wrong(  # noqa: C901, PLR0911 - one a kind
    question: Question, positions: tuple[int, ...], chance: random.Random
) -> Response:
    """A response that is worth less than everything."""
    match question:
        case Single():
            return {"choice": chance.choice([p for p, n in enumerate(positions) if not question.options[n].right])}
        case Multiple():
            return {"choices": [chance.choice([p for p, n in enumerate(positions) if not question.options[n].right])]}
        case TrueFalse():
            return {"choice": 1 if question.answer else 0}
        case Ordering():
            order = [positions.index(n) for n in range(len(question.items))]
            first = chance.randrange(len(order) - 1)
            order[first], order[first + 1] = order[first + 1], order[first]
            return {"order": order}
        case Matching():
            response = right(question, positions)["rights"]
            line = chance.randrange(len(response))
            others = [p for p in range(len(positions)) if p != response[line]]
            response[line] = chance.choice(others)
            return {"rights": response}
        case Bins():
            bins = right(question, positions)["bins"]
            line = chance.randrange(len(bins))
            bins[line] = chance.choice([n for n in range(len(question.bins)) if n != bins[line]])
            return {"bins": bins}
        case Numeric():
            off = Decimal(str(question.answer)) + Decimal(str(question.tolerance)) + chance.randint(1, 9)
            return {"number": f"{off:f}"}
        case Text() | Rubric():
            return {"text": next(said for said in _SAYINGS if not grade(question, (), {"text": said}).right)}
        case Clues():
            flags = right(question, positions)["flags"]
            harmless = [n for n in range(len(question.clues)) if n not in flags]
            return {"flags": sorted([*flags, chance.choice(harmless)])}
        case Cloze():
            return {"gaps": _one_gap_wrong(question, positions, chance)}


_SAYINGS = ("I would wait and see.", "Nothing at all, I think.", "No idea.")
"""What people write who do not know: for any question at least one of them is not right."""


def _one_gap_wrong(question: Cloze, positions: tuple[int, ...], chance: random.Random) -> list[Any]:
    gaps: list[Any] = right(question, positions)["gaps"]
    place = chance.randrange(len(gaps))
    gap = question.gaps[place]
    if isinstance(gap, ChoiceGap):
        gaps[place] = chance.choice([n for n in range(len(gap.options)) if n != gaps[place]])
    else:
        gaps[place] = next(said for said in _SAYINGS if typed.normal(said) not in map(typed.normal, gap.accept))
    return gaps


def judgement(artefact: Artefact, *, well: bool, chance: random.Random) -> Response:
    """Flags and a verdict on an artefact: what a good or a hasty colleague would send."""
    real = {clue.id for clue in artefact.clues if clue.real}
    share = 0.8 if well else 0.25
    flags = [n for n, clue in enumerate(clue_order(artefact)) if chance.random() < (share if clue in real else 0.15)]
    report = artefact.to_report if well else not artefact.to_report
    return {"flags": flags, "verdict": "report" if report else "harmless"}
