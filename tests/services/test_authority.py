"""Every service function, for every role: the declared ones pass the guard, everybody else is refused and noted."""

import importlib
import inspect
import pkgutil

import pytest
from sqlalchemy import func, select

import services
from db import people
from db.tables import audit
from domain.people import Person, Role
from domain.refusal import Forbidden
from services import authority
from services.app import App
from tests import factories

MODULES = [
    importlib.import_module(info.name)
    for info in pkgutil.walk_packages(services.__path__, "services.")
    if not info.ispkg
]
ROLES: list[frozenset[Role]] = [frozenset(), *(frozenset({role}) for role in Role), frozenset(Role)]


def _public() -> list[tuple[str, object]]:
    return [
        (f"{module.__name__}.{name}", function)
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]


def _person(app: App, roles: frozenset[Role]) -> Person:
    person = factories.person(app)
    app.db.write(lambda c: people.set_roles(c, person.id, roles, frozenset()))
    with app.db.read() as connection:
        found = people.find(connection, person.id)
    assert found is not None
    return found


def test_every_public_service_function_declares_who_may_call_it() -> None:
    undeclared = [
        name
        for name, function in _public()
        if name not in authority.RULES
        and name not in authority.UNGUARDED
        and "app" in inspect.signature(function).parameters  # type: ignore[arg-type]
    ]
    assert undeclared == []


def test_what_is_left_unguarded_exists_and_has_a_reason() -> None:
    names = {name for name, _ in _public()}
    assert {name for name, reason in authority.UNGUARDED.items() if name not in names or len(reason) < 10} == set()


@pytest.mark.parametrize("name", sorted(authority.RULES))
def test_only_the_declared_roles_pass_the_guard(app: App, name: str) -> None:
    module, _, function = name.rpartition(".")
    service = getattr(importlib.import_module(module), function)
    for roles in ROLES:
        actor = _person(app, roles)
        if roles & authority.RULES[name]:
            # Without arguments an admitted caller fails in the call itself, or is answered.
            try:
                service(app, actor)
            except Forbidden:
                pytest.fail(f"{name} refused {sorted(roles)}")
            except TypeError:
                pass
        else:
            with pytest.raises(Forbidden):
                service(app, actor)


def test_a_role_taken_away_ends_at_once_and_the_refusal_is_noted(app: App) -> None:
    from services import learning

    actor = factories.person(app)
    assert learning.path(app, actor)
    app.db.write(lambda c: people.set_active(c, actor.id, active=False))
    with pytest.raises(Forbidden):
        learning.path(app, actor)
    with app.db.read() as connection:
        noted = connection.scalar(
            select(func.count()).select_from(audit).where(audit.c.action == "refused", audit.c.actor_id == actor.id)
        )
    assert noted == 1
