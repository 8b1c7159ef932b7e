"""Legal clocks: rules as dated values, facts of a breach, and what they bring about.

Everything here is pure. Training material, not legal advice.
"""

from domain.regime.breach import (
    Affected,
    Breach,
    Effects,
    Exposure,
    Facts,
    Firm,
    Hold,
    Moments,
    Protection,
    Risk,
    Sector,
)
from domain.regime.cases import differences
from domain.regime.clock import Length, Limit, Start, due, end_of_day, is_business_day
from domain.regime.duties import Found, Report, duties
from domain.regime.elements import ELEMENTS, Answer
from domain.regime.judge import Reason, counted, verdict
from domain.regime.rule import Applies, Ask, Case, Duty, Regime, Standing, Status, Threshold, Verification
from domain.regime.severity import Severity, severity
from domain.regime.stand import Deadline, owed, stand

__all__ = [
    "ELEMENTS", "Affected", "Answer", "Applies", "Ask", "Breach", "Case", "Deadline", "Duty", "Effects", "Exposure",
    "Facts", "Firm", "Found", "Hold", "Length", "Limit", "Moments", "Protection", "Reason", "Regime", "Report", "Risk",
    "Sector", "Severity", "Standing", "Start", "Status", "Threshold", "Verification", "counted", "differences", "due",
    "duties", "end_of_day", "is_business_day", "owed", "severity", "stand", "verdict",
]  # fmt: skip
