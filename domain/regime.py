"""Breach-notification rules as dated values, and exact arithmetic on their deadlines.

Hours run on; days are counted in the authority's own calendar, the day of the trigger left out. What a rule does
not say is not invented: a duty without a fixed limit has no due moment. Training material, not legal advice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from domain.source import Source
from domain.value import Line, Prose, Slug, Value
from domain.zone import zones

Risk = Literal["unlikely", "likely", "high"]
"""How the risk to the people affected is judged."""

Standing = Literal["not_started", "running", "late", "met"]
"""How a duty stands. One that was met too late is met, and says by how much."""

Verification = Literal["primary_text_read", "secondary_corroborated", "unverified"]

_RISKS: tuple[Risk, ...] = ("unlikely", "likely", "high")


class Start(StrEnum):
    """What starts a clock; laws differ, so the moments are kept apart."""

    DISCOVERY = "discovery"
    AWARENESS = "awareness"
    DETERMINATION = "determination"
    MATERIALITY = "materiality"


class Affected(Value):
    """How many people in one place are affected."""

    where: str = Field(pattern=r"^[A-Z]{2}(-[A-Z]{2})?$", description="ISO country, or US-TX for a US state.")
    count: int = Field(ge=0)
    data: tuple[Line, ...] = Field(default=(), description="What leaked about them, as Fideslang keys.")


class Threshold(Value):
    """From how many people on a duty is owed, exactly as the law counts."""

    op: Literal[">", ">="]
    count: int = Field(ge=0)
    basis: Literal["everybody", "residents", "one_state"] = Field(
        description="Counted over all places, over residents of the regime's place, or in any one US state."
    )

    def reached(self, count: int) -> bool:
        """Whether `count` people reach it."""
        return count > self.count if self.op == ">" else count >= self.count


class Limit(Value):
    """The outer limit of a duty: so many units from a start."""

    amount: int = Field(ge=1)
    unit: Literal["hours", "calendar_days", "business_days", "months"]
    calendar: Literal["us_federal"] | None = Field(default=None, description="Holidays that are no business days.")
    start: Start | None = Field(default=None, description="The moment it runs from.")
    after: Slug | None = Field(default=None, description="… or the duty of this file whose doing starts it.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.start is None) == (self.after is None):
            raise ValueError("a limit runs from `start` or `after` another duty, one of the two")
        if (self.unit == "business_days") != (self.calendar is not None):
            raise ValueError("business days, and only they, need a `calendar`")
        return self


class Duty(Value):
    """Somebody must tell somebody."""

    id: Slug
    to: Literal["regulator", "individuals", "media", "credit_bureaus", "investors", "police", "partner", "record"]
    authority: Line = Field(description="Who is told.")
    wording: Prose = Field(description="The rule in the law's own words, or close to them.")
    threshold: Threshold | None = Field(default=None, description="Owed from so many people on; always when missing.")
    risk: Risk | None = Field(default=None, description="Owed from this risk on; at any risk when missing.")
    limit: Limit | None = Field(default=None, description="The outer limit; missing when the law sets none.")
    with_duty: Slug | None = Field(default=None, description="Not later than this duty of the same file is done.")
    starts: Start = Field(default=Start.AWARENESS, description="The moment from which it is owed.")
    content: tuple[Line, ...] = Field(default=(), description="What the notice must hold.")
    monitoring_months: int | None = Field(default=None, description="Credit monitoring owed, free of charge.")
    note: Prose | None = None
    cites: tuple[Slug, ...] = Field(min_length=1)


class Regime(Value):
    """One file of content/regimes: one law, dated."""

    name: Line
    jurisdiction: Line
    places: tuple[str, ...] = Field(
        default=(), description="Where it counts people: IE, US, US-TX. None: it does not depend on where they live."
    )
    zone: Line = Field(description="The time zone in which its days are counted.")
    citation: Line
    status: Literal["in_force", "proposed", "repealed"]
    since: date | None = Field(default=None, description="In force in this form since.")
    until: date | None = None
    summary: Prose
    checked: date = Field(description="The day somebody last compared this file with the source.")
    verification: Verification
    disputed: tuple[Prose, ...] = Field(default=(), description="What is unsettled or changing.")
    duties: tuple[Duty, ...] = Field(min_length=1)
    sources: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.zone not in zones():
            raise ValueError(f"`{self.zone}` is no time zone; write one like America/New_York")
        names = {duty.id for duty in self.duties}
        for duty in self.duties:
            other = duty.with_duty or (duty.limit.after if duty.limit else None)
            if other is not None and (other not in names or other == duty.id):
                raise ValueError(f"duty `{duty.id}` waits for `{other}`, which is no other duty of this file")
        return self

    def duty(self, name: str) -> Duty:
        """The duty of this id; KeyError when there is none."""
        for duty in self.duties:
            if duty.id == name:
                return duty
        raise KeyError(name)


# ── counting time ─────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _holidays(calendar: str, year: int) -> frozenset[date]:
    import holidays

    assert calendar == "us_federal"
    return frozenset(holidays.country_holidays("US", years=year))


def is_business_day(day: date, calendar: str) -> bool:
    """Monday to Friday and no holiday of the calendar."""
    return day.weekday() < 5 and day not in _holidays(calendar, day.year)


def end_of_day(day: date, zone: str) -> datetime:
    """The last moment of a day in a time zone."""
    return datetime.combine(day, time.max, ZoneInfo(zone))


def due(limit: Limit, start: datetime, zone: str) -> datetime:
    """The last moment at which a duty that began to run at `start` is done in time.

    Hours are counted as they pass, through clock changes. Days end at midnight in `zone`; the day of the start does
    not count. A month ends on the day of the same number, or on the last day of a month that has no such day.
    """
    if limit.unit == "hours":
        return (start.astimezone(ZoneInfo("UTC")) + timedelta(hours=limit.amount)).astimezone(ZoneInfo(zone))
    day = start.astimezone(ZoneInfo(zone)).date()
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


# ── a breach, and what is owed ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Breach:
    """What is known of a breach: when which clock started, who is affected, how bad it may be for them."""

    known: Mapping[Start, datetime]
    people: tuple[Affected, ...] = ()
    risk: Risk | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """How one duty stands at a moment."""

    regime: str
    duty: str
    standing: Standing
    started: datetime | None = None
    due: datetime | None = None
    met: datetime | None = None

    @property
    def late_by(self) -> timedelta | None:
        """By how much it was met too late; None when it was not."""
        return self.met - self.due if self.met and self.due and self.met > self.due else None


def counted(threshold: Threshold, places: Iterable[str], people: Iterable[Affected]) -> int:
    """How many people a threshold counts, in the regime's places where it counts residents."""
    places = tuple(places)
    found: dict[str, int] = {}
    for group in people:
        found[group.where] = found.get(group.where, 0) + group.count
    if threshold.basis == "one_state":
        return max((count for where, count in found.items() if where.startswith("US-")), default=0)
    if threshold.basis == "everybody":
        return sum(found.values())
    return sum(count for where, count in found.items() if _inside(where, places))


