"""Breach-notification rules as dated values: one file, one law; who tells whom, by when, and when not.

What a rule does not say is not invented: a duty without a fixed limit has no due moment. Training material, not legal
advice.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, model_validator

from domain.regime.breach import Exposure, Facts, Place, Protection, Risk, Sector
from domain.regime.clock import Length, Limit, Reference, Start
from domain.regime.elements import Answer, Element
from domain.source import Source
from domain.value import Line, Prose, Slug, Value
from domain.zone import zones

Standing = Literal["not_started", "running", "late", "met"]
"""How a duty stands. One that was met too late is met, and says by how much."""

Verification = Literal["primary_text_read", "secondary_corroborated", "unverified"]

Status = Literal["in_force", "enacted", "proposed", "repealed"]
"""`enacted`: adopted, to be applied from `since` on; without a date it is not applied yet."""


def _receiver(given: object) -> object:
    return "consumer_reporting_agencies" if given == "credit_bureaus" else given  # its name in exercises of old


To = Annotated[
    Literal[
        "regulator",
        "individuals",
        "media",
        "consumer_reporting_agencies",
        "investors",
        "police",
        "partner",
        "record",
    ],
    BeforeValidator(_receiver),
]


class Threshold(Value):
    """From how many people on a duty is owed, exactly as the law counts."""

    op: Literal[">", ">=", "<"]
    count: int = Field(ge=0)
    basis: Literal["everybody", "residents", "one_state"] = Field(
        description="Counted over all places, over residents of the regime's place, or in any one US state."
    )

    def reached(self, count: int) -> bool:
        """Whether `count` people reach it."""
        match self.op:
            case ">":
                return count > self.count
            case ">=":
                return count >= self.count
        return count < self.count


class Ask(Value):
    """A question that no fact of the form answers; the same id in several files is the same question."""

    id: Slug
    text: Line = Field(description="A question to be answered yes or no; yes brings the duty about.")


class Applies(Value):
    """When a rule or a duty applies, beside where people live: everything that is given must hold."""

    sectors: tuple[Sector, ...] = Field(default=(), description="The organisation does one of these.")
    exempt: tuple[Sector, ...] = Field(default=(), description="Organisations of these sectors are exempt.")
    public_company: bool | None = Field(default=None, description="Its shares are registered with the SEC.")
    elements: tuple[Element, ...] = Field(default=(), description="One of these kinds of data leaked.")
    with_name: bool = Field(default=False, description="Together with the name of the person.")
    effects: tuple[Literal["confidentiality", "integrity", "availability"], ...] = Field(
        default=(), description="The data suffered one of these."
    )
    exposure: tuple[Exposure, ...] = Field(default=(), description="The data were exposed in one of these ways.")
    asks: tuple[Ask, ...] = Field(default=(), description="Questions that the facts do not answer.")


class Duty(Value):
    """Somebody must tell somebody."""

    id: Slug
    to: To
    authority: Line = Field(description="Who is told.")
    wording: Prose = Field(description="The rule in the law's own words, or close to them.")
    role: Literal["controller", "processor"] | None = Field(
        default=None, description="Who owes it: who decides over the data, or who holds them for others."
    )
    applies: Applies | None = Field(default=None, description="When it is owed, beside what the whole rule asks.")
    threshold: Threshold | None = Field(default=None, description="Owed from so many people on; always when missing.")
    also: tuple[Applies, ...] = Field(default=(), description="Owed below the threshold too if one of these holds.")
    risk: Risk | None = Field(default=None, description="Owed from this risk on; at any risk when missing.")
    spared: bool = Field(default=False, description="Owed until the risk is judged unlikely.")
    unless: tuple[Protection, ...] = Field(default=(), description="Not owed for data protected like this.")
    limit: Limit | None = Field(default=None, description="The outer limit; missing when the law sets none.")
    cap: Limit | None = Field(default=None, description="… and not later than this, unless it had passed at the start.")
    with_duty: Slug | None = Field(default=None, description="Not later than this duty of the same file is done.")
    not_before: Limit | None = Field(default=None, description="Not earlier than this.")
    starts: Start = Field(default=Start.AWARENESS, description="The moment from which it is owed.")
    content: tuple[Line, ...] = Field(default=(), description="What the notice must hold.")
    monitoring_months: int | None = Field(default=None, description="Credit monitoring owed, free of charge.")
    note: Prose | None = None
    cites: tuple[Slug, ...] = Field(min_length=1)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Duties of the same file whose doing it looks at."""
        limits = (self.limit, self.cap, self.not_before)
        names = (self.with_duty, *(limit.after for limit in limits if limit is not None))
        return tuple(name for name in names if name is not None)


