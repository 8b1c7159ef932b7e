"""Commands for authors: check, new, schema.

They read files only: no database, no server, and an answer in a second.
"""

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from catalog.library import load
from catalog.problem import Problem
from catalog.schemas import stale, write
from catalog.starters import NEW, NotStarted, start

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Content as code.")

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds content/ and quizzes/."""


@app.command()
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Show only problems of these files or folders.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    root: Annotated[Path, typer.Option(help="The folder that holds content/ and quizzes/.")] = ROOT,
) -> None:
    """Check all content; print every problem as file:line:column code message. Exit 1 if there is any."""
    for path in paths or ():
        if not (path.exists() or (root / path).exists()):
            raise typer.BadParameter(f"{path} does not exist.", param_hint="PATHS")
    problems = [problem for problem in load(root).problems if _wanted(problem, paths, root)]
    if as_json:
        named = [{name: getattr(problem, name) for name in Problem.__match_args__} for problem in problems]
        typer.echo(json.dumps({"problems": named}, ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            typer.echo(str(problem))
        if not problems:
            typer.echo("No problems.", err=True)
    sys.exit(1 if problems else 0)


def _wanted(problem: Problem, paths: list[Path] | None, root: Path) -> bool:
    if not paths:
        return True
    file = (root / problem.file).resolve()
    return any(file.is_relative_to(path.resolve()) or file.is_relative_to((root / path).resolve()) for path in paths)


@app.command()
def new(
    kind: Annotated[str, typer.Argument(help=f"One of: {', '.join(NEW)}.")],
    slug: Annotated[str, typer.Argument(help="Its name in addresses and references: lower case, digits, hyphens.")],
    sort: Annotated[str, typer.Option("--kind", help="For a drill: spot or report.")] = "spot",
    root: Annotated[Path, typer.Option(help="The folder that holds content/ and quizzes/.")] = ROOT,
) -> None:
    """Start a file from a commented template that is valid from the first second. Never overwrites."""
    if kind not in NEW:
        raise typer.BadParameter(f"`{kind}` is none of: {', '.join(NEW)}.", param_hint="KIND")
    if sort not in {"spot", "report"}:
        raise typer.BadParameter(f"`{sort}` is none of: spot, report.", param_hint="--kind")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 64:
        raise typer.BadParameter("use lower case letters, digits and single hyphens.", param_hint="SLUG")
    try:
        for file in start(root, kind, slug, datetime.now(UTC).date(), sort):
            typer.echo(file)
    except NotStarted as said:
        typer.echo(str(said), err=True)
        sys.exit(1)


@app.command()
def schema(
    only_check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when a file is stale.")] = False,
    root: Annotated[Path, typer.Option(help="The folder that holds content/ and quizzes/.")] = ROOT,
) -> None:
    """Write the JSON Schemas and the editor settings that make editors complete and explain every field."""
    files = stale(root) if only_check else write(root)
    for file in files:
        typer.echo(f"{file} is stale: run `manage.py schema`." if only_check else file)
    sys.exit(1 if only_check and files else 0)


if __name__ == "__main__":
    app()
