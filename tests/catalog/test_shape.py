"""Shape: strict types, every problem at its place, a hint for typing mistakes."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import AwareDatetime, Field

from catalog.read import read
from catalog.shape import shape
from domain.span import Span
from domain.value import Line, Slug, Value


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Box(Value):
    kind: Literal["box"]
    report: Line
    size: int = Field(ge=1, le=9)


class Bag(Value):
    kind: Literal["bag"]
    colours: tuple[Colour, ...] = ()
    on: date


class Plain(Value):
    deep: int = Field(description="How deep it is.")


class Thing(Value):
    title: Line
    lid: bool = False
    weight: float = 1
    wait: timedelta = timedelta(0)
    things: tuple[Annotated[Box | Bag, Field(discriminator="kind")], ...] = ()
    report: dict[Slug, Plain] = Field(default={})
    either: int | Plain | None = None
    since: AwareDatetime | None = None
    length: Span = timedelta(0)
    place: str | None = Field(default=None, pattern="^[A-Z]{2}$", description="ISO country.")
    at: str | None = Field(default=None, pattern=r"^\d\d:\d\d$")


def problems(text: str, kind: Any = Thing) -> list[str]:
    value, found = shape(read(text.encode(), "f"), kind, "f")
    assert (value is None) == bool(found)
    return [f"{p.line}:{p.column} {p.code} {p.message}" for p in found]


def test_text_becomes_dates_choices_and_durations_and_nothing_else_is_bent() -> None:
    text = "title: x\nwait: PT15M\nweight: 2\nthings:\n- {kind: bag, on: 2026-11-23, colours: [red]}\n"
    value, found = shape(read(text.encode(), "f"), Thing, "f")
    assert found == ()
    assert value.wait == timedelta(minutes=15)
    assert value.things[0] == Bag(kind="bag", on=date(2026, 11, 23), colours=(Colour.RED,))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: x\nqqq: 1", "2:1 C121 Unknown field `qqq`."),
        ("titel: x", "1:1 C120 `title` is missing."),
        ("title: 5", '1:8 C122 `title` must be text, not `5`. Put it in quotes: "5".'),
        ("title: true", '1:8 C122 `title` must be text, not `true`. Put it in quotes: "true".'),
        ("title:", "1:7 C122 `title` must be text, not empty."),
        ("title: x\nlid: yes", "2:6 C122 `lid` must be `true` or `false`, not the text `yes`. Write `true`."),
        ("title: x\nlid: 1", "2:6 C122 `lid` must be `true` or `false`, not `1`."),
        ('title: x\nweight: "5"', "2:9 C122 `weight` must be a number, not the text `5`. Remove the quotes."),
        ("title: x\nthings: box", "2:9 C122 `things` must be a list, not the text `box`. Write `[box]`."),
        ("title: x\nthings: [{kind: bagg}]", "2:17 C123 `bagg` is not a known value of `kind`. Did you mean `bag`?"),
        ("title: x\nthings: [{kind: zzz}]", "2:17 C123 `zzz` is not a known value of `kind`. Known: box, bag."),
        ("title: x\nthings: [{size: 1}]", "2:10 C120 `kind` is missing: it says which fields belong here."),
        ("title: x\nthings: [a]", "2:10 C122 Item 1 of `things` must be a mapping of `key: value` lines, not the text `a`."),
        (
            "title: x\nthings: [{kind: bag, on: 2026-11-23, colours: [gren]}]",
            "2:48 C123 `gren` is not a known value of `colours`. Did you mean `green`?",
        ),
        (
            "title: x\nthings: [{kind: bag, on: 2026-02-30}]",
            "2:26 C122 `on` must be a date such as 2026-11-23, not `2026-02-30`.",
        ),
        ("title: x\nthings: [{kind: box, report: x, size: 10}]", "2:39 C124 `size` must be 9 or less."),
        ("title: x\nthings: [{kind: box, report: x, size: 1.5}]", "2:39 C122 `size` must be a whole number, not `1.5`."),
        ("title: x\nthings: [{kind: box, size: 1}]", "2:10 C120 `report` is missing."),
        ("title: x\nthings: [{kind: box, raport: x, report: y, size: 1}]", "2:22 C121 Unknown field `raport`. Did you mean `report`?"),
        ("title: x\nreport: {a: {deep: x}}", "2:20 C122 `deep` must be a whole number, not the text `x`."),
        ("title: x\nreport: {a: {dep: 1, deep: 1}}", "2:14 C121 Unknown field `dep`. Did you mean `deep`?"),
        ("title: x\neither: {deep: x}", "2:16 C122 `deep` must be a whole number, not the text `x`."),
        ("title: x\neither: {dep: 2, deep: 2}", "2:10 C121 Unknown field `dep`. Did you mean `deep`?"),
        ("title: x\neither: abc", "2:9 C122 `either` must be a whole number, not the text `abc`."),
        ("title: x\nat: 9.30", '2:5 C122 `at` must be text, not `9.3`. Put it in quotes: "9.3".'),
        ('title: x\nat: "9:30"', '2:5 C124 `at` is a time such as "16:50", not `9:30`.'),
        ("title: x\nwait: 15 minutes", "2:7 C122 `wait` must be a duration such as PT15M, not `15 minutes`."),
        ("title: x\nsince: 2026-11-23T09:00:00", "2:8 C122 `since` must be a moment with its offset from UTC, such as 2026-11-23T09:00:00+00:00, not `2026-11-23T09:00:00`."),
        ("title: x\nlength: soon", "2:9 C122 Write it as `25m`, `2h` or `1d12h`, not `soon`."),
        ("title: x\nreport: {a: {}}", "2:10 C120 `deep` is missing: how deep it is."),
        ("title: x\nplace: ie", "2:8 C124 `place` cannot be `ie`: ISO country."),
        ("title: ''", "1:8 C124 `title` must not be empty."),
        ("[title]", "1:1 C122 This must be a mapping of `key: value` lines, not a list."),
        ("title", "1:1 C122 This must be a mapping of `key: value` lines, not the text `title`."),
    ],
)  # fmt: skip
def test_each_problem_is_one_sentence_at_its_place(text: str, said: str) -> None:
    assert said in problems(text)


def test_all_problems_are_told_at_once_in_reading_order() -> None:
    found = problems("titel: x\nlid: yes\nlid: no\nthings:\n- {kind: box, size: .nan}\n- {kind: bag}\n")
    assert [said.split(" ", 2)[:2] for said in found] == [
        ["1:1", "C120"],  # title
        ["1:1", "C121"],  # titel
        ["2:6", "C122"],
        ["3:1", "C107"],
        ["5:3", "C120"],  # report
        ["5:21", "C109"],  # and nothing about the nought that stands there meanwhile
        ["6:3", "C120"],  # on
    ]


def test_a_branch_named_like_a_field_does_not_lead_astray() -> None:
    class Report(Value):
        kind: Literal["report"]
        report: Line

    class Spot(Value):
        kind: Literal["spot"]

    found = problems("kind: report\nreport: 5\n", Annotated[Report | Spot, Field(discriminator="kind")])
    assert found == ['2:9 C122 `report` must be text, not `5`. Put it in quotes: "5".']


def test_only_the_branch_that_fits_best_speaks() -> None:
    found = problems("title: x\neither: {deep: 1, dep: 2, dip: 3}")
    assert [said.split(" ")[0] for said in found] == ["2:19", "2:27"]
