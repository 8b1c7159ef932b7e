"""Drawing *What if it happened now?*: the questions, and the duties with their clocks, reasons, rules and arithmetic."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, get_args

import streamlit as st

from domain import categories
from domain.places import named
from domain.regime import Affected, Exposure, Facts, Found, Protection, Report, Risk, Sector, Severity
from domain.regime.breach import SECTORS
from domain.regime.words import STANDS, STATUS, VERIFIED, day, limit
from ui import parts

DATA = (
    "user.name", "user.contact", "user.demographic.date_of_birth", "user.authorization.credentials",
    "user.financial.bank_account", "user.financial.credit_card", "user.government_id.national_identification_number",
    "user.government_id.drivers_license_number", "user.government_id.passport_number", "user.health_and_medical",
    "user.health_and_medical.insurance_beneficiary_id", "user.health_and_medical.genetic", "user.biometric",
    "user.location.precise", "user.behavior", "user.content.private", "user.criminal_history",
)  # fmt: skip
AGO = {
    "just now": timedelta(),
    "a day ago": timedelta(days=1),
    "three days ago": timedelta(days=3),
    "a week ago": timedelta(days=7),
    "a month ago": timedelta(days=30),
    "two months ago": timedelta(days=61),
}
PROTECTION: dict[Protection, str] = {
    "none": "Nothing",
    "encrypted_key_safe": "Encrypted, the key is safe",
    "encrypted_key_lost": "Encrypted, the key is lost as well",
    "pseudonymised": "Pseudonymised",
}
EXPOSURE: dict[Exposure | None, str] = {
    None: "Nobody knows yet",
    "malicious": "Somebody with intent",
    "accidental_trusted": "A known recipient one can trust",
    "accidental_unknown": "Anybody might have",
    "none_seen": "Nobody, as far as one sees",
}
RISK: dict[Risk | None, str] = {None: "Suggest one", "unlikely": "Unlikely", "likely": "A risk", "high": "A high risk"}
REQUIRED = {"yes": "Owed", "depends": "Depends"}


def _sector(name: str) -> str:
    words = SECTORS.get(name) or name.rpartition(".")[2].replace("_", " ")
    return words[:1].upper() + words[1:]


def people(offered: Sequence[str]) -> tuple[Affected, ...]:
    """Who is affected, as chosen: places, what leaked, and how many in each place."""
    chosen = st.multiselect(
        "Where do the people affected live?", offered, ["IE", "US-CT"], format_func=named, key="what-places"
    )
    data = st.multiselect(
        "What leaked about them?",
        DATA,
        ["user.name", "user.government_id.national_identification_number"],
        format_func=categories.label,
        key="what-data",
    )
    counts = [
        (where, st.number_input(f"People in {named(where)}", 0, 100_000_000, 640, key=f"what-count-{where}"))
        for where in chosen
    ]
    return tuple(Affected(where=where, count=int(count), data=tuple(data)) for where, count in counts)


def facts(offered: Sequence[str]) -> tuple[Facts, timedelta]:
    """The rest of the facts as chosen, and how long ago it was discovered."""
    left, right = st.columns(2)
    with left:
        ago = st.selectbox("It was discovered", list(AGO), key="what-ago")
        exposure = st.selectbox(
            "Who got at the data?", list(EXPOSURE), format_func=EXPOSURE.__getitem__, key="what-exposure"
        )
    with right:
        protection = st.selectbox(
            "What protects the data?", list(PROTECTION), format_func=PROTECTION.__getitem__, key="what-protection"
        )
        risk = st.selectbox("The risk to people is judged", list(RISK), format_func=RISK.__getitem__, key="what-risk")
    with st.expander("About the organisation"):
        countries = [place for place in offered if len(place) == 2]
        at = st.multiselect("Where does it work?", countries, format_func=named, key="what-countries")
        sectors = st.multiselect("What does it do?", get_args(Sector), format_func=_sector, key="what-sectors")
        listed = st.checkbox("Its shares are listed in the United States", key="what-listed")
    firm: dict[str, Any] = {"countries": tuple(at), "sectors": tuple(sectors), "public_company": listed}
    body = {"organisation": firm, "protection": protection, "exposure": exposure, "risk": risk}
    return Facts.model_validate(body), AGO[ago]


def show(report: Report) -> None:
    """The duties, soonest first, the suggested severity, credit monitoring, and what is unsettled."""
    owed = [found for found in report.owed if found.required == "yes"]
    depends = [found for found in report.owed if found.required == "depends"]
    dated = [found for found in owed if found.deadline.due is not None]
    late = sum(found.deadline.standing == "late" for found in owed)
    parts.figures(
        parts.Figure("Owed", str(len(owed)), f"{late} late" if late else "", "bad" if late else "plain"),
        parts.Figure("Depends on a missing fact", str(len(depends))),
        parts.Figure("First day", day(dated[0].deadline.due) if dated and dated[0].deadline.due else "none fixed"),
    )
    _duties("Owed", owed)
    _duties("Depends", depends)
    if report.severity is not None:
        _severity(report.severity)
    if report.monitoring:
        parts.heading("Credit monitoring")
        rows = [
            (f"{found.duty.monitoring_months} months", named(found.regime.places[0]), found.duty.wording, found.because)
            for found in report.monitoring
        ]
        parts.table(
            ("How long", "Where", "Rule", "Because"), rows, caption="Free of charge, for those whose data leaked"
        )
    disputed = {found.regime.citation: found.regime.disputed for found in report.owed if found.regime.disputed}
    if disputed:
        with st.expander(f"Disputed or changing ({len(disputed)} rules)"):
            rows_ = [(citation, " ".join(texts)) for citation, texts in disputed.items()]
            parts.table(("Rule", "What is unsettled"), rows_, caption="Disputed or changing", hide_caption=True)
    parts.note(f"{parts.LEGAL} For a real breach, ask counsel.")


def _duties(title: str, several: Sequence[Found]) -> None:
    if not several:
        return
    parts.heading(title)
    rows = [
        (
            f"{found.duty.authority}",
            limit(found),
            STANDS[found.deadline.standing].capitalize(),
            found.because,
            _rule(found),
        )
        for found in several
    ]
    head = ("Who is told", "By when", "Stands", "Because", "Rule")
    parts.table(head, rows, caption=f"{title}, soonest first", hide_caption=True)


def _rule(found: Found) -> str:
    regime = found.regime
    disputed = "; parts are disputed or changing" if regime.disputed else ""
    return (
        f"{regime.citation}: {STATUS[regime.status]}{disputed}; {VERIFIED[regime.verification]}, {day(regime.checked)}"
    )


def _severity(found: Severity) -> None:
    parts.heading("Severity, as suggested")
    parts.note(f"{found.sum}: {found.level}, so the risk may be judged “{RISK[found.risk].lower()}”. People judge.")
    rows = [
        (part.name.capitalize(), str(part.points), part.why) for part in (found.data, found.ease, *found.circumstances)
    ]
    parts.table(
        ("Part", "Points", "Why"), rows, caption="After the method of ENISA, 2013; the sum is data × ease + the rest"
    )
    for flag in found.flags:
        parts.note(flag)
