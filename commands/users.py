"""Commands for accounts: `manage.py user add|passwd|revoke|roles|list`.

Passwords are asked for, never taken from the command line, where other users of the machine could read them.
"""

import sys
from typing import Annotated

import typer

from commands.opened import opened
from domain.people import Role
from services import people

app = typer.Typer(help="Accounts: add, passwd, revoke, roles, list.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
Roles = Annotated[list[Role], typer.Option("--role", help="employee, manager or security; may be repeated.")]


def _password() -> str:
    """Asked twice at a terminal, else read as one line from a pipe."""
    if sys.stdin.isatty():
        answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return answer
    return sys.stdin.readline().rstrip("\r\n")


@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Roles = [Role.EMPLOYEE],  # noqa: B006 - typer reads the default, nobody changes it
    team: Annotated[str, typer.Option(help="Their team; made when it is new.")] = "",
) -> None:
    """Add a person. Asks for the password, or reads it from standard input."""
    with opened() as muster:
        people.operator_add(muster, name, email, frozenset(role), _password(), team)
    typer.echo(f"{email} can sign in.")


@app.command()
def passwd(email: Email) -> None:
    """Set a password and sign the person out everywhere."""
    with opened() as muster:
        people.operator_password(muster, email, _password())
    typer.echo(f"The password of {email} is changed; all their sessions ended.")


@app.command()
def revoke(
    email: Email, close: Annotated[bool, typer.Option("--close", help="Also close the account.")] = False
) -> None:
    """Sign a person out everywhere."""
    with opened() as muster:
        people.operator_revoke(muster, email, shut=close)
    typer.echo(f"{email} is signed out everywhere{' and the account is closed' if close else ''}.")


@app.command()
def roles(
    email: Email,
    role: Roles,
    manages: Annotated[list[str], typer.Option(help="A team that the person manages; may be repeated.")] = [],  # noqa: B006
) -> None:
    """Replace a person's roles, and the teams they manage."""
    with opened() as muster:
        people.operator_roles(muster, email, frozenset(role), tuple(manages))
    typer.echo(f"{email} is now {', '.join(sorted(role))}.")


@app.command(name="list")
def list_people() -> None:
    """Print everybody: e-mail address, name, roles, team, whether the account is open."""
    with opened() as muster:
        everybody, teams = people.operator_list(muster)
    for person in everybody:
        state = "open" if person.active else "closed"
        fields = (person.email, person.name, ",".join(sorted(person.roles)), teams.get(person.team_id or 0, ""), state)
        typer.echo("\t".join(fields))
