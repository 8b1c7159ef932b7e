"""The report coach: field by field, and by the clock."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import report
from domain.drill import Avoid, FieldModel, Mention, ReportDrill
from domain.organisation import Choice, FormField, Organisation
from domain.refusal import Refused

FULL = timedelta(minutes=15)
ORGANISATION = Organisation.model_validate(
    {
        "name": "Northwind Clinics",
        "channels": [{"id": "hotline", "name": "Line", "reach": "4444", "hours": "always", "best_for": "all"}],
        "first_steps": ["Tell"],
        "promise": "No blame.",
        "report_form": [
            FormField(
                id="channel", label="Channel", help="h", kind="choice",
                choices=(Choice(id="hotline", text="Line"), Choice(id="chat", text="Chat")),
            ),
            FormField(id="noticed", label="When", help="h", kind="time"),
            FormField(id="what", label="What", help="h", kind="text"),
        ],
    }
)  # fmt: skip
DRILL = ReportDrill(
    kind="report", title="t", summary="s", skill="report", minutes=3, clock="Monday", situation="x",
    fields=(
        FieldModel(field="channel", model="hotline", right=("hotline",), why="w"),
        FieldModel(field="noticed", model="16:50", at="16:50", why="w"),
        FieldModel(
            field="what", model="A mail went to the wrong Anna.", why="w",
            mentions=(Mention(name="who got it", any_of=("wrong anna", "other anna"), why="w"),),
            avoid=(Avoid(name="blame", any_of=("stupid",), why="w"),),
        ),
    ),
)  # fmt: skip
GOOD = {"channel": "hotline", "noticed": "4:45 pm", "what": "Mail to the WRONG, Ánna!"}


def test_a_good_report_sent_at_once_is_worth_everything() -> None:
    result = report.judge(DRILL, ORGANISATION, GOOD, timedelta(minutes=4))
    assert [field.worth for field in result.fields] == [1, 1, 1]
    assert result.y == 1


def test_what_is_missing_and_what_must_not_be_there_is_named() -> None:
    given_ = {"channel": "chat", "noticed": "later", "what": "Stupid thing, card 4111 1111 1111 1111"}
    result = report.judge(DRILL, ORGANISATION, given_, timedelta(minutes=4))
    bad = {check.name for field in result.fields for check in field.checks if not check.good}
    assert bad == {
        "Best here: Line",
        "A time somebody can work with, as 16:50",
        "who got it",
        "Without blame",
        "Without account or card numbers",
    }


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_sooner_is_never_worth_less(first: int, second: int) -> None:
    soon, late = sorted((first, second))
    worth = [report.promptness(timedelta(seconds=s), FULL) for s in (soon, late)]
    assert worth[0] >= worth[1] >= report.LEAST


def test_promptness_is_full_at_a_quarter_of_an_hour_and_least_at_four_hours() -> None:
    assert report.promptness(FULL, FULL) == 1
    assert report.promptness(timedelta(hours=4), FULL) == pytest.approx(0.3)
    assert report.promptness(timedelta(hours=1), FULL) == pytest.approx(0.65, abs=0.01)


@pytest.mark.parametrize(("text", "expected"), [("16:50", 1010), ("4:50 pm", 1010), ("16.50", 1010), ("9", 540),
                                                ("25:00", None), ("soon", None), ("12 am", 0)])  # fmt: skip
def test_times_are_read_as_people_write_them(text: str, expected: int | None) -> None:
    assert report.minutes(text) == expected


def test_fields_that_are_not_on_the_form_are_dropped_and_false_choices_refused() -> None:
    assert report.clean(ORGANISATION, {**GOOD, "admin": "yes"}).keys() == GOOD.keys()
    with pytest.raises(Refused, match="on offer"):
        report.clean(ORGANISATION, {"channel": "telepathy"})
    with pytest.raises(Refused, match="longer than"):
        report.clean(ORGANISATION, {"what": "x" * 5000})


def test_the_shipped_drills_judge_their_own_model_report_as_good(library) -> None:
    drills = [drill for drill in library.current.drills.values() if isinstance(drill, ReportDrill)]
    assert len(drills) >= 3
    organisation = library.current.organisation
    assert organisation is not None
    for drill in drills:
        given_ = {}
        for model in drill.fields:
            kind = next(field.kind for field in organisation.report_form if field.id == model.field)
            given_[model.field] = (
                model.right[0] if kind == "choice" else (model.at or "") if kind == "time" else model.model
            )
        result = report.judge(drill, organisation, given_, timedelta(minutes=3))
        assert result.quality == 1, (drill.title, [c for f in result.fields for c in f.checks if not c.good])
