"""Spreadsheets as plain rows: CSV and XLSX, read within bounds, and XLSX written so that no cell is ever run.

A file that is broken, huge or built to explode gets one clear sentence.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from catalog.formats.draft import Unreadable

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_ROWS: Final = 10_000
MAX_COLUMNS: Final = 100
MAX_UNPACKED: Final = 40 * 1024 * 1024

Sheet = list[list[Any]]
"""Rows of cells: text, numbers, times, or None."""


def content(path: Path) -> bytes:
    """The bytes of a file that is not too large."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror or 'no access'}.") from None
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"{path.name} is larger than 5 MB.")
    if not raw.strip():
        raise Unreadable(f"{path.name} is empty.")
    return raw


def sheets(path: Path) -> list[tuple[str, Sheet]]:
    """Every sheet of a CSV or XLSX file, by name."""
    raw = content(path)
    if path.suffix.lower() in {".xlsx", ".xlsm"} or raw[:4] == b"PK\x03\x04":
        return _xlsx(raw, path.name)
    if raw[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable(f"{path.name} is an old or encrypted Excel file: save it as .xlsx without a password.")
    return [(path.stem, _csv(raw, path.name))]


def _csv(raw: bytes, name: str) -> Sheet:
    if b"\x00" in raw:
        raise Unreadable(f"{name} is neither CSV nor XLSX.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:8192], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows: Sheet = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter):
            rows.append(list(row[:MAX_COLUMNS]))
            _bounded(rows, name)
    except csv.Error as error:
        raise Unreadable(f"{name} is not CSV: {error}.") from None
    return rows


def _bounded(rows: Sheet, name: str) -> None:
    if len(rows) > MAX_ROWS:
        raise Unreadable(f"{name} has more than {MAX_ROWS:,} rows.")


def _xlsx(raw: bytes, name: str) -> list[tuple[str, Sheet]]:
    _safe(raw, name)
    from openpyxl import load_workbook

    found: list[tuple[str, Sheet]] = []
    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            rows: Sheet = []
            for row in sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True):
                rows.append(list(row))
                _bounded(rows, name)
            found.append((sheet.title, rows))
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - whatever a broken workbook makes of the library
        raise Unreadable(f"{name} is not an XLSX workbook that can be read.") from None
    return found


def _safe(raw: bytes, name: str) -> None:
    """Refuse what unpacks to very much, and XML that declares anything of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED or len(archive.infolist()) > 2_000:
                raise Unreadable(f"{name} unpacks to more than 40 MB.")
            left = MAX_UNPACKED
            for part in archive.infolist():
                with archive.open(part) as stream:
                    body = stream.read(left + 1)
                left -= len(body)
                if left < 0:
                    raise Unreadable(f"{name} unpacks to more than 40 MB.")
                if part.filename.lower().endswith((".xml", ".rels", ".vml")) and _declares(body):
                    raise Unreadable(f"{name} declares XML entities, which no spreadsheet needs.")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
        raise Unreadable(f"{name} is not an XLSX workbook that can be read.") from None


def _declares(body: bytes) -> bool:
    return b"<!DOCTYPE" in body or b"<!ENTITY" in body or body[:2] in {b"\xff\xfe", b"\xfe\xff"}


def write(
    path: Path, title: str, head: Sequence[tuple[str, str]], columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """One sheet: labelled lines, an empty one, a heading, and rows. Text stays text, whatever it begins with."""
    from xlsxwriter import Workbook

    # `strings_to_formulas` and its siblings are what would turn a text into something that is run.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(path), options) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for n, (label, text) in enumerate(head):
            sheet.write_string(n, 0, label, bold)
            sheet.write_string(n, 1, harmless(text))
        top = len(head) + 1
        for n, name in enumerate(columns):
            sheet.write_string(top, n, name, bold)
        for n, row in enumerate(rows, top + 1):
            for m, text in enumerate(row):
                sheet.write_string(n, m, harmless(text), wrapped)
        sheet.freeze_panes(top + 1, 0)
        sheet.set_column(0, len(columns) - 1, 22)


_RUN: Final = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula, also after it was saved as CSV."""
    return f"'{text}" if text.startswith(_RUN) or plain(text) != text else text


def plain(text: str) -> str:
    """What `harmless` wrote, as it was."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*_RUN, "'")) else text
