"""How fast the duties engine is: a breach in every US jurisdiction and ten countries, worked out inside this process."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from catalog.facts import read_regimes
from domain.places import STATES
from domain.regime import Breach, Facts, duties

COUNTRIES = ("DE", "FR", "GB", "CH", "CA", "BR", "AU", "JP", "KR", "ZA")
BAR_MS = 100.0
"""What one report may take."""


def facts(regimes: dict[str, Any]) -> Breach:
    """People in each US jurisdiction that has a rule, and in ten countries."""
    states = [place for place in STATES if f"us-{place[3:].lower()}" in regimes]
    data = ["user.name", "user.government_id.national_identification_number", "user.health_and_medical"]
    people = [{"where": where, "count": 1200, "data": data} for where in (*states, *COUNTRIES)]
    moment = "2026-03-03T09:00:00+00:00"
    return Facts.model_validate(
        {
            "known": {"discovered": moment, "aware": moment, "determined": moment},
            "organisation": {"countries": ("US", "DE"), "sectors": ("health.hospital",), "public_company": True},
            "people": people,
            "exposure": "malicious",
            "risk": "high",
        }
    ).breach()


def measure(root: Path, rounds: int) -> dict[str, Any]:
    """Milliseconds of one report: the first, which reads holidays and time zones, the middle, the slowest, and the work.

    `cpu_ms` is the middle of what this process worked for it; the others hold what else the machine did meanwhile.
    """
    begun = time.perf_counter()
    regimes, _ = read_regimes(root)
    read = time.perf_counter() - begun
    breach, now = facts(regimes), datetime(2026, 4, 1, tzinfo=UTC)
    took, cpu = [], []
    for _ in range(rounds):
        begun, used = time.perf_counter(), time.process_time()
        report = duties(regimes, breach, now)
        took.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    later, work = sorted(took[1:]), sorted(cpu[1:])
    return {
        "places": len(breach.people),
        "rules": len(regimes),
        "duties": len(report.found),
        "owed": len(report.owed),
        "read_ms": round(read * 1000),
        "first_ms": round(took[0], 1),
        "p50_ms": round(later[len(later) // 2], 1),
        "max_ms": round(later[-1], 1),
        "cpu_ms": round(work[len(work) // 2], 1),
    }
