"""What the open screens of a live exercise are told: how far it has come, and the newest message of the person's seat.

Worked out once for each version of an exercise, however many screens wait for it. Nobody is told more than their own
screen shows, or will show when it is drawn the next time.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import structlog
from anyio import to_thread

from domain.refusal import NotSaved, Refused
from services.app import App
from services.live import watch

EACH = 40
"""Milliseconds for each player of the exercise: drawing a screen takes a server a third of it, or two on a busy machine."""
LONGEST = 4000
"""Milliseconds that a browser may let pass before it draws again."""
_NOTHING = "null"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Told:
    """What was worked out, as JSON for each person."""

    texts: Mapping[int, str]
    wait: int


class Newsroom:
    """The last news of each exercise, as this process tells them."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._latest: dict[int, tuple[int, asyncio.Task[_Told]]] = {}

    def number(self, number: int, *, over: bool = False) -> str:
        """News for those who run or watch: the number, and to draw at once."""
        return _line(number, _NOTHING, 0, over=over)

    async def tell(self, exercise: int, person: int, *, number: int, version: int, over: bool = False) -> str:
        """One line of JSON: the number, the newest message for this person, how long the browser may wait to draw.

        The message is that of `version` or a later one. When it cannot be had, the number is told all the same.
        """
        told = await self._of(exercise, version)
        return _line(number, told.texts.get(person, _NOTHING), told.wait, over=over)

    async def _of(self, exercise: int, version: int) -> _Told:
        known, task = self._latest.get(exercise, (-1, None))
        if task is None or known < version:
            if len(self._latest) >= 64:  # more exercises than run at once
                self._latest.clear()
            task = asyncio.create_task(to_thread.run_sync(self._work, exercise))
            self._latest[exercise] = (version, task)
        try:
            # Whoever closes their browser meanwhile does not take it from the others.
            return await asyncio.shield(task)
        except Exception as error:
            # A number alone still brings the browser to draw; the next screen that asks tries again.
            if self._latest.get(exercise, (-1, None))[1] is task:
                del self._latest[exercise]
                told_why = isinstance(error, Refused | NotSaved | OSError)
                log.warning("news without their message", exercise=exercise, error=str(error), exc_info=not told_why)
            return _Told({}, LONGEST)

    def _work(self, exercise: int) -> _Told:
        news = watch.news(self.app, exercise)
        written = {newest: json.dumps(asdict(newest)) for newest in set(news.newest.values())}
        texts = {person: written[newest] for person, newest in news.newest.items()}
        return _Told(texts, min(LONGEST, EACH * news.players))


def _line(number: int, news: str, wait: int, *, over: bool) -> str:
    return f'{{"version": {number}, "over": {json.dumps(over)}, "news": {news}, "wait": {wait}}}'
