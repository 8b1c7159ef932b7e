"""What somebody who has learned nothing scores on a quiz by a habit: the guess baseline.

Shares are expected values, worked out exactly; nothing here draws a random number. A kind of question that no habit
fits is left out of both points and total, so a share is never made to look smaller than it is.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations, permutations
from math import log
from statistics import mean
from typing import Any, Final

from domain.drill import MARK
from domain.present import rights
from domain.quiz import (
    Bins,
    ChoiceGap,
    Cloze,
    Clues,
    Matching,
    Multiple,
    Option,
    Ordering,
    Quiz,
    Single,
    TrueFalse,
)

MARGIN: Final = 0.15
"""How far below the pass mark every habit should stay, in shares of the points."""

STRATEGIES: Final = {
    "longest": "takes the longest option",
    "shortest": "takes the shortest option",
    "hedged": "takes the option with most words such as *may* and *usually*; believes hedged statements",
    "always B": "takes the second option of the file",
    "always C": "takes the third option of the file",
    "true": "believes every statement, and picks at random elsewhere",
    "key": "takes the place that is right most often in this file, and the commoner of true and false",
    "opening": "takes the option that begins as right options of this quiz's other questions most often do",
    "words": "knows which words the right options of all other quizzes are made of",
}
"""Every habit, and what it does. Where a habit has nothing to go by, it picks at random."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")


def words(text: str) -> list[str]:
    """The words and numbers of a text, without case."""
    return _WORD.findall(text.casefold().replace("’", "'"))


HEDGES: Final = frozenset(
    words(
        "can could generally largely likely may maybe might mostly normally often partly perhaps possibly probably seldom "
        "several some sometimes tend tends typically unless unlikely usually"
    )
)
"""Words that soften; right options need them more often than wrong ones."""

ABSOLUTES: Final = frozenset(
    words(
        "all always completely entirely every everybody everyone everything guaranteed impossible must never nobody none "
        "nothing only totally whatever"
    )
)
"""Words that leave no room; wrong options hold them more often than right ones."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """One quiz: the expected share of points of each habit, against what passes."""

    slug: str
    pass_mark: float
    shares: Mapping[str, float]

    @property
    def passing(self) -> tuple[str, ...]:
        """Habits that pass, on average."""
        return tuple(name for name, share in self.shares.items() if _at_least(share, self.pass_mark))

    @property
    def close(self) -> tuple[str, ...]:
        """Habits that do not pass, but come within `MARGIN`."""
        near = (name for name, share in self.shares.items() if _at_least(share, self.pass_mark - MARGIN))
        return tuple(name for name in near if name not in self.passing)

    @property
    def best(self) -> str:
        """The habit that pays most."""
        return max(self.shares, key=lambda name: self.shares[name])


def _at_least(share: float, mark: float) -> bool:
    return share >= mark - 1e-9


def baselines(quizzes: Mapping[str, Quiz]) -> list[Baseline]:
    """Every quiz's baseline, by slug; each is guessed with the words of all others."""
    return [baseline(slug, quizzes) for slug in sorted(quizzes)]


def baseline(slug: str, quizzes: Mapping[str, Quiz]) -> Baseline:
    """What each habit is expected to score on an attempt at one quiz. All questions are drawn equally often."""
    quiz = quizzes[slug]
    learned = Words.learn(other for name, other in sorted(quizzes.items()) if name != slug)
    habits: dict[str, Callable[[Any], float | None]] = {
        "longest": lambda question: _ranked(question, len),
        "shortest": lambda question: _ranked(question, lambda text: -len(text)),
        "hedged": _hedged,
        "always B": lambda question: _placed(question, 1),
        "always C": lambda question: _placed(question, 2),
        "true": lambda question: float(question.answer) if isinstance(question, TrueFalse) else luck(question),
        "key": _commonest(quiz),
        "opening": _opening(quiz),
        "words": learned.score,
    }
    shares = {}
    for name, habit in habits.items():
        found = [worth for worth in map(habit, quiz.questions) if worth is not None]
        shares[name] = mean(found) if found else 0.0
    return Baseline(slug, quiz.pass_mark, shares)


