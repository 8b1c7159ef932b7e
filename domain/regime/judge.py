"""Whether a duty is owed: yes, no, or depends, with the reason for each, in words.

*Depends* names the fact that is missing. One no settles the matter; where nothing says no, one open question keeps it
open.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.categories import within
from domain.places import among, inside, named
from domain.places import within as article
from domain.regime.breach import SECTORS, Affected, Breach, Firm, Risk
from domain.regime.clock import Start
from domain.regime.elements import ELEMENTS, Answer, found
from domain.regime.rule import Applies, Duty, Regime, Threshold

Kind = Literal[
    "force", "residents", "seat", "sector", "role", "data", "effects", "exposure", "ask", "count", "risk", "key"
]

_RISKS: tuple[Risk, ...] = ("unlikely", "likely", "high")
_PROTECTED = {
    "none": "nothing protected the data",
    "encrypted_key_safe": "the data are encrypted and the key is safe",
    "encrypted_key_lost": "the key is lost with the data",
    "pseudonymised": "the data are pseudonymised",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One answer of the facts to one condition of a rule."""

    answer: Answer
    kind: Kind
    text: str


def verdict(reasons: Iterable[Reason]) -> Answer:
    """No, if anything says no; depends, if anything is open; else yes."""
    answers = {reason.answer for reason in reasons}
    return "no" if "no" in answers else "depends" if "depends" in answers else "yes"


def listed(words: Sequence[str]) -> str:
    """Words as people list them; more than four are cut short."""
    if len(words) > 4:
        return f"{', '.join(words[:3])} and {len(words) - 3} more"
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def concerned(regime: Regime, breach: Breach) -> tuple[Affected, ...]:
    """The groups whose data the rule may be about, wherever they live."""
    wanted = regime.applies.elements if regime.applies else ()
    return tuple(g for g in breach.people if g.count and (not wanted or found(wanted, g.data)[0] != "no"))


def local(regime: Regime, people: Iterable[Affected]) -> tuple[Affected, ...]:
    """Those of the groups that live in the regime's places."""
    if not regime.places:
        return tuple(people)
    return tuple(group for group in people if among(group.where, regime.places))


def looked_at(regime: Regime, breach: Breach) -> tuple[Affected, ...]:
    """The groups whose data a rule looks at: those in its places, or all where it binds the organisation itself."""
    return breach.people if regime.reach == "organisation" else local(regime, breach.people)


# ── the whole rule ────────────────────────────────────────────────────────────────────────────────────────────


def of_regime(regime: Regime, breach: Breach, on: date) -> tuple[Reason, ...]:
    """What the facts say to the conditions of the whole rule; `on` is the day of the breach."""
    found_: list[Reason] = [*_force(regime, on), *_where(regime, breach)]
    if any(reason.answer == "no" for reason in found_):
        return tuple(found_)
    return (*found_, *(_applies(regime.applies, breach, looked_at(regime, breach)) if regime.applies else ()))


def _force(regime: Regime, on: date) -> Iterator[Reason]:
    if regime.status in {"proposed", "repealed"}:
        yield Reason("no", "force", f"this rule is {regime.status}, not in force")
    elif regime.status == "enacted" and (regime.since is None or on < regime.since):
        day = f"; it is to apply from {_day(regime.since)} on" if regime.since else ", and no day is set"
        yield Reason("no", "force", f"this rule is adopted but not applied yet{day}")
    elif regime.until is not None and on > regime.until:
        yield Reason("no", "force", f"this rule was in force until {_day(regime.until)}")
    elif regime.since is not None and on < regime.since:
        yield Reason("depends", "force", f"in this form since {_day(regime.since)}; before that another rule may apply")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _where(regime: Regime, breach: Breach) -> Iterator[Reason]:
    if not regime.places:
        return
    here = local(regime, (group for group in breach.people if group.count))
    count = sum(group.count for group in here)
    people = f"{count:,} people in {listed(sorted({article(named(group.where)) for group in here}))}"
    name = article(named(regime.places[0]) if len(regime.places) == 1 else regime.jurisdiction)
    if here and regime.reach != "organisation":
        yield Reason("yes", "residents", people)
        return
    if regime.reach == "people":
        yield Reason("no", "residents", f"nobody in {name} is affected")
        return
    seat = _seated(regime, breach.firm)
    kind: Kind = "residents" if regime.reach == "either" else "seat"
    if seat == "depends":
        yield Reason("depends", kind, f"whether the organisation is in {name} (`organisation.countries`)")
    else:
        yield Reason(seat, kind, f"the organisation is {'' if seat == 'yes' else 'not '}in {name}")


