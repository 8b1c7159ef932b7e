"""What the server does for itself."""

from db import evidence
from services import upkeep
from services.app import App
from tests import factories


def test_the_snapshot_is_taken_once_a_day(app: App, clock) -> None:
    team = factories.team(app)
    for _ in range(6):
        factories.person(app, team_id=team)
    assert upkeep.tend(app)
    assert not upkeep.tend(app)
    clock.forward(days=1)
    assert upkeep.tend(app)
    with app.db.read() as connection:
        days = evidence.days(connection, [team], "all")
    assert [counts.people for _, _, counts in days] == [6, 6]
