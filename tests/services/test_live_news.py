"""News of one process reach another: at once on PostgreSQL, also after the database was away; and nobody hears twice.

What they hold of the exercise is what the person's own screen shows.
"""

import contextlib
import threading
import time

from db import live
from db.engine import Database
from db.listen import Listener
from db.live import Versions
from services.app import App
from services.hub import Hub
from services.live import clockwork, conduct, join, plan, watch
from tests import factories
from tests.services.test_live import Setting, guest, laid


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


# ── what news say ─────────────────────────────────────────────────────────────────────────────────────────────


def _news(setting: Setting) -> dict[str, str]:
    """The title of the newest message of whoever sits somewhere, by the name under which the setting knows them."""
    newest = watch.news(setting.app, setting.number).newest
    return {name: newest[person.id].title for name, person in setting.seats.items() if person.id in newest}


def _improvise(setting: Setting, title: str, *seats: str) -> None:
    conduct.improvise(setting.app, setting.robin, setting.number, title, title=title, text=f"{title}!", seats=seats)


def test_news_are_the_last_message_of_each_seats_own_view_and_nothing_private_or_still_to_come(app: App, clock):
    setting = laid(app, "lead", "it", "privacy", "comms", "care", "exec")
    injects = {row.inject.id: row.inject for row in setting.console().sheet}
    seen: set[str] = set()
    for _ in range(16):
        clock.forward(minutes=4)
        clockwork.tick(app)
        if (following := setting.console().following) is not None:
            conduct.release(app, setting.robin, setting.number, following.inject.id, setting.seq())
        news = watch.news(app, setting.number)
        here = {message.id for message in setting.console().messages}
        for seat, person in setting.seats.items():
            last, told = setting.view(seat).messages[-1], news.newest[person.id]
            assert told.id == watch.sent(last) == watch.player(app, person, setting.number).seen.held[-1]
            assert (told.title, told.text, told.lines, told.sender) == (last.title, last.text, last.lines, last.sender)
            for name, inject in injects.items():
                assert not any(text in repr(told) for text in inject.private.values())
                assert name in here or inject.text not in repr(told)
            seen.add(last.id)
    assert len(seen) > 5
    assert any(injects[name].private for name in seen & injects.keys())


def test_what_is_for_one_seat_is_news_for_whoever_sits_there_and_for_nobody_else(app: App):
    setting = laid(app, "lead", "it")
    everybody = _news(setting)
    _improvise(setting, "For IT", "it")
    assert _news(setting) == everybody | {"it": "For IT"}
    deputy = guest(app, setting.code, "Deputy")
    setting.seats["deputy"] = deputy
    assert "deputy" not in _news(setting)  # nobody without a seat
    plan.seat(app, setting.robin, setting.number, deputy.id, "deputy", "it")
    assert _news(setting) == everybody | {"it": "For IT", "deputy": "For IT"}
    conduct.undo(app, setting.robin, setting.number, setting.console().undoable, setting.seq())
    assert set(_news(setting).values()) == set(everybody.values())


def test_who_changes_seats_hears_of_the_new_one_alone(app: App):
    setting = laid(app, "lead", "it")
    _improvise(setting, "For IT", "it")
    _improvise(setting, "For privacy", "privacy")
    before = _news(setting)
    assert before["it"] == "For IT"
    it = setting.seats["it"]
    plan.seat(app, setting.robin, setting.number, it.id, "player", "privacy")
    assert _news(setting) == before | {"it": "For privacy"}
    late = guest(app, setting.code, "Late")
    join.take(app, late, setting.number, "it")
    setting.seats["late"] = late
    assert _news(setting)["late"] == "For IT"
    plan.remove(app, setting.robin, setting.number, it.id)
    assert it.id not in watch.news(app, setting.number).newest


def test_those_who_run_or_watch_are_told_no_message_and_nobody_is_before_and_after(app: App):
    setting = laid(app, "lead", start=False)
    olive = factories.person(app, name="Olive")
    plan.seat(app, setting.robin, setting.number, olive.id, "observer")
    assert watch.news(app, setting.number).newest == {}
    conduct.start(app, setting.robin, setting.number)
    clockwork.tick(app)
    _improvise(setting, "For all")
    assert watch.news(app, setting.number).newest.keys() == {setting.seats["lead"].id}
    conduct.end(app, setting.robin, setting.number)
    assert watch.news(app, setting.number).newest == {}


def test_a_message_taken_back_and_sent_again_is_another_one(app: App, clock):
    setting = laid(app, "lead")
    following = setting.console().following.inject.id
    told = []
    for _ in range(2):
        conduct.release(app, setting.robin, setting.number, following, setting.seq())
        told.append(watch.news(app, setting.number).newest[setting.seats["lead"].id])
        conduct.undo(app, setting.robin, setting.number, following, setting.seq())
        clock.forward(seconds=20)
    first, again = told
    assert (first.title, first.id == again.id) == (again.title, False)
