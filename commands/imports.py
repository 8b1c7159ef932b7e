"""Commands that turn other tools' exercises into scenarios and their question banks into quizzes: `import msel`, `import gift`, …

What an import lost or guessed is printed; nothing that is there is overwritten.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from catalog.formats import aiken, cexf, gift, iceberg, markdown, moodle, msel, qti, table
from catalog.formats.bank import Imported as ImportedQuiz
from catalog.formats.draft import Imported, Note, Unreadable
from catalog.formats.files import save, save_quiz
from domain.skills import Skill

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Scenarios and quizzes from other tools.")

ROOT = Path(__file__).resolve().parent.parent

_File = Annotated[Path, typer.Argument(help="The file to import.")]
_Slug = Annotated[str, typer.Option("--slug", help="Its name here: lower case, digits, hyphens.")]
_Trains = Annotated[
    Skill | None, typer.Option("--skill", help="What the questions train, unless they say so themselves.")
]
_Root = Annotated[Path, typer.Option(help="The folder that holds content/ and quizzes/.")]


@app.command("msel")
def _msel(file: _File, slug: _Slug, root: _Root = ROOT) -> None:
    """Import an MSEL spreadsheet, CSV or XLSX: one inject a row; columns are found by their names."""
    _import(msel.read, file, slug, root)


@app.command("cexf")
def _cexf(file: _File, slug: _Slug, root: _Root = ROOT) -> None:
    """Import a CEXF file of the MISP project (JSON)."""
    _import(cexf.read, file, slug, root)


@app.command("iceberg")
def _iceberg(file: _File, slug: _Slug, root: _Root = ROOT) -> None:
    """Import an IcebergTTX scenario (JSON)."""
    _import(iceberg.read, file, slug, root)


@app.command("gift")
def _gift(file: _File, slug: _Slug, skill: _Trains = None, root: _Root = ROOT) -> None:
    """Import questions in GIFT, the text format of Moodle."""
    _import_quiz(gift.read, file, slug, skill, root)


@app.command("aiken")
def _aiken(file: _File, slug: _Slug, skill: _Trains = None, root: _Root = ROOT) -> None:
    """Import questions in the Aiken format."""
    _import_quiz(aiken.read, file, slug, skill, root)


@app.command("moodle")
def _moodle(file: _File, slug: _Slug, skill: _Trains = None, root: _Root = ROOT) -> None:
    """Import questions from Moodle XML."""
    _import_quiz(moodle.read, file, slug, skill, root)


@app.command("qti")
def _qti(file: _File, slug: _Slug, skill: _Trains = None, root: _Root = ROOT) -> None:
    """Import questions from QTI 1.2, 2.x or 3.0: an XML file or a package (ZIP)."""
    _import_quiz(qti.read, file, slug, skill, root)


@app.command("markdown")
def _markdown(file: _File, slug: _Slug, skill: _Trains = None, root: _Root = ROOT) -> None:
    """Import questions written as Markdown lists, with `A)` … and a marked key."""
    _import_quiz(markdown.read, file, slug, skill, root)


@app.command("csv")
def _csv(file: _File, slug: _Slug, skill: _Trains = None, root: _Root = ROOT) -> None:
    """Import questions from a table as `export csv` writes it: CSV or XLSX."""
    _import_quiz(table.read, file, slug, skill, root)


def _import(reader: Callable[[Path, str], Imported], file: Path, slug: str, root: Path) -> None:
    _named(slug)
    try:
        imported = reader(file, slug)
        written = save(imported, root, slug, file.name)
    except Unreadable as said:
        typer.echo(str(said), err=True)
        sys.exit(1)
    _tell(written, imported.notes)
    typer.echo(f"Next: python manage.py lint scenario {slug}", err=True)


def _import_quiz(
    reader: Callable[[Path, Skill | None], ImportedQuiz], file: Path, slug: str, skill: Skill | None, root: Path
) -> None:
    _named(slug)
    try:
        imported = reader(file, skill)
        written = save_quiz(imported, root, slug, file.name)
    except Unreadable as said:
        typer.echo(str(said), err=True)
        sys.exit(1)
    _tell(written, imported.notes)
    typer.echo(f"Next: python manage.py check {written[0]}", err=True)


def _named(slug: str) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 64:
        raise typer.BadParameter("use lower case letters, digits and single hyphens.", param_hint="--slug")


def _tell(written: list[str], notes: tuple[Note, ...]) -> None:
    for name in written:
        typer.echo(name)
    for note in notes:
        typer.echo(f"  {note}")
