"""Live exercises at the edge: news for open screens, the calendar file, the code as a picture, and coming in by code.

News are a number and, for whoever sits at the table, the newest message of their seat (web/news.py); all else each screen
asks its service. A stream ends with the session, the membership or the exercise.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from domain.people import Person, Role
from domain.refusal import NotSaved, Refused
from services import accounts
from services.app import App
from services.hub import Versions, hub
from services.live import clockwork, join, paper, plan, watch
from services.live.table import STAFF
from web.news import Newsroom
from web.sign_in import Forms, browser_of, form_secret, read_form, token_of

ALIVE = 15.0
"""Seconds between two signs of life: proxies cut connections that are silent for longer."""
HOLD = 10.0
"""Seconds that an answer to whoever cannot hold a stream waits for news: shorter than any proxy's patience."""
LOOK = 2.0
"""Seconds between two looks at the database for news that nobody told us of."""
ROUND = 5.0
"""Seconds between two looks at whose streams are still theirs."""
PACE = {True: 0.3, False: 0.1}
"""Seconds between two news at least, for those who run and watch (they hear of every vote) and for those who play."""
MOST_EACH = 12
"""Streams of one person at once: more tabs than that are a mistake."""
log = structlog.get_logger()


@dataclass(eq=False)
class _Stream:
    """One open stream, and whose it is."""

    exercise: int
    person: int
    sid: int
    staff: bool
    number: int = 0
    version: int = 0
    over: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, versions: Versions) -> None:
        """Take a number; on the event loop."""
        self.number = max(self.number, versions.version if self.staff else versions.shown)
        self.version = max(self.version, versions.version)
        self.over = self.over or versions.status == "ended"
        self.news.set()

    def end(self) -> None:
        """Say good-bye; on the event loop."""
        self.over = True
        self.news.set()


