"""A room full of players on the real server: how long until everybody can read what was sent, and what it costs.

Each player is an open socket and either an open stream of news or a look every two seconds. A message can be read when
the news bring it, as the browser shows them at once; every screen must be drawn with it afterwards. Guests are made
beforehand: this is about playing, not about coming in.
"""

import asyncio
import json
import math
import random
import re
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg

from commands.launched import Launched
from commands.tab import Tab
from db import people
from domain.people import Role
from services import accounts
from services import app as services_app
from services.accounts import Browser
from services.live import conduct, join, plan, watch
from services.settings import Settings

PUSHED, LOOKED, CORE = 0.5, 2.2, 0.35
"""What we hold ourselves to: seconds until the inject is on 95 of 100 screens, pushed and looked for; share of a core."""
LOOK = 2.0
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Room:
    """An exercise that runs, and the cookies of whoever is in it."""

    number: int
    facilitator: dict[str, str]
    players: list[dict[str, str]]


def lay(data: Path, size: int, database: str | None) -> Room:
    """An exercise with this many guests: as many as there are seats hold one, all others stand in for one."""
    data.mkdir(parents=True, exist_ok=True)
    app = services_app.ready(Settings(data=data, DATABASE_URL=database))
    join_tries, join.TRIES = join.TRIES, size + 1  # they all come from one address, and this is no attack
    try:
        robin_id = app.db.write(
            lambda c: people.add(
                c, name="Robin", email="robin@bench.example", roles=frozenset({Role.SECURITY}), now=app.now()
            )
        )
        here = Browser("127.0.0.1")
        robin = app.db.write(lambda c: accounts.enter_as(c, app, robin_id, here, "bench"))
        slug = min(app.content().scenarios)
        number = plan.plan(app, robin.person, slug, key="bench")
        code = plan.open_lobby(app, robin.person, number)
        seats = [seat.id for seat in plan.lobby(app, robin.person, number).scenario.seats]
        players = []
        for place in range(size):
            guest = join.as_guest(app, code, f"Guest {place}", here)
            if place < len(seats):
                join.take(app, guest.person, number, seats[place])
            else:
                seat = seats[place % len(seats)]
                plan.seat(app, robin.person, number, guest.person.id, "deputy", seat)
            players.append({"muster": guest.token})
        console = watch.facilitator(app, robin.person, number).console
        for row in console.sheet:  # nothing but what the bench sends
            conduct.hold(app, robin.person, number, row.inject.id, console.seq)
        conduct.start(app, robin.person, number)
    finally:
        join.TRIES = join_tries
        app.close()
    return Room(number, {"muster": robin.token}, players)


