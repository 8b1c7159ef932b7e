"""The audit trail as the security team reads it: newest first, filtered, a page at a time.

Reading is all: rows are only ever added, by the services whose acts they record.
"""

from db import audit
from db.audit import Entry
from domain.people import Person, Role
from services.app import App
from services.authority import permits

PAGE = 50


@permits(Role.SECURITY)
def entries(
    app: App,
    actor: Person,  # noqa: ARG001 - the guard reads it
    *,
    action: str = "",
    words: str = "",
    before: int | None = None,
) -> tuple[Entry, ...]:
    """Up to PAGE entries older than `before`, with this action, with the words in who, what or from where."""
    with app.db.read() as connection:
        return audit.search(
            connection, action=action, words=words.replace("\0", "").strip()[:100], before=before, limit=PAGE
        )


@permits(Role.SECURITY)
def actions(app: App, actor: Person) -> tuple[str, ...]:  # noqa: ARG001
    """Every kind of act that was ever noted."""
    with app.db.read() as connection:
        return audit.actions(connection)
