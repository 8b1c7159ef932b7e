"""What somebody may try in an exercise. Whether it is allowed, and what it leads to, says `decide`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


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
class Start:
    """Let the clock run."""

    speed: float = 1.0
    leash: timedelta | None = None


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
    """Release everything that is due by now."""


@dataclass(frozen=True, slots=True)
class Continue:
    """Release the next inject, jumping ahead to it; when nothing is left to come, end."""


@dataclass(frozen=True, slots=True)
class Release:
    """Send an inject now, due or not."""

    inject: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the last release."""


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
    """Vote for a seat."""

    decision: str
    seat: str
    option: str
    reason: str = ""


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
    """Note an observation, perhaps about an inject or decision."""

    by: str
    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Write a private note."""

    seat: str
    text: str


@dataclass(frozen=True, slots=True)
class End:
    """End the exercise."""

    why: str = ""


Move = (
    Plan | Sit | Start | Pause | Resume | SetSpeed | Skip | Advance | Continue | Release | Undo | Hold | Free | Vote
    | CloseVote | Decide | Establish | Observe | Note | End
)  # fmt: skip
