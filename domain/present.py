"""What a person is shown of a question or artefact: shuffled by seed, without anything that tells the answer.

Answers come back as positions of what was shown; `order` turns them into positions of the file. Same seed, same
draw, same order, on any machine.
"""

import hashlib
import random
from dataclasses import dataclass

from domain.drill import MARK, Artefact
from domain.lesson import Exhibit
from domain.quiz import Matching, Multiple, Ordering, Question, Single, TrueFalse


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
class Shown:
    """A question as the browser may know it."""

    id: str
    kind: str
    ask: str
    context: str | None
    exhibit: Exhibit | None
    options: tuple[str, ...] = ()
    """Single, multiple: the options. Ordering: the items. Matching: what may be chosen for each left."""
    lefts: tuple[str, ...] = ()


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
        case Ordering():
            return len(question.items)
        case Matching():
            return len(rights(question))


def show(question: Question, positions: tuple[int, ...]) -> Shown:
    """The question with its parts in shown order."""
    texts: tuple[str, ...]
    match question:
        case Single() | Multiple():
            texts = tuple(option.text for option in question.options)
        case TrueFalse():
            texts = ("True", "False")
            positions = (0, 1)  # everybody expects True first
        case Ordering():
            texts = tuple(item.text for item in question.items)
        case Matching():
            texts = rights(question)
    return Shown(
        id=question.id,
        kind=question.kind,
        ask=question.ask,
        context=question.context,
        exhibit=question.exhibit,
        options=tuple(texts[p] for p in positions),
        lefts=tuple(pair.left for pair in question.pairs) if isinstance(question, Matching) else (),
    )


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


def clue_order(artefact: Artefact) -> tuple[str, ...]:
    """Clue ids in reading order: the number in the browser is the position here."""
    texts = (*(line.text for line in artefact.head), artefact.body)
    return tuple(mark.group(1) for text in texts for mark in MARK.finditer(text))


def show_artefact(artefact: Artefact) -> ShownArtefact:
    """The artefact with its tappable passages numbered."""
    numbers = {clue: number for number, clue in enumerate(clue_order(artefact))}

    def passages(text: str) -> tuple[Passage, ...]:
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

    return ShownArtefact(
        id=artefact.id,
        kind=artefact.kind,
        title=artefact.title,
        head=tuple((line.label, passages(line.text)) for line in artefact.head),
        body=passages(artefact.body),
    )
