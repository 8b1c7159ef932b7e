"""Commands that turn other tools' exercises into scenarios: `import msel`, `import cexf`, `import iceberg`.

What an import lost or guessed is printed; nothing that is there is overwritten.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from catalog.formats import cexf, iceberg, msel
from catalog.formats.draft import Imported, Unreadable
from catalog.formats.files import save

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Scenarios from other tools.")

ROOT = Path(__file__).resolve().parent.parent

_File = Annotated[Path, typer.Argument(help="The file to import.")]
_Slug = Annotated[str, typer.Option("--slug", help="The scenario's name here: lower case, digits, hyphens.")]
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


def _import(reader: Callable[[Path, str], Imported], file: Path, slug: str, root: Path) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 64:
        raise typer.BadParameter("use lower case letters, digits and single hyphens.", param_hint="--slug")
    try:
        imported = reader(file, slug)
        written = save(imported, root, slug, file.name)
    except Unreadable as said:
        typer.echo(str(said), err=True)
        sys.exit(1)
    for name in written:
        typer.echo(name)
    for note in imported.notes:
        typer.echo(f"  {note}")
    typer.echo(f"Next: python manage.py lint scenario {slug}", err=True)
