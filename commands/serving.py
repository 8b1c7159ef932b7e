"""Commands for operators: config, migrate, serve, demo.

Whatever stands in the way (port taken, folder read-only, newer database) is one sentence and exit code 1.
"""

import os
import socket
import sys

import typer
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from db.engine import Database
from db.migrate import NewerDatabase
from db.migrate import migrate as bring_up
from services.settings import ROOT, Settings, explain

app = typer.Typer(add_completion=False)


def stop(sentence: str) -> typer.Exit:
    """Say one sentence; raise what is returned."""
    typer.echo(f"muster: {sentence}", err=True)
    return typer.Exit(1)


def where(settings: Settings) -> str:
    """The database as it may be shown."""
    return make_url(settings.url).render_as_string(hide_password=True)


def ready(settings: Settings) -> None:
    """Make the data folder and bring the database up to date, or stop with a sentence."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise stop(
            f"the folder {settings.data} cannot be made ({error.strerror}). Set MUSTER_DATA to one that can."
        ) from error
    if not os.access(settings.data, os.W_OK):
        raise stop(f"the folder {settings.data} cannot be written. Set MUSTER_DATA to one that can.")
    database = Database(settings.url)
    try:
        bring_up(database)
    except NewerDatabase as error:
        raise stop(str(error)) from error
    except OperationalError as error:
        raise stop(f"the database at {where(settings)} does not answer: {str(error.orig).splitlines()[0]}") from error
    finally:
        database.close()


def free(settings: Settings) -> None:
    """Stop with a sentence when something else listens on the port."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise stop(
                f"{settings.host}:{settings.port} is taken or not ours ({error.strerror}). "
                "Set MUSTER_PORT to another port."
            ) from error


def run() -> None:
    """Become the server."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, str(ROOT / "app.py")])  # noqa: S606 - our own file, no shell


@app.command()
def config() -> None:
    """Print every setting, its value and where it came from."""
    for variable, value, source, meaning in explain(Settings()):
        typer.echo(f"{variable} = {value or '(unset)'}  [{source}] {meaning}")


@app.command()
def migrate() -> None:
    """Bring the database to the schema of this release."""
    settings = Settings()
    ready(settings)
    typer.echo(f"The database at {where(settings)} is up to date.")


@app.command()
def serve() -> None:
    """Migrate and serve."""
    settings = Settings()
    free(settings)
    ready(settings)
    run()


@app.command()
def demo() -> None:
    """Migrate, seed the demo company once, print its sign-ins, and serve."""
    from commands.seed import PERSONAS, seed_demo

    settings = Settings()
    free(settings)
    ready(settings)
    seed_demo(settings)
    typer.echo(f"Muster serves http://{settings.host}:{settings.port}")
    for persona in PERSONAS:
        typer.echo(f"{persona.email} / {persona.password} / {persona.role}")
    run()
