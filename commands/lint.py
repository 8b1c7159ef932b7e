"""The command that lints: what makes a scenario worth playing, with file, line and column.

It reads content files only. Errors end with 1; warnings are printed and end with 0.
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from catalog.file import File
from catalog.kinds import BY_NAME
from catalog.library import load
from catalog.problem import Problem
from catalog.read import read
from domain.lint import lint

app = typer.Typer(add_completion=False, no_args_is_help=True, help="What makes content worth its time.")

ROOT = Path(__file__).resolve().parent.parent


@app.callback()
def group() -> None:
    """What makes content worth its time, beyond what makes it valid."""


@app.command()
def scenario(
    slug: Annotated[str, typer.Argument(help="The scenario; all of them when left out.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings end with 1 too.")] = False,
    root: Annotated[Path, typer.Option(help="The folder that holds content/ and quizzes/.")] = ROOT,
) -> None:
    """Lint one scenario or all: steps, dead ends, evidence, seats, pace, duties. docs/linting.md explains each code."""
    content = load(root)
    if slug and slug not in content.scenarios:
        known = ", ".join(sorted(content.scenarios)) or "none"
        typer.echo(
            f"There is no scenario `{slug}` that can be used. Known: {known}. Look at `manage.py check`.", err=True
        )
        sys.exit(1)
    kind = BY_NAME["scenario"]
    found: list[tuple[Problem, bool]] = []
    for name, value in sorted(content.scenarios.items()):
        if slug in {"", name}:
            path = f"{kind.folder}/{name}.yaml"
            file = File(path, kind, name, value, read(content.texts[name].encode(), path))
            found += [
                (file.problem(each.path, each.code, each.message), each.error) for each in lint(value, content.regimes)
            ]
    if as_json:
        told = [{**{n: getattr(p, n) for n in Problem.__match_args__}, "error": error} for p, error in found]
        typer.echo(json.dumps({"remarks": told}, ensure_ascii=False, indent=1))
    else:
        for problem, error in sorted(found):
            typer.echo(f"{problem}{'' if error else ' (warning)'}")
        if not found:
            typer.echo("Nothing to remark.", err=True)
    sys.exit(1 if any(error or strict for _, error in found) else 0)
