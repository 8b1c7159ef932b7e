"""Who may call what: every public service function declares it, and is refused by the database's present knowledge.

The acting Person is read afresh on each call, so a role taken away or an account closed ends at once.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from db import audit, people
from domain.people import Person, Role
from domain.refusal import Forbidden
from services.app import App

P = ParamSpec("P")
R = TypeVar("R")
Service = Callable[Concatenate[App, Person, P], R]

RULES: dict[str, frozenset[Role]] = {}
"""Which roles may call which service function, by `module.name`; the authority test walks it."""

UNGUARDED: dict[str, str] = {}
"""Public service functions that take no acting Person, and why; the authority test walks them too."""

NOT_HERE = "That is not here, or not for you. If you think it should be, ask your security team."

GUESTS_TOO = tuple(Role)
"""Everybody who is signed in, also guests: the function must see to it that they reach their own exercise alone."""

ANYONE = tuple(role for role in Role if role is not Role.GUEST)
"""Everybody who has an account."""


def permits(*roles: Role) -> Callable[[Service[P, R]], Service[P, R]]:
    """Let the function be called only by an active person with one of the roles.

    The function receives the Person as the database has it now. Raises Forbidden, and writes an audit row; so does
    a Forbidden of the function itself, which somebody gets who asks for what is another person's.
    """
    allowed = frozenset(roles)

    def decorate(function: Service[P, R]) -> Service[P, R]:
        name = f"{function.__module__}.{function.__name__}"
        signature = inspect.signature(function)
        RULES[name] = allowed

        @wraps(function)
        def guarded(app: App, actor: Person, /, *args: P.args, **kwargs: P.kwargs) -> R:
            with app.db.read() as connection:
                present = people.find(connection, actor.id)
            if present is None or not present.has(*allowed):
                _note(app, actor, name, {})
                raise Forbidden(NOT_HERE, noted=True)
            try:
                return function(app, present, *args, **kwargs)
            except Forbidden as refusal:
                if not refusal.noted:
                    refusal.noted = True  # a service that called this one need not write it down again
                    asked = signature.bind(app, present, *args, **kwargs).arguments
                    _note(app, present, name, {key: value for key, value in asked.items() if type(value) is int})
                raise

        return guarded

    return decorate


def _note(app: App, actor: Person, what: str, asked: dict[str, Any]) -> None:
    """Write the audit row of a refusal, with the numbers that were asked for."""
    now = app.now()
    app.db.write(lambda c: audit.add(c, now=now, actor=actor, action="refused", subject=what, detail=asked))


def unguarded(reason: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare that a public service function is for the edge or the command line, which have nobody to ask about."""

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        UNGUARDED[f"{function.__module__}.{function.__name__}"] = reason
        return function

    return declare