# ── what can be picked ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Pick:
    """Texts to choose among, and which are right; `many` where several may be taken and false ones cost."""

    texts: tuple[str, ...]
    right: frozenset[int]
    many: bool

    @classmethod
    def of(cls, options: Sequence[Option], *, many: bool) -> "_Pick":
        right = frozenset(n for n, option in enumerate(options) if option.right)
        return cls(tuple(option.text for option in options), right, many)

    def worth(self, taken: Iterable[int]) -> float:
        """A choice by the rule of `domain.grade`: hits less false ones, as a share of what is right."""
        return max(0.0, sum(1 if n in self.right else -1 for n in taken) / len(self.right))

    def ranked(self, score: Callable[[str], float]) -> float:
        """Whoever takes the text that scores most, or the upper half where several may be right. Ties count evenly."""
        scores = [round(score(text), 9) for text in self.texts]
        count = (len(scores) + 1) // 2 if self.many else 1
        ways = [
            (sorted((scores[n] for n in way), reverse=True), way) for way in combinations(range(len(scores)), count)
        ]
        top = max(found for found, _ in ways)
        return mean(self.worth(way) for found, way in ways if found == top)


def _picks(question: Any) -> list[_Pick | None]:
    """Everything that is picked in a question; None for what has to be typed besides. Empty for kinds without options."""
    match question:
        case Single() | Multiple():
            return [_Pick.of(question.options, many=isinstance(question, Multiple))]
        case Cloze():
            gaps = [_Pick.of(gap.options, many=False) if isinstance(gap, ChoiceGap) else None for gap in question.gaps]
            return gaps if any(gaps) else []
        case Clues():
            real = {clue.id: clue.real for clue in question.clues}
            marks = [(mark.group(2), real[mark.group(1)]) for mark in MARK.finditer(question.body)]
            right = frozenset(n for n, (_, is_real) in enumerate(marks) if is_real)
            return [_Pick(tuple(words for words, _ in marks), right, many=True)]
    return []


def _picked(question: Any, habit: Callable[[_Pick], float]) -> float | None:
    """A habit of picking; what has to be typed is not guessed."""
    picks = _picks(question)
    return mean(habit(pick) if pick else 0.0 for pick in picks) if picks else luck(question)


def luck(question: Any) -> float | None:
    """What picking at random is worth on average; None for a kind that cannot be picked.

    Where several may be right, a guesser takes half of them, rounded up.
    """
    match question:
        case Single() | Multiple() | Cloze() | Clues():
            return _ranked(question, lambda _: 0) if _picks(question) else None
        case TrueFalse():
            return 0.5
        case Ordering():
            return _shuffled(len(question.items))
        case Matching():
            return 1 / len(rights(question))
        case Bins():
            return 1 / len(question.bins)
    return None


@cache
def _shuffled(items: int) -> float:
    """A random order by the rule of `domain.grade`: Kendall's tau, not less than nothing."""
    pairs = items * (items - 1) // 2
    agreeing = (sum(a < b for a, b in combinations(order, 2)) for order in permutations(range(items)))
    return mean(max(0.0, 2 * agree / pairs - 1) for agree in agreeing)


# ── habits ────────────────────────────────────────────────────────────────────────────────────────────────────


def _ranked(question: Any, score: Callable[[str], float]) -> float | None:
    return _picked(question, lambda pick: pick.ranked(score))


def hedging(text: str) -> int:
    """How many words soften, less those that leave no room."""
    found = words(text)
    return sum(word in HEDGES for word in found) - sum(word in ABSOLUTES for word in found)


def _hedged(question: Any) -> float | None:
    if isinstance(question, TrueFalse):
        return _believed(question, hedging(question.ask))
    return _ranked(question, hedging)


def _believed(question: TrueFalse, score: float) -> float:
    return 0.5 if score == 0 else float((score > 0) == question.answer)


