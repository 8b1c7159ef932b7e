"""The legal clocks of a breach on the command line: facts in, every duty out, with its reason and its rule.

Reads two kinds of files and nothing else: the facts, and the rules in content/regimes. Not legal advice.
"""

import json
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from catalog.facts import read_facts, read_regimes
from commands.content import ROOT
from domain.regime import Found, Report, duties
from domain.regime.words import LEGAL, STANDS, STATUS, VERIFIED, limit, moment, span

app = typer.Typer(add_completion=False, help="Legal clocks.")


@app.command("duties")
def show(
    facts: Annotated[Path, typer.Argument(metavar="FACTS", help="A YAML or JSON file with the facts of a breach.")],
    now: Annotated[str | None, typer.Option(help="The moment to look from, as 2026-03-03T09:00+01:00.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    root: Annotated[Path, typer.Option(help="The folder that holds content/ and quizzes/.")] = ROOT,
) -> None:
    """Print who must be told of a breach, by when, why, and by which rule. Exit 1 when the facts have problems."""
    at = _moment(now)
    if not facts.is_file():
        raise typer.BadParameter(f"{facts} is no file.", param_hint="FACTS")
    given, problems = read_facts(facts.read_bytes(), str(facts))
    if given is None:
        for problem in problems:
            typer.echo(str(problem), err=True)
        sys.exit(1)
    regimes, broken = read_regimes(root)
    for problem in broken:
        typer.echo(f"{problem}\nThis rule is left out until it is mended.", err=True)
    report = duties(regimes, given.breach(), at, given.told)
    typer.echo(json.dumps(as_data(report), ensure_ascii=False, indent=1) if as_json else as_text(report))


def _moment(now: str | None) -> datetime:
    if now is None:
        return datetime.now(UTC)
    try:
        at: datetime | None = datetime.fromisoformat(now)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise typer.BadParameter(f"`{now}` is no moment: write one with its offset, as 2026-03-03T09:00+01:00.")
    return at


# ── for programs ──────────────────────────────────────────────────────────────────────────────────────────────


def as_data(report: Report) -> dict[str, Any]:
    """The report as JSON: every duty of every rule, those that are not owed as well."""
    return {
        "now": report.now.isoformat(),
        "legal": LEGAL,
        "duties": [_duty(found) for found in report.found],
        "severity": _severity(report),
        "monitoring": [
            {
                "regime": found.slug,
                "months": found.duty.monitoring_months,
                "required": found.required,
                "because": found.because,
                "why": found.duty.wording,
                "citation": found.regime.citation,
            }
            for found in report.monitoring
        ],
        "unknown": list(report.unknown),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _duty(found: Found) -> dict[str, Any]:
    regime, deadline = found.regime, found.deadline
    return {
        "regime": found.slug,
        "duty": found.duty.id,
        "to": found.duty.to,
        "authority": found.duty.authority,
        "required": found.required,
        "because": found.because,
        "clock": found.starts,
        "starts": _iso(deadline.started),
        "due": _iso(deadline.due),
        "not_before": _iso(deadline.not_before),
        "standing": deadline.standing,
        "met": _iso(deadline.met),
        "late_by": str(deadline.late_by) if deadline.late_by else None,
        "held": deadline.held,
        "missing": found.missing,
        "wording": found.duty.wording,
        "content": list(found.duty.content),
        "citation": regime.citation,
        "sources": [{"title": s.title, "url": s.url} for s in regime.sources if s.id in found.duty.cites],
        "status": regime.status,
        "verification": regime.verification,
        "checked": regime.checked.isoformat(),
        "disputed": list(regime.disputed),
    }


def _severity(report: Report) -> dict[str, Any] | None:
    found = report.severity
    if found is None:
        return None
    parts = (found.data, found.ease, *found.circumstances)
    return {
        "score": float(found.score),
        "level": found.level,
        "risk": found.risk,
        "sum": found.sum,
        "parts": [{"name": part.name, "points": float(part.points), "why": part.why} for part in parts],
        "notes": list(found.flags),
    }


# ── for people ────────────────────────────────────────────────────────────────────────────────────────────────


def as_text(report: Report) -> str:
    """The report as people read it: what is owed or may be, soonest first; what is not, one line a rule."""
    lines = [f"At {moment(report.now)}. {LEGAL}", ""]
    for title, required in (("Owed", "yes"), ("Depends on what is not known", "depends")):
        several = [found for found in report.owed if found.required == required]
        lines += [f"{title}: {len(several)}", ""]
        for found in several:
            lines += _block(found)
    lines += _last(report)
    return "\n".join(lines)


def _block(found: Found) -> list[str]:
    regime, deadline = found.regime, found.deadline
    stands = STANDS[deadline.standing]
    if deadline.late_by:
        stands += f", {span(deadline.late_by)} too late"
    if deadline.too_early and deadline.not_before:
        stands += f", too early: not before {moment(deadline.not_before)}"
    due = limit(found)
    rows = [
        ("to", f"{found.duty.to.replace('_', ' ')}: {found.duty.authority}"),
        ("because", found.because),
        ("starts", moment(deadline.started) if deadline.started else f"with {found.starts} (missing: {found.missing})"),
        ("due", due),
        ("stands", stands),
        ("rule", found.duty.wording),
        *([("content", "; ".join(found.duty.content))] if found.duty.content else []),
        ("cites", f"{regime.citation} ({STATUS[regime.status]}; {VERIFIED[regime.verification]}, {regime.checked})"),
        *([("disputed", "Unsettled or changing, see the end.")] if regime.disputed else []),
    ]
    return [found.name, *(line for name, text in rows for line in _fill(name, text, 9)), ""]


def _fill(name: str, text: str, width: int) -> list[str]:
    """A name and a text beside it, in lines of 110 characters."""
    first, later = f"  {name:<{width}}", " " * (width + 2)
    return textwrap.wrap(text, 110, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)


def _last(report: Report) -> list[str]:
    lines = []
    no = {found.slug: found for found in report.found if found.required == "no"}
    owed = {found.slug for found in report.owed}
    silent = [found for slug, found in sorted(no.items()) if slug not in owed]
    lines += [f"Not owed: {len(silent)} rules", *(f"  {found.slug:<22}{found.because}" for found in silent), ""]
    if report.severity is not None:
        found = report.severity
        lines += [f"Severity suggested: {found.level}, that is a risk judged “{found.risk}”. {found.sum}"]
        parts = (found.data, found.ease, *found.circumstances)
        lines += [f"  {part.name:<17}{part.points:>5}  {part.why}" for part in parts]
        lines += [
            *(f"  {flag}" for flag in found.flags),
            "  After ENISA's method of 2013; a suggestion, people judge.",
            "",
        ]
    lines += ["Unsettled or changing"]
    for slug, regime in {found.slug: found.regime for found in report.owed}.items():
        for text in regime.disputed:
            lines += _fill(slug, text, 22)
    lines += ["", "Credit monitoring", *(f"  {_offer(found)}" for found in report.monitoring)]
    if not report.monitoring:
        lines += ["  None is owed by these rules."]
    lines += [f"No rule has the duty {name}: `told` is ignored there." for name in report.unknown]
    return lines


def _offer(found: Found) -> str:
    may = "" if found.required == "yes" else " It may be owed."
    return f"{found.duty.monitoring_months} months, {found.name}: {found.duty.wording}{may} {found.because}"


if __name__ == "__main__":
    app()
