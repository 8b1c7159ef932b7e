"""When something in an exercise happens: a small typed form in YAML, never an expression to evaluate.

A condition only looks at what is known, so it can be asked about any moment, also one still to come.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import Field, model_validator

from domain.span import Moment, Span
from domain.value import Slug, Value

_ATOMS = ("fact", "decided", "inject", "time", "dial")
_GROUPS = ("all", "any", "none")


class Condition(Value):
    """Exactly one of: all, any, none, fact, decided, inject, time, dial."""

    all: tuple["Condition", ...] = Field(default=(), description="Every one of these holds.")
    any: tuple["Condition", ...] = Field(default=(), description="At least one of these holds.")
    none: tuple["Condition", ...] = Field(default=(), description="Not one of these holds.")
    fact: Slug | None = Field(default=None, description="This fact is established.")
    decided: Slug | None = Field(default=None, description="The team has taken this decision.")
    option: Slug | None = Field(default=None, description="… and chose this option (with `decided`).")
    inject: Slug | None = Field(default=None, description="This inject is in play.")
    time: Moment | None = Field(default=None, description="The exercise has reached this moment, as T+25m.")
    dial: Slug | None = Field(default=None, description="This dial stands at `value`.")
    value: Slug | None = Field(default=None, description="The dial's value (with `dial`).")
    after: Span | None = Field(default=None, description="… this long ago at least (with fact, decided or inject).")

    @model_validator(mode="after")
    def _one_thing(self) -> "Condition":
        given = [name for name in (*_ATOMS, *_GROUPS) if getattr(self, name) not in {None, ()}]
        if len(given) != 1:
            raise ValueError(f"a condition names exactly one of {', '.join((*_ATOMS, *_GROUPS))}")
        if self.option and not self.decided:
            raise ValueError("`option` belongs to `decided`")
        if bool(self.value) != bool(self.dial):
            raise ValueError("`dial` and `value` belong together")
        if self.after is not None and given[0] not in {"fact", "decided", "inject"}:
            raise ValueError("`after` belongs to fact, decided or inject")
        return self

    @property
    def parts(self) -> tuple["Condition", ...]:
        """The conditions directly inside this one."""
        return self.all + self.any + self.none

    def walk(self) -> Iterator["Condition"]:
        """The condition itself and all inside it."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Known:
    """What a condition may look at, with the exercise time of each."""

    facts: Mapping[str, timedelta] = field(default_factory=dict)
    decided: Mapping[str, tuple[str, timedelta]] = field(default_factory=dict)
    injects: Mapping[str, timedelta] = field(default_factory=dict)
    dials: Mapping[str, str] = field(default_factory=dict)


def _since(condition: Condition, known: Known) -> timedelta | None:
    """From when an atom holds; None while nothing says so."""
    start: timedelta | None = None
    if condition.time is not None:
        start = condition.time
    elif condition.fact:
        start = known.facts.get(condition.fact)
    elif condition.inject:
        start = known.injects.get(condition.inject)
    elif condition.decided:
        taken = known.decided.get(condition.decided)
        if taken is not None and condition.option in {None, taken[0]}:
            start = taken[1]
    elif condition.dial and known.dials.get(condition.dial) == condition.value:
        start = timedelta()
    return start + (condition.after or timedelta()) if start is not None else None


def holds(condition: Condition | None, known: Known, at: timedelta) -> bool:
    """Whether the condition holds at exercise time `at`; no condition always holds."""
    if condition is None:
        return True
    if condition.all:
        return all(holds(part, known, at) for part in condition.all)
    if condition.any:
        return any(holds(part, known, at) for part in condition.any)
    if condition.none:
        return not any(holds(part, known, at) for part in condition.none)
    since = _since(condition, known)
    return since is not None and since <= at


def first(condition: Condition | None, known: Known, start: timedelta) -> timedelta | None:
    """The first moment from `start` on at which the condition holds if nothing else happens; None if it never does."""
    if holds(condition, known, start):
        return start
    assert condition is not None
    turns = {since for part in condition.walk() if not part.parts and (since := _since(part, known)) is not None}
    return next((turn for turn in sorted(turns) if turn > start and holds(condition, known, turn)), None)
