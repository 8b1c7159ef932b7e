"""What a person is shown of a question or artefact: shuffled by seed, without anything that tells the answer.

Answers come back as positions of what was shown; `order` turns them into positions of the file. Same seed, same
draw, same order, on any machine.
"""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.drill import MARK, Artefact
from domain.lesson import Exhibit
from domain.quiz import (
    GAP,
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


def _random(seed: int, *names: str) -> random.Random:
    # Seeding from a digest, not from hash(): Python's differs from process to process.
    text = "/".join((str(seed), *names))
    return random.Random(hashlib.sha256(text.encode()).digest())  # noqa: S311 - fairness, not secrecy


def draw(seed: int, ids: tuple[str, ...], count: int) -> tuple[str, ...]:
    """`count` of the ids, in the order in which this attempt asks them."""
    return tuple(_random(seed, "draw").sample(ids, min(count, len(ids))))


def order(seed: int, item: str, count: int) -> tuple[int, ...]:
    """For each shown position, the position in the file."""
    positions = list(range(count))
    _random(seed, "order", item).shuffle(positions)
    return tuple(positions)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of text; `clue` is its number when it can be tapped."""

    text: str
    clue: int | None = None


@dataclass(frozen=True, slots=True)
class ShownArtefact:
    """An artefact as the browser may know it: clues are numbers, in reading order."""

    id: str
    kind: str
    title: str
    head: tuple[tuple[str, tuple[Passage, ...]], ...]
    body: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as the browser may know it."""

    id: str
    kind: str
    ask: str
    context: str | None
    exhibit: Exhibit | None
    options: tuple[str, ...] = ()
    """Single, multiple: the options. Ordering, bins: the items. Matching: what may be chosen for each left."""
    lefts: tuple[str, ...] = ()
    bins: tuple[str, ...] = ()
    unit: str = ""
    text: str = ""
    """Cloze: the sentence, its gaps numbered."""
    gaps: tuple[tuple[str, ...], ...] = ()
    """For each gap what may be chosen; nothing where it is typed."""
    sheet: ShownArtefact | None = None
    """Clues: the text with its passages."""


def rights(question: Matching) -> tuple[str, ...]:
    """The distinct things a left can be matched with, in file order."""
    return tuple(dict.fromkeys((*(pair.right for pair in question.pairs), *question.decoys)))


def size(question: Question) -> int:
    """How many things are shuffled."""
    match question:
        case Single() | Multiple():
            return len(question.options)
        case TrueFalse():
            return 2
        case Ordering() | Bins():
            return len(question.items)
        case Matching():
            return len(rights(question))
        case Cloze():
            return sum(len(gap.options) for gap in question.gaps if isinstance(gap, ChoiceGap))
        case Numeric() | Text() | Clues() | Rubric():
            return 0


def gap_orders(question: Cloze, positions: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """For each gap, the order in which its options are shown: one shuffle of all options serves every gap."""
    orders, start = [], 0
    for gap in question.gaps:
        end = start + (len(gap.options) if isinstance(gap, ChoiceGap) else 0)
        orders.append(tuple(p - start for p in positions if start <= p < end))
        start = end
    return tuple(orders)


def show(question: Question, positions: tuple[int, ...]) -> Shown:  # noqa: PLR0911 - one a kind
    """The question with its parts in shown order."""
    shown = Shown(question.id, question.kind, question.ask, question.context, question.exhibit)
    match question:
        case Single() | Multiple():
            return replace(shown, options=tuple(question.options[p].text for p in positions))
        case TrueFalse():
            return replace(shown, options=("True", "False"))  # everybody expects True first
        case Ordering():
            return replace(shown, options=tuple(question.items[p].text for p in positions))
        case Matching():
            names = rights(question)
            lefts = tuple(pair.left for pair in question.pairs)
            return replace(shown, options=tuple(names[p] for p in positions), lefts=lefts)
        case Bins():
            return replace(shown, options=tuple(question.items[p].text for p in positions), bins=question.bins)
        case Numeric():
            return replace(shown, unit=question.unit or "")
        case Cloze():
            orders = zip(question.gaps, gap_orders(question, positions), strict=True)
            gaps = tuple(
                tuple(gap.options[p].text for p in order) if isinstance(gap, ChoiceGap) else () for gap, order in orders
            )
            numbers = {gap.id: number for number, gap in enumerate(question.gaps, 1)}
            text = GAP.sub(lambda mark: f"**({numbers[mark.group(1)]}) …**", question.text)
            return replace(shown, text=text, gaps=gaps)
        case Clues():
            body = _passages(question.body, {clue: number for number, clue in enumerate(clues_in(question.body))})
            return replace(shown, sheet=ShownArtefact(question.id, question.medium, question.title, (), body))
        case Text() | Rubric():
            return shown


def clues_in(*texts: str) -> tuple[str, ...]:
    """Clue ids in reading order: the number in the browser is the position here."""
    return tuple(mark.group(1) for text in texts for mark in MARK.finditer(text))


def clue_order(artefact: Artefact) -> tuple[str, ...]:
    """Clue ids of an artefact in reading order."""
    return clues_in(*(line.text for line in artefact.head), artefact.body)


def show_artefact(artefact: Artefact) -> ShownArtefact:
    """The artefact with its tappable passages numbered."""
    numbers = {clue: number for number, clue in enumerate(clue_order(artefact))}
    return ShownArtefact(
        id=artefact.id,
        kind=artefact.kind,
        title=artefact.title,
        head=tuple((line.label, _passages(line.text, numbers)) for line in artefact.head),
        body=_passages(artefact.body, numbers),
    )


def _passages(text: str, numbers: Mapping[str, int]) -> tuple[Passage, ...]:
    parts: list[Passage] = []
    end = 0
    for mark in MARK.finditer(text):
        if mark.start() > end:
            parts.append(Passage(text[end : mark.start()]))
        parts.append(Passage(mark.group(2), numbers[mark.group(1)]))
        end = mark.end()
    if end < len(text):
        parts.append(Passage(text[end:]))
    return tuple(parts)
