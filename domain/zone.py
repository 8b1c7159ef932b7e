"""Names of time zones, read from the machine's database once: looking them up anew takes as long as a whole file."""

from functools import cache
from zoneinfo import available_timezones


@cache
def zones() -> frozenset[str]:
    """Every known time zone, as Europe/Dublin."""
    return frozenset(available_timezones())
