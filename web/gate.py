"""Who is this: a cookie becomes a session, the session becomes st.user, and strangers never reach a page script.

Identity headers come from here alone. A session that ended is cut off its open sockets within five seconds.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

import structlog
from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.refusal import NotSaved
from services import accounts
from services.accounts import Principal
from services.app import App
from web import wire

ROUND = 5.0
"""Seconds between two looks at which open sockets still belong to a session."""
TOUCH = 60.0
"""Seconds between two notes that somebody is active: idle time is counted in hours."""
RATE, BURST = 200.0, 400.0
"""Frames a second that a socket may send, and how many at once; what comes faster waits."""
GONE, LATER = 4401, 1013

PUBLIC = ("/login", "/join", "/auth/logout", "/setup", "/welcome", "/healthz", "/_stcore/health", "/favicon.png")
PUBLIC_FOLDERS = ("/static/", "/app/static/")
PAGE_METHODS = frozenset({"GET", "HEAD"})
log = structlog.get_logger()


def cookie_name(scope: Scope) -> str:
    """The session cookie; over TLS under a name that browsers accept from this very host only."""
    return "__Host-muster" if scope["scheme"] in {"https", "wss"} else "muster"


def cookies(scope: Scope) -> dict[str, str]:
    """The request's cookies."""
    found: dict[str, str] = {}
    for line in Headers(raw=scope["headers"]).getlist("cookie"):
        jar: SimpleCookie = SimpleCookie()
        with suppress(CookieError):
            jar.load(line)
        found |= {name: morsel.value for name, morsel in jar.items()}
    return found


def is_page(scope: Scope) -> bool:
    """Whether the address could be a page of ours: one word, nothing like a file."""
    path = scope["path"].strip("/")
    return scope["method"] in PAGE_METHODS and (path == "" or path.replace("-", "").isalnum())


@dataclass(eq=False)
class _Socket:
    """One open socket and whose it is."""

    sid: int
    send: Send
    active: bool = True
    cut: bool = False
    tokens: float = BURST
    at: float = field(default_factory=time.monotonic)

    async def end(self) -> None:
        """Send the browser to the sign-in page and hang up."""
        if self.cut:
            return
        self.cut = True
        with suppress(Exception):  # the browser may be gone already
            await self.send({"type": "websocket.send", "bytes": wire.redirect_frame("/login")})
            await self.send({"type": "websocket.close", "code": GONE})

    def pause(self) -> float:
        """Seconds to wait before the next frame is taken."""
        now = time.monotonic()
        self.tokens = min(BURST, self.tokens + (now - self.at) * RATE) - 1
        self.at = now
        return max(0.0, -self.tokens / RATE)


