"""Every duty that the facts of a breach bring about, in all regimes at once: for the command line, pages and debriefs.

A duty that depends on a missing fact is shown with its clock as if it were owed, so that nobody plans without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain.regime.breach import Breach
from domain.regime.clock import Start
from domain.regime.elements import Answer
from domain.regime.judge import Reason, listed, of_duty, of_regime, verdict
from domain.regime.rule import Duty, Regime
from domain.regime.severity import Severity, severity
from domain.regime.stand import Deadline, Done, day_of, run

FIELDS: Mapping[Start, str] = dict(
    zip(Start, ("discovered", "aware", "determined", "material", "paid", "resolved"), strict=True)
)
"""The field of `known` that starts a clock of each kind."""


@dataclass(frozen=True, slots=True)
class Found:
    """One duty of one regime: whether it is owed, why, and how it stands."""

    slug: str
    regime: Regime
    duty: Duty
    required: Answer
    reasons: tuple[Reason, ...]
    deadline: Deadline
    suggested: str | None = None  # the risk that we suggest, where it depends on the risk

    @property
    def name(self) -> str:
        """us-tx/attorney-general."""
        return f"{self.slug}/{self.duty.id}"

    @property
    def because(self) -> str:
        """Why it is owed or not; where it depends, which facts are missing."""
        said = [reason.text for reason in self.reasons if reason.answer == self.required]
        if self.required == "no":
            said = said[:1]
        if self.required == "yes" and not said:
            said = ["the rule applies to every breach"]
        text = listed(said) if self.required == "yes" else "; ".join(said)
        if self.required == "depends":
            hint = f"; suggested: {self.suggested}" if self.suggested else ""
            return f"It depends on: {text}{hint}."
        return f"{text[:1].upper()}{text[1:]}."

    @property
    def starts(self) -> str:
        """What starts its clock, and the field that says when."""
        if self.duty.limit is not None and self.duty.limit.after is not None:
            return f"the doing of {self._other(self.duty.limit.after)}"
        start = (self.duty.limit.start if self.duty.limit else None) or self.duty.starts
        return start.value

    def _other(self, name: str) -> str:
        return name if "/" in name else f"{self.slug}/{name}"

    @property
    def missing(self) -> str | None:
        """The field that would start the clock, when the facts do not give it."""
        if self.deadline.started is not None or self.required == "no":
            return None
        if self.duty.limit is not None and self.duty.limit.after is not None:
            return f"told: {self._other(self.duty.limit.after)}"
        start = (self.duty.limit.start if self.duty.limit else None) or self.duty.starts
        return f"known.{FIELDS[start]}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a breach brings about."""

    now: datetime
    found: tuple[Found, ...] = ()
    severity: Severity | None = None
    unknown: tuple[str, ...] = field(default=())  # duties said to be done that no regime has

    @property
    def owed(self) -> tuple[Found, ...]:
        """Duties that are owed or may be, soonest first; those without a fixed day after them."""
        wanted = [found for found in self.found if found.required != "no"]
        last = datetime.max.replace(tzinfo=UTC)
        return tuple(sorted(wanted, key=lambda f: (f.required != "yes", f.deadline.due or last, f.name)))

    @property
    def monitoring(self) -> tuple[Found, ...]:
        """Credit monitoring that is owed or may be, longest first."""
        offers = [found for found in self.found if found.duty.monitoring_months and found.required != "no"]
        return tuple(sorted(offers, key=lambda found: -(found.duty.monitoring_months or 0)))


def duties(
    regimes: Mapping[str, Regime], breach: Breach, now: datetime, told: Mapping[str, datetime] | None = None
) -> Report:
    """Every duty of every regime at `now`, by regime; `told` says what is done: us-tx/attorney-general → when."""
    by_regime: dict[str, dict[str, datetime]] = {}
    for name, moment in (told or {}).items():
        slug, _, duty = name.partition("/")
        by_regime.setdefault(slug, {})[duty] = moment
    elsewhere = dict(told or {})
    suggestion = severity(breach)
    found: list[Found] = []
    for slug, regime in sorted(regimes.items()):
        found += of(slug, regime, breach, now, elsewhere | by_regime.get(slug, {}), suggestion)
    names = {each.name for each in found}
    return Report(now, tuple(found), suggestion, tuple(name for name in told or () if name not in names))


def of(
    slug: str, regime: Regime, breach: Breach, now: datetime, met: Done, suggestion: Severity | None = None
) -> list[Found]:
    """Every duty of one regime at `now`."""
    whole = of_regime(regime, breach, day_of(regime, breach, now))
    applies = verdict(whole) != "no"
    found = []
    for duty in regime.duties:
        reasons = (*whole, *of_duty(regime, duty, breach)) if applies else whole
        required = verdict(reasons)
        if required == "no":
            done = met.get(duty.id)
            deadline = Deadline(slug, duty.id, "not_started", met=done if done is not None and done <= now else None)
        else:
            deadline = run(slug, regime, duty, breach, met, now)
        open_risk = any(reason.kind == "risk" and reason.answer == "depends" for reason in reasons)
        suggested = suggestion.risk if suggestion and open_risk else None
        found.append(Found(slug, regime, duty, required, reasons, deadline, suggested))
    return found