def _inside(where: str, places: Iterable[str]) -> bool:
    return any(where == place or where.startswith(f"{place}-") for place in places)


def owed(regime: Regime, duty: Duty, breach: Breach) -> bool:
    """Whether what is known of the breach brings the duty about: people in its places, threshold, risk."""
    if regime.places and not any(group.count and _inside(group.where, regime.places) for group in breach.people):
        return False
    if duty.risk is not None and (breach.risk is None or _RISKS.index(breach.risk) < _RISKS.index(duty.risk)):
        return False
    return duty.threshold is None or duty.threshold.reached(counted(duty.threshold, regime.places, breach.people))


def stand(slug: str, regime: Regime, name: str, breach: Breach, met: Mapping[str, datetime], now: datetime) -> Deadline:
    """How the duty `name` stands at `now`; `met` says when which duties of this regime were done, later ones ignored."""
    duty = regime.duty(name)
    done = met.get(name)
    done = done if done is not None and done <= now else None
    if not owed(regime, duty, breach):
        return Deadline(slug, name, "not_started", met=done)
    started, limit = _runs(regime, duty, breach, met, now)
    if started is None or started > now:
        return Deadline(slug, name, "not_started", met=done)
    if done is not None:
        return Deadline(slug, name, "met", started, limit, done)
    return Deadline(slug, name, "late" if limit is not None and now > limit else "running", started, limit)


def _runs(
    regime: Regime, duty: Duty, breach: Breach, met: Mapping[str, datetime], now: datetime
) -> tuple[datetime | None, datetime | None]:
    """Since when a duty runs, and until when it is in time."""
    if duty.with_duty is not None:
        other = met.get(duty.with_duty)
        started, limit = _runs(regime, regime.duty(duty.with_duty), breach, met, now)
        return started, other if other is not None and other <= now else limit
    if duty.limit is None:
        return breach.known.get(duty.starts), None
    started = breach.known.get(duty.limit.start) if duty.limit.start else met.get(duty.limit.after or "")
    return started, due(duty.limit, started, regime.zone) if started is not None else None
