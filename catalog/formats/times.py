"""Moments as people write them in exercise plans: `T+25`, `T+1:20`, `M-5`, `09:05`, `+25 min`, `Day 2 09:05`.

A bare number counts minutes. Clock times mean nothing until the start is known.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

LONGEST: Final = timedelta(days=400)

_SPAN: Final = re.compile(
    r"(?:(?P<d>\d{1,3})\s*d(?:ays?)?)?\s*(?:(?P<h>\d{1,4})\s*h(?:ours?|rs?)?)?\s*(?:(?P<m>\d{1,5})\s*(?:m(?:in(?:utes?|s)?)?)?)?\.?",
    re.IGNORECASE,
)
_RELATIVE: Final = re.compile(
    r"(?:(?:t|m|h|startex|start|msel)\s*)?(?P<sign>[-+−–])\s*(?P<rest>.+)|(?:t|m|h|startex|start)(?P<zero>)",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(
    r"(?P<h>\d{1,2})(?::|\.|h)?(?P<m>\d{2})(?::\d{2})?\s*(?P<half>am|pm)?(?:\s*(?:hrs?|hours|uhr))?", re.IGNORECASE
)
_DAY: Final = re.compile(r"(?:day\s*(?P<day>\d{1,2})|d\s*\+\s*(?P<later>\d{1,2}))[\s,/:-]+(?P<rest>.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offset:
    """So long after the start; before it when negative."""

    span: timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, on this day of the exercise (the first is 0), or on whichever comes next."""

    at: time
    day: int | None = None


def read_time(value: Any) -> Offset | Clock | None:  # noqa: PLR0911 - one way to write it a line
    """What a cell says about time; None when it says nothing that can be used."""
    if isinstance(value, datetime):
        return Clock(value.time().replace(second=0, microsecond=0, tzinfo=None))
    if isinstance(value, time):
        return Clock(value.replace(second=0, microsecond=0, tzinfo=None))
    if isinstance(value, timedelta):
        return _offset(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        # A spreadsheet writes times of day as parts of a day.
        if 0 < value < 1:
            minutes = round(value * 1440) % 1440
            return Clock(time(minutes // 60, minutes % 60))
        return _offset(timedelta(minutes=value)) if abs(value) < 1e6 else None
    text = " ".join(str(value).split()) if value is not None else ""
    return _written(text) if 0 < len(text) <= 40 else None


def _written(text: str) -> Offset | Clock | None:
    if found := _DAY.fullmatch(text):
        day = int(found["day"]) - 1 if found["day"] else int(found["later"])
        inner = _written(found["rest"])
        if isinstance(inner, Clock) and inner.day is None and day >= 0:
            return Clock(inner.at, day)
        return None
    if found := _RELATIVE.fullmatch(text):
        if found["zero"] is not None:
            return Offset(timedelta())
        span = _span(found["rest"])
        return None if span is None else _offset(-span if found["sign"] in "-−–" else span)
    if re.fullmatch(r"\d{1,2}[:.h]\d{2}.*|\d{4}\s*(?:hrs?|hours|uhr)|\d{1,2}\s*(?:am|pm)", text, re.IGNORECASE):
        return _clock(text)
    span = _span(text)
    return None if span is None else _offset(span)


def _clock(text: str) -> Clock | None:
    text = re.sub(r"^(\d{1,2})\s*(am|pm)$", r"\1:00 \2", text, flags=re.IGNORECASE)
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hour, minute, half = int(found["h"]), int(found["m"]), (found["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return Clock(time(hour, minute)) if hour < 24 and minute < 60 else None


def _span(text: str) -> timedelta | None:
    text = text.strip()
    if found := re.fullmatch(r"(\d{1,4}):([0-5]\d)(?::[0-5]\d)?", text):
        return timedelta(hours=int(found[1]), minutes=int(found[2]))
    found = _SPAN.fullmatch(text)
    if found is None or not any(found.groupdict().values()):
        return None
    return timedelta(days=int(found["d"] or 0), hours=int(found["h"] or 0), minutes=int(found["m"] or 0))


def _offset(span: timedelta) -> Offset | None:
    span = timedelta(minutes=round(span.total_seconds() / 60))
    return Offset(span) if abs(span) <= LONGEST else None


def since_start(clock: Clock, start: time, before: timedelta) -> timedelta:
    """How long after `start` a clock time is: on its day, or on the first day on which it is not before `before`."""
    span = timedelta(hours=clock.at.hour - start.hour, minutes=clock.at.minute - start.minute)
    if clock.day is not None:
        return span + timedelta(days=clock.day)
    while span < before:
        span += timedelta(days=1)
    return span
