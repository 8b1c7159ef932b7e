"""The command line: `python manage.py --help` lists every command, docs/operating.md explains them."""

import importlib
import sys

import typer

app = typer.Typer(
    help="Muster: the fire drill for data breaches.", no_args_is_help=True, pretty_exceptions_enable=False
)

GROUPS = {
    "user": "users",
    "readiness": "readiness",
    "bench": "bench",
    "lint": "lint",
    "import": "imports",
    "export": "exports",
}
"""Command groups, and the module of commands/ that holds each."""

SINGLE = {
    "check": "content",
    "new": "content",
    "schema": "content",
    "play": "play",
    "duties": "duties",
    "pack": "pack",
    "config": "serving",
    "migrate": "serving",
    "serve": "serving",
    "demo": "serving",
    "seed": "seed",
}
"""Commands at the top level, and the module that holds each."""


def mount(words: list[str]) -> None:
    """Mount what `words` may call: only the module that is asked for is imported, so checking content stays quick."""
    wanted = next((word for word in words if not word.startswith("-")), None)
    single = {SINGLE[wanted]} if wanted in SINGLE else set(SINGLE.values()) if wanted not in GROUPS else set()
    for name in sorted(single):
        app.add_typer(importlib.import_module(f"commands.{name}").app)
    for group, name in GROUPS.items():
        if wanted == group or (wanted not in SINGLE and wanted not in GROUPS):
            app.add_typer(importlib.import_module(f"commands.{name}").app, name=group)


if __name__ == "__main__":
    mount(sys.argv[1:])
    app()