def _seated(regime: Regime, firm: Firm | None) -> Answer:
    if firm is None or not (firm.countries or firm.us_states):
        return "depends"
    at = (*firm.countries, *firm.us_states)
    if any(among(here, regime.places) for here in at):
        return "yes"
    # Who works in the United States may or may not work in a State, unless States are named.
    wider = any(inside(place, here) for here in firm.countries for place in regime.places)
    return "depends" if wider and not (firm.us_states and regime.places[0].startswith("US-")) else "no"


# ── conditions ────────────────────────────────────────────────────────────────────────────────────────────────


def _applies(applies: Applies, breach: Breach, people: Sequence[Affected]) -> Iterator[Reason]:
    yield from _sectors(applies, breach.firm)
    if applies.elements:
        yield from _data(applies, people)
    if applies.effects:
        suffered = [name for name in applies.effects if getattr(breach.effects, name)]
        words = " or ".join(applies.effects)
        if not suffered:
            yield Reason("no", "effects", f"the {words} of the data is whole")
    if applies.exposure:
        if breach.exposure is None:
            yield Reason("depends", "exposure", "who got at the data (`exposure`)")
        else:
            answer: Answer = "yes" if breach.exposure in applies.exposure else "no"
            yield Reason(answer, "exposure", f"the exposure is {breach.exposure.replace('_', ' ')}")
    for ask in applies.asks:
        said = breach.answers.get(ask.id)
        if said is None:
            yield Reason("depends", "ask", f"{ask.text.rstrip('?')}? (`answers.{ask.id}`)")
        else:
            yield Reason("yes" if said else "no", "ask", f"{ask.text.rstrip('?')}? {'Yes' if said else 'No'}")


def _sectors(applies: Applies, firm: Firm | None) -> Iterator[Reason]:
    given = firm.sectors if firm else ()
    if applies.sectors:
        wanted = " or ".join(_sector(name) for name in applies.sectors)
        if not given:
            yield Reason("depends", "sector", f"whether the organisation works in {wanted} (`organisation.sectors`)")
        elif any(within(name, sector) for name in given for sector in applies.sectors):
            yield Reason("yes", "sector", f"the organisation works in {wanted}")
        elif any(within(sector, name) for name in given for sector in applies.sectors):
            yield Reason("depends", "sector", f"whether its work is {wanted} (`organisation.sectors`)")
        else:
            yield Reason("no", "sector", f"the organisation does not work in {wanted}")
    if exempt := [name for name in given for sector in applies.exempt if within(name, sector)]:
        yield Reason("no", "sector", f"organisations in {_sector(exempt[0])} are exempt here")
    if applies.public_company is not None:
        if firm is None or firm.public_company is None:
            yield Reason("depends", "seat", "whether it is a public company (`organisation.public_company`)")
        else:
            said = "is" if firm.public_company else "is not"
            same = firm.public_company == applies.public_company
            yield Reason("yes" if same else "no", "seat", f"it {said} a public company")


def _sector(name: str) -> str:
    return SECTORS.get(name) or name.rpartition(".")[2].replace("_", " ")


def _data(applies: Applies, people: Sequence[Affected]) -> Iterator[Reason]:
    if not people:
        return
    answers = [(found(applies.elements, group.data), group) for group in people]
    sure = [(labels, group) for (answer, labels), group in answers if answer == "yes"]
    if sure:
        yield Reason("yes", "data", f"leaked: {listed(sure[0][0])}")
        if applies.with_name and not any(_named_too(applies, group) for _, group in sure):
            yield Reason("depends", "data", "whether names leaked with it (`people.data`, user.name)")
        return
    if any(not group.data for group in people):
        yield Reason("depends", "data", "which data leaked (`people.data`)")
        return
    maybe = [labels for (answer, labels), _ in answers if answer == "depends"]
    if maybe:
        yield Reason("depends", "data", f"whether what leaked holds: {listed(maybe[0])}")
    else:
        yield Reason("no", "data", "nothing leaked that this law lists")


