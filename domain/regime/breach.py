"""A breach as far as it is known: when which clock started, who is affected, what leaked, who was careless with it.

One form serves files, exercises and pages. What is missing is missing: no time or judgement is made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from domain import categories, places
from domain.regime.clock import Reference, Start
from domain.value import Slug, Value

Risk = Literal["unlikely", "likely", "high"]
"""How the risk to the people affected is judged."""

Protection = Literal["none", "encrypted_key_safe", "encrypted_key_lost", "pseudonymised"]
"""What keeps strangers from reading what leaked."""

Exposure = Literal["malicious", "accidental_trusted", "accidental_unknown", "none_seen"]
"""Who got at the data: somebody with intent, a known recipient one can trust, anybody, nobody as far as one sees."""

Sector = Literal[
    "health", "health.hospital", "health.app", "health.substance_use",
    "finance", "finance.bank", "finance.credit_union", "finance.insurance", "finance.securities", "finance.nonbank",
    "finance.credit_bureau", "telecom", "critical", "critical.energy", "critical.transport", "critical.water",
    "critical.digital", "public", "defence", "education", "digital_products", "digital_services", "card_payments",
    "information_broker", "retail", "other",
]  # fmt: skip
"""What an organisation does; a dot divides a sector further."""

SECTORS: Mapping[str, str] = {
    "health": "health care",
    "health.hospital": "hospitals and clinics",
    "health.app": "health apps and personal health records",
    "health.substance_use": "treatment of substance use",
    "finance.bank": "banking",
    "finance.credit_union": "credit unions",
    "finance.securities": "securities and investment advice",
    "finance.nonbank": "finance outside banking",
    "finance.credit_bureau": "credit reporting",
    "telecom": "telecommunications",
    "critical": "critical infrastructure",
    "critical.digital": "digital infrastructure",
    "public": "the public sector",
    "information_broker": "information broking",
}
"""Sectors in words; those that are missing read well as they are."""

Place = Annotated[str, AfterValidator(places.known)]
Category = Annotated[str, AfterValidator(categories.known)]


def _state(code: str) -> str:
    state = code if code.startswith("US-") else f"US-{code}"
    if state not in places.STATES:
        raise ValueError(f"there is no State `{code[:20]}`; write CA or US-CA")
    return state


def _country(code: str) -> str:
    if code not in places.COUNTRIES:
        places.known(code)
        raise ValueError(f"`{code}` is a part of a country; States of the US go into `us_states`")
    return code


class Affected(Value):
    """How many people in one place are affected."""

    where: Place = Field(description="Where they live: ISO country, or US-TX for a US State.")
    count: int = Field(ge=0)
    subject: Literal["customer", "employee", "patient", "student", "child", "other"] | None = Field(
        default=None, description="Who they are to the organisation."
    )
    data: tuple[Category, ...] = Field(default=(), description="What leaked about them, as Fideslang keys.")


class Firm(Value):
    """The organisation that had the breach, as far as duties depend on it."""

    countries: tuple[Annotated[str, AfterValidator(_country)], ...] = Field(
        default=(), description="Where it is established or works: ISO countries."
    )
    us_states: tuple[Annotated[str, AfterValidator(_state)], ...] = Field(
        default=(), description="US States in which it works: CA or US-CA."
    )
    sectors: tuple[Sector, ...] = Field(default=(), description="What it does.")
    public_company: bool | None = Field(default=None, description="Whether its shares are registered with the SEC.")
    roles: tuple[Literal["controller", "processor"], ...] = Field(
        default=("controller",), min_length=1, description="Whether it decides over the data, or holds them for others."
    )


class Effects(Value):
    """What the breach did to the data."""

    confidentiality: bool = Field(default=True, description="Somebody could read them who may not.")
    integrity: bool = Field(default=False, description="They were changed.")
    availability: bool = Field(default=False, description="They were lost or out of reach.")
    backup: bool | None = Field(default=None, description="Whether there is a good copy.")
    restored_within: timedelta | None = Field(default=None, description="How long they were out of reach, as PT4H.")


class Hold(Value):
    """The police have asked to wait with notices."""

    since: AwareDatetime = Field(description="When they asked.")
    until: AwareDatetime | None = Field(default=None, description="When they said that notices may go out.")
    written: bool = Field(default=True, description="Whether they asked in writing.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until < self.since:
            raise ValueError("`until` is earlier than `since`: a request cannot end before it is made")
        return self


class Moments(Value):
    """When which clock started; each may be missing."""

    discovered: AwareDatetime | None = Field(default=None, description="The first sign was seen.")
    aware: AwareDatetime | None = Field(default=None, description="It was reasonably certain.")
    determined: AwareDatetime | None = Field(default=None, description="Somebody judged it a breach, or classified it.")
    material: AwareDatetime | None = Field(default=None, description="It was found material to investors.")
    paid: AwareDatetime | None = Field(default=None, description="A ransom was paid.")
    resolved: AwareDatetime | None = Field(default=None, description="It was handled, or a fix was there.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        first = self.discovered
        for name in ("aware", "determined", "material", "paid", "resolved"):
            later = getattr(self, name)
            if first is not None and later is not None and later < first:
                raise ValueError(f"`{name}` is earlier than `discovered`: nothing is known before its first sign")
        return self

    def starts(self) -> dict[Start, datetime]:
        """The moments by the kind of clock that they start."""
        names = ("discovered", "aware", "determined", "material", "paid", "resolved")
        given = zip(Start, (getattr(self, name) for name in names), strict=True)
        return {start: moment for start, moment in given if moment is not None}


@dataclass(frozen=True, slots=True)
class Breach:
    """What is known of a breach: when which clock started, who is affected, how bad it may be for them."""

    known: Mapping[Start, datetime]
    people: tuple[Affected, ...] = ()
    risk: Risk | None = None
    firm: Firm | None = None
    protection: Protection = "none"
    effects: Effects = field(default_factory=Effects)
    exposure: Exposure | None = None
    hold: Hold | None = None
    answers: Mapping[str, bool] = field(default_factory=dict)


class Facts(Value):
    """The facts of a breach as they stand in a file."""

    known: Moments = Field(default_factory=Moments, description="When which clock started.")
    organisation: Firm | None = Field(default=None, description="Who had the breach.")
    people: tuple[Affected, ...] = Field(default=(), description="Who is affected.")
    protection: Protection = Field(default="none", description="What keeps strangers from reading the data.")
    effects: Effects = Field(default_factory=Effects, description="What happened to the data.")
    exposure: Exposure | None = Field(default=None, description="Who got at the data.")
    risk: Risk | None = Field(default=None, description="The risk as somebody has judged it; null: one is suggested.")
    police_delay: Hold | None = Field(default=None, description="The police asked to wait with notices.")
    answers: dict[Slug, bool] = Field(
        default_factory=dict, description="Answers to questions that rules ask, by the id of the question."
    )
    told: dict[Reference, AwareDatetime] = Field(
        default_factory=dict,
        description="What is done already, and when: us-tx/attorney-general: 2026-03-30T09:00-05:00.",
    )

    def breach(self) -> Breach:
        """The facts as the engine takes them."""
        return Breach(
            self.known.starts(),
            self.people,
            self.risk,
            self.organisation,
            self.protection,
            self.effects,
            self.exposure,
            self.police_delay,
            self.answers,
        )
