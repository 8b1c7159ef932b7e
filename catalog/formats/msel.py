"""MSEL: the spreadsheet in which exercises are planned the world over, one inject a row.

There is no standard; columns are found by what people call them. Our own export is one of the forms that can be read.
"""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from catalog.formats import sheets
from catalog.formats.draft import Draft, Imported, Note, Option, Question, Row, Unreadable
from catalog.formats.make import make
from catalog.formats.times import Clock, Offset, read_time, since_start
from domain.exercise import variant
from domain.scenario import Inject, Scenario
from domain.span import moment
from domain.zone import zones

COLUMNS: Final = {
    "number": ("no", "nr", "number", "inject no", "inject number", "event no", "event number", "msel no", "serial", "id", "inject id"),
    "time": ("time", "inject time", "event time", "scheduled time", "planned time", "start time", "when", "t", "time due"),
    "day": ("day", "date", "exercise day"),
    "kind": ("type", "event type", "inject type", "kind"),
    "title": ("title", "subject", "inject title", "event title", "event name", "inject name", "inject", "event", "key event", "headline"),
    "text": (
        "description", "event description", "inject description", "message", "content", "details", "narrative", "text",
        "event inject description", "inject event description", "inject text", "scenario event",
    ),
    "sender": ("from", "sender", "originator", "source", "responsible controller", "controller", "simulated player", "delivered by"),
    "to": ("to", "recipient", "recipients", "recipient players", "recipient player s", "audience", "target", "player", "players"),
    "channel": ("method", "mode", "channel", "delivery", "delivery method", "inject mode", "means", "medium", "inject method"),
    "expected": (
        "expected action", "expected actions", "expected response", "expected outcome", "expected outcomes",
        "expected player action", "expected player actions", "expected outcome of player action", "expected outcome of player actions",
    ),
    "objective": ("objective", "objectives", "exercise objective", "capability", "core capability"),
    "skills": ("skill", "skills", "step", "steps"),
    "ask": ("decision", "question", "discussion question", "discussion questions", "questions", "decision point"),
    "options": ("options", "choices", "courses of action"),
    "notes": ("notes", "remarks", "comments", "controller notes", "facilitator notes", "condition"),
}  # fmt: skip
"""What people call each column, without case and punctuation."""

_BY_NAME: Final = {name: field for field, names in COLUMNS.items() for name in names}
_RATED: Final = re.compile(r"^\s*[\[(]?([PSMU])[\])]?\s*[:.)\]–-]\s*(.+)$")

HEAD: Final = ("No", "Time", "Type", "From", "To", "Method", "Title", "Description", "Expected actions", "Skills", "Decision", "Options", "Condition")  # fmt: skip
"""The columns that we write."""


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────


def read(path: Path, name: str) -> Imported:
    """The scenario `name` that a spreadsheet holds. Raises Unreadable with one sentence."""
    for title, rows in sheets.sheets(path):
        if found := _heading(rows):
            return make(_Reader(title, rows, *found).draft(), name)
    known = "Time, Title, Description, From, To, Method, Expected actions, Decision, Options"
    raise Unreadable(f"No row of {path.name} names columns that an MSEL has. Known among others: {known}.")


def _name(cell: Any) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", str(cell or "").lower()).split())


def _heading(rows: sheets.Sheet) -> tuple[int, dict[str, int], dict[int, str]] | None:
    """Which row names the columns, where each is, and those that nothing is known of."""
    for n, row in enumerate(rows[:30]):
        places: dict[str, int] = {}
        unknown: dict[int, str] = {}
        for column, cell in enumerate(row):
            field = _BY_NAME.get(_name(cell))
            if field and field not in places:
                places[field] = column
            elif _name(cell):
                unknown[column] = str(cell)
        if ("title" in places or "text" in places) and len(places) >= 2:
            return n, places, unknown
    return None


