"""Recorded answers from a CSV file, put in time order without holding them in memory.

A file of any size needs the memory of one page of it: the sorting happens in a temporary file.
"""

import csv
import io
import math
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from domain.readiness.evaluate import Row, evaluate
from domain.refusal import Refused
from services.authority import unguarded

NEEDED = ("person", "item", "skill", "answered_at", "y")
PAGE = 10_000
"""Rows that are in memory at once."""

READING = 0.3
"""About the share of the time that reading takes; the rest is sorting and learning."""

Progress = Callable[[float], None]
"""Told now and then which share of the work is done."""


@unguarded("command line: reads a file that whoever runs it can read")
def evaluate_file(path: Path, progress: Progress = lambda _share: None) -> dict[str, Any]:
    """How the model and the average-percent baseline do on a file; raises Refused with the line that is not right.

    Columns: person, item, skill, answered_at (ISO time, or unix seconds), y in 0…1, and if there is one guess in
    0 ≤ guess < 1. Other columns are left alone. Rows may come in any order, which tells nothing: shuffled, a file
    gives the same figures.
    """
    with (
        tempfile.TemporaryDirectory(prefix="muster-") as folder,
        closing(sqlite3.connect(Path(folder) / "answers.sqlite3", isolation_level=None)) as connection,
    ):
        try:
            _fill(connection, path, progress)
            return evaluate(_ordered(connection, progress))
        except sqlite3.Error as error:
            raise Refused(
                f"The answers could not be sorted in {folder} ({error}). Set TMPDIR to a larger disk."
            ) from error


def _fill(connection: sqlite3.Connection, path: Path, progress: Progress) -> None:
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA temp_store = FILE")
    connection.execute("PRAGMA cache_size = -32768")  # what a sort may hold in memory, in KiB
    connection.execute(
        "CREATE TABLE answer (line INTEGER PRIMARY KEY, person TEXT, item TEXT, skill TEXT, at REAL, y REAL, guess REAL)"
    )
    connection.execute("BEGIN")
    try:
        with path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
            size = path.stat().st_size or 1
            rows = _read(path, csv.reader(file, strict=True))
            while page := list(islice(rows, PAGE)):
                connection.executemany("INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?)", page)
                progress(READING * min(1.0, raw.tell() / size))
    except OSError as error:
        raise Refused(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{path}: this is not UTF-8 text. Save it as UTF-8.") from error
    connection.execute("COMMIT")


def _read(path: Path, reader: Any) -> Iterator[tuple[int, str, str, str, float, float, float]]:
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in NEEDED if name not in head]
        if missing:
            raise Refused(f"{path}:1: missing column {', '.join(missing)}. Needed: {', '.join(NEEDED)}.")
        place = {name: head.index(name) for name in (*NEEDED, "guess") if name in head}
        for row in reader:
            if not row:
                continue
            if len(row) != len(head):
                raise Refused(f"{path}:{reader.line_num}: {len(row)} values for {len(head)} columns.")
            cell = {name: row[index].strip() for name, index in place.items()}
            try:
                at, y, guess = (
                    _moment(cell["answered_at"]),
                    _share("y", cell["y"]),
                    _share("guess", cell.get("guess") or "0"),
                )
            except ValueError as error:
                raise Refused(f"{path}:{reader.line_num}: {error}.") from error
            if guess == 1:
                raise Refused(f"{path}:{reader.line_num}: guess is 1, so an answer tells nothing; it must be below 1.")
            if empty := [name for name in ("person", "item", "skill") if not cell[name]]:
                raise Refused(f"{path}:{reader.line_num}: {empty[0]} is empty.")
            yield reader.line_num, cell["person"], cell["item"], cell["skill"], at, y, guess
    except csv.Error as error:
        raise Refused(f"{path}:{reader.line_num}: {error}.") from error


def _moment(text: str) -> float:
    """Unix seconds; an ISO time without a zone is UTC."""
    try:
        try:
            seconds = float(text)
        except ValueError:
            moment = datetime.fromisoformat(text)
            seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        datetime.fromtimestamp(seconds, UTC)  # a year that no calendar has is refused here, with its line
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(f"answered_at is “{text}”, neither an ISO time nor unix seconds") from error
    return seconds


def _share(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is “{text}”, not a number from 0 to 1")
    return value


def _ordered(connection: sqlite3.Connection, progress: Progress) -> Iterator[Row]:
    """Rows in time order. Whether somebody got this item right before is asked of the sort, not of memory."""
    total = connection.execute("SELECT count(*) FROM answer").fetchone()[0]
    rows = connection.execute(
        """
        SELECT person, item, skill, at, y, guess,
               max(y > 0.5) OVER (PARTITION BY person, item ORDER BY at, skill, y, guess, line
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        FROM answer ORDER BY at, person, item, skill, y, guess, line
        """
    )
    for number, (person, item, skill, at, y, guess, right) in enumerate(rows):
        if number % PAGE == 0:
            progress(READING + (1 - READING) * number / total)
        yield Row(person, item, skill, datetime.fromtimestamp(at, UTC), y, guess, bool(right))
