"""What the server does for itself now and then: today's snapshot of readiness."""

from db import evidence
from services import readiness
from services.app import App
from services.authority import unguarded


@unguarded("called by the server's own clock")
def tend(app: App) -> bool:
    """Take today's snapshot unless it is there; returns whether it was taken. Safe to call as often as one likes."""
    with app.db.read() as connection:
        latest = evidence.latest_day(connection)
    if latest is not None and latest >= app.now().date():
        return False
    readiness.take_snapshot(app)
    return True
