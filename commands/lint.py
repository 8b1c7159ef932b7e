"""The command that lints: what makes content worth its time, with file, line and column.

It reads content files only. Errors end with 1; warnings, and what a person should review, are printed and end with 0.
"""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from catalog.file import File
from catalog.kinds import BY_NAME
from catalog.library import Catalog, load
from catalog.problem import Problem
from catalog.read import read
from catalog.sarif import sarif
from domain import item_lint
from domain import lint as scenario_lint
from domain.guess import MARGIN, STRATEGIES, Baseline, baselines

app = typer.Typer(add_completion=False, help="What makes content worth its time.")

ROOT = Path(__file__).resolve().parent.parent

RULES = {
    **{
        code: (name, "error" if code in scenario_lint.ERRORS else "warning")
        for code, name in scenario_lint.CODES.items()
    },
    **{code: (name, item_lint.severity(code)) for code, name in item_lint.CODES.items()},
}
"""Every code, with its name and severity."""

Found = list[tuple[Problem, str]]
"""Problems with their severities."""

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
_Sarif = Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0, for code hosts and editors.")]
_Strict = Annotated[bool, typer.Option("--strict", help="Let warnings end with 1 too.")]
_Root = Annotated[Path, typer.Option(help="The folder that holds content/ and quizzes/.")]


@app.callback(invoke_without_command=True)
def group(
    context: typer.Context,
    only: Annotated[list[str] | None, typer.Option(help="Tell only of this file or folder; may be repeated.")] = None,
    baseline: Annotated[bool, typer.Option("--baseline", help="Print what guessing is worth, quiz by quiz.")] = False,
    as_json: _Json = False,
    as_sarif: _Sarif = False,
    strict: _Strict = False,
    root: _Root = ROOT,
) -> None:
    """Lint quizzes, lessons, drills and modules; `scenario` lints scenarios. docs/linting.md explains each code."""
    if context.invoked_subcommand is not None:
        return
    content = load(root)
    if baseline:
        _table(baselines(content.quizzes), as_json=as_json)
        return
    absent = [state.file for state in content.states if state.use != "good"]
    shelf = item_lint.Shelf(content.modules, content.lessons, content.quizzes, content.drills)
    found = [(each, severity) for each, severity in _placed(shelf, root) if _wanted(each.file, only)]
    _tell(found, as_json=as_json, as_sarif=as_sarif)
    if absent:
        typer.echo(f"Not linted, as the check refuses them: {', '.join(absent)}. Look at `manage.py check`.", err=True)
    sys.exit(1 if absent or _fails(found, strict=strict) else 0)


@app.command()
def scenario(
    slug: Annotated[str, typer.Argument(help="The scenario; all of them when left out.")] = "",
    as_json: _Json = False,
    as_sarif: _Sarif = False,
    strict: _Strict = False,
    root: _Root = ROOT,
) -> None:
    """Lint one scenario or all: steps, dead ends, evidence, seats, pace, duties. docs/linting.md explains each code."""
    content = load(root)
    if slug and slug not in content.scenarios:
        known = ", ".join(sorted(content.scenarios)) or "none"
        typer.echo(
            f"There is no scenario `{slug}` that can be used. Known: {known}. Look at `manage.py check`.", err=True
        )
        sys.exit(1)
    found = _scenarios(content, slug)
    _tell(found, as_json=as_json, as_sarif=as_sarif)
    sys.exit(1 if _fails(found, strict=strict) else 0)


def _scenarios(content: Catalog, slug: str) -> Found:
    kind = BY_NAME["scenario"]
    found: Found = []
    for name, value in sorted(content.scenarios.items()):
        if slug in {"", name}:
            path = f"{kind.folder}/{name}.yaml"
            file = File(path, kind, name, value, read(content.texts[name].encode(), path))
            found += [
                (file.problem(each.path, each.code, each.message), "error" if each.error else "warning")
                for each in scenario_lint.lint(value, content.regimes)
            ]
    return found


def _placed(shelf: item_lint.Shelf, root: Path) -> Found:
    """Every remark at its line and column; files without any are not read again."""
    found: Found = []
    files: dict[str, File] = {}
    for remark in item_lint.lint(shelf, datetime.now(UTC).date()):
        kind = BY_NAME[remark.kind]
        path = f"{kind.folder}/{remark.slug}.yaml"
        if path not in files:
            files[path] = File(path, kind, remark.slug, None, read((root / path).read_bytes(), path))
        found.append((files[path].problem(remark.path, remark.code, remark.message), remark.severity))
    return found


def _wanted(file: str, only: list[str] | None) -> bool:
    return not only or any(file == each or file.startswith(f"{each.rstrip('/')}/") for each in only)


def _fails(found: Found, *, strict: bool) -> bool:
    return any(severity == "error" or (strict and severity == "warning") for _, severity in found)


def _tell(found: Found, *, as_json: bool, as_sarif: bool) -> None:
    found = sorted(found)
    if as_sarif:
        typer.echo(json.dumps(sarif(RULES, found), ensure_ascii=False, indent=1))
    elif as_json:
        told = [
            {
                **{name: getattr(problem, name) for name in Problem.__match_args__},
                "severity": severity,
                "error": severity == "error",
            }
            for problem, severity in found
        ]
        typer.echo(json.dumps({"remarks": told}, ensure_ascii=False, indent=1))
    else:
        for problem, severity in found:
            typer.echo(f"{problem}{'' if severity == 'error' else f' ({severity})'}")
        if not found:
            typer.echo("Nothing to remark.", err=True)


def _table(found: Iterable[Baseline], *, as_json: bool) -> None:
    """What each habit is expected to score: shares in JSON, percent of the points in text."""
    if as_json:
        told = [
            {
                "quiz": each.slug,
                "pass_mark": each.pass_mark,
                "shares": {name: round(share, 4) for name, share in each.shares.items()},
                "best": each.best,
                "passing": each.passing,
                "close": each.close,
            }
            for each in found
        ]
        typer.echo(
            json.dumps({"margin": MARGIN, "strategies": STRATEGIES, "quizzes": told}, ensure_ascii=False, indent=1)
        )
        return
    widths = [max(8, len(name)) for name in STRATEGIES]
    typer.echo(
        " ".join(
            [f"{'quiz':20}", *(f"{name:>{width}}" for name, width in zip(STRATEGIES, widths, strict=True)), " pass"]
        )
    )
    for each in found:
        marks = ["!" if name in each.passing else "?" if name in each.close else " " for name in STRATEGIES]
        cells = [
            f"{round(100 * each.shares[name])}{mark}".rjust(width)
            for name, mark, width in zip(STRATEGIES, marks, widths, strict=True)
        ]
        typer.echo(" ".join([f"{each.slug:20}", *cells, f"{round(100 * each.pass_mark):5}"]))
    typer.echo(
        f"\nExpected percent of the points. ! passes, ? comes within {round(100 * MARGIN)} points. Places are those of the "
        "file:\nwhat a person sees is shuffled for each attempt. docs/linting.md explains each habit."
    )