class Player:
    """One screen: it shows what it is told at once and is drawn again a moment later, as in a browser."""

    def __init__(self, tab: Tab, number: int) -> None:
        self.tab, self.number = tab, number
        self.seen: dict[str, float] = {}  # when it could first be read, told or drawn
        self.shown: dict[str, float] = {}  # when it was first drawn
        self.version = -1
        self._waits = False
        self._one = asyncio.Lock()

    async def redraw(self, marks: Sequence[str]) -> None:
        """Run the fragment again, as the component asks for it, and note what is there for the first time."""
        fragment = next(fragment for *_, fragment in self.tab.elements.values() if fragment)
        message = BackMsg()
        message.rerun_script.page_script_hash = self.tab.script
        message.rerun_script.fragment_id = fragment
        message.rerun_script.context_info.timezone = "Europe/Berlin"
        await self.tab.send(message.SerializeToString())
        await self.tab.drawn()
        for mark in marks:
            if mark not in self.shown and self.tab.reads(mark):
                self.shown[mark] = time.perf_counter()
                self.seen.setdefault(mark, self.shown[mark])

    def told(self, news: bytes, marks: Sequence[str], group: asyncio.TaskGroup) -> None:
        """Take news: what is in them is on the screen, and the screen is drawn again as late as they allow."""
        found = json.loads(news)
        text = (found["news"] or {}).get("text", "")
        for mark in marks:
            if mark in text:
                self.seen.setdefault(mark, time.perf_counter())
        if found["version"] > self.version:
            self.version = found["version"]
            if not self._waits:
                self._waits = True
                group.create_task(self._soon(found["wait"] / 1000, marks))

    async def _soon(self, most: float, marks: Sequence[str]) -> None:
        await asyncio.sleep(random.uniform(0, most))  # noqa: S311 - nobody's secret
        self._waits = False
        async with self._one:
            await self.redraw(marks)

    async def listen(self, marks: list[str]) -> None:
        """Hold the stream of news, as a browser's EventSource does."""
        reader, writer = await self._open()
        try:
            self._ask(writer, "events")
            status = await reader.readline()
            if b" 200 " not in status:
                raise RuntimeError(f"no stream: {status!r}")
            async with asyncio.TaskGroup() as group:
                while line := await reader.readline():
                    self.tab.heard(line)
                    if line.startswith(b"data: "):
                        self.told(line[6:], marks, group)
        finally:
            writer.close()

    async def look(self, marks: list[str]) -> None:
        """Ask every two seconds at most, as a browser does that cannot hold a stream."""
        await asyncio.sleep(random.uniform(0, LOOK))  # noqa: S311 - nobody's secret
        reader, writer = await self._open()
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    begun = time.perf_counter()
                    self._ask(writer, f"version?after={self.version}")
                    head = await reader.readuntil(b"\r\n\r\n")
                    found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                    if found is None or b" 200 " not in head:
                        raise RuntimeError(f"no answer: {head!r}")
                    self.told(await reader.readexactly(int(found[1])), marks, group)
                    await asyncio.sleep(max(0.0, LOOK - (time.perf_counter() - begun)))
        finally:
            writer.close()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        where = urlsplit(self.tab.base)
        return await asyncio.open_connection(where.hostname, where.port)

    def _ask(self, writer: asyncio.StreamWriter, what: str) -> None:
        cookie = "; ".join(f"{name}={value}" for name, value in self.tab.cookies.items())
        host = urlsplit(self.tab.base).netloc
        writer.write(f"GET /live/{self.number}/{what} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode())


async def play(servers: Sequence[Launched], room: Room, *, pushed: bool, injects: int, pause: float) -> dict[str, Any]:
    """Send `injects` messages, one every `pause` seconds; how long each took to each screen, and the servers' CPU."""
    import psutil  # a tool of developers: servers do without it

    processes = [psutil.Process(server.pid) for server in servers]
    marks: list[str] = []
    async with AsyncExitStack() as stack:
        players = []
        for place, jar in enumerate(room.players):
            tab = await stack.enter_async_context(Tab(servers[place % len(servers)].base, jar))
            await tab.run()
            if problems := tab.exceptions():
                raise RuntimeError(str(problems))
            players.append(Player(tab, room.number))
        tasks = [asyncio.create_task(p.listen(marks) if pushed else p.look(marks)) for p in players]
        try:
            await asyncio.sleep(LOOK * 2)
            before, begun = [p.cpu_times() for p in processes], time.perf_counter()
            sent: dict[str, float] = {}
            for n in range(injects):
                mark = f"bench-{'pushed' if pushed else 'looked'}-{n}."
                marks.append(mark)
                sent[mark] = time.perf_counter()
                await asyncio.to_thread(_send, servers[0], room, mark)
                await asyncio.sleep(max(0.0, pause - (time.perf_counter() - sent[mark])))
            until = time.perf_counter() + PATIENCE
            while any(len(player.shown) < injects for player in players) and time.perf_counter() < until:  # noqa: ASYNC110
                await asyncio.sleep(0.05)  # of a hundred players the last one counts
            seconds = time.perf_counter() - begun
            after = [p.cpu_times() for p in processes]
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        if problems := [str(end) for end in ended if isinstance(end, Exception)]:
            raise RuntimeError(problems[0])
    took = sorted(player.seen.get(mark, math.inf) - at for player in players for mark, at in sent.items())
    cpu = [a.user + a.system - b.user - b.system for a, b in zip(after, before, strict=True)]
    in_order = all(list(player.shown) == list(sent) for player in players)
    return {
        "players": len(players),
        "injects": injects,
        "p50_s": round(took[len(took) // 2], 3),
        "p95_s": round(took[min(len(took) - 1, int(0.95 * len(took)))], 3),
        "max_s": round(took[-1], 3),
        "core": [round(each / seconds, 3) for each in cpu],
        "ms_a_screen": round(sum(cpu) / (len(players) * injects) * 1000, 2),
        "all_in_order": in_order,
    }


def _send(server: Launched, room: Room, text: str) -> None:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    headers = {"Cookie": f"muster={room.facilitator['muster']}", "Origin": server.base}
    connection.request("POST", f"/bench/send/{room.number}", text, headers)
    answer = connection.getresponse()
    connection.close()
    if answer.status != 204:
        raise RuntimeError(f"not sent: {answer.status}")


async def measure(
    folder: Path, *, players: int, injects: int, pause: float, processes: int, database: str | None
) -> dict[str, Any]:
    """Both ways on the same servers."""
    more = {"DATABASE_URL": database} if database else {}
    room = await asyncio.to_thread(lay, folder, players, database)
    servers = [Launched(folder, command=("-m", "commands.crowded"), **more) for _ in range(processes)]
    try:
        for server in servers:
            await asyncio.to_thread(server.start)
        return {
            "processes": processes,
            "database": "postgresql" if database else "sqlite",
            "pushed": await play(servers, room, pushed=True, injects=injects, pause=pause),
            "looked": await play(servers, room, pushed=False, injects=injects, pause=pause),
        }
    finally:
        for server in servers:
            server.stop()


def bars(found: dict[str, Any]) -> list[tuple[str, bool]]:
    """Each bar as a sentence, and whether it holds."""
    pushed, looked = found["pushed"], found["looked"]
    core = max(*pushed["core"], *looked["core"])
    return [
        (f"pushed: on 95 % of screens after {pushed['p95_s']} s (bar {PUSHED:g})", pushed["p95_s"] <= PUSHED),
        (f"looked for: on 95 % of screens after {looked['p95_s']} s (bar {LOOKED:g})", looked["p95_s"] <= LOOKED),
        (f"busiest process: {core:.0%} of a core (bar {CORE:.0%})", core <= CORE),
        ("everybody saw everything in order", pushed["all_in_order"] and looked["all_in_order"]),
    ]
