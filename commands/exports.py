"""Commands that write scenarios and quizzes for other tools: `export msel`, `export gift`, …

What a format cannot hold is printed; nothing that is there is overwritten.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from catalog.formats import cexf, gift_write, launchers, msel, qti_write, table
from catalog.formats.draft import Note, Unreadable
from catalog.library import load
from domain.quiz import Quiz
from domain.scenario import Scenario

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Scenarios and quizzes for other tools.")

TITLE = "Muster: the fire drill for data breaches"
EVER = datetime(1970, 1, 1, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent

_Slug = Annotated[str, typer.Argument(help="The scenario: the name of its file without .yaml.")]
_File = Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")]
_Quiz = Annotated[str, typer.Argument(help="The quiz: the name of its file without .yaml.")]
_Address = Annotated[str, typer.Option("--address", help="Where people reach Muster: https://muster.firm.example.")]
_Title = Annotated[str, typer.Option("--title", help="What the learning platform shows.")]
_Root = Annotated[Path, typer.Option(help="The folder that holds content/ and quizzes/.")]


@app.command("msel")
def _msel(slug: _Slug, file: _File, root: _Root = ROOT) -> None:
    """Write a scenario as an MSEL spreadsheet (XLSX)."""
    _export(slug, file, root, msel.write)


@app.command("cexf")
def _cexf(slug: _Slug, file: _File, root: _Root = ROOT) -> None:
    """Write a scenario as CEXF of the MISP project (JSON)."""
    _export(slug, file, root, lambda scenario, path: cexf.write(scenario, slug, path))


@app.command("gift")
def _gift(slug: _Quiz, file: _File, root: _Root = ROOT) -> None:
    """Write a quiz in GIFT, the text format of Moodle."""
    _export_quiz(slug, file, root, gift_write.write)


@app.command("qti")
def _qti(slug: _Quiz, file: _File, root: _Root = ROOT) -> None:
    """Write a quiz as a QTI 2.1 package (ZIP with a manifest)."""
    _export_quiz(slug, file, root, lambda quiz, path: qti_write.write(quiz, slug, path))


@app.command("csv")
def _csv(slug: _Quiz, file: _File, root: _Root = ROOT) -> None:
    """Write a quiz as a table (CSV) that any spreadsheet opens."""
    _export_quiz(slug, file, root, table.write)


@app.command("xapi")
def _xapi(
    file: _File,
    address: _Address,
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day (UTC) to write.")] = EVER,
) -> None:
    """Write what people have done as xAPI statements (JSON), for a learning record store."""
    from commands.opened import opened
    from services import records

    _fresh(file)
    count = 0
    with opened() as muster, file.open("w", encoding="utf-8") as out:
        for count, statement in enumerate(records.statements(muster, address, since.replace(tzinfo=UTC)), 1):
            out.write("[\n" if count == 1 else ",\n")
            out.write(json.dumps(statement, ensure_ascii=False))
        out.write("\n]\n" if count else "[]\n")
    typer.echo(f"{count} statements: {file}")


@app.command("scorm")
def _scorm(file: _File, address: _Address, title: _Title = TITLE) -> None:
    """Write a SCORM 1.2 package whose page opens Muster."""
    _fresh(file)
    _launcher(launchers.scorm, file, address, title)


@app.command("cmi5")
def _cmi5(file: _File, address: _Address, title: _Title = TITLE) -> None:
    """Write a cmi5 package whose page opens Muster."""
    _fresh(file)
    _launcher(launchers.cmi5, file, address, title)


def _launcher(writer: Callable[[str, str, Path], None], file: Path, address: str, title: str) -> None:
    try:
        writer(address, title, file)
    except Unreadable as said:
        _end(str(said))
    typer.echo(str(file))


def _export(slug: str, file: Path, root: Path, writer: Callable[[Scenario, Path], list[Note]]) -> None:
    scenario = load(root).scenarios.get(slug)
    if scenario is None:
        _end(f"There is no scenario `{slug}` that can be used.")
    _fresh(file)
    _tell(writer(scenario, file), file)


def _export_quiz(slug: str, file: Path, root: Path, writer: Callable[[Quiz, Path], list[Note]]) -> None:
    quiz = load(root).quizzes.get(slug)
    if quiz is None:
        _end(f"There is no quiz `{slug}` that can be used.")
    _fresh(file)
    try:
        _tell(writer(quiz, file), file)
    except Unreadable as said:
        _end(str(said))


def _fresh(file: Path) -> None:
    if file.exists():
        _end(f"{file} is already there; nothing was written.")


def _tell(notes: list[Note], file: Path) -> None:
    for note in notes:
        typer.echo(f"  {note}")
    typer.echo(str(file))


def _end(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    sys.exit(1)
