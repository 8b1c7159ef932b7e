"""Commands about readiness: replay, fold, snapshot, evaluate.

None of them changes an answer: states, item difficulties and daily counts can all be computed again.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from commands.opened import opened
from domain.readiness.model import VERSION
from domain.refusal import Refused
from services import evidence, readiness
from services.recorded import evaluate_file

app = typer.Typer(no_args_is_help=True, help="Rebuild, calibrate and evaluate the readiness model.")


@app.command()
def replay() -> None:
    """Rebuild every person's states from the evidence. Exit code 1 when any differed from what was stored."""
    with opened() as muster:
        states, wrong = evidence.replay(muster)
    typer.echo(f"{states} states rebuilt with model {VERSION}; {wrong} differed from what was stored.")
    raise typer.Exit(1 if wrong else 0)


@app.command()
def fold() -> None:
    """Learn item difficulties and offsets from all evidence, for use from the next answer on. Run it every night."""
    with opened() as muster:
        items = evidence.fold(muster)
    typer.echo(f"A new calibration with {items} items is in use.")


@app.command()
def snapshot() -> None:
    """Keep today's counts of every team, for the trend. Running it again today replaces them."""
    with opened() as muster:
        readiness.take_snapshot(muster)
    typer.echo("Today's counts are kept.")


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="CSV with person,item,skill,answered_at,y and perhaps guess.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Predict every recorded answer before learning it, and say how good the predictions were."""
    try:
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task(file.name, total=1.0)
            found = evaluate_file(file, lambda share: bar.update(task, completed=share))
    except Refused as refusal:
        typer.echo(f"muster: {refusal}", err=True)
        raise typer.Exit(1) from refusal
    typer.echo(json.dumps(found, indent=1) if as_json else _table(found))


def _table(found: dict[str, Any]) -> str:
    def cell(value: float | None) -> str:
        return f"{'–':>10}" if value is None else f"{value:>10.4f}"

    lines = [f"{found['model']['n']} answers, each predicted before it was learnt", ""]
    lines.append(f"{'':<12}{'model':>10}{'average':>10}")
    for name, label in (("auc", "AUC"), ("log_loss", "log-loss"), ("brier", "Brier"), ("ece", "ECE")):
        lines.append(f"{label:<12}{cell(found['model'][name])}{cell(found['average'][name])}")
    lines += ["", f"{'days since':<12}{'model':>10}{'average':>10}{'n':>10}   (predicted minus actual)"]
    lines += [
        f"{gap['days']:<12}{cell(gap['bias'])}{cell(gap['average'])}{gap['n']:>10}" for gap in found["bias_by_gap"]
    ]
    lines += ["", f"coverage of the 80 % interval {cell(found['coverage_80']).strip()}"]
    return "\n".join(lines)
