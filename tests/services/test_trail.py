"""The audit trail as the security team reads it."""

import pytest

from db import audit
from domain.people import Person, Role
from domain.refusal import Forbidden
from services import trail
from services.app import App
from tests import factories
from tests.conftest import FakeClock


@pytest.fixture
def sam(app: App) -> Person:
    return factories.person(app, Role.SECURITY)


def note(app: App, actor: Person | None, action: str, subject: str, address: str = "") -> None:
    now = app.now()
    app.db.write(lambda c: audit.add(c, now=now, actor=actor, action=action, subject=subject, address=address))


def test_entries_come_newest_first_a_page_at_a_time_without_gaps(app: App, sam: Person, clock: FakeClock) -> None:
    for number in range(trail.PAGE + 7):
        clock.forward(seconds=1)
        note(app, sam, "did", f"thing {number}")
    first = trail.entries(app, sam)
    assert [entry.subject for entry in first] == [f"thing {n}" for n in range(trail.PAGE + 6, 6, -1)]
    assert first[0].at == app.now()
    note(app, sam, "did", "meanwhile")  # what is added while somebody reads moves no page
    rest = trail.entries(app, sam, before=first[-1].id)
    assert [entry.subject for entry in rest] == [f"thing {n}" for n in range(6, -1, -1)]
    assert trail.entries(app, sam, before=rest[-1].id) == ()


def test_entries_are_found_by_what_was_done_by_whom_to_whom_and_from_where(app: App, sam: Person) -> None:
    note(app, sam, "invited", "bo@northwind.example", "192.0.2.7")
    note(app, None, "sign-in refused", "unknown account", "203.0.113.5")
    found = {
        words: [entry.action for entry in trail.entries(app, sam, words=words)]
        for words in ("BO@north", "203.0", sam.email, "  unknown ", "nothing like it", "")
    }
    assert found == {
        "BO@north": ["invited"],
        "203.0": ["sign-in refused"],
        sam.email: ["invited"],
        "  unknown ": ["sign-in refused"],
        "nothing like it": [],
        "": ["sign-in refused", "invited"],
    }
    assert [entry.subject for entry in trail.entries(app, sam, action="invited")] == ["bo@northwind.example"]
    assert trail.entries(app, sam, action="invited", words="203.0") == ()
    assert set(trail.actions(app, sam)) == {"invited", "sign-in refused"}


@pytest.mark.parametrize("words", ["%", "_", "100%", "\\", "' OR 1=1 --", "x" * 5000])
def test_words_are_looked_for_as_they_are(app: App, sam: Person, words: str) -> None:
    note(app, sam, "did", "plain")
    assert trail.entries(app, sam, words=words) == ()
    note(app, sam, "did", f"a {words[:100]} b")
    assert [entry.subject for entry in trail.entries(app, sam, words=words)] == [f"a {words[:100]} b"]


def test_only_the_security_team_reads_it_and_who_tries_is_noted(app: App, sam: Person) -> None:
    boss = factories.person(app, Role.MANAGER, Role.EMPLOYEE)
    for read in (trail.entries, trail.actions):
        with pytest.raises(Forbidden):
            read(app, boss)
    refused = trail.entries(app, sam, action="refused")
    assert {(entry.actor, entry.subject) for entry in refused} == {
        (boss.email, "services.trail.entries"),
        (boss.email, "services.trail.actions"),
    }
