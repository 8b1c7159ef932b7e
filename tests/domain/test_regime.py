"""Deadline arithmetic: clock changes, month ends, leap days, weekends, holidays, thresholds to the person."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.regime import (
    Affected,
    Breach,
    Duty,
    Limit,
    Regime,
    Start,
    Threshold,
    counted,
    due,
    end_of_day,
    is_business_day,
    stand,
)
from domain.source import Source

ZONES = ("Europe/Dublin", "America/New_York", "America/Chicago", "America/Los_Angeles", "Asia/Kathmandu")
moments = st.integers(0, 16 * 366 * 86_400).map(
    lambda second: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)
zones = st.sampled_from(ZONES)


def limit(amount: int, unit: str) -> Limit:
    calendar = "us_federal" if unit == "business_days" else None
    return Limit(amount=amount, unit=unit, calendar=calendar, start=Start.AWARENESS)


def regime(*duties: Duty, places: tuple[str, ...] = ("US-TX",), zone: str = "America/Chicago") -> Regime:
    return Regime(
        name="A law",
        jurisdiction="Somewhere",
        places=places,
        zone=zone,
        citation="Section 1",
        status="in_force",
        summary="A law.",
        checked=date(2026, 11, 23),
        verification="unverified",
        duties=duties,
        sources=(Source(id="law", title="The law", checked=date(2026, 11, 23)),),
    )


def duty(name: str = "regulator", **more: object) -> Duty:
    body = {"id": name, "to": "regulator", "authority": "Somebody", "wording": "Tell them.", "cites": ("law",)}
    return Duty.model_validate(body | more)


def people(count: int, where: str = "US-TX") -> tuple[Affected, ...]:
    return (Affected(where=where, count=count),)


# ── hours ──


@given(moments, zones, st.integers(1, 1000))
def test_hours_pass_as_hours_whatever_the_clocks_on_the_wall_do(start, zone, hours):
    assert due(limit(hours, "hours"), start, zone) - start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        # Dublin sets its clocks back on 25 October 2026 and forward on 29 March 2026.
        ("2026-10-23T12:00:00+01:00", "2026-10-26T11:00:00+00:00"),
        ("2026-03-27T12:00:00+00:00", "2026-03-30T13:00:00+01:00"),
        ("2026-11-20T16:00:00+00:00", "2026-11-23T16:00:00+00:00"),
    ],
)
def test_72_hours_over_a_clock_change_end_an_hour_off_on_the_wall(start, expected):
    found = due(limit(72, "hours"), datetime.fromisoformat(start), "Europe/Dublin")
    assert found.isoformat() == expected


# ── days ──


@given(moments, zones, st.integers(1, 400))
def test_calendar_days_leave_out_the_day_of_the_start_and_end_at_midnight_there(start, zone, days):
    found = due(limit(days, "calendar_days"), start, zone)
    assert found.date() - start.astimezone(ZoneInfo(zone)).date() == timedelta(days=days)
    assert found == end_of_day(found.date(), zone)
    after = (found.astimezone(UTC) + timedelta(microseconds=1)).astimezone(ZoneInfo(zone))
    assert after.date() == found.date() + timedelta(days=1)


@given(moments, zones, st.integers(1, 400))
def test_the_hour_of_the_start_does_not_change_a_limit_in_days(start, zone, days):
    local = start.astimezone(ZoneInfo(zone))
    morning = local.replace(hour=6, minute=0, second=0, microsecond=0)
    assert due(limit(days, "calendar_days"), morning, zone) == due(limit(days, "calendar_days"), local, zone)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2028, 1, 30), 30, date(2028, 2, 29)),  # a leap day
        (date(2027, 1, 30), 30, date(2027, 3, 1)),
        (date(2026, 12, 15), 60, date(2027, 2, 13)),  # over the turn of the year
    ],
)
def test_days_run_over_leap_days_and_years(start, days, expected):
    noon = datetime(start.year, start.month, start.day, 12, tzinfo=UTC)
    assert due(limit(days, "calendar_days"), noon, "Europe/Dublin").date() == expected


# ── months ──


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last_one_there_is(start, months, expected):
    noon = datetime(start.year, start.month, start.day, 12, tzinfo=UTC)
    assert due(limit(months, "months"), noon, "Europe/Dublin").date() == expected


@given(moments, st.integers(1, 36))
def test_months_never_skip_a_month(start, months):
    found = due(limit(months, "months"), start, "Europe/Dublin")
    local = start.astimezone(ZoneInfo("Europe/Dublin"))
    assert (found.year - local.year) * 12 + found.month - local.month == months
    assert found.day <= local.day


# ── business days ──


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2026, 11, 24), date(2026, 12, 1)),  # Tuesday before Thanksgiving: Wed, Fri, Mon, Tue
        (date(2026, 11, 21), date(2026, 11, 27)),  # a Saturday: Monday is the first day
        (date(2026, 12, 31), date(2027, 1, 7)),  # New Year's Day is no business day
        (date(2026, 7, 2), date(2026, 7, 9)),  # 4 July 2026 is a Saturday, observed on Friday
        (date(2026, 6, 1), date(2026, 6, 5)),
    ],
)
def test_four_business_days_skip_weekends_and_federal_holidays(start, expected):
    noon = datetime(start.year, start.month, start.day, 17, tzinfo=UTC)
    assert due(limit(4, "business_days"), noon, "America/New_York").date() == expected


@given(moments, st.integers(1, 30))
def test_exactly_that_many_business_days_lie_between(start, days):
    found = due(limit(days, "business_days"), start, "America/New_York").date()
    day = start.astimezone(ZoneInfo("America/New_York")).date()
    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    assert sum(is_business_day(each, "us_federal") for each in between) == days
    assert is_business_day(found, "us_federal")


@given(moments, moments, st.sampled_from(["hours", "calendar_days", "business_days", "months"]), st.integers(1, 90))
def test_who_starts_later_is_never_due_earlier(one, other, unit, amount):
    first, second = sorted((one, other))
    span = limit(amount, unit)
    assert due(span, first, "America/New_York") <= due(span, second, "America/New_York")


# ── thresholds ──


@given(st.integers(0, 20_000), st.sampled_from([">", ">="]))
def test_a_threshold_is_exact_to_the_person(count, op):
    threshold = Threshold(op=op, count=count, basis="residents")
    reached = [threshold.reached(n) for n in (count - 1, count, count + 1)]
    assert reached == [False, op == ">=", True]


def test_each_basis_counts_other_people():
    groups = (*people(300, "US-TX"), *people(501, "US-DE"), *people(1000, "IE"), *people(5, "US-TX"))

    def count(basis):
        return counted(Threshold(op=">", count=1, basis=basis), ("US-TX",), groups)

    assert (count("residents"), count("one_state"), count("everybody")) == (305, 501, 1806)


@pytest.mark.parametrize(("count", "standing"), [(249, "not_started"), (250, "running"), (251, "running")])
def test_texas_hears_of_250_residents(count, standing):
    law = regime(
        duty(
            threshold={"op": ">=", "count": 250, "basis": "residents"},
            limit={"amount": 30, "unit": "calendar_days", "start": "awareness"},
        )
    )
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    known = Breach({Start.AWARENESS: noon}, people(count))
    assert stand("us-tx", law, "regulator", known, {}, noon).standing == standing


# ── standing ──

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOURS = {"amount": 72, "unit": "hours", "start": "awareness"}


def test_a_duty_passes_from_not_started_to_running_to_late_to_met():
    law = regime(duty(limit=HOURS))
    before = Breach({}, people(1))
    known = Breach({Start.AWARENESS: NOON}, people(1))
    end = NOON + timedelta(hours=72)

    def at(breach, now, **met):
        return stand("x", law, "regulator", breach, met, now)

    assert at(before, NOON).standing == "not_started"
    assert at(known, end).standing == "running"
    assert at(known, end + timedelta(microseconds=1)).standing == "late"
    assert at(known, end, regulator=end).late_by is None
    late = at(known, end + timedelta(days=2), regulator=end + timedelta(hours=5))
    assert (late.standing, late.late_by) == ("met", timedelta(hours=5))


@pytest.mark.parametrize("other", [Start.DISCOVERY, Start.DETERMINATION, Start.MATERIALITY])
def test_the_clock_of_one_moment_is_not_started_by_another(other):
    law = regime(duty(limit=HOURS))
    assert stand("x", law, "regulator", Breach({other: NOON}, people(1)), {}, NOON).standing == "not_started"


def test_what_is_still_to_come_counts_for_nothing_yet():
    law = regime(duty(limit=HOURS))
    known = Breach({Start.AWARENESS: NOON + timedelta(hours=1)}, people(1))
    assert stand("x", law, "regulator", known, {}, NOON).standing == "not_started"
    known = Breach({Start.AWARENESS: NOON}, people(1))
    assert stand("x", law, "regulator", known, {"regulator": NOON + timedelta(hours=1)}, NOON).standing == "running"


@pytest.mark.parametrize(
    ("risk", "standing"),
    [(None, "not_started"), ("unlikely", "not_started"), ("likely", "running"), ("high", "running")],
)
def test_a_duty_that_depends_on_the_risk_waits_for_it(risk, standing):
    law = regime(duty(limit=HOURS, risk="likely"))
    known = Breach({Start.AWARENESS: NOON}, people(1), risk)
    assert stand("x", law, "regulator", known, {}, NOON).standing == standing


def test_nobody_in_its_places_means_nothing_is_owed():
    law = regime(duty(limit=HOURS))
    known = Breach({Start.AWARENESS: NOON}, people(5, "US-DE"))
    assert stand("x", law, "regulator", known, {}, NOON).standing == "not_started"
    everywhere = regime(duty(limit=HOURS), places=())
    assert stand("x", everywhere, "regulator", known, {}, NOON).standing == "running"


def test_a_limit_after_another_duty_starts_when_that_is_done():
    law = regime(
        duty("people", limit={"amount": 30, "unit": "calendar_days", "start": "awareness"}),
        duty("regulator", limit={"amount": 15, "unit": "calendar_days", "after": "people"}),
    )
    known = Breach({Start.AWARENESS: NOON}, people(1))
    assert stand("x", law, "regulator", known, {}, NOON).standing == "not_started"
    told = NOON + timedelta(days=3)
    found = stand("x", law, "regulator", known, {"people": told}, told)
    assert found.standing == "running"
    assert found.due is not None
    assert found.due.date() == date(2026, 12, 8)


def test_a_duty_with_another_is_late_when_the_other_was_first():
    law = regime(
        duty("people", limit={"amount": 30, "unit": "calendar_days", "start": "awareness"}),
        duty("regulator", with_duty="people"),
    )
    known = Breach({Start.AWARENESS: NOON}, people(1))
    told = NOON + timedelta(days=3)
    assert stand("x", law, "regulator", known, {}, told).standing == "running"
    assert stand("x", law, "regulator", known, {"people": told}, told).standing == "running"
    assert stand("x", law, "regulator", known, {"people": told}, told + timedelta(seconds=1)).standing == "late"
    both = stand("x", law, "regulator", known, {"people": told, "regulator": told}, told)
    assert (both.standing, both.late_by) == ("met", None)
