"""The command that makes and removes the demo company."""

from dataclasses import dataclass
from typing import Annotated

import typer
from rich.progress import Progress

from services import demo
from services.app import build
from services.settings import Settings

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the demo prints for one persona."""

    email: str
    password: str
    role: str


PERSONAS = tuple(SignIn(persona.email, demo.PASSWORD, persona.role) for persona in demo.PERSONAS)


def seed_demo(settings: Settings) -> int:
    """Make the demo company unless it is there; returns how many people were made."""
    muster = build(settings)
    try:
        with Progress(transient=True) as bar:
            task = bar.add_task("Six months of Northwind Clinics …", total=demo.DAYS)
            return demo.seed(muster, lambda done, _all: bar.update(task, completed=done))
    finally:
        muster.close()


@app.command()
def seed(
    make: Annotated[bool, typer.Option("--demo", help="Make the demo company.")] = False,
    remove: Annotated[bool, typer.Option("--remove-demo", help="Remove it and all its people did.")] = False,
) -> None:
    """Make or remove the demo company."""
    from commands.serving import ready

    settings = Settings()
    if make == remove:
        typer.echo("muster: say either --demo or --remove-demo.", err=True)
        raise typer.Exit(2)
    ready(settings)
    if make:
        made = seed_demo(settings)
        typer.echo(f"Made {made} people." if made else "The demo company is here already.")
        for persona in PERSONAS:
            typer.echo(f"{persona.email} / {persona.password} / {persona.role}")
        return
    muster = build(settings)
    gone = demo.remove(muster)
    muster.close()
    typer.echo(f"Removed {gone} people and all they did.")
