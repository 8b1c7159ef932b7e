"""Lengths of time and moments of an exercise, written as people write them: `25m`, `1h30m`, `T+2d4h`.

What is read is written back in the same form, so a value survives any number of round trips.
"""

import re
from datetime import timedelta
from typing import Annotated, Any, Final

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

_PARTS: Final = r"(?=\d)(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m)?"
_SPAN: Final = re.compile(_PARTS)
_MOMENT: Final = re.compile(r"T\+" + _PARTS)


def _read(pattern: re.Pattern[str], given: Any, sample: str) -> timedelta:
    if isinstance(given, timedelta):
        return given
    found = pattern.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        raise ValueError(f"write it as {sample}, not `{given}`")
    parts = {unit: int(number) for unit, number in found.groupdict().items() if number}
    span = timedelta(**parts) if sum(parts.values()) < 100_000 else timedelta.max
    if span > timedelta(days=400):
        raise ValueError("400 days are the most there can be")
    return span


def read_moment(text: str) -> timedelta:
    """The moment that somebody typed, with `T+` or without, however spaced. Raises ValueError with what to write."""
    return _read(_SPAN, "".join(text.split()).lower().removeprefix("t+"), "`T+25m` or `1h20m`")


def written(span: timedelta) -> str:
    """`span` in days, hours and minutes; what is less than a minute is left out."""
    minutes = int(span.total_seconds() // 60)
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "m"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0m"


def moment(span: timedelta) -> str:
    """The moment `span` after the start, as `T+25m`."""
    return f"T+{written(span)}"


Span = Annotated[
    timedelta,
    PlainValidator(lambda given: _read(_SPAN, given, "`25m`, `2h` or `1d12h`")),
    PlainSerializer(written, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^(?=\d)(\d+d)?(\d+h)?(\d+m)?$"}),
]
"""A length of time; of exercise time in a scenario."""

Moment = Annotated[
    timedelta,
    PlainValidator(lambda given: _read(_MOMENT, given, "`T+25m`, `T+2h` or `T+1d12h`")),
    PlainSerializer(moment, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^T\+(?=\d)(\d+d)?(\d+h)?(\d+m)?$"}),
]
"""A moment of exercise time, counted from the start."""
