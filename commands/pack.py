"""The command that prints an exercise, for the day on which the network is part of the problem."""

from pathlib import Path
from typing import Annotated

import typer

from catalog.library import load
from domain.exercise import variant
from domain.exercise.variant import draw
from domain.refusal import Refused
from services.documents.pack import pack as printed

app = typer.Typer(add_completion=False)

ROOT = Path(__file__).resolve().parent.parent


@app.command()
def pack(
    slug: Annotated[str, typer.Argument(help="The scenario: the name of its file without .yaml.")],
    pdf: Annotated[Path, typer.Option(help="Where to write the PDF.")] = Path("pack.pdf"),
    seed: Annotated[int, typer.Option(help="Draws the dials; the same seed, the same variant.")] = 1,
    dial: Annotated[list[str] | None, typer.Option(help="Set a dial: --dial size=wide. Repeat for more.")] = None,
    root: Annotated[Path, typer.Option(help="The folder that holds content/ and quizzes/.")] = ROOT,
) -> None:
    """Print an exercise as PDF: facilitator guide, seat cards, inject slips, evaluator sheets."""
    content = load(root)
    scenario = content.scenarios.get(slug)
    if scenario is None:
        known = ", ".join(sorted(content.scenarios)) or "none"
        raise typer.BadParameter(f"There is no scenario `{slug}` without problems. Known: {known}.", param_hint="SLUG")
    wanted = {name: value for name, _, value in (pair.partition("=") for pair in dial or ())}
    try:
        dials = draw(scenario, seed, wanted)
    except Refused as refusal:
        raise typer.BadParameter(str(refusal), param_hint="--dial") from None
    try:
        pdf.write_bytes(printed(variant(scenario, dials), content.regimes, dials, seed))
    except OSError as error:
        raise typer.BadParameter(f"{pdf} cannot be written ({error.strerror}).", param_hint="--pdf") from None
    typer.echo(f"{pdf}: {scenario.title}, {len(scenario.injects)} injects, {len(scenario.seats)} seats.")
