"""News of one process reach another: at once on PostgreSQL, also after the database was away; and nobody hears twice."""

import contextlib
import threading
import time

from db import live
from db.engine import Database
from db.listen import Listener
from db.live import Versions
from services.app import App
from services.hub import Hub
from services.live import clockwork, conduct, plan
from tests.services.test_live import laid


class _Heard:
    def __init__(self) -> None:
        self.all: list[tuple[int, Versions]] = []
        self.some = threading.Condition()

    def __call__(self, number: int, versions: Versions) -> None:
        with self.some:
            self.all.append((number, versions))
            self.some.notify_all()

    def wait(self, version: int, seconds: float = 15) -> bool:
        with self.some:
            return self.some.wait_for(lambda: any(v.version >= version for _, v in self.all), seconds)


def test_what_one_process_commits_another_hears_at_once(app: App, request):
    if app.db.sqlite:
        setting = laid(app, "lead")
        # One process serves; another one's changes are found by looking.
        with app.db.read() as connection:
            found = live.versions(connection, [setting.number])
        assert clockwork.look(app, [setting.number]) == found
        assert clockwork.look(app, []) == {}
        return
    heard = _Heard()
    listener = Listener(app.db.url, heard)
    listener.start()
    try:
        assert listener.hears.wait(15)
        setting = laid(app, "lead")
        conduct.improvise(app, setting.robin, setting.number, "x", title="A", text="B")
        with app.db.read() as connection:
            now = live.versions(connection, [setting.number])[setting.number]
        assert heard.wait(now.version)
        assert heard.all[-1] == (setting.number, now)
        _cut(app, listener)
        conduct.improvise(app, setting.robin, setting.number, "y", title="A", text="C")
        assert heard.wait(now.version + 1)
    finally:
        listener.close()
    assert not listener._thread.is_alive()


def _cut(app: App, listener: Listener) -> None:
    """End the listener's connection as a restart of the database would, and wait until it listens again."""
    other = Database(app.db.url)
    other.write(
        lambda c: c.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'muster' AND datname = current_database()"
        ).all()
    )
    other.close()
    until = time.monotonic() + 5
    while listener.hears.is_set() and time.monotonic() < until:
        time.sleep(0.01)
    assert listener.hears.wait(15)


def test_a_change_that_was_rolled_back_is_not_announced(app: App):
    if app.db.sqlite:
        return
    heard = _Heard()
    setting = laid(app, "lead")
    listener = Listener(app.db.url, heard)
    listener.start()
    try:
        assert listener.hears.wait(15)

        def lost(connection) -> None:
            live.bump(connection, setting.number, players=True)
            raise RuntimeError("no")

        with contextlib.suppress(RuntimeError):
            app.db.write(lost)
        plan.change(app, setting.robin, setting.number, title="Another", planned_for=None)
        with app.db.read() as connection:
            now = live.versions(connection, [setting.number])[setting.number]
        assert heard.wait(now.version)
        assert [versions.version for _, versions in heard.all] == [now.version]
    finally:
        listener.close()


def test_the_hub_tells_each_news_once_and_only_those_who_wait():
    hub = Hub()
    told: list[Versions] = []
    other: list[Versions] = []
    leave = hub.join(1, told.append)
    hub.join(2, other.append)
    first, second = Versions(1, 1, "running"), Versions(2, 1, "running")
    hub.publish(1, first)
    hub.publish(1, second)
    hub.publish(1, first)  # late
    hub.catch_up({1: second, 3: first})
    assert told == [first, second]
    assert other == []
    assert sorted(hub.exercises()) == [1, 2]
    leave()
    hub.publish(1, Versions(3, 3, "running"))
    assert told == [first, second]
    assert sorted(hub.exercises()) == [2]


def test_who_joins_the_hub_just_after_a_news_is_told_it_too():
    hub = Hub()
    hub.join(1, list[Versions]().append)
    news = Versions(1, 1, "running")
    hub.publish(1, news)
    told: list[Versions] = []
    hub.join(1, told.append)
    hub.catch_up({1: news})
    assert told == [news]
