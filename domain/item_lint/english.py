"""English prose as the linter reads it: words, sentences, and how hard a text is to read.

The Flesch-Kincaid grade needs a count of syllables, no dictionary: a vowel count is within a tenth of one on prose.
Texts in other languages are left alone.
"""

import re
from collections.abc import Iterable
from typing import Final

from domain.guess import words

COMMON: Final = frozenset(
    words(
        "a about after all also am an and any are as at be because been before being but by can could did do does for from "
        "had has have he her here him his how i if in into is it its may me more most much my no not now of on one only or "
        "other our out over own she should since so some such than that the their them then there these they this to two up us "
        "was we were what when where which while who whom whose why will with would you your"
    )
)
"""Words that carry no topic; a third to a half of any English text is made of them."""

_SENTENCE: Final = re.compile(r"(?<=[.!?…:;])[\"”’)]*\s+|\n+")
_VOWELS: Final = re.compile(r"[aeiouy]+")
_MARKUP: Final = re.compile(r"[*_`#]+|\[\[[a-z0-9-]+\||\]\]")


def plain(text: str) -> str:
    """Without the signs of Markdown and of tappable passages."""
    return _MARKUP.sub("", text)


def topic(text: str) -> frozenset[str]:
    """The words that say what a text is about, roughly reduced to their stems; numbers stay as they are."""
    return frozenset(_stem(word) for word in words(plain(text)) if word not in COMMON)


def _stem(word: str) -> str:
    for ending in ("ingly", "ing", "edly", "ed", "ies", "es", "s", "'s", "ly", "y", "e"):
        if len(word) - len(ending) >= 4 and word.endswith(ending):
            return word.removesuffix(ending)
    return word


def sentences(text: str) -> list[str]:
    """Sentences and items of lists; a colon or semicolon ends one too, since readers breathe there."""
    return [part.strip() for part in _SENTENCE.split(plain(text)) if words(part)]


def is_english(text: str) -> bool:
    """Whether enough of the words are English to be judged by English rules."""
    found = words(text)
    return sum(word in COMMON for word in found) >= len(found) / 6


def syllables(word: str) -> int:
    """Groups of vowels, less a silent e."""
    silent = word.endswith("e") and not word.endswith(("le", "ee"))
    silent = silent or (word.endswith("ed") and not word.endswith(("ted", "ded", "eed")))
    return max(1, len(_VOWELS.findall(word)) - silent)


def grade(texts: Iterable[str]) -> float:
    """The Flesch-Kincaid grade: years of school in which a text reads easily. Each text ends a sentence."""
    parts = [sentence for text in texts for sentence in sentences(text)]
    # Figures are read at a glance; counting them as words of one syllable would flatter.
    found = [word for part in parts for word in words(part) if not word.isdigit()]
    if not found:
        return 0.0
    return 0.39 * len(found) / len(parts) + 11.8 * sum(map(syllables, found)) / len(found) - 15.59
