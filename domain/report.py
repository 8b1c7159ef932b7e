"""Judging a report field by field, and by how soon it came.

Deterministic: phrases that the drill declares, compared without case, accents or punctuation. Nothing a person
typed is ever run as a pattern.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from domain.drill import FieldModel, ReportDrill
from domain.organisation import FormField, Organisation
from domain.refusal import Refused

LIMIT = 4000
"""Characters in one field; longer is refused, not cut."""

_LONG_NUMBER = re.compile(r"(?:\d[ -]?){12,19}")
_CLOCK = re.compile(r"^(\d{1,2})[:.h]?(\d{2})?\s*(am|pm)?$")
TOLERANCE = timedelta(minutes=10)
SLOWEST = timedelta(hours=4)
LEAST = 0.3
"""A report after four hours is still worth this much: late is better than never."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the coach looked for in a field."""

    name: str
    good: bool
    why: str


@dataclass(frozen=True, slots=True)
class FieldResult:
    """What the coach says of one field; `worth` in 0…1."""

    field: str
    label: str
    given: str
    checks: tuple[Check, ...]
    model: str
    why: str

    @property
    def worth(self) -> float:
        """The share of checks that came out well."""
        return sum(check.good for check in self.checks) / len(self.checks)


@dataclass(frozen=True, slots=True)
class ReportResult:
    """What a report is worth: its fields, and its promptness in 0…1."""

    fields: tuple[FieldResult, ...]
    took: timedelta
    promptness: float

    @property
    def quality(self) -> float:
        """Mean worth of the fields."""
        return sum(field.worth for field in self.fields) / len(self.fields)

    @property
    def y(self) -> float:
        """Worth as evidence: a prompt report that says nothing is not a report, so the two multiply."""
        return self.quality * self.promptness


def plain(text: str) -> str:
    """Lower case, without accents and punctuation, single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join(kept.split())


def promptness(took: timedelta, full: timedelta) -> float:
    """1 up to `full`, then falling with the logarithm of time to LEAST at four hours, and staying there."""
    if took <= full:
        return 1.0
    if took >= SLOWEST:
        return LEAST
    share = math.log(took / full) / math.log(SLOWEST / full)
    return 1.0 - (1.0 - LEAST) * share


def minutes(text: str) -> int | None:
    """Minutes after midnight for `16:50`, `16.50`, `4:50 pm`, `9`; None when it is no time."""
    found = _CLOCK.match(text.strip().casefold())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] == "pm" and hour < 12:
        hour += 12
    if found[3] == "am" and hour == 12:
        hour = 0
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def clean(organisation: Organisation, given: dict[str, str]) -> dict[str, str]:
    """The form's fields and nothing else. Raises Refused for a field too long or a choice that is not on offer."""
    result = {}
    for field in organisation.report_form:
        value = str(given.get(field.id, "")).strip()
        if len(value) > LIMIT:
            raise Refused(f"“{field.label}” is longer than {LIMIT} characters. Please shorten it.")
        if field.kind == "choice" and value and value not in {choice.id for choice in field.choices}:
            raise Refused(f"“{field.label}”: please choose one of the answers on offer.")
        result[field.id] = value
    return result


def judge(drill: ReportDrill, organisation: Organisation, given: dict[str, str], took: timedelta) -> ReportResult:
    """Judge a cleaned report that was sent `took` after the situation appeared."""
    forms = {field.id: field for field in organisation.report_form}
    results = tuple(
        _field(model, forms[model.field], given.get(model.field, "")) for model in drill.fields if model.field in forms
    )
    return ReportResult(results, took, promptness(took, drill.prompt_within))


def _field(model: FieldModel, form: FormField, given: str) -> FieldResult:
    checks: list[Check] = []
    if form.kind == "choice":
        names = {choice.id: choice.text for choice in form.choices}
        best = " or ".join(names[right] for right in model.right if right in names)
        checks.append(Check(f"Best here: {best}", given in model.right, model.why))
        shown, ideal = names.get(given, ""), best
    elif form.kind == "time":
        checks.append(_time(model, given))
        shown, ideal = given, model.model
    else:
        checks.extend(_text(model, given))
        shown, ideal = given, model.model
    return FieldResult(form.id, form.label, shown, tuple(checks), ideal, model.why)


def _time(model: FieldModel, given: str) -> Check:
    at, right = minutes(given), minutes(model.at or "")
    if at is None:
        return Check("A time somebody can work with, as 16:50", good=False, why=model.why)
    if right is None:
        return Check("A time is given", good=True, why=model.why)
    off = min(abs(at - right), 24 * 60 - abs(at - right))
    return Check(f"Within ten minutes of {model.at}", off <= TOLERANCE.total_seconds() / 60, model.why)


def _text(model: FieldModel, given: str) -> list[Check]:
    words = f" {plain(given)} "
    checks = [Check("Something is written", bool(given), model.why)]
    checks.extend(
        Check(mention.name, any(plain(phrase) in words for phrase in mention.any_of), mention.why)
        for mention in model.mentions
    )
    if given:
        checks.extend(
            Check(f"Without {avoid.name}", not any(plain(phrase) in words for phrase in avoid.any_of), avoid.why)
            for avoid in model.avoid
        )
        if _LONG_NUMBER.search(given):
            checks.append(
                Check(
                    "Without account or card numbers",
                    good=False,
                    why="A report is read by many. Say what kind of number leaked, never the number itself.",
                )
            )
    return checks
