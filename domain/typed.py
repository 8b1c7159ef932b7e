"""What a person typed, made comparable: words without case, accents and punctuation; numbers as people write them.

Nothing that content or a person wrote is ever run as a pattern.
"""

import re
import unicodedata
from decimal import Decimal
from typing import Any, Final

from domain.refusal import Refused

SHORT: Final = 200
"""Characters of a short answer."""

LONG: Final = 4000
"""Characters of a free text."""

# Letters that no normal form takes apart, though people type them without their stroke.
_PLAIN: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_APOSTROPHES: Final = "'’ʼ`"
_SIGNS: Final = str.maketrans({"−": "-", "–": "-", "’": "'"})
_GROUPS: Final = re.compile(r"(?<=\d)[ '](?=\d{3}(?!\d))")
_ENGLISH: Final = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3}){2,}(?:\.\d+)?|,\d{3}\.\d+)")
_CONTINENTAL: Final = re.compile(r"[+-]?\d{1,3}(?:(?:\.\d{3}){2,}(?:,\d+)?|\.\d{3},\d+)")
_EITHER: Final = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_PLAIN_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)")


def text(value: Any, longest: int) -> str:
    """A typed answer, ends trimmed. Raises Refused when it is empty, too long, or no text at all."""
    if not isinstance(value, str) or "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise Refused("That answer does not fit the question. Please reload the page and answer again.")
    if len(value) > longest:
        raise Refused(f"That is longer than {longest} characters. Please shorten it.")
    if not value.strip():
        raise Refused("Write an answer first.")
    return value.strip()


def normal(said: str) -> str:
    """Lower case, compatibility forms as one, without accents and punctuation, single spaces."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", said).casefold()).casefold()
    kept = "".join(_kept(c) for c in unicodedata.normalize("NFKD", folded).translate(_PLAIN))
    return " ".join(kept.split())


def _kept(c: str) -> str:
    sort = unicodedata.category(c)
    # What is not seen or stands above a letter joins its neighbours; other punctuation parts them.
    if sort == "Cf" or c in _APOSTROPHES or unicodedata.combining(c):
        return ""
    return c if c.isalnum() or sort[0] == "M" else " "


def mentions(phrase: str, said: str) -> bool:
    """Whether the phrase stands in the text as whole words; one that ends in `*` may go on: `notif*` is in *notified*."""
    end = "" if phrase.rstrip().endswith("*") else " "
    return f" {normal(phrase)}{end}" in f" {normal(said)} "


def number(said: str, unit: str = "") -> Decimal:
    """The number that somebody typed, with its unit or without. Raises Refused with what to write instead."""
    word = unicodedata.normalize("NFKC", unit).casefold().strip()
    typed = unicodedata.normalize("NFKC", said).casefold().translate(_SIGNS).strip()
    bare = _GROUPS.sub("", typed.removesuffix(word).removeprefix(word).strip())
    if _EITHER.fullmatch(bare):
        whole, point = bare.replace(",", ""), bare.replace(",", ".")
        raise Refused(f"“{said}” can be read in two ways. Write {whole} or {point}.")
    if _ENGLISH.fullmatch(bare):
        return Decimal(bare.replace(",", ""))
    if _CONTINENTAL.fullmatch(bare):
        return Decimal(bare.replace(".", "").replace(",", "."))
    if _PLAIN_NUMBER.fullmatch(bare):
        return Decimal(bare.replace(",", "."))
    raise Refused(f"Write one number in digits{f', in {unit}' if unit else ''}: 12 or 1.5, say.")


def written(amount: Decimal, unit: str = "") -> str:
    """A number as we write it: no more digits than it has, thousands apart, its unit after it."""
    digits = f"{amount.normalize():,f}" if abs(amount) >= 10_000 else f"{amount.normalize():f}"
    return f"{digits} {unit}".strip().replace(",", "\N{NO-BREAK SPACE}")
