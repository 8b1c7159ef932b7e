"""Scenarios: the script of a tabletop exercise as it stands in a file; and rehearsals, written ways to play one.

Everything that happens in play is here as a value: seats, facts, injects, decisions, duties, dials and the debrief.
"""

from datetime import datetime
from typing import Final, Literal, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, model_validator

from domain.channel import Channel
from domain.condition import Condition
from domain.letter import Letter
from domain.regime import Affected, Effects, Exposure, Firm, Protection, Risk, Start
from domain.skills import Skill
from domain.source import Source
from domain.span import Moment, Span
from domain.value import Line, Prose, Slug, Value
from domain.zone import zones

Rating = Literal["P", "S", "M", "U"]
"""HSEEP: performed without challenges, with some, with major challenges; unable to be performed."""


class Seat(Value):
    """Who somebody plays at the table."""

    id: Slug
    title: Line = Field(description="The role as people say it: 'Incident lead'.")
    brief: Prose = Field(description="What only this seat is told at the start.")
    deputy: Slug | None = Field(default=None, description="The seat that stands in when this one is empty.")


class Fact(Value):
    """Something that can be established in the exercise."""

    id: Slug
    text: Line = Field(description="The fact as a sentence for the log: 'The authority has been told.'")


class Effect(Value):
    """What something brings about: a fact, a new count of people, or a new view of risk, protection or exposure."""

    fact: Slug | None = Field(default=None, description="This fact is established.")
    after: Span | None = Field(default=None, description="… so much exercise time later, not at once.")
    people: Affected | None = Field(default=None, description="So many people in this place are affected after all.")
    risk: Risk | None = Field(default=None, description="How the risk to the people affected is judged from now on.")
    protection: Protection | None = Field(default=None, description="What protects the data after all.")
    exposure: Exposure | None = Field(default=None, description="Who got at the data after all.")
    when: Condition | None = Field(default=None, description="Only if this holds at that moment.")

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if sum(given is not None for given in (self.fact, self.people, self.risk, self.protection, self.exposure)) != 1:
            raise ValueError("an effect names exactly one of fact, people, risk, protection, exposure")
        if self.after is not None and self.fact is None:
            raise ValueError("`after` belongs to `fact`")
        return self


_HEADED: Final[dict[str, tuple[str, ...]]] = {
    "mail": ("sender", "subject"),
    "press": ("sender", "subject"),
    "post": ("handle",),
    "letter": ("sender",),
    "log": ("lines",),
}
"""What an attachment of each kind cannot do without, besides something to read."""


