"""The outermost wall: who may talk to this server at all, and what every answer carries.

Nothing inside sees a foreign Host or Origin, a path we closed, or a forwarding header from somebody who is no proxy.
"""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.settings import Settings
from web import wire

CLOSED = (
    "/_stcore/metrics",
    "/_stcore/agent",
    "/_stcore/script-health-check",
    "/component/",
    "/oauth2callback",
    "/auth/login",
)
"""Routes of Streamlit that nobody here needs."""

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Edge:
    """ASGI middleware; first in the list."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = set(settings.allowed_hosts)
        self.open = not self.hosts
        self.local = {"localhost", settings.host.lower()}
        self.proxies = [ipaddress.ip_network(proxy, strict=False) for proxy in settings.trusted_proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then pass on."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        scope = self._unproxied(scope)
        secure = scope["scheme"] in {"https", "wss"}
        if scope["type"] == "http":
            send = _dressed(send, secure=secure)
        refusal = self._refusal(scope, secure=secure)
        if refusal is not None:
            await _refuse(scope, receive, send, *refusal)
            return
        if scope["type"] == "http":
            # Streamlit would compare it again, and look up its own addresses on the network to do so.
            scope["headers"] = [(key, value) for key, value in scope["headers"] if key != b"origin"]
        await self.app(scope, receive, send)

    def _unproxied(self, scope: Scope) -> Scope:
        """The scope with the browser's address and scheme, believed only from our proxies."""
        headers = Headers(raw=scope["headers"])
        client = scope.get("client") or ("", 0)
        hops = [hop.strip() for line in headers.getlist("x-forwarded-for") for hop in line.split(",")]
        if self._trusted(client[0]):
            address = client[0]
            while hops and self._trusted(address):
                address = hops.pop()
            proto = headers.get("x-forwarded-proto", "").split(",")[-1].strip().lower()
            scheme = scope["scheme"]
            if proto in {"http", "https"}:
                scheme = proto if scope["type"] == "http" else {"http": "ws", "https": "wss"}[proto]
            scope = {**scope, "client": (_address(address) or client[0], 0), "scheme": scheme}
        kept = [(key, value) for key, value in scope["headers"] if not key.lower().startswith(b"x-forwarded-")]
        return {**scope, "headers": kept}

    def _trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed.version == network.version and parsed in network for network in self.proxies)

    def _refusal(self, scope: Scope, *, secure: bool) -> tuple[int, str] | None:
        headers = Headers(raw=scope["headers"])
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or not self._known(host):
            return 421, "Muster does not answer to this name. Its operator can add it to MUSTER_ALLOWED_HOSTS."
        origins = headers.getlist("origin")
        if len(origins) > 1 or (origins and not _same(origins[0], host, secure=secure)):
            return 403, "This request comes from another site."
        if scope["type"] == "websocket" and not origins:
            return 403, "A socket must say where it comes from (Origin)."
        if scope["type"] == "http":
            if scope["method"] not in SAFE and headers.get("sec-fetch-site", "same-origin") not in {
                "same-origin",
                "none",
            }:
                return 403, "This request comes from another site."
            # Compared without slashes too: Streamlit sends /x/ on to /x.
            path = scope["path"]
            if any(f"{path.rstrip('/')}/".startswith(f"{closed.rstrip('/')}/") for closed in CLOSED):
                return 404, "Not found"
        return None

    def _known(self, host: str) -> bool:
        name = _name(host)
        if name is None:
            return False
        if name in self.local or name in {"127.0.0.1", "::1"}:
            return True
        if self.open:
            return _address(name) is not None
        return any(name == known or (known.startswith("*.") and name.endswith(known[1:])) for known in self.hosts)


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def _name(host: str) -> str | None:
    """The host name of a Host header, or None when it is none."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.netloc != host or parts.username is not None or parts.path or parts.query:
        return None
    return parts.hostname.lower().rstrip(".")


def _same(origin: str, host: str, *, secure: bool) -> bool:
    scheme, separator, rest = origin.partition("://")
    # Behind a proxy that we were not told of, TLS is invisible here: https is believed, the reverse is not.
    return bool(separator) and rest.lower() == host.lower() and scheme in ({"https"} if secure else {"http", "https"})


def _dressed(send: Send, *, secure: bool) -> Send:
    """Put our headers on every answer."""

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("content-security-policy", wire.content_policy())
            headers.setdefault("cache-control", "no-store")
            del headers["server"]
            if secure:
                headers.setdefault("strict-transport-security", "max-age=31536000")
            raw = [
                (key, value + b"; Secure")
                if secure and key == b"set-cookie" and b"; secure" not in value.lower()
                else (key, value)
                for key, value in headers.raw
            ]
            message = {**message, "headers": raw}
        await send(message)

    return dressed


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    if scope["type"] == "http":
        await PlainTextResponse(sentence, status)(scope, receive, send)
        return
    await receive()
    if "websocket.http.response" in scope.get("extensions", {}):
        await send(
            {
                "type": "websocket.http.response.start",
                "status": status,
                "headers": [(b"content-type", b"text/plain; charset=utf-8")],
            }
        )
        await send({"type": "websocket.http.response.body", "body": sentence.encode()})
    else:
        await send({"type": "websocket.close", "code": 1008, "reason": sentence[:120]})
