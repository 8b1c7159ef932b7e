"""Limits that are more than one count: caps, the sooner of two, year ends, named calendars, and not before."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.exercise.clocks import breach as facts_of
from domain.exercise.events import Judged
from domain.exercise.state import State
from domain.regime import Affected, Breach, Duty, Limit, Regime, Start, due, end_of_day, is_business_day, stand
from domain.regime.clock import Calendar
from tests.domain.small import scenario

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PEOPLE = (Affected(where="US-TX", count=1),)
moments = st.integers(0, 16 * 366 * 86_400).map(
    lambda second: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)


def law(*duties: dict[str, Any]) -> Regime:
    body = {
        "name": "A law",
        "jurisdiction": "Somewhere",
        "places": ("US-TX",),
        "zone": "America/Chicago",
        "citation": "Section 1",
        "status": "in_force",
        "summary": "A law.",
        "checked": date(2026, 11, 23),
        "verification": "unverified",
        "sources": ({"id": "law", "title": "The law", "checked": date(2026, 11, 23)},),
    }
    plain = {"to": "regulator", "authority": "Somebody", "wording": "Tell them.", "cites": ("law",)}
    return Regime.model_validate({**body, "duties": tuple(plain | duty for duty in duties)})


def limit(amount: int, unit: str, start: Start = Start.AWARENESS, **more: Any) -> Limit:
    return Limit(amount=amount, unit=unit, start=start, **more)


# ── calendars ──


@pytest.mark.parametrize("calendar", get_args(Calendar))
@given(start=moments, days=st.integers(1, 25))
def test_exactly_that_many_business_days_of_the_named_calendar_lie_between(
    calendar: str, start: datetime, days: int
) -> None:
    found = due(limit(days, "business_days", calendar=calendar), start, "America/New_York").date()
    day = start.astimezone(ZoneInfo("America/New_York")).date()
    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    assert sum(is_business_day(each, calendar) for each in between) == days
    assert is_business_day(found, calendar)


@pytest.mark.parametrize(
    ("calendar", "day", "works"),
    [
        ("us_federal", date(2026, 7, 3), False),  # 4 July is a Saturday, observed on Friday
        ("us_vt", date(2026, 3, 3), False),  # Town Meeting Day
        ("us_federal", date(2026, 3, 3), True),
        ("br", date(2026, 4, 21), False),  # Tiradentes
        ("co", date(2026, 3, 23), False),  # Saint Joseph, moved to Monday
        ("au", date(2026, 4, 6), False),  # Easter Monday
    ],
)
def test_each_calendar_has_its_own_holidays(calendar: str, day: date, works: bool) -> None:
    assert is_business_day(day, calendar) is works


# ── year ends ──


@pytest.mark.parametrize(
    ("discovered", "expected"),
    [
        ("2026-01-01T00:00:00-06:00", date(2027, 3, 1)),
        ("2026-12-31T23:59:00-06:00", date(2027, 3, 1)),
        ("2027-01-01T00:00:00-06:00", date(2028, 2, 29)),  # a leap year
        ("2027-01-01T05:59:00+00:00", date(2027, 3, 1)),  # still 2026 in Chicago
    ],
)
def test_sixty_days_after_the_end_of_the_year_of_discovery(discovered: str, expected: date) -> None:
    log = limit(60, "calendar_days", Start.DISCOVERY, year_end=True)
    assert due(log, datetime.fromisoformat(discovered), "America/Chicago") == end_of_day(expected, "America/Chicago")


# ── the sooner of two ──


@given(st.integers(0, 60))
def test_a_cap_counts_unless_it_had_passed_when_the_clock_started(hours: int) -> None:
    rule = law({"id": "first", "limit": limit(4, "hours", Start.DETERMINATION), "cap": limit(24, "hours")})
    classified = NOON + timedelta(hours=hours)
    breach = Breach({Start.AWARENESS: NOON, Start.DETERMINATION: classified}, PEOPLE)
    found = stand("x", rule, "first", breach, {}, classified)
    wanted = (
        classified + timedelta(hours=4)
        if hours >= 24
        else min(classified + timedelta(hours=4), NOON + timedelta(hours=24))
    )
    assert found.due == wanted


@given(st.integers(0, 90))
def test_with_another_duty_or_within_so_many_days_whichever_is_sooner(days: int) -> None:
    rule = law(
        {"id": "people", "limit": limit(45, "calendar_days")},
        {"id": "state", "limit": limit(14, "calendar_days"), "with_duty": "people"},
    )
    told = NOON + timedelta(days=days)
    breach = Breach({Start.AWARENESS: NOON}, PEOPLE)
    found = stand("x", rule, "state", breach, {"people": told}, told)
    last = end_of_day(date(2026, 12, 4), "America/Chicago")
    assert found.due == min(told, last)
    assert found.standing == ("late" if told > last else "running")


# ── not before ──


@given(st.integers(0, 40))
def test_who_tells_before_it_is_allowed_is_told_so(days: int) -> None:
    wait = Limit(amount=7, unit="business_days", calendar="us_federal", after="police")
    rule = law({"id": "police", "limit": limit(7, "calendar_days")}, {"id": "people", "not_before": wait})
    breach = Breach({Start.AWARENESS: NOON}, PEOPLE)
    told = NOON + timedelta(days=days)
    found = stand("x", rule, "people", breach, {"police": NOON, "people": told}, told)
    assert found.standing == "met"
    assert found.not_before == end_of_day(date(2026, 12, 2), "America/Chicago")  # Thanksgiving lies between
    assert found.too_early is (told < end_of_day(date(2026, 12, 2), "America/Chicago"))


# ── the form ──


def test_an_exercise_of_old_that_names_credit_bureaus_is_still_read() -> None:
    duty = Duty.model_validate(
        {"id": "x", "to": "credit_bureaus", "authority": "Bureaus", "wording": "Tell.", "cites": ("law",)}
    )
    assert duty.to == "consumer_reporting_agencies"


@pytest.mark.parametrize(
    ("duty", "said"),
    [
        ({"limit": {"amount": 3, "unit": "business_days", "start": "awareness"}}, "need a `calendar`"),
        ({"limit": {"amount": 3, "unit": "hours", "calendar": "br", "start": "awareness"}}, "need a `calendar`"),
        ({"limit": {"amount": 3, "unit": "hours"}}, "one of the two"),
        ({"limit": {"amount": 3, "unit": "hours", "after": "nobody"}}, "no other duty of this file"),
        ({"with_duty": "one"}, "no other duty of this file"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(duty: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        law({"id": "one", **duty})


# ── in an exercise ──


def test_what_protects_the_data_and_who_got_at_them_may_change_in_play() -> None:
    play = scenario().model_copy(update={"protection": "encrypted_key_safe", "exposure": "none_seen"})
    start = facts_of(play, State(), timedelta())
    assert (start.protection, start.exposure, start.risk) == ("encrypted_key_safe", "none_seen", "likely")
    common = {"t": timedelta(), "at": NOON, "because": "an-inject"}
    told = (Judged(protection="encrypted_key_lost", **common), Judged(exposure="malicious", **common))
    later = facts_of(play, State(risks=told), timedelta())
    assert (later.protection, later.exposure, later.risk) == ("encrypted_key_lost", "malicious", "likely")
