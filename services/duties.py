"""What if it happened now? The duties that a made-up breach would bring about, by the rules in use.

Nothing is stored: it is a question, not a record.
"""

from datetime import datetime, timedelta

from domain.people import Person, Role
from domain.places import COUNTRIES, PROVINCES, STATES, ZONES
from domain.refusal import Refused
from domain.regime import Affected, Facts, Moments, Report, duties
from services.app import App
from services.authority import permits

LONGEST = timedelta(days=400)
"""A breach that is looked at is not older than this."""


@permits(Role.EMPLOYEE, Role.SECURITY)
def places(app: App, actor: Person) -> tuple[str, ...]:  # noqa: ARG001 - whoever may ask sees the same
    """Places where some rule counts people: countries first, then States and provinces."""
    named = {place for regime in app.content().regimes.values() for place in regime.places}
    order = [*COUNTRIES, *ZONES, *STATES, *PROVINCES]
    known = {place: number for number, place in enumerate(order)}
    return tuple(sorted(named & known.keys(), key=known.__getitem__))


@permits(Role.EMPLOYEE, Role.SECURITY)
def what_if(app: App, actor: Person, facts: Facts, ago: timedelta, people: tuple[Affected, ...]) -> Report:  # noqa: ARG001
    """Every duty if the breach was discovered, certain and judged one `ago`; `facts` says the rest."""
    if not timedelta() <= ago <= LONGEST:
        raise Refused("Choose a moment within the last 400 days.")
    if not people:
        raise Refused("Choose where the people affected live, and how many they are.")
    now: datetime = app.now()
    known = Moments(discovered=now - ago, aware=now - ago, determined=now - ago)
    given = facts.model_copy(update={"known": known, "people": people})
    return duties(app.content().regimes, given.breach(), now, given.told)