def _named_too(applies: Applies, group: Affected) -> bool:
    """Whether a name leaked as well, or something that the law counts without one."""
    alone = (ELEMENTS[name] for name in applies.elements if ELEMENTS[name].alone)
    return any(within(key, "user.name") for key in group.data) or any(e.among(group.data) == "yes" for e in alone)


# ── one duty ──────────────────────────────────────────────────────────────────────────────────────────────────


def counted(threshold: Threshold, places: Iterable[str], people: Iterable[Affected]) -> int:
    """How many people a threshold counts, in the regime's places where it counts residents."""
    places = tuple(places)
    by_place: dict[str, int] = {}
    for group in people:
        by_place[group.where] = by_place.get(group.where, 0) + group.count
    if threshold.basis == "one_state":
        return max((count for where, count in by_place.items() if where.startswith("US-")), default=0)
    if threshold.basis == "everybody":
        return sum(by_place.values())
    return sum(count for where, count in by_place.items() if among(where, places))


def of_duty(regime: Regime, duty: Duty, breach: Breach) -> tuple[Reason, ...]:
    """What the facts say to the conditions of one duty, those of the whole rule left out."""
    people = looked_at(regime, breach)
    found_: list[Reason] = []
    if duty.role is not None:
        roles = breach.firm.roles if breach.firm else ("controller",)
        if duty.role not in roles:
            found_.append(Reason("no", "role", f"this is for a {duty.role}; the organisation is none here"))
    if Start.PAYMENT in {duty.starts, duty.limit.start if duty.limit else None} and Start.PAYMENT not in breach.known:
        found_.append(Reason("depends", "ask", "whether a ransom was paid (`known.paid`)"))
    if duty.applies is not None:
        found_ += _applies(duty.applies, breach, people)
    if duty.threshold is not None:
        found_.append(_threshold(regime, duty, duty.threshold, breach, people))
    if duty.risk is not None or duty.spared:
        found_ += _risk(duty, breach.risk)
    if breach.protection in duty.unless:
        found_.append(Reason("no", "key", _PROTECTED[breach.protection]))
    return tuple(found_)


def _threshold(regime: Regime, duty: Duty, threshold: Threshold, breach: Breach, people: Sequence[Affected]) -> Reason:
    count = counted(threshold, regime.places, concerned(regime, breach))
    sort = {"everybody": "people", "residents": "residents", "one_state": "people in one State"}[threshold.basis]
    need = {">": "more than", ">=": "at least", "<": "fewer than"}[threshold.op]
    text = f"{count:,} {sort}; owed for {need} {threshold.count:,}"
    if threshold.reached(count):
        return Reason("yes", "count", text)
    others = [tuple(_applies(applies, breach, people)) for applies in duty.also]
    answers = [verdict(reasons) for reasons in others]
    if "yes" in answers:
        why = others[answers.index("yes")]
        return Reason("yes", "count", f"whatever the number, since {listed([reason.text for reason in why])}")
    if "depends" in answers:
        why = others[answers.index("depends")]
        return Reason(
            "depends", "count", f"{text}, and otherwise on {listed([r.text for r in why if r.answer != 'yes'])}"
        )
    return Reason("no", "count", text)


def _risk(duty: Duty, risk: Risk | None) -> Iterator[Reason]:
    if duty.spared:
        if risk == "unlikely":
            yield Reason("no", "risk", "the risk is judged unlikely; keep the reasons in writing")
        elif risk is None:
            yield Reason("yes", "risk", "owed as long as nobody has judged harm unlikely")
    if duty.risk is not None:
        words = {"unlikely": "any", "likely": "a risk to people", "high": "a high risk to people"}[duty.risk]
        if risk is None:
            yield Reason("depends", "risk", f"whether there is {words} (`risk`)")
        else:
            enough = _RISKS.index(risk) >= _RISKS.index(duty.risk)
            yield Reason("yes" if enough else "no", "risk", f"the risk is judged {risk}")
