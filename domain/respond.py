"""Right and wrong responses to a question, for bots, the demo company and tests.

Nothing here is used to show a question: it knows the key.
"""

import random

from domain.drill import Artefact
from domain.grade import Response
from domain.present import clue_order, rights
from domain.quiz import Matching, Multiple, Ordering, Question, Single, TrueFalse


def right(question: Question, positions: tuple[int, ...]) -> Response:
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


def wrong(question: Question, positions: tuple[int, ...], chance: random.Random) -> Response:
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


def judgement(artefact: Artefact, *, well: bool, chance: random.Random) -> Response:
    """Flags and a verdict on an artefact: what a good or a hasty colleague would send."""
    real = {clue.id for clue in artefact.clues if clue.real}
    share = 0.8 if well else 0.25
    flags = [n for n, clue in enumerate(clue_order(artefact)) if chance.random() < (share if clue in real else 0.15)]
    report = artefact.to_report if well else not artefact.to_report
    return {"flags": flags, "verdict": "report" if report else "harmless"}