class Live:
    """The routes and the streams; made once, with the App."""

    def __init__(self, app: App, forms: Forms) -> None:
        self.app = app
        self.forms = forms
        self.streams: set[_Stream] = set()
        self.newsroom = Newsroom(app)

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/join", self.join, methods=["GET", "POST"]),
            Route("/live/{exercise:int}/events", self.events),
            Route("/live/{exercise:int}/version", self.version),
            Route("/live/{exercise:int}/invitation.ics", self.invitation),
            Route("/live/{exercise:int}/code.svg", self.picture),
        ]

    # ── news ──

    async def events(self, request: Request) -> Response:
        """The stream of an exercise, for its members."""
        who, exercise = request.scope["muster_who"], request.path_params["exercise"]
        person = await self._person(request)
        try:
            member, versions = await to_thread.run_sync(watch.versions, self.app, person, exercise)
        except Refused as refusal:
            return PlainTextResponse(str(refusal), 404)
        stream = _Stream(exercise, person.id, who.sid, member.part in STAFF)
        if self._full(stream):
            return PlainTextResponse("This exercise is open in too many tabs.", 429)
        stream.hear(versions)
        return StreamingResponse(
            self._news(stream),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def _news(self, stream: _Stream) -> AsyncIterator[bytes]:
        sent = -1
        with self._waiting(stream):
            yield b"retry: 1000\n\n"
            while True:
                if stream.number != sent:
                    sent = stream.number
                    yield f"data: {await self._told(stream)}\n\n".encode()
                if stream.over:
                    yield f"event: over\ndata: {await self._told(stream)}\n\n".encode()
                    return
                stream.news.clear()
                try:
                    await asyncio.wait_for(stream.news.wait(), ALIVE)
                except TimeoutError:
                    yield b": alive\n\n"
                    continue
                await asyncio.sleep(PACE[stream.staff] if not stream.over else 0)

    async def _told(self, stream: _Stream) -> str:
        """What a stream says now: those who play hear their newest message."""
        if stream.staff:
            return self.newsroom.number(stream.number, over=stream.over)
        return await self.newsroom.tell(
            stream.exercise, stream.person, number=stream.number, version=stream.version, over=stream.over
        )

    async def version(self, request: Request) -> Response:
        """The same for a browser that cannot hold a stream. With `after`, the number it knows, the answer waits for news."""
        who, exercise = request.scope["muster_who"], request.path_params["exercise"]
        seen = await to_thread.run_sync(watch.looked, self.app, who.person_id, exercise)
        try:
            if seen is None:  # refused by the one that notes it
                person = await self._person(request)
                seen = await to_thread.run_sync(watch.versions, self.app, person, exercise)
        except Refused as refusal:
            return PlainTextResponse(str(refusal), 404)
        stream = _Stream(exercise, who.person_id, who.sid, seen[0].part in STAFF)
        stream.hear(seen[1])
        known = stream.number
        if request.query_params.get("after") == str(known) and not self._full(stream):
            with self._waiting(stream), contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HOLD):
                    while stream.number == known and not stream.over:
                        stream.news.clear()
                        await stream.news.wait()
        return Response(await self._told(stream), media_type="application/json", headers={"cache-control": "no-store"})

    def _full(self, stream: _Stream) -> bool:
        return sum(other.person == stream.person for other in self.streams) >= MOST_EACH

    @contextlib.contextmanager
    def _waiting(self, stream: _Stream) -> Iterator[None]:
        """Let the stream hear all news, and be ended with what it rests on."""
        loop = asyncio.get_running_loop()

        def told(versions: Versions) -> None:
            # A loop that has closed has no streams left to tell.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(stream.hear, versions)

        leave = hub.join(stream.exercise, told)
        self.streams.add(stream)
        try:
            yield
        finally:
            leave()
            self.streams.discard(stream)

    async def run(self) -> None:
        """Let time pass in exercises and keep streams honest, until cancelled."""
        beats = {"tick": (1.0, self._tick), "look": (LOOK, self._look), "round": (ROUND, self._round)}
        async with asyncio.TaskGroup() as group:
            for name, (seconds, work) in beats.items():
                group.create_task(_every(name, seconds, work))

    async def _tick(self) -> None:
        await to_thread.run_sync(clockwork.tick, self.app)

    async def _look(self) -> None:
        if waited := hub.exercises():
            hub.catch_up(await to_thread.run_sync(clockwork.look, self.app, waited))

    async def _round(self) -> None:
        """End what is nobody's any more, and note who is here."""
        streams = tuple(self.streams)
        if not streams:
            return
        pairs = {(stream.exercise, stream.person) for stream in streams}
        holds = await to_thread.run_sync(accounts.living, self.app, frozenset(stream.sid for stream in streams))
        here = await to_thread.run_sync(clockwork.still_here, self.app, pairs)
        parts = {(exercise, person): part for exercise, person, part in here}
        for stream in streams:
            part = parts.get((stream.exercise, stream.person))
            # Whoever has become something else gets another stream when the browser comes back.
            if stream.sid not in holds or part is None or (part in STAFF) != stream.staff:
                stream.end()

    def close(self) -> None:
        """End all streams, so that the server can stop at once; on the event loop."""
        for stream in tuple(self.streams):
            stream.end()

    # ── papers ──

    async def invitation(self, request: Request) -> Response:
        """The calendar file."""
        make = partial(paper.invitation, base=_base(request))
        return await self._paper(request, make, "text/calendar", filename="exercise.ics")

    async def picture(self, request: Request) -> Response:
        """The QR code."""
        return await self._paper(request, partial(paper.picture, base=_base(request)), "image/svg+xml")

    async def _paper(
        self, request: Request, make: Callable[[App, Person, int], bytes | str], kind: str, filename: str = ""
    ) -> Response:
        person = await self._person(request)
        try:
            body = await to_thread.run_sync(make, self.app, person, request.path_params["exercise"])
        except Refused as refusal:
            return PlainTextResponse(str(refusal), 404)
        headers = {"cache-control": "no-store"}
        if filename:
            headers["content-disposition"] = f'attachment; filename="{filename}"'
        return Response(body, media_type=kind, headers=headers)

    async def _person(self, request: Request) -> Person:
        """Whoever asks; the gate has let nobody through without a session, but it may have ended since."""
        who = request.scope["muster_who"]
        person = await to_thread.run_sync(accounts.person_of_session, self.app, who.sid)
        return person or Person(0, "", "", frozenset(), None, frozenset(), active=False)

    # ── coming in ──

    async def join(self, request: Request) -> Response:
        """Come in by code: with a session as oneself, without one as a guest."""
        who = request.scope["muster_who"]
        person = await to_thread.run_sync(accounts.person_of_session, self.app, who.sid) if who is not None else None
        account = person if person is not None and not person.has(Role.GUEST) else None
        code = join.clean_code(request.query_params.get("code", "")[:40])
        values: dict[str, Any] = {"code": code, "name": "", "account": account.name if account else ""}
        if request.method == "GET":
            if person is not None and account is None and await self._is_in(person, code):
                return RedirectResponse("/", 303)
            return self.forms.page(request, "join", "Join an exercise", **values)
        form = await read_form(request)
        values |= {"code": form.get("code", "")[:40], "name": form.get("name", "")[:200]}
        again = partial(self.forms.page, request, "join", "Join an exercise", **values)
        if account is None:
            secret, browser = form_secret(request), browser_of(request)
            come = partial(
                join.as_guest,
                self.app,
                values["code"],
                values["name"],
                browser,
                form=secret,
                replaces=token_of(request),
            )
            return await self.forms.enter(
                request, form, come, again, "/"
            )  # the one page that guests have is their first
        return await self._as_oneself(request, account, form, again)

    async def _as_oneself(
        self, request: Request, account: Person, form: dict[str, str], again: Callable[..., Response]
    ) -> Response:
        if not self.forms.ours(request, form):
            return again(refused=accounts.STALE, status=400)
        try:
            number = await to_thread.run_sync(
                join.enter, self.app, account, form.get("code", "")[:40], browser_of(request)
            )
        except accounts.TooMany as refusal:
            return again(refused=str(refusal), status=429)
        except (Refused, NotSaved) as refusal:
            return again(refused=str(refusal), status=403)
        return RedirectResponse(f"/live?exercise={number}", 303)

    async def _is_in(self, guest: Person, code: str) -> bool:
        """Whether this code leads a guest to where they are already: who scans it twice comes back to their seat."""
        own = await to_thread.run_sync(plan.mine, self.app, guest)
        return bool(own) and code in {"", own[0].live.code}


async def _every(name: str, seconds: float, work: Callable[[], object]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()  # type: ignore[misc]
        except (NotSaved, OSError) as error:
            log.warning("live exercises not looked after", what=name, error=str(error))
        except Exception:
            # It must outlive a database that is away; the next beat asks again.
            log.exception("live exercises not looked after", what=name)


def _base(request: Request) -> str:
    return f"{request.scope['scheme']}://{request.headers['host']}"