class Gate:
    """ASGI middleware; behind the edge."""

    def __init__(self, app: ASGIApp, muster: App) -> None:
        self.app = app
        self.muster = muster
        self.sockets: set[_Socket] = set()
        self.watch: asyncio.Task[None] | None = None
        self.touched: dict[int, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out who it is, then pass on, send to the sign-in page, or hang up."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._pass(scope, receive, watched)
        except NotSaved as away:
            # Pages say it themselves; this is for whoever asks before or beside them.
            if begun:
                raise
            log.warning("database away", path=scope["path"])
            await _later(scope, str(away))(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        jar = cookies(scope)
        who = None
        # Files that anybody may have are asked for by the dozen: for them it does not matter who asks.
        if (token := jar.get(cookie_name(scope), "")) and not scope["path"].startswith(PUBLIC_FOLDERS):
            who = await to_thread.run_sync(accounts.principal, self.muster, token)
        scope = {**scope, "headers": _headers(scope, jar, who), "muster_who": who, "muster_cookies": jar}
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send, who)
        elif who is not None or _public(scope["path"]):
            if who is not None and is_page(scope):
                self._note(who.sid)
            await self.app(scope, receive, send)
        else:
            await _to_sign_in(scope)(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send, who: Principal | None) -> None:
        if who is None or scope["path"] != wire.SOCKET:
            await _turn_away(scope, receive, send)
            return
        wire.settle()
        if self.watch is None or self.watch.done():
            self.watch = asyncio.create_task(self._rounds(), name="muster-gate")
        socket = _Socket(who.sid, send)

        async def guarded_send(message: Message) -> None:
            if not socket.cut:
                await send(message)

        async def guarded_receive() -> Message:
            while not socket.cut:
                message = await receive()
                if message["type"] != "websocket.receive" or await self._admit(socket, message, send):
                    return message
            return {"type": "websocket.disconnect", "code": GONE}

        self.sockets.add(socket)
        try:
            await self.app(scope, guarded_receive, guarded_send)
        finally:
            self.sockets.discard(socket)
            self._note(socket.sid)

    async def _admit(self, socket: _Socket, message: Message, send: Send) -> bool:
        """Whether a frame may go in. Hangs up on what no browser of ours would send."""
        frame = message.get("bytes")
        if socket.cut:
            return False
        if not isinstance(frame, bytes) or len(frame) > wire.widget_limit():
            code = 1009 if isinstance(frame, bytes) else 1003
        else:
            if (pause := socket.pause()) > 0:
                await asyncio.sleep(pause)
            verdict = wire.judge(frame)
            if verdict == "run":
                socket.active = True
            if verdict == "drop":
                log.warning("frame dropped", sid=socket.sid)
            if verdict != "broken":
                return verdict != "drop" and not socket.cut
            code = 1002
        socket.cut = True
        log.warning("socket closed", sid=socket.sid, code=code)
        await send({"type": "websocket.close", "code": code})
        return False

    def _note(self, sid: int) -> None:
        """Remember that somebody did something; written down in the next round."""
        self.touched.setdefault(sid, 0.0)

    async def _rounds(self) -> None:
        """Every few seconds, one question for all open sockets; ends when there are none."""
        written: dict[int, float] = {}
        swept = time.monotonic()
        while self.sockets:
            await asyncio.sleep(ROUND)
            now = time.monotonic()
            try:
                asked = tuple(self.sockets)  # whoever comes while we ask is not in the answer
                holds = await to_thread.run_sync(accounts.living, self.muster, frozenset(s.sid for s in asked))
                for socket in [s for s in asked if s.sid not in holds]:
                    await socket.end()
                active = {s.sid for s in self.sockets if s.active} | set(self.touched)
                due = frozenset(sid for sid in active if now - written.get(sid, 0.0) > TOUCH)
                await to_thread.run_sync(accounts.touch, self.muster, due)
                written |= dict.fromkeys(due, now)
                self.touched.clear()
                for socket in self.sockets:
                    socket.active = socket.active and socket.sid not in due
                if now - swept > timedelta(hours=1).total_seconds():
                    swept = now
                    await to_thread.run_sync(accounts.sweep, self.muster)
            except (NotSaved, OSError) as error:
                log.warning("sessions not checked", error=str(error))
            except Exception:
                # The watch must outlive a database that is away; pages ask for themselves on every run.
                log.exception("sessions not checked")


def _public(path: str) -> bool:
    return path in PUBLIC or path.startswith(PUBLIC_FOLDERS)


def _headers(scope: Scope, jar: dict[str, str], who: Principal | None) -> list[tuple[bytes, bytes]]:
    """The headers without anything that claims an identity, and with ours.

    Streamlit gets its own anti-forgery cookie and no other: page code cannot read, log or leak the session's.
    """
    names = {name.encode() for name in wire.IDENTITY}
    # Some servers read X_Muster_Uid as X-Muster-Uid.
    kept = [
        (key, value)
        for key, value in scope["headers"]
        if key.lower().replace(b"_", b"-") not in names and key.lower() != b"cookie"
    ]
    if "_streamlit_xsrf" in jar:
        kept.append((b"cookie", f"_streamlit_xsrf={jar['_streamlit_xsrf']}".encode("latin-1", "ignore")))
    if who is not None:
        kept += [(b"x-muster-uid", str(who.person_id).encode()), (b"x-muster-sid", str(who.sid).encode())]
    return kept


def _to_sign_in(scope: Scope) -> Response:
    accept = Headers(raw=scope["headers"]).get("accept", "")
    if not is_page(scope) or "text/html" not in accept:
        return PlainTextResponse("Sign in first.", 401)
    there = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
    return RedirectResponse("/login" if there == "/" else f"/login?next={quote(there, safe='')}", 303)


def _later(scope: Scope, sentence: str) -> ASGIApp:
    """Answer that the database is away; what only reads asks again by itself."""
    if scope["type"] == "http":
        again = {"refresh": "5"} if is_page(scope) else {}
        return PlainTextResponse(sentence, 503, {"retry-after": "5", **again})

    async def hang_up(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.close", "code": LATER, "reason": sentence[:120]})

    return hang_up


async def _turn_away(scope: Scope, receive: Receive, send: Send) -> None:
    """Open the socket only to say where the sign-in page is. The page script never runs."""
    await receive()
    offered = scope.get("subprotocols") or []
    await send({"type": "websocket.accept", "subprotocol": "streamlit" if "streamlit" in offered else None})
    await send({"type": "websocket.send", "bytes": wire.redirect_frame("/login")})
    await send({"type": "websocket.close", "code": GONE})
