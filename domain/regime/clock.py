"""Counting time as laws count it: hours as they pass, days and months by the calendar, business days by a named one.

Hours run on; days are counted in the authority's own time zone, the day of the trigger left out. Exact, whatever the
clocks on the wall do.
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, model_validator

from domain.value import Value


class Start(StrEnum):
    """What starts a clock; laws differ, so the moments are kept apart."""

    DISCOVERY = "discovery"
    AWARENESS = "awareness"
    DETERMINATION = "determination"
    MATERIALITY = "materiality"
    PAYMENT = "payment"
    RESOLUTION = "resolution"


Calendar = Literal["us_federal", "us_ca", "us_ia", "us_il", "us_me", "us_ny", "us_vt", "au", "br", "co"]
"""Whose public holidays are no business days: the federal ones, those of a US State, or those of a country."""

Reference = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$")]
"""A duty of the same file, or one of another as us-hipaa/hhs."""

Unit = Literal["hours", "calendar_days", "business_days", "months"]


class Length(Value):
    """So many hours, days, business days or months."""

    amount: int = Field(ge=0)
    unit: Unit
    calendar: Calendar | None = Field(default=None, description="Holidays that are no business days.")

    @model_validator(mode="after")
    def _named_calendar(self) -> Self:
        if (self.unit == "business_days") != (self.calendar is not None):
            raise ValueError("business days, and only they, need a `calendar`")
        return self


class Limit(Length):
    """The outer limit of a duty: so many units from a start."""

    start: Start | None = Field(default=None, description="The moment it runs from.")
    after: Reference | None = Field(default=None, description="… or the duty whose doing starts it.")
    year_end: bool = Field(default=False, description="It runs from the end of the calendar year of that moment.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.start is None) == (self.after is None):
            raise ValueError("a limit runs from `start` or `after` another duty, one of the two")
        return self


@cache
def _holidays(calendar: str, year: int) -> frozenset[date]:
    import holidays

    country, _, part = calendar.upper().partition("_")
    state = None if part in {"", "FEDERAL"} else part
    return frozenset(holidays.country_holidays(country, subdiv=state, years=year))


def is_business_day(day: date, calendar: str) -> bool:
    """Monday to Friday and no holiday of the calendar."""
    return day.weekday() < 5 and day not in _holidays(calendar, day.year)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def end_of_day(day: date, zone: str) -> datetime:
    """The last moment of a day in a time zone."""
    return datetime.combine(day, time.max, _zone(zone))


def due(limit: Length, start: datetime, zone: str) -> datetime:
    """The last moment at which a duty that began to run at `start` is done in time.

    Hours are counted as they pass, through clock changes. Days end at midnight in `zone`; the day of the start does
    not count. A month ends on the day of the same number, or on the last day of a month that has no such day.
    """
    if isinstance(limit, Limit) and limit.year_end:
        start = end_of_day(date(start.astimezone(_zone(zone)).year, 12, 31), zone)
    if limit.unit == "hours":
        return (start.astimezone(_zone("UTC")) + timedelta(hours=limit.amount)).astimezone(_zone(zone))
    day = start.astimezone(_zone(zone)).date()
    if limit.unit == "calendar_days":
        return end_of_day(day + timedelta(days=limit.amount), zone)
    if limit.unit == "months":
        return end_of_day(_months_later(day, limit.amount), zone)
    assert limit.calendar is not None
    left = limit.amount
    while left:
        day += timedelta(days=1)
        left -= is_business_day(day, limit.calendar)
    return end_of_day(day, zone)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_after - timedelta(days=1))
