"""What happened in an exercise: the only truth about it, as JSON and back, for ever.

Each event carries the moment on the server's clock (`at`) and the exercise time (`t`), so that a log replays to the
same state on any machine.
"""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from domain.channel import Channel
from domain.regime import Affected, Exposure, Protection, Risk
from domain.scenario import Rating
from domain.value import Value

BOT = "bot"
"""The player of a seat that nobody holds."""

FACILITATOR = "facilitator"
"""Whoever runs the exercise, where a seat could be named."""


class _Event(Value):
    at: AwareDatetime
    t: timedelta
    actor: str = ""  # the person whose act it was; empty for the clock, and for a person playing alone


class Planned(_Event):
    """The table is laid: who sits where, how the dials stand."""

    kind: Literal["planned"] = "planned"
    players: dict[str, str]
    dials: dict[str, str]
    seed: int
    alone: bool


class Seated(_Event):
    """Somebody takes a seat."""

    kind: Literal["seated"] = "seated"
    seat: str
    player: str


class Left(_Event):
    """Nobody holds the seat any more."""

    kind: Literal["left"] = "left"
    seat: str


class HandedOver(_Event):
    """Somebody else runs the exercise from here on."""

    kind: Literal["handed_over"] = "handed_over"
    to: str


class Started(_Event):
    """The clock runs. With a leash it stops by itself that long after the last event, and goes on with the next.

    When `timed`, votes close by themselves after the time that their decision allows.
    """

    kind: Literal["started"] = "started"
    speed: float
    leash: timedelta | None
    timed: bool = False


class Paused(_Event):
    """The clock stands."""

    kind: Literal["paused"] = "paused"


class Resumed(_Event):
    """The clock runs again."""

    kind: Literal["resumed"] = "resumed"


class SpeedSet(_Event):
    """The clock runs at another speed."""

    kind: Literal["speed_set"] = "speed_set"
    speed: float


class Skipped(_Event):
    """The clock jumps ahead."""

    kind: Literal["skipped"] = "skipped"
    to: timedelta


class Released(_Event):
    """An inject enters play."""

    kind: Literal["released"] = "released"
    inject: str


class Improvised(_Event):
    """An inject that the facilitator wrote at the table enters play, for all seats or only for some."""

    kind: Literal["improvised"] = "improvised"
    inject: str
    channel: Channel
    sender: str
    title: str
    text: str
    seats: tuple[str, ...] = ()  # everybody when empty


class Nudged(_Event):
    """A seat is reminded that the table waits for it."""

    kind: Literal["nudged"] = "nudged"
    seat: str


class Withdrawn(_Event):
    """A release is undone, with all it brought about; the inject is held, an improvised one is gone."""

    kind: Literal["withdrawn"] = "withdrawn"
    inject: str


class Held(_Event):
    """An inject is kept back."""

    kind: Literal["held"] = "held"
    inject: str


class Freed(_Event):
    """An inject is no longer kept back."""

    kind: Literal["freed"] = "freed"
    inject: str


class Opened(_Event):
    """A decision is put to the table by an inject."""

    kind: Literal["opened"] = "opened"
    decision: str
    by: str
    until: timedelta | None = None  # the vote closes by itself at this exercise time


class Voted(_Event):
    """A seat votes, or votes anew."""

    kind: Literal["voted"] = "voted"
    decision: str
    seat: str
    option: str
    reason: str
    sure: bool | None = None  # nobody asked, or they did not say


class VoteExtended(_Event):
    """An open vote closes by itself at this exercise time, not earlier."""

    kind: Literal["vote_extended"] = "vote_extended"
    decision: str
    until: timedelta


class VoteClosed(_Event):
    """Votes are shown to everybody, and stay as they are."""

    kind: Literal["vote_closed"] = "vote_closed"
    decision: str


class Decided(_Event):
    """The team decides."""

    kind: Literal["decided"] = "decided"
    decision: str
    option: str
    by: str
    why: str


class Established(_Event):
    """A fact holds from exercise time `since` on, which may be still to come."""

    kind: Literal["established"] = "established"
    fact: str
    since: timedelta
    because: str


class Counted(_Event):
    """The number of people affected in a place is known anew."""

    kind: Literal["counted"] = "counted"
    people: Affected
    because: str


class Judged(_Event):
    """The risk to people, what protects their data or who got at them is judged anew; what is None stays as it was."""

    kind: Literal["judged"] = "judged"
    risk: Risk | None = None
    protection: Protection | None = None
    exposure: Exposure | None = None
    because: str


class Observed(_Event):
    """An evaluator notes something, perhaps about an inject or decision, and may rate an objective."""

    kind: Literal["observed"] = "observed"
    by: str
    text: str
    about: str
    objective: str = ""
    rating: Rating | None = None


class Noted(_Event):
    """A seat writes something down for itself."""

    kind: Literal["noted"] = "noted"
    seat: str
    text: str


class Drafted(_Event):
    """A seat writes a letter, or writes it anew; the newest text is the draft."""

    kind: Literal["drafted"] = "drafted"
    letter: str
    seat: str
    text: str


class Ended(_Event):
    """The exercise is over."""

    kind: Literal["ended"] = "ended"
    why: str


Event = Annotated[
    Planned | Seated | Left | HandedOver | Started | Paused | Resumed | SpeedSet | Skipped | Released | Improvised
    | Nudged | Withdrawn | Held | Freed | Opened | Voted | VoteExtended | VoteClosed | Decided | Established | Counted
    | Judged | Observed | Noted | Drafted | Ended,
    Field(discriminator="kind"),
]  # fmt: skip

_event: TypeAdapter[Event] = TypeAdapter(Event)


def to_json(event: Event) -> dict[str, Any]:
    """The event as JSON."""
    return event.model_dump(mode="json")


def from_json(body: dict[str, Any]) -> Event:
    """The event that `to_json` wrote."""
    return _event.validate_python(body)
