"""Hearing from PostgreSQL what other processes have changed: LISTEN on a connection of its own, in its own thread.

Nothing depends on it being heard: whoever waits for news also looks now and then. It only makes them come at once.
"""

import contextlib
import threading
from collections.abc import Callable

import psycopg
from sqlalchemy import make_url

from db.live import CHANNEL, Versions

AGAIN = 2.0
"""Seconds until a lost connection is tried again."""


class Listener:
    """The thread; started once per process, on PostgreSQL only."""

    def __init__(self, url: str, told: Callable[[int, Versions], None]) -> None:
        """Call `told` with each announcement, on the listener's own thread."""
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._told = told
        self._over = threading.Event()
        self.hears = threading.Event()
        """Set while announcements arrive."""
        self._thread = threading.Thread(target=self._run, name="muster-listener", daemon=True)

    def start(self) -> None:
        """Listen until closed."""
        self._thread.start()

    def close(self) -> None:
        """Stop; at most a second later the connection is gone."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(3)

    def _run(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(psycopg.Error, OSError):  # tried again; meanwhile screens look for themselves
                self._listen()
            self.hears.clear()
            self._over.wait(AGAIN)

    def _listen(self) -> None:
        with psycopg.connect(
            self._address, autocommit=True, connect_timeout=5, application_name="muster"
        ) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self.hears.set()
            while not self._over.is_set():
                for heard in connection.notifies(timeout=1.0, stop_after=1):
                    number, version, shown, status = heard.payload.split(" ")
                    self._told(int(number), Versions(int(version), int(shown), status))
