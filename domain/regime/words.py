"""Words for what rules and clocks say, the same on every page and in every report."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from domain.regime.duties import Found
from domain.regime.rule import Standing, Status, Verification

LEGAL: Final = "Training material, not legal advice."

STANDS: Final[Mapping[Standing, str]] = {
    "not_started": "not started",
    "running": "running",
    "late": "late",
    "met": "done",
}

STATUS: Final[Mapping[Status, str]] = {
    "in_force": "in force",
    "enacted": "adopted, not applied yet",
    "proposed": "proposed, not in force",
    "repealed": "repealed",
}

VERIFIED: Final[Mapping[Verification, str]] = {
    "primary_text_read": "text of the law read",
    "secondary_corroborated": "checked against other sources",
    "unverified": "not yet verified",
}


def moment(at: datetime) -> str:
    """A moment as people write it: Tue 3 March 2026, 09:00 +01:00."""
    return f"{day(at)}, {at:%H:%M} {at.isoformat()[-6:]}"


def day(at: date) -> str:
    """A day as people write it: Tue 3 March 2026."""
    return f"{at:%a} {at.day} {at:%B %Y}"


def limit(found: Found) -> str:
    """Until when a duty is in time, as far as the law and the facts say."""
    deadline, duty = found.deadline, found.duty
    if deadline.held:
        return "the police ask to wait; then without undue delay"
    if deadline.due is not None:
        if deadline.due.time() < time(23, 59, 59):
            return f"by {moment(deadline.due)}"
        return f"by the end of {day(deadline.due)}, {found.regime.zone.rpartition('/')[2].replace('_', ' ')} time"
    if duty.limit is not None and deadline.started is None:
        unit = duty.limit.unit.replace("_", " ")
        return f"{duty.limit.amount} {unit if duty.limit.amount != 1 else unit.rstrip('s')} from {found.starts}"
    if duty.with_duty is not None and deadline.started is None:
        return f"with {found.slug}/{duty.with_duty}"
    return "without undue delay; no day is fixed"


def span(length: timedelta) -> str:
    """A length of time as people say it, in its two largest units."""
    minutes = int(length.total_seconds() // 60)
    parts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    said = [f"{number} {unit}{'s' if number != 1 else ''}" for number, unit in parts if number]
    return " ".join(said[:2]) or "less than a minute"
