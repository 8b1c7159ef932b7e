"""What somebody may try in an exercise. Whether it is allowed, and what it leads to, says `decide`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from domain.channel import Channel
from domain.scenario import Rating


@dataclass(frozen=True, slots=True)
class Plan:
    """Lay the table: players by seat, dials by name; missing dials are drawn from the seed."""

    players: Mapping[str, str]
    seed: int
    alone: bool = False
    dials: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sit:
    """Put a player on a seat."""

    seat: str
    player: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Let go of a seat."""

    seat: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Let somebody else run the exercise."""

    to: str


@dataclass(frozen=True, slots=True)
class Start:
    """Let the clock run; when `timed`, votes close by themselves after the time that their decision allows."""

    speed: float = 1.0
    leash: timedelta | None = None
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop the clock."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Let the clock run again."""


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """Let the clock run faster or slower."""

    speed: float


@dataclass(frozen=True, slots=True)
class Skip:
    """Jump ahead to an exercise time."""

    to: timedelta


@dataclass(frozen=True, slots=True)
class Advance:
    """Release everything that is due by now, and close the votes whose time is up."""


@dataclass(frozen=True, slots=True)
class Continue:
    """Release the next inject, jumping ahead to it; when nothing is left to come, end."""


@dataclass(frozen=True, slots=True)
class Release:
    """Send an inject now, due or not."""

    inject: str


@dataclass(frozen=True, slots=True)
class Improvise:
    """Send something that the script does not know, to all seats or only to some."""

    channel: Channel
    sender: str
    title: str
    text: str
    seats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nudge:
    """Remind a seat that the table waits for it."""

    seat: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the last release; only if it is `inject`, when one is named."""

    inject: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep an inject back until it is released by hand or freed."""

    inject: str


@dataclass(frozen=True, slots=True)
class Free:
    """Let a held inject come by itself again."""

    inject: str


@dataclass(frozen=True, slots=True)
class Vote:
    """Vote for a seat, and perhaps say whether one is sure."""

    decision: str
    seat: str
    option: str
    reason: str = ""
    sure: bool | None = None


@dataclass(frozen=True, slots=True)
class Extend:
    """Let an open vote run until this exercise time and close by itself then."""

    decision: str
    until: timedelta


@dataclass(frozen=True, slots=True)
class CloseVote:
    """End the vote and show it."""

    decision: str


@dataclass(frozen=True, slots=True)
class Decide:
    """Record what the team decides, who says so, and why."""

    decision: str
    option: str
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Establish:
    """Establish a fact by hand."""

    fact: str


@dataclass(frozen=True, slots=True)
class Observe:
    """Note an observation, perhaps about an inject or decision, and perhaps a rating of an objective."""

    by: str
    text: str
    about: str = ""
    objective: str = ""
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Write a private note."""

    seat: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Write a letter, having seen its draft number `seen` (0 before anybody wrote)."""

    letter: str
    seat: str
    text: str
    seen: int


@dataclass(frozen=True, slots=True)
class End:
    """End the exercise."""

    why: str = ""


Move = (
    Plan | Sit | Leave | HandOver | Start | Pause | Resume | SetSpeed | Skip | Advance | Continue | Release | Improvise
    | Nudge | Undo | Hold | Free | Vote | Extend | CloseVote | Decide | Establish | Observe | Note | Draft | End
)  # fmt: skip
