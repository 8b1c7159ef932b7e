"""What a breach brings about: yes, no or depends with the missing fact, police delay, severity, and exact thresholds."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from fideslang.default_taxonomy import DEFAULT_TAXONOMY
from hypothesis import given
from hypothesis import strategies as st

from catalog.facts import read_regimes
from domain import categories, places
from domain.regime import ELEMENTS, Facts, Found, Report, duties, severity
from domain.regime.elements import Element, found

ROOT = Path(__file__).resolve().parents[2]
REGIMES, BROKEN = read_regimes(ROOT)
NOON = datetime(2026, 3, 4, 17, tzinfo=UTC)
SSN = "user.government_id.national_identification_number"


def facts(**more: Any) -> Facts:
    body = {
        "known": dict.fromkeys(("discovered", "aware", "determined"), "2026-03-03T09:00-05:00"),
        "people": [{"where": "US-CT", "count": 640, "data": ["user.name", SSN]}],
        "risk": "likely",
    }
    return Facts.model_validate_json(json.dumps(body | more))


def report(now: datetime = NOON, **more: Any) -> Report:
    given_ = facts(**more)
    return duties(REGIMES, given_.breach(), now, given_.told)


def duty(name: str, found_: Report) -> Found:
    return next(each for each in found_.found if each.name == name)


def people(where: str, count: int, *data: str) -> list[dict[str, Any]]:
    return [{"where": where, "count": count, "data": list(data)}]


# ── the rules as a whole ──


def test_all_115_rules_are_whole_and_every_kind_of_notice_has_its_duty() -> None:
    assert BROKEN == ()
    assert len(REGIMES) == 115
    assert sum(slug.startswith("us-") and len(slug) == 5 for slug in REGIMES) == 54


@pytest.mark.parametrize("slug", sorted(REGIMES))
def test_every_rule_has_a_case_that_is_met_and_one_that_is_late_where_it_can_be(slug: str) -> None:
    regime = REGIMES[slug]
    standings = {outcome.standing for case in regime.cases for outcome in case.expect}
    assert len(regime.cases) >= 2
    if regime.status == "proposed" or (regime.status == "enacted" and regime.since is None):
        assert standings <= {"not_started", None}
        return
    assert "met" in standings
    dated = any(each.limit or each.with_duty for each in regime.duties)
    # Where the law fixes no day, nothing is ever late; the case shows that it still runs.
    assert ("late" if dated else "running") in standings


def test_every_threshold_in_the_rules_is_exact_to_the_person() -> None:
    for slug, regime in REGIMES.items():
        for each in regime.duties:
            if each.threshold is not None:
                n = each.threshold.count
                reached = [each.threshold.reached(count) for count in (n - 1, n, n + 1)]
                assert (
                    reached
                    == {">": [False, False, True], ">=": [False, True, True], "<": [True, False, False]}[
                        each.threshold.op
                    ]
                ), slug


def test_the_data_categories_are_those_of_the_pinned_fideslang() -> None:
    assert set(categories.CATEGORIES) == {each.fides_key for each in DEFAULT_TAXONOMY.data_category}


def test_the_elements_that_files_may_name_are_those_with_an_overlay_on_known_categories() -> None:
    assert set(get_args(Element)) == set(ELEMENTS)
    for element in ELEMENTS.values():
        assert element.reason
        for key in (*element.sure, *element.may, *element.needs):
            assert categories.known(key.removeprefix("=")), element.label


# ── yes, no, depends ──


@pytest.mark.parametrize(("count", "required"), [(499, "no"), (500, "yes"), (501, "yes")])
def test_florida_counts_from_500(count: int, required: str) -> None:
    assert duty("us-fl/attorney-general", report(people=people("US-FL", count, "user.name", SSN))).required == required


@pytest.mark.parametrize(("count", "required"), [(499, "no"), (500, "no"), (501, "yes")])
def test_delaware_counts_more_than_500(count: int, required: str) -> None:
    assert duty("us-de/attorney-general", report(people=people("US-DE", count, "user.name", SSN))).required == required


def test_people_whose_data_no_law_lists_are_not_counted() -> None:
    several = people("US-DE", 500, "user.name", SSN) + people("US-DE", 300, "user.name", "user.contact.email")
    assert duty("us-de/attorney-general", report(people=several)).required == "no"
    alone = report(people=people("US-DE", 800, "user.name", "user.contact.email"))
    assert duty("us-de/individuals", alone).because == "Nothing leaked that this law lists."


def test_depends_names_the_fact_that_is_missing_and_shows_the_clock_all_the_same() -> None:
    unnamed = duty("us-ct/individuals", report(people=people("US-CT", 640, SSN)))
    assert (unnamed.required, unnamed.deadline.standing) == ("depends", "running")
    assert "user.name" in unnamed.because
    unknown = duty("us-ct/individuals", report(people=people("US-CT", 640)))
    assert "which data leaked (`people.data`)" in unknown.because
    code = duty("us-ia/individuals", report(people=people("US-IA", 5, "user.name", "user.financial.bank_account")))
    assert code.required == "depends"
    both = people("US-IA", 5, "user.name", "user.financial.bank_account", "user.authorization.password")
    assert duty("us-ia/individuals", report(people=both)).required == "yes"


def test_a_question_that_facts_cannot_settle_is_settled_by_an_answer() -> None:
    def broker(**more: Any) -> str:
        return duty("us-ga/individuals", report(people=people("US-GA", 5, "user.name", SSN), **more)).required

    assert [broker(), broker(answers={"ga-broker": True}), broker(answers={"ga-broker": False})] == [
        "depends",
        "yes",
        "no",
    ]


def test_the_risk_that_nobody_has_judged_is_suggested_but_not_assumed() -> None:
    asked = report(people=people("IE", 300, "user.name", "user.health_and_medical"), exposure="malicious", risk=None)
    told = duty("eu-gdpr/individuals", asked)
    assert (told.required, told.suggested) == ("depends", "high")
    assert "suggested: high" in told.because
    assert duty("us-ct/individuals", report(risk=None)).required == "yes"  # an exception must be shown by who uses it
    assert duty("us-ct/individuals", report(risk="unlikely")).required == "no"


def test_encryption_spares_only_with_the_key_safe_and_only_where_the_law_says_so() -> None:
    def required(name: str, protection: str, where: str) -> str:
        leaked = people(where, 10, "user.name", SSN)
        return duty(name, report(people=leaked, protection=protection, risk="high")).required

    assert required("us-ct/individuals", "encrypted_key_safe", "US-CT") == "no"
    assert required("us-ct/individuals", "encrypted_key_lost", "US-CT") == "yes"
    assert required("us-ct/individuals", "pseudonymised", "US-CT") == "yes"
    assert required("eu-gdpr/individuals", "encrypted_key_safe", "IE") == "no"
    assert required("eu-gdpr/authority", "encrypted_key_safe", "IE") == "yes"


def test_a_processor_tells_its_controller_and_nobody_else() -> None:
    both = report(people=people("IE", 5, "user.name"), organisation={"countries": ["IE"], "roles": ["processor"]})
    owed = {each.name for each in both.owed if each.slug == "eu-gdpr"}
    assert owed == {"eu-gdpr/partner"}


def test_a_broader_sector_leaves_it_open_and_another_one_closes_it() -> None:
    def bank(*sectors: str) -> str:
        return duty("us-bank-36h/authority", report(organisation={"countries": ["US"], "sectors": sectors})).required

    assert [bank("finance"), bank("retail"), bank()] == ["depends", "no", "depends"]


def test_a_rule_begins_on_its_day_and_says_so_before() -> None:
    def india(moment: str) -> Found:
        known = dict.fromkeys(("discovered", "aware"), moment)
        return duty("in-dpdp/authority-detail", report(known=known, people=people("IN", 1, "user.name")))

    assert india("2027-05-12T09:00+05:30").required == "no"
    assert "13 May 2027" in india("2027-05-12T09:00+05:30").because
    assert india("2027-05-13T09:00+05:30").required == "yes"
    early = {"discovered": "2025-12-31T09:00-08:00"}
    before = duty("us-ca/individuals", report(known=early, people=people("US-CA", 1, "user.name", SSN)))
    assert before.required == "depends"
    assert "since 1 January 2026" in before.because


def test_a_clock_that_nothing_has_started_says_which_fact_would() -> None:
    texas = duty(
        "us-tx/individuals",
        report(known={"discovered": "2026-03-03T09:00-06:00"}, people=people("US-TX", 5, "user.name", SSN)),
    )
    assert (texas.required, texas.deadline.standing, texas.missing) == ("yes", "not_started", "known.determined")


def test_what_no_rule_knows_is_said_and_changes_nothing() -> None:
    assert report(told={"us-ct/mayor": "2026-03-04T09:00-05:00"}).unknown == ("us-ct/mayor",)


def test_doing_a_duty_of_one_rule_starts_the_clock_of_another() -> None:
    hospital: dict[str, Any] = {
        "people": people("US-IL", 501, "user.name", "user.health_and_medical"),
        "organisation": {"sectors": ["health.hospital"]},
    }
    waiting = duty("us-il/attorney-general-hipaa", report(**hospital))
    assert (waiting.required, waiting.missing) == ("yes", "told: us-hipaa/hhs")
    told = report(told={"us-hipaa/hhs": "2026-03-04T09:00-06:00"}, **hospital)
    due = duty("us-il/attorney-general-hipaa", told).deadline.due
    assert due is not None
    assert due.date().isoformat() == "2026-03-11"


# ── police ──


def held(now: str, **hold: Any) -> Found:
    known = {"discovered": "2026-03-02T09:00-05:00"}
    given_ = report(
        datetime.fromisoformat(now),
        known=known,
        people=people("US-MD", 5, "user.name", SSN),
        police_delay=hold,
    )
    return duty("us-md/individuals", given_)


def test_the_police_hold_a_notice_until_they_let_go_and_then_the_law_counts_again() -> None:
    since = {"since": "2026-03-10T09:00-04:00"}
    waiting = held("2026-05-01T09:00-04:00", **since)
    assert (waiting.deadline.held, waiting.deadline.due, waiting.deadline.standing) == (True, None, "running")
    early = held("2026-05-01T09:00-04:00", until="2026-03-20T09:00-04:00", **since).deadline
    assert early.due is not None
    assert early.due.date().isoformat() == "2026-04-16"  # the original 45 days end later than seven days after
    late = held("2026-05-01T09:00-04:00", until="2026-04-28T09:00-04:00", **since).deadline
    assert late.due is not None
    assert (late.due.date().isoformat(), late.standing) == ("2026-05-05", "running")


def test_a_request_of_the_police_after_the_limit_revives_nothing() -> None:
    assert held("2026-05-01T09:00-04:00", since="2026-04-17T09:00-04:00").deadline.standing == "late"


# ── exactness over all rules ──

MOMENTS = st.datetimes(datetime(2026, 12, 2), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.integers(0, 120), st.integers(1, 20_000))
def test_nothing_is_late_before_it_is_due_and_everything_dated_is_late_after(
    start: datetime, days: int, count: int
) -> None:
    moment = start.isoformat()
    given_ = facts(
        known=dict.fromkeys(("discovered", "aware", "determined", "material"), moment),
        people=people("US-CT", count, "user.name", SSN) + people("IE", count, "user.name", "user.health_and_medical"),
        risk="high",
    )
    now = start + timedelta(days=days)
    for each in duties(REGIMES, given_.breach(), now).owed:
        stands = each.deadline
        if stands.due is not None:
            assert stands.due > start
            assert stands.standing == ("late" if now > stands.due else "running")
        else:
            assert stands.standing in {"running", "not_started"}


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_more_people_never_end_a_duty_that_fewer_brought_about(one: int, other: int) -> None:
    few, many = sorted((one, other))
    states = ("US-CT", "US-FL", "US-DE", "US-TX", "US-VT")

    def owed(count: int) -> set[str]:
        several = [group for where in states for group in people(where, count, "user.name", SSN)]
        return {
            each.name for each in report(people=several).owed if each.duty.to != "regulator" or "log" not in each.name
        }

    assert owed(few) <= owed(many)


# ── severity ──


def test_severity_is_data_times_ease_plus_circumstances_to_the_quarter() -> None:
    leaked = people("IE", 300, "user.name", "user.contact.email", "user.health_and_medical")
    found_ = severity(facts(people=leaked, exposure="malicious").breach())
    assert found_ is not None
    assert found_.sum == "4 × 1 + 0.5 + 0.5 = 5"
    assert (found_.score, found_.level, found_.risk) == (Decimal(5), "very high", "high")
    assert found_.flags


@pytest.mark.parametrize(
    ("data", "more", "total", "risk"),
    [
        (["user.name"], {"exposure": "accidental_trusted"}, "1", "unlikely"),
        (["user.name", "user.contact.email"], {"exposure": "accidental_unknown"}, "1.5", "unlikely"),
        (["user.location.precise", "user.name"], {"exposure": "accidental_unknown"}, "2", "likely"),
        (["user.financial.bank_account", "user.name"], {"exposure": "none_seen"}, "2.25", "likely"),
        (["user.health_and_medical", "user.name"], {"exposure": "none_seen"}, "3", "high"),
        (["user.health_and_medical", "user.name"], {"exposure": "none_seen", "protection": "encrypted_key_safe"}, "1", "unlikely"),
        (["user.name"], {"effects": {"confidentiality": False, "availability": True, "backup": True}}, "1", "unlikely"),
    ],
)  # fmt: skip
def test_severity_steps_lie_where_enisa_puts_them(data: list[str], more: dict[str, Any], total: str, risk: str) -> None:
    found_ = severity(facts(people=people("IE", 5, *data), **more).breach())
    assert found_ is not None
    assert (found_.score, found_.risk) == (Decimal(total), risk)


def test_without_people_or_data_no_severity_is_made_up() -> None:
    assert severity(facts(people=[]).breach()) is None
    assert severity(facts(people=people("IE", 5)).breach()) is None


def test_credit_monitoring_follows_the_numbers_that_leaked() -> None:
    offers = {each.slug: each.duty.monitoring_months for each in report().monitoring}
    assert offers == {"us-ct": 24}
    assert report(people=people("US-CT", 640, "user.name", "user.health_and_medical")).monitoring == ()


# ── places ──


@pytest.mark.parametrize(
    ("given_", "hint"), [("TX", "US-TX"), ("UK", "GB"), ("Germny", "DE"), ("PR", "US-PR"), ("de", "DE")]
)
def test_an_unknown_place_gets_a_suggestion(given_: str, hint: str) -> None:
    with pytest.raises(ValueError, match=f"did you mean {hint}"):
        places.known(given_)


def test_an_element_needs_all_that_the_law_names() -> None:
    assert found(("account-with-code",), ("user.financial.bank_account",))[0] == "depends"
    assert found(("card",), ("user.financial.bank_account",))[0] == "no"
    assert found(("card",), ("user.financial",))[0] == "depends"
    assert found(("passport",), ("user.government_id",))[0] == "depends"
