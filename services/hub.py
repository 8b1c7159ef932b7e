"""How a change reaches the screens that are open in this process: whoever waits is told how far an exercise has come.

Told after the change is durable, and only that there is one: what it is, each screen asks for itself.
"""

import threading
from collections.abc import Callable, Collection, Mapping

from db.live import Versions as Versions  # noqa: PLC0414 - the edge names it without knowing rows

Told = Callable[[Versions], None]


class Hub:
    """Who waits for news of which exercise. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, set[Told]] = {}
        self._known: dict[int, Versions] = {}

    def join(self, exercise_id: int, told: Told) -> Callable[[], None]:
        """Call `told` with the last that came and all that comes, from any thread; returns what ends that."""
        with self._lock:
            self._waiting.setdefault(exercise_id, set()).add(told)
            known = self._known.get(exercise_id)
        if known is not None:  # it may have come after they looked and before they waited; nobody would say it again
            told(known)

        def leave() -> None:
            with self._lock:
                self._waiting.get(exercise_id, set()).discard(told)
                if not self._waiting.get(exercise_id):
                    self._waiting.pop(exercise_id, None)
                    self._known.pop(exercise_id, None)

        return leave

    def publish(self, exercise_id: int, versions: Versions) -> None:
        """Tell everybody who waits, unless they know; news may come twice and in any order."""
        with self._lock:
            known = self._known.get(exercise_id)
            if exercise_id not in self._waiting or (known is not None and known.version >= versions.version):
                return
            self._known[exercise_id] = versions
            waiting = tuple(self._waiting[exercise_id])
        for told in waiting:
            told(versions)

    def catch_up(self, found: Mapping[int, Versions]) -> None:
        """Publish what a look at the database found."""
        for exercise_id, versions in found.items():
            self.publish(exercise_id, versions)

    def exercises(self) -> Collection[int]:
        """Which exercises anybody waits for."""
        with self._lock:
            return tuple(self._waiting)


hub = Hub()
"""The one of this process."""
