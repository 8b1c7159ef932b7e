"""The composition root: settings in, one App out.

An App is what every service function works with: the database, the last good content, a clock. Made once a process.
"""

import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from catalog.library import Catalog, Library
from db.engine import Database, OperationalError
from db.migrate import NewerDatabase, migrate
from services.settings import Settings


@dataclass(frozen=True, slots=True)
class App:
    """Everything a service needs from outside."""

    settings: Settings
    db: Database
    library: Library
    clock: Callable[[], datetime]
    seeds: Callable[[], int] = lambda: secrets.randbits(48)
    """Where draws and shuffles get their seeds; the demo company brings its own to be the same every time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self.clock()

    def content(self) -> Catalog:
        """The last good content; cheap enough for every rerun."""
        return self.library.current

    def close(self) -> None:
        """Give back what the App holds open."""
        self.library.close()
        self.db.close()


def build(settings: Settings | None = None) -> App:
    """The App for these settings, by default for the environment's."""
    settings = settings or Settings()
    return App(
        settings=settings,
        db=Database(settings.url),
        library=Library(settings.content),
        clock=lambda: datetime.now(UTC),
    )


class CannotStart(Exception):  # noqa: N818 - one sentence for the operator
    """Something about the machine or the database keeps Muster from starting."""


def ready(settings: Settings | None = None) -> App:
    """The App on a database of this release's schema. Raises CannotStart with one sentence."""
    settings = settings or Settings()
    if settings.database_url is None:
        try:
            settings.data.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=settings.data):
                pass
        except OSError as error:
            raise CannotStart(f"Muster cannot write to {settings.data} ({error.strerror}). Set MUSTER_DATA.") from error
    app = build(settings)
    try:
        migrate(app.db)
    except NewerDatabase as error:
        raise CannotStart(str(error)) from error
    except OperationalError as error:
        raise CannotStart(f"The database does not answer. Check DATABASE_URL. ({error.orig})") from error
    return app
