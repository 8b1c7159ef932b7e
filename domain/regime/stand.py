"""How duties stand at a moment: since when they run, until when they are in time, and whether they were done.

The same arithmetic serves an exercise, a debrief and the command line. Nothing here reads a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from domain.regime.breach import Breach
from domain.regime.clock import Limit, due
from domain.regime.judge import Reason, of_duty, of_regime, verdict
from domain.regime.rule import Duty, Regime, Standing

Done = Mapping[str, datetime]
"""When which duties of one regime were done."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """How one duty stands at a moment."""

    regime: str
    duty: str
    standing: Standing
    started: datetime | None = None
    due: datetime | None = None
    met: datetime | None = None
    not_before: datetime | None = None
    held: bool = False  # the police have asked to wait, and have not let go

    @property
    def late_by(self) -> timedelta | None:
        """By how much it was met too late; None when it was not."""
        return self.met - self.due if self.met and self.due and self.met > self.due else None

    @property
    def too_early(self) -> bool:
        """Whether it was done before it was allowed."""
        return self.met is not None and self.not_before is not None and self.met < self.not_before


def day_of(regime: Regime, breach: Breach, now: datetime | None) -> date:
    """The day that decides which form of a rule applies: of the first moment known, or now, or when it was checked."""
    first = min(breach.known.values(), default=now)
    return first.date() if first is not None else max(regime.checked, regime.since or regime.checked)


def reasons(regime: Regime, duty: Duty, breach: Breach, now: datetime | None) -> tuple[Reason, ...]:
    """Everything the facts say to whether a duty is owed."""
    whole = of_regime(regime, breach, day_of(regime, breach, now))
    return whole if verdict(whole) == "no" else (*whole, *of_duty(regime, duty, breach))


def owed(regime: Regime, duty: Duty, breach: Breach, now: datetime | None = None) -> bool:
    """Whether what is known brings the duty about, for somebody who has named it as theirs; `now` where no time is.

    Then the open questions about organisation and data are settled; people, thresholds and the risk are not.
    """
    found = reasons(regime, duty, breach, now)
    return all(r.answer == "yes" or (r.answer == "depends" and r.kind not in {"risk", "residents"}) for r in found)


def stand(slug: str, regime: Regime, name: str, breach: Breach, met: Done, now: datetime) -> Deadline:
    """How the duty `name` stands at `now`; `met` says when which duties of this regime were done, later ones ignored."""
    duty = regime.duty(name)
    if not owed(regime, duty, breach, now):
        done = met.get(name)
        return Deadline(slug, name, "not_started", met=done if done is not None and done <= now else None)
    return run(slug, regime, duty, breach, met, now)


def run(slug: str, regime: Regime, duty: Duty, breach: Breach, met: Done, now: datetime) -> Deadline:
    """How a duty stands at `now` if it is owed."""
    past = {name: moment for name, moment in met.items() if moment <= now}
    done = past.get(duty.id)
    started, limit = _runs(regime, duty, breach, past)
    if started is None or started > now:
        return Deadline(slug, duty.id, "not_started", met=done)
    limit, held = _held(regime, duty, breach, limit, now)
    early = _at(duty.not_before, regime, breach, past) if duty.not_before else None
    if done is not None:
        return Deadline(slug, duty.id, "met", started, limit, done, early)
    late = limit is not None and now > limit
    return Deadline(slug, duty.id, "late" if late else "running", started, limit, None, early, held)


def _at(limit: Limit, regime: Regime, breach: Breach, past: Done) -> datetime | None:
    started = _start(limit, breach, past)
    return due(limit, started, regime.zone) if started is not None else None


def _start(limit: Limit, breach: Breach, past: Done) -> datetime | None:
    return breach.known.get(limit.start) if limit.start else past.get(limit.after or "")


def _runs(regime: Regime, duty: Duty, breach: Breach, past: Done) -> tuple[datetime | None, datetime | None]:
    """Since when a duty runs, and until when it is in time."""
    started = breach.known.get(duty.starts)
    ends: list[datetime] = []
    if duty.limit is not None:
        started = _start(duty.limit, breach, past)
        if started is not None:
            ends.append(due(duty.limit, started, regime.zone))
    if duty.with_duty is not None:
        since, limit = _runs(regime, regime.duty(duty.with_duty), breach, past)
        other = past.get(duty.with_duty, limit)
        started = since if duty.limit is None else started or since
        ends += [other] if other is not None else []
    if duty.cap is not None and started is not None:
        cap = _at(duty.cap, regime, breach, past)
        ends += [cap] if cap is not None and cap > started else []
    return started, min(ends, default=None)


def _held(
    regime: Regime, duty: Duty, breach: Breach, limit: datetime | None, now: datetime
) -> tuple[datetime | None, bool]:
    """The limit as a request of the police leaves it, and whether they still ask to wait."""
    rule, hold = regime.police_delay, breach.hold
    if rule is None or hold is None or duty.id not in rule.duties or hold.since > now:
        return limit, False
    if limit is not None and hold.since > limit:
        return limit, False
    end = hold.until
    longest = rule.oral_days if rule.oral_days is not None and not hold.written else rule.most_days
    if longest is not None:
        most = hold.since.astimezone(UTC) + timedelta(days=longest)
        end = most if end is None else min(end, most)
    if end is None or end > now:
        return (None, True) if limit is None or end is None or end > limit else (limit, True)
    if rule.then is not None:
        after = due(rule.then, end, regime.zone)
        return (max(limit, after) if limit is not None else after), False
    return (limit if limit is None or end <= limit else None), False