def _placed(question: Any, place: int) -> float | None:
    """Whoever takes one place of the file. True stands first; true-or-false has no third place."""
    if isinstance(question, TrueFalse) and place < 2:
        return float((place == 0) == question.answer)
    # Passages of a text are not shuffled, and the second one is as good as any.
    if isinstance(question, Clues):
        return luck(question)
    return _picked(question, lambda pick: pick.worth([place]) if place < len(pick.texts) else pick.ranked(lambda _: 0))


def _commonest(quiz: Quiz) -> Callable[[Any], float | None]:
    """Places are counted for each kind by itself, as somebody would who saw the key of an older edition."""
    places: dict[type, list[int]] = {}
    asked: Counter[type] = Counter()
    for question in quiz.questions:
        asked[type(question)] += 1
        if isinstance(question, TrueFalse):
            places.setdefault(TrueFalse, []).append(0 if question.answer else 1)
        else:
            right = [sorted(pick.right) for pick in _picks(question) if pick]
            places.setdefault(type(question), []).extend(chain.from_iterable(right))

    def score(question: Any) -> float | None:
        match question:
            case Matching():
                return _most(pair.right for pair in question.pairs)
            case Bins():
                return _most(item.bin for item in question.items)
        # Of one or two questions the commonest place is the key itself, which nobody could know.
        known = places.get(type(question), []) if asked[type(question)] >= 4 else []
        return _placed(question, max(sorted(set(known)), key=known.count)) if known else luck(question)

    return score


def _most(keys: Iterable[str]) -> float:
    """Whoever puts everything where most belongs."""
    counted = Counter(keys)
    return max(counted.values()) / counted.total()


def _opening(quiz: Quiz) -> Callable[[Any], float | None]:
    """Two words are enough to tell *A breach, since* from *A near miss, since*."""
    begins = {
        question.id: [_begins(pick.texts[n]) for pick in _picks(question) if pick for n in pick.right]
        for question in quiz.questions
        if isinstance(question, Single)
    }

    def score(question: Any) -> float | None:
        counted = Counter(chain.from_iterable(found for name, found in begins.items() if name != question.id))
        return _ranked(question, lambda text: counted[_begins(text)])

    return score


def _begins(text: str) -> str:
    return " ".join(words(text)[:2])


@dataclass(frozen=True, slots=True)
class Words:
    """A naive Bayes guesser: how much each word speaks for being right, one for options and one for statements."""

    options: Mapping[str, float]
    statements: Mapping[str, float]

    @classmethod
    def learn(cls, quizzes: Iterable[Quiz]) -> "Words":
        """Read the keys of some quizzes."""
        options: list[tuple[str, bool]] = []
        statements: list[tuple[str, bool]] = []
        for quiz in quizzes:
            for question in quiz.questions:
                if isinstance(question, TrueFalse):
                    statements.append((question.ask, question.answer))
                elif not isinstance(question, Clues):
                    picks = [pick for pick in _picks(question) if pick]
                    options += [(text, n in pick.right) for pick in picks for n, text in enumerate(pick.texts)]
        return cls(_weights(options), _weights(statements))

    def score(self, question: Any) -> float | None:
        """What this guesser gets on a question it has not seen."""
        if isinstance(question, TrueFalse):
            return _believed(question, round(_speaks(self.statements, question.ask), 9))
        return _ranked(question, lambda text: _speaks(self.options, text))


def _weights(texts: Sequence[tuple[str, bool]]) -> dict[str, float]:
    """Log odds of each word, add-one smoothed."""
    right = Counter(word for text, good in texts if good for word in words(text))
    wrong = Counter(word for text, good in texts if not good for word in words(text))
    known = sorted({*right, *wrong})
    more, less = right.total() + len(known), wrong.total() + len(known)
    return {word: log((right[word] + 1) / more) - log((wrong[word] + 1) / less) for word in known}


def _speaks(weights: Mapping[str, float], text: str) -> float:
    return sum(weights.get(word, 0.0) for word in words(text))