class _Reader:
    """One sheet with its heading."""

    def __init__(
        self, title: str, rows: sheets.Sheet, top: int, places: dict[str, int], unknown: dict[int, str]
    ) -> None:
        self._rows = rows
        self._top = top
        self._places = places
        self._unknown = unknown
        self._draft = Draft(title.replace("-", " ").replace("_", " "))

    def _cell(self, row: list[Any], field: str) -> str:
        place = self._places.get(field)
        value = row[place] if place is not None and place < len(row) else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return sheets.plain(str(value).strip()) if value is not None else ""

    def _at(self, n: int, field: str) -> str:
        return f"row {n + 1}, column {_letters(self._places[field])}" if field in self._places else f"row {n + 1}"

    def draft(self) -> Draft:
        start = self._head()
        before = timedelta()
        for n in range(self._top + 1, len(self._rows)):
            row = self._rows[n]
            if not any(str(cell).strip() for cell in row if cell is not None):
                continue
            title, text = self._cell(row, "title"), self._cell(row, "text")
            question = self._question(n, row)
            if not title and not text:
                self._more(n, question)
                continue
            contingency = "conting" in self._cell(row, "kind").lower() or "condition" in self._cell(row, "kind").lower()
            at = None
            if not contingency:
                start, at = self._time(n, row, start, before)
                before = at
            if notes := self._cell(row, "notes"):
                self._draft.facilitator.append(f"Row {n + 1}: {notes}")
            if objective := self._cell(row, "objective"):
                self._draft.objectives += [part for part in re.split(r"[\n;]+", objective) if part.strip()]
            self._draft.rows.append(
                Row(
                    where=f"row {n + 1}",
                    title=title or text.split("\n")[0][:80],
                    text=text,
                    at=at,
                    contingency=contingency,
                    channel=self._cell(row, "channel"),
                    sender=self._cell(row, "sender"),
                    to=self._cell(row, "to"),
                    expected=tuple(
                        part for each in self._cell(row, "expected").split("\n") if (part := each.strip(" •-*\t"))
                    ),
                    skills=tuple(re.split(r"[,;\n]+", self._cell(row, "skills"))) if self._cell(row, "skills") else (),
                    questions=(question,) if question else (),
                )
            )
        self._seats()
        self._unused()
        return self._draft

    def _head(self) -> time | None:
        """What stands above the heading: title, summary, start, zone."""
        for n, row in enumerate(self._rows[: self._top]):
            cells = [cell for cell in row if cell is not None and str(cell).strip()]
            label = _name(cells[0]) if cells else ""
            value = cells[1] if len(cells) > 1 else None
            if label in {"exercise", "title", "exercise name", "scenario"} and value is not None:
                self._draft.title = sheets.plain(str(value))
            elif label == "summary" and value is not None:
                self._draft.summary = sheets.plain(str(value))
            elif label == "zone" and str(value) in zones():
                self._draft.zone = str(value)
            elif label in {"starts", "start", "startex"} and value is not None:
                self._starts(n, value)
            elif len(cells) == 1 and n == 0:
                self._draft.title = sheets.plain(str(cells[0]))
            elif cells:
                self._draft.lost(f"row {n + 1}", f"“{str(cells[0])[:60]}” above the columns")
        return self._draft.starts.timetz().replace(tzinfo=None) if self._draft.starts else self._start

    _start: time | None = None

    def _starts(self, n: int, value: Any) -> None:
        try:
            found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
        except ValueError:
            clock = read_time(value)
            if isinstance(clock, Clock):
                self._start = clock.at
            else:
                self._draft.lost(f"row {n + 1}", f"the start “{str(value)[:40]}”")
            return
        if found.tzinfo is None:
            from datetime import UTC

            found = found.replace(tzinfo=UTC)
            self._draft.guessed(f"row {n + 1}", "the start is in UTC")
        self._draft.starts = found

    def _time(self, n: int, row: list[Any], start: time | None, before: timedelta) -> tuple[time | None, timedelta]:
        """When a row comes; the first clock time is the start unless the sheet names one."""
        place = self._places.get("time")
        raw = row[place] if place is not None and place < len(row) else None
        found = read_time(sheets.plain(raw) if isinstance(raw, str) else raw)
        where = self._at(n, "time")
        if isinstance(found, Offset):
            if found.span < timedelta():
                self._draft.guessed(where, f"“{raw}” is before the start; it comes at the start")
            return start, max(found.span, timedelta())
        if isinstance(found, Clock):
            if start is None:
                start = found.at
                self._draft.guessed(where, f"the exercise starts at {start:%H:%M}, the first time in the sheet")
            day = self._day(row)
            span = since_start(replace(found, day=day) if day is not None else found, start, before)
            if span < timedelta():
                self._draft.guessed(where, f"“{raw}” is before the start; it comes at the start")
            return start, max(span, timedelta())
        at = before + timedelta(minutes=10) if self._draft.rows else timedelta()
        said = f"“{str(raw)[:30]}” is no time" if raw not in {None, ""} else "no time is given"
        self._draft.guessed(where, f"it comes at {moment(at)}, as {said}")
        return start, at

    def _day(self, row: list[Any]) -> int | None:
        place = self._places.get("day")
        value = row[place] if place is not None and place < len(row) else None
        if isinstance(value, date) and self._draft.starts is not None:
            day = value.date() if isinstance(value, datetime) else value
            return max((day - self._draft.starts.date()).days, 0)
        found = re.search(r"\d{1,2}", str(value)) if value is not None and not isinstance(value, date) else None
        return max(int(found[0]) - 1, 0) if found else None

    def _question(self, n: int, row: list[Any]) -> Question | None:
        ask = " ".join(self._cell(row, "ask").split())
        raw = self._cell(row, "options")
        options = []
        for line in raw.split("\n") if "\n" in raw else re.split(r";\s+", raw):
            found = _RATED.match(line)
            text = (found[2] if found else line).strip(" •-*\t")
            if text:
                options.append(Option(text, found[1] if found else ""))
        if options and not ask:
            self._draft.guessed(self._at(n, "options"), "what is asked, as there are options but no decision")
        return Question(ask, tuple(options)) if ask or options else None

    def _more(self, n: int, question: Question | None) -> None:
        """A row without an inject is a further decision of the one before, or nothing."""
        if question and self._draft.rows:
            last = self._draft.rows[-1]
            self._draft.rows[-1] = replace(last, questions=(*last.questions, question))
        else:
            self._draft.lost(f"row {n + 1}", "a row without title, description and decision")

    def _seats(self) -> None:
        for row in self._draft.rows:
            for title in re.split(r"[,;/&\n]+", row.to):
                name = " ".join(title.split())
                if (
                    name
                    and name.casefold() not in {"all", "everybody", "incident team", "team", "players"}
                    and len(name) <= 40
                ):
                    known = {each.casefold() for each in self._draft.seats.values()}
                    if name.casefold() not in known and len(self._draft.seats) < 8:
                        self._draft.seats[name] = name

    def _unused(self) -> None:
        for column, name in self._unknown.items():
            filled = [
                n + 1
                for n in range(self._top + 1, len(self._rows))
                if column < len(self._rows[n]) and str(self._rows[n][column] or "").strip()
            ]
            if filled:
                rows = f"row {filled[0]}" if len(filled) == 1 else f"{len(filled)} rows, {filled[0]} to {filled[-1]}"
                self._draft.lost(f"column {_letters(column)}", f"“{name[:40]}” is not used ({rows})")


