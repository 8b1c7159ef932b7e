"""Commands that write scenarios for other tools: `export msel`, `export cexf`. What a format cannot hold is printed."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from catalog.formats import cexf, msel
from catalog.formats.draft import Note
from catalog.library import load
from domain.scenario import Scenario

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Scenarios for other tools.")

ROOT = Path(__file__).resolve().parent.parent

_Slug = Annotated[str, typer.Argument(help="The scenario: the name of its file without .yaml.")]
_File = Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")]
_Root = Annotated[Path, typer.Option(help="The folder that holds content/ and quizzes/.")]


@app.command("msel")
def _msel(slug: _Slug, file: _File, root: _Root = ROOT) -> None:
    """Write a scenario as an MSEL spreadsheet (XLSX)."""
    _export(slug, file, root, msel.write)


@app.command("cexf")
def _cexf(slug: _Slug, file: _File, root: _Root = ROOT) -> None:
    """Write a scenario as CEXF of the MISP project (JSON)."""
    _export(slug, file, root, lambda scenario, path: cexf.write(scenario, slug, path))


def _export(slug: str, file: Path, root: Path, writer: Callable[[Scenario, Path], list[Note]]) -> None:
    scenario = load(root).scenarios.get(slug)
    if scenario is None:
        typer.echo(f"There is no scenario `{slug}` that can be used.", err=True)
        sys.exit(1)
    if file.exists():
        typer.echo(f"{file} is already there; nothing was written.", err=True)
        sys.exit(1)
    for note in writer(scenario, file):
        typer.echo(f"  {note}")
    typer.echo(str(file))