class PoliceDelay(Value):
    """What a request of the police to wait changes."""

    duties: tuple[Slug, ...] = Field(min_length=1, description="Duties that may wait.")
    wording: Prose = Field(description="The rule in the law's own words, or close to them.")
    then: Length | None = Field(
        default=None, description="How long after the release they are due; missing: without unreasonable delay."
    )
    oral_days: int | None = Field(
        default=None, ge=1, description="A request that is not in writing counts so many days."
    )
    most_days: int | None = Field(default=None, ge=1, description="No request counts longer than so many days.")
    cites: tuple[Slug, ...] = Field(min_length=1)


class Outcome(Value):
    """How one duty must come out in a case."""

    duty: Slug
    required: Answer | None = None
    due: date | AwareDatetime | None = Field(
        default=None, description="A day, up to its end in the rule's time zone; or a moment."
    )
    standing: Standing | None = None


class Case(Value):
    """A worked example that must come out as written."""

    title: Line
    facts: Facts = Field(description="The breach, in the form of `manage.py duties`.")
    told: dict[Reference, AwareDatetime] = Field(default_factory=dict, description="Which duty was done when.")
    now: AwareDatetime = Field(description="The moment at which it is looked at.")
    expect: tuple[Outcome, ...] = Field(min_length=1, description="How duties stand then.")


def _zone(name: str) -> str:
    if name not in zones():
        raise ValueError(f"`{name}` is no time zone; write one like America/New_York")
    return name


class Regime(Value):
    """One file of content/regimes: one law, dated."""

    name: Line
    jurisdiction: Line
    kind: Literal["general", "sector", "contract"] = Field(
        default="general", description="For everybody, for a sector, or agreed in a contract."
    )
    places: tuple[Place, ...] = Field(
        default=(), description="Where it counts people: IE, US, US-TX. None: it does not depend on where they live."
    )
    reach: Literal["people", "organisation", "either"] = Field(
        default="people", description="Whether people affected, the organisation, or either of them must be there."
    )
    zone: Annotated[str, AfterValidator(_zone)] = Field(description="The time zone in which its days are counted.")
    citation: Line
    status: Status
    since: date | None = Field(default=None, description="In force in this form since.")
    until: date | None = None
    summary: Prose
    checked: date = Field(description="The day somebody last compared this file with the source.")
    verification: Verification
    disputed: tuple[Prose, ...] = Field(default=(), description="What is unsettled or changing.")
    applies: Applies | None = Field(default=None, description="To whom it applies, and to which data.")
    police_delay: PoliceDelay | None = Field(default=None, description="What a request of the police changes.")
    duties: tuple[Duty, ...] = Field(min_length=1)
    cases: tuple[Case, ...] = Field(default=(), description="Worked examples that are checked.")
    sources: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = {duty.id for duty in self.duties}
        for duty in self.duties:
            for other in duty.waits_for:
                if "/" not in other and (other not in names or other == duty.id):
                    raise ValueError(f"duty `{duty.id}` waits for `{other}`, which is no other duty of this file")
        if self.since and self.until and self.until < self.since:
            raise ValueError("`until` is earlier than `since`")
        held = self.police_delay.duties if self.police_delay else ()
        asked = [outcome.duty for case in self.cases for outcome in case.expect]
        told = [name for case in self.cases for name in case.told]
        for name in (*held, *asked, *told):
            if "/" not in name and name not in names:
                raise ValueError(f"`{name}` is no duty of this file")
        return self

    def duty(self, name: str) -> Duty:
        """The duty of this id; KeyError when there is none."""
        for duty in self.duties:
            if duty.id == name:
                return duty
        raise KeyError(name)
