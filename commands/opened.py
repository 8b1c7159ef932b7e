"""The App for a command; whatever stands in the way becomes one sentence and exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from domain.refusal import NotSaved, Refused
from services import app as application
from services.app import App


@contextmanager
def opened() -> Iterator[App]:
    """The App on an up-to-date database, closed at the end."""
    try:
        muster = application.ready()
    except application.CannotStart as error:
        typer.echo(f"muster: {error}", err=True)
        raise typer.Exit(1) from error
    try:
        yield muster
    except (Refused, NotSaved) as refusal:
        typer.echo(f"muster: {refusal}", err=True)
        raise typer.Exit(1) from refusal
    finally:
        muster.close()
