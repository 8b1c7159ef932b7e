"""A whole table on the real server: screens that keep all they are sent, sockets that draw again on every news as a
browser does, and coming in by code.
"""

import asyncio
import html
import re
import time
from bisect import bisect_right
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from commands.crowd import Player
from commands.tab import Tab, request
from tests.web import client

PATIENCE = 60.0
"""Seconds until a screen must have drawn what has happened: machines differ."""

_SPACE = bytes(byte for byte in range(256) if not chr(byte).isascii() or not chr(byte).isalnum())
_JSON = re.compile(r"\\u([0-9a-fA-F]{4})")


def letters(frame: bytes) -> bytes:
    """Only ASCII letters and digits: what is left the same however a page, JSON, HTML or Markdown escape a text."""
    if b"&" in frame or b"\\u" in frame:
        text = html.unescape(frame.decode("utf-8", "ignore"))
        frame = _JSON.sub(lambda found: chr(int(found[1], 16)), text).encode("utf-8", "ignore")
    return frame.translate(None, _SPACE)


@dataclass(eq=False)
class Screen:
    """One screen of somebody: who looks at it, and every frame it was sent, with the moment at which it first came."""

    name: str
    came: dict[bytes, datetime] = field(default_factory=dict, repr=False)

    def heard(self, frame: bytes) -> None:
        """Keep a frame. The same bytes again tell nobody more than the first time."""
        self.came.setdefault(frame, datetime.now(UTC))

    def first(self, wanted: bytes) -> datetime | None:
        """When these letters came for the first time; None when they never did. Ask once nothing more will come."""
        text, ends, moments = self._told
        place = text.find(wanted)
        return None if place < 0 else moments[bisect_right(ends, place)]

    @cached_property
    def _told(self) -> tuple[bytes, list[int], list[datetime]]:
        """The letters of all frames in their order, where each frame ends, and when it came."""
        found, ends, length = [], [], 0
        for frame in self.came:
            found.append(letters(frame))
            length += len(found[-1]) + 1
            ends.append(length)
        return b"\n".join(found), ends, list(self.came.values())


class Recorded(Tab):
    """A tab whose screen keeps what comes over the wire."""

    def __init__(self, base: str, cookies: dict[str, str], screen: Screen, *, page: str, query: str) -> None:
        super().__init__(base, cookies, page=page, query=query)
        self.screen = screen

    def heard(self, frame: bytes) -> None:
        super().heard(frame)
        self.screen.heard(frame)


class Member(Player):
    """Somebody at the table with a socket and a stream of news; one thing at a time, as a browser does it."""

    def __init__(self, tab: Recorded, number: int) -> None:
        super().__init__(tab, number)
        self.screen = tab.screen
        self.drawn = -1
        self.listening: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._drew()

    async def redraw(self, marks: Sequence[str]) -> None:
        async with self._turn:
            if self.drawn < self.version:  # else an act of their own has shown it already
                await super().redraw(marks)
                self._drew()

    async def act(self, press: str, typed: Mapping[str, Any] | None = None) -> None:
        """Fill in fields and press a button; the page is drawn when it comes back."""
        async with self._turn:
            for name, value in (typed or {}).items():
                self.tab.fill(name, value)
            await self.tab.click(press)
            self._drew()

    async def until(self, version: int) -> None:
        """Wait until the screen shows this version of the exercise, brought by nothing but the stream."""
        limit = time.monotonic() + PATIENCE
        while self.drawn < version:
            if self.listening is not None and self.listening.done():
                self.listening.result()
            stands = f"{self.screen.name} shows {self.drawn}, has heard of {self.version}, waits for {version}"
            assert time.monotonic() < limit, stands
            await asyncio.sleep(0.01)

    def _drew(self) -> None:
        assert self.tab.exceptions() == []
        self.drawn = self.tab.data("live")["version"]


@asynccontextmanager
async def at_table(tab: Recorded, number: int) -> AsyncIterator[Member]:
    """A member whose page is open and who hears the news."""
    async with tab:
        await tab.run()
        member = Member(tab, number)
        member.listening = asyncio.create_task(member.listen([]))
        try:
            yield member
        finally:
            member.listening.cancel()
            await asyncio.gather(member.listening, return_exceptions=True)


def join(base: str, code: str, name: str = "", cookies: dict[str, str] | None = None) -> dict[str, str]:
    """The cookies of somebody who came in by code: a guest of this name, or whoever `cookies` say."""
    cookies = {} if cookies is None else cookies
    _, _, page = request(base, "GET", f"/join?code={code}", cookies)
    form = {"form": client.form_secret(page), "code": code} | ({"name": name} if name else {})
    status, _, said = request(base, "POST", "/join", cookies, form)
    assert status == 303, said
    return cookies
