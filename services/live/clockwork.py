"""What a live exercise does by itself: due injects come, votes whose time is up close, screens hear of it.

Every process looks once a second. Of several that see the same, the first to write has done it, and the others find
nothing to do.
"""

from collections.abc import Callable, Collection, Mapping

from db import live
from db.engine import Connection
from db.listen import Listener
from db.live import Versions
from domain.exercise import apply, due, moves
from services import scripts
from services.app import App
from services.authority import unguarded
from services.hub import hub
from services.live import table


@unguarded("the server's own clock; it does what the scenario says and nothing else")
def tick(app: App) -> int:
    """Let everything happen that is due in any running exercise; in how many something was."""
    now = app.now()
    with app.db.read() as connection:
        ripe = []
        for exercise in live.running(connection):
            _, state = table.read_log(app, connection, exercise, durable=True)
            if due(scripts.kept(connection, exercise.digest, state).scenario, state, now):
                ripe.append(exercise.id)
    return sum(_advance(app, exercise_id) for exercise_id in ripe)


def _advance(app: App, exercise_id: int) -> bool:
    now = app.now()

    def work(connection: Connection) -> Versions | None:
        exercise = live.find(connection, exercise_id, lock=True)
        if exercise is None:
            return None
        _, state = table.read_log(app, connection, exercise, durable=False)
        scenario = scripts.kept(connection, exercise.digest, state).scenario
        if not due(scenario, state, now):
            return None
        events = apply(scenario, state, moves.Advance(), now)[1]
        return table.keep(connection, exercise, state, events, now)

    versions = table.one_at_a_time(app, exercise_id, work)
    if versions is not None:
        hub.publish(exercise_id, versions)
    return versions is not None


@unguarded("the server asks for the screens it has open")
def look(app: App, exercises: Collection[int]) -> Mapping[int, Versions]:
    """How far these exercises have come: what a process does that heard nothing."""
    if not exercises:
        return {}
    with app.db.read() as connection:
        return live.versions(connection, exercises)


@unguarded("the server says whose screens it has open, and asks whose it may keep open")
def still_here(app: App, open_screens: Collection[tuple[int, int]]) -> frozenset[tuple[int, int, str]]:
    """Note that screens of these (exercise, person) are open; which of them still belong together, and as what."""
    if not open_screens:
        return frozenset()
    now = app.now()

    def work(connection: Connection) -> frozenset[tuple[int, int, str]]:
        found = live.belong(connection, open_screens)
        by_exercise: dict[int, set[int]] = {}
        for exercise_id, person_id, _ in found:
            if (exercise_id, person_id) in open_screens:
                by_exercise.setdefault(exercise_id, set()).add(person_id)
        for exercise_id, who in sorted(by_exercise.items()):
            live.seen(connection, exercise_id, sorted(who), now)
        return found

    return app.db.write(work)


@unguarded("the server hears what its siblings have done")
def listen(app: App) -> Callable[[], None]:
    """Pass on what other processes announce; returns what ends that. With SQLite there is one process that serves."""
    if app.db.sqlite:
        return lambda: None
    listener = Listener(app.db.url, hub.publish)
    listener.start()
    return listener.close