def _letters(column: int) -> str:
    """The name a spreadsheet gives a column: A, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────


def rows(scenario: Scenario) -> list[list[str]]:
    """The scenario as rows under `HEAD`; a further decision of an inject has a row of its own."""
    found = []
    for number, inject in enumerate(scenario.injects, 1):
        sender, _, to = inject.sender.partition(" → ")
        asks = [scenario.decision(name) for name in inject.asks]
        for place, decision in enumerate(asks or [None]):
            ask = decision.ask if decision else ""
            options = "\n".join(f"{o.rating}: {o.text}" for o in decision.options) if decision else ""
            if place:
                found.append([""] * 10 + [ask, options, ""])
                continue
            kind = "Contingency" if inject.contingency else "Conditional" if inject.at is None else "Inject"
            found.append(
                [
                    str(number),
                    "" if inject.at is None else moment(inject.at),
                    kind,
                    sender,
                    to,
                    inject.channel,
                    inject.title,
                    "\n".join((inject.text, *inject.lines)).strip(),
                    "\n".join(inject.expected),
                    ", ".join(inject.skills),
                    ask,
                    options,
                    _condition(inject),
                ]
            )
    return found


def as_set(scenario: Scenario) -> Scenario:
    """The scenario with every dial at its first position: other formats know one variant only."""
    return variant(scenario, {dial.id: dial.values[0].id for dial in scenario.dials})


def _condition(inject: Inject) -> str:
    if inject.when is None:
        return ""
    return "When: " + inject.when.model_dump_json(exclude_defaults=True)


def write(scenario: Scenario, path: Path) -> list[Note]:
    """Write the scenario as an XLSX MSEL, and say what the format cannot hold."""
    scenario = as_set(scenario)
    head = [
        ("Exercise", scenario.title),
        ("Starts", scenario.starts.isoformat()),
        ("Zone", scenario.zone),
        ("Summary", scenario.summary),
    ]
    sheets.write(path, "MSEL", head, HEAD, rows(scenario))
    return lost(scenario)


def lost(scenario: Scenario) -> list[Note]:
    """What neither a spreadsheet nor CEXF can hold."""
    found = []
    for inject in scenario.injects:
        parts = [
            name
            for name, there in (
                ("conditions", inject.when is not None),
                ("effects", bool(inject.effects)),
                ("private texts", bool(inject.private)),
                ("attachments", bool(inject.attachments)),
                ("the red herring's end", inject.red_herring),
            )
            if there
        ]
        if parts:
            found.append(Note("lost", f"inject {inject.id}", ", ".join(parts)))
    whole = [
        name
        for name in (
            "setting",
            "facts",
            "clocks",
            "duties",
            "objectives",
            "people",
            "debrief",
            "sources",
            "notes",
        )
        if getattr(scenario, name)
    ]
    found.append(Note("lost", "scenario", ", ".join(["seats' briefs and deputies", *whole])))
    found.append(
        Note("lost", "decisions", "who votes, time limits, what each option causes, why, and whose voice it is")
    )
    return found