class Attachment(Value):
    """A thing that comes with an inject, drawn as what it is: a mail, an article, a post, a log, a letter."""

    kind: Literal["mail", "press", "post", "log", "letter", "chat", "note"]
    sender: Line | None = Field(default=None, description="Who it is from; for press the paper, for a log the machine.")
    to: Line | None = Field(default=None, description="Who it is addressed to.")
    sent: Line | None = Field(default=None, description="Its own date and time, as it would be printed on it.")
    subject: Line | None = Field(default=None, description="Subject of a mail or letter, headline of an article.")
    handle: Line | None = Field(default=None, description="The account a post or chat comes from: '@harbourwatch'.")
    body: Prose | None = Field(default=None, description="What it says, plain text.")
    lines: tuple[Line, ...] = Field(default=(), description="Lines of a log or chat, as they are.")
    seats: tuple[Slug, ...] = Field(default=(), description="Only these seats get it; everybody when empty.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for field in _HEADED.get(self.kind, ()):
            if not getattr(self, field):
                raise ValueError(f"a {self.kind} needs `{field}`")
        if not self.body and not self.lines:
            raise ValueError("an attachment has something to read: `body`, `lines` or both")
        return self

    @property
    def head(self) -> tuple[tuple[str, str], ...]:
        """The lines above the text, each as label and text."""
        told = (("From", self.sender), ("As", self.handle), ("To", self.to), ("Date", self.sent), ("Re", self.subject))
        return tuple((label, text) for label, text in told if text)


class Inject(Value):
    """A message that enters play."""

    id: Slug
    at: Moment | None = Field(default=None, description="Not before this moment, as T+25m.")
    when: Condition | None = Field(default=None, description="Not before this holds.")
    channel: Channel
    sender: Line = Field(description="From whom to whom: 'Hospital switchboard → communications'.")
    title: Line
    text: Prose = Field(description="The message as it arrives, plain text.")
    lines: tuple[Line, ...] = Field(
        default=(), description="An excerpt as it is: log lines, a list, a screenshot's text."
    )
    attachments: tuple[Attachment, ...] = Field(
        default=(), max_length=6, description="What comes with it, drawn as a mail, article, post, log or letter."
    )
    private: dict[Slug, Prose] = Field(default_factory=dict, description="What only this seat learns from it, by seat.")
    skills: tuple[Skill, ...] = Field(min_length=1, max_length=3, description="The skills it calls for.")
    asks: tuple[Slug, ...] = Field(default=(), description="Decisions it puts to the table.")
    effects: tuple[Effect, ...] = Field(default=(), description="What is so once it is in play.")
    expected: tuple[Line, ...] = Field(
        default=(), description="What a good team does on it; facilitator and debrief only."
    )
    contingency: bool = Field(
        default=False,
        description="Kept for the facilitator: sent by hand, or when `when` holds, and never because time has passed.",
    )
    red_herring: bool = Field(
        default=False, description="It leads nowhere; `resolved_by` says how the table learns that."
    )
    resolved_by: Slug | None = Field(default=None, description="The inject or fact that clears the red herring up.")
    cites: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _comes_somehow(self) -> Self:
        if self.contingency:
            timed = self.when is not None and any(part.time is not None for part in self.when.walk())
            if self.at is not None or timed:
                raise ValueError("a contingency never comes by the clock: remove `at` and `time`")
        elif self.at is None and self.when is None:
            raise ValueError("an inject needs `at`, `when` or both, or is a `contingency`: nothing else brings it")
        if self.resolved_by and not self.red_herring:
            raise ValueError("`resolved_by` belongs to `red_herring`")
        return self

    @property
    def by_hand(self) -> bool:
        """Whether only the facilitator can bring it."""
        return self.contingency and self.when is None


class Choice(Value):
    """One answer to a decision: something a sensible team might do."""

    id: Slug
    text: Line
    rating: Rating = Field(description="P performed well, S some challenges, M major challenges, U did not do it.")
    why: Prose = Field(description="Why it is worth that, and what would have been better.")
    then: Prose = Field(description="What it causes; players read it once the team has decided.")
    effects: tuple[Effect, ...] = ()
    voices: dict[Slug, Line] = Field(
        default_factory=dict, description="By seat: the reason a colleague in that seat would give for it."
    )
    cites: tuple[Slug, ...] = ()


class Decision(Value):
    """A question put to seats: everybody votes blind with a reason, then the team decides."""

    id: Slug
    ask: Line
    context: Prose | None = None
    skills: tuple[Skill, ...] = Field(min_length=1, max_length=3)
    seats: tuple[Slug, ...] = Field(default=(), description="Who votes; everybody when empty.")
    within: Span = Field(description="How long a prepared team takes, in exercise time; later is worth less.")
    options: tuple[Choice, ...] = Field(min_length=2, max_length=6)

    @model_validator(mode="after")
    def _worth_deciding(self) -> Self:
        ratings = {option.rating for option in self.options}
        if "P" not in ratings or len(ratings) == 1:
            raise ValueError("a decision needs an option rated P and one that is not")
        return self


class Milestone(Value):
    """A fact that shows an objective: in time, late or never."""

    fact: Slug = Field(description="The fact that has to be established.")
    by: Moment | None = Field(default=None, description="In time until this moment; at any time when missing.")


class Objective(Value):
    """What the exercise is to show, and what shows it: decisions, facts in time, what evaluators see."""

    id: Slug
    text: Line
    skill: Skill
    shown_by: tuple[Slug, ...] = Field(default=(), description="Decisions that are its evidence.")
    milestones: tuple[Milestone, ...] = Field(default=(), description="Facts that are its evidence, and until when.")
    watched_at: tuple[Slug, ...] = Field(default=(), description="Injects on which evaluators look for it.")

    @model_validator(mode="after")
    def _shown_somehow(self) -> Self:
        if not (self.shown_by or self.milestones or self.watched_at):
            raise ValueError("an objective names its evidence: `shown_by`, `milestones` or `watched_at`")
        return self


class Owed(Value):
    """A duty of a regime that this scenario is about, and the facts that start and end it."""

    regime: Slug = Field(description="A file of content/regimes.")
    duty: Slug = Field(description="A duty of that file.")
    label: Line = Field(description="What the clock is called on screen: 'Authority · GDPR Art. 33'.")
    met_by: Slug = Field(description="The fact that says it was done.")
    when: Condition | None = Field(default=None, description="It is owed only if this holds.")


class Clocks(Value):
    """Which fact starts which kind of legal clock."""

    discovery: Slug | None = None
    awareness: Slug | None = None
    determination: Slug | None = None
    materiality: Slug | None = None
    payment: Slug | None = None
    resolution: Slug | None = None

    def of(self, start: Start) -> str | None:
        """The fact that starts clocks of this kind."""
        fact: str | None = getattr(self, start.value)
        return fact


class DialValue(Value):
    """One position of a dial."""

    id: Slug
    label: Line
    words: dict[Slug, Line] = Field(default_factory=dict, description="Text for `{{name}}` wherever it stands.")
    people: tuple[Affected, ...] = Field(default=(), description="Counts that replace those of the same place.")
    shift: dict[Slug, Span] = Field(default_factory=dict, description="By inject: how much later it comes.")


class Dial(Value):
    """Something that can be set differently from one exercise to the next."""

    id: Slug
    label: Line
    values: tuple[DialValue, ...] = Field(min_length=2, max_length=6)


class Debrief(Value):
    """What the table talks about afterwards."""

    opening: Prose
    lessons: tuple[Line, ...] = Field(min_length=2, description="What this scenario is meant to teach.")
    questions: tuple[Line, ...] = Field(min_length=2, description="Hot wash: what to ask the table.")
    hot_wash: tuple[Line, ...] = Field(
        default=(), max_length=3, description="Three short questions that everybody answers alone, on a phone."
    )


class Scenario(Value):
    """One file of content/scenarios."""

    title: Line
    summary: Prose
    minutes: int = Field(ge=5, le=240, description="How long it takes to play alone.")
    table_minutes: int = Field(default=90, ge=15, le=480, description="How long it takes at a table.")
    starts: AwareDatetime = Field(description="The moment T+0m in the story, with its offset from UTC.")
    zone: Line = Field(description="The time zone of the story, as Europe/Dublin.")
    speed: float = Field(
        default=6, gt=0, le=60, description="Exercise minutes that pass in a minute when played alone."
    )
    setting: Prose = Field(description="What everybody knows at the start.")
    seats: tuple[Seat, ...] = Field(min_length=3, max_length=12)
    leads: Slug = Field(description="The seat that speaks for the team; the one to play alone.")
    facts: tuple[Fact, ...] = Field(min_length=1)
    people: tuple[Affected, ...] = Field(default=(), description="Who is affected, as far as the start knows.")
    risk: Risk | None = None
    organisation: Firm | None = Field(default=None, description="Who had the breach, as far as duties depend on it.")
    protection: Protection = Field(default="none", description="What keeps strangers from reading the data.")
    effects: Effects = Field(default_factory=Effects, description="What happened to the data.")
    exposure: Exposure | None = Field(default=None, description="Who got at the data, as far as the start knows.")
    clocks: Clocks
    duties: tuple[Owed, ...] = ()
    dials: tuple[Dial, ...] = ()
    objectives: tuple[Objective, ...] = Field(min_length=1)
    injects: tuple[Inject, ...] = Field(min_length=1)
    decisions: tuple[Decision, ...] = Field(min_length=1)
    letters: tuple[Letter, ...] = Field(default=(), description="What the team writes at the draft desk.")
    debrief: Debrief
    notes: tuple[Line, ...] = Field(default=(), description="For the facilitator, and for whoever edits this file.")
    sources: tuple[Source, ...] = ()

    @model_validator(mode="after")
    def _has_a_place_in_time(self) -> Self:
        if self.zone not in zones():
            raise ValueError(f"`{self.zone}` is no time zone; write one like Europe/Dublin")
        return self

    def seat(self, name: str) -> Seat:
        """The seat of this id; KeyError when there is none."""
        return _named(self.seats, name)

    def inject(self, name: str) -> Inject:
        """The inject of this id; KeyError when there is none."""
        return _named(self.injects, name)

    def decision(self, name: str) -> Decision:
        """The decision of this id; KeyError when there is none."""
        return _named(self.decisions, name)

    def fact(self, name: str) -> Fact:
        """The fact of this id; KeyError when there is none."""
        return _named(self.facts, name)

    def letter(self, name: str) -> Letter:
        """The letter of this id; KeyError when there is none."""
        return _named(self.letters, name)

    def voters(self, decision: Decision) -> tuple[str, ...]:
        """The seats that vote on a decision."""
        return decision.seats or tuple(seat.id for seat in self.seats)

    def local(self, moment: datetime) -> datetime:
        """A moment in the story's own time zone."""
        return moment.astimezone(ZoneInfo(self.zone))


def option(decision: Decision, name: str) -> Choice:
    """The option of this id; KeyError when there is none."""
    return _named(decision.options, name)


_Named = TypeVar("_Named", Seat, Inject, Decision, Fact, Choice, Letter)


def _named(things: tuple[_Named, ...], name: str) -> _Named:
    for thing in things:
        if thing.id == name:
            return thing
    raise KeyError(name)


# ── rehearsals ────────────────────────────────────────────────────────────────────────────────────────────────


class Taken(Value):
    """One decision of a rehearsal."""

    decision: Slug
    option: Slug
    takes: Span = Field(description="How long the table talks, in exercise time.")


class Outcome(Value):
    """How a duty must stand in the end."""

    duty: Line = Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$", description="regime/duty, as eu-gdpr/authority.")
    standing: Literal["not_started", "running", "late", "met"]


class Expected(Value):
    """What must have come out."""

    duties: tuple[Outcome, ...] = ()
    objectives: dict[Slug, Rating] = Field(default_factory=dict)
    facts: tuple[Slug, ...] = Field(default=(), description="Facts that must be established.")
    never: tuple[Slug, ...] = Field(default=(), description="Facts or injects that must not have come.")
    steps: int = Field(default=6, ge=0, le=6, description="How many of the six steps were covered.")


class Rehearsal(Value):
    """One file of content/rehearsals: a written playthrough that must come out as written."""

    scenario: Slug
    title: Line
    seat: Slug
    dials: dict[Slug, Slug] = Field(default_factory=dict)
    choices: tuple[Taken, ...] = Field(min_length=1, description="Every decision that comes up, in order.")
    expect: Expected
