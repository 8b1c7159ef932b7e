"""Who may talk to the server, and what every answer carries."""

import asyncio
import socket
from typing import Any

import httpx2
import pytest
from websockets.exceptions import InvalidStatus

from services.settings import Settings
from tests.web import client
from web.edge import Edge

EVERYWHERE = [
    "/", "/login", "/setup", "/welcome", "/password", "/auth/logout", "/healthz", "/home", "/no-such-page", "/a/b",
    "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/app/static/sign-in.css", "/app/static/nothing",
    "/static/index.html", "/media/none", "/favicon.png", "/manifest.json", "/component/x/y",
]  # fmt: skip


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("who", ["stranger", "security"])
def test_every_answer_carries_the_security_headers(server, browsers, who: str, path: str) -> None:
    # Not through the shared client: signing out must not touch its cookies.
    with client.http(server.url) as browser:
        cookies = {} if path == "/auth/logout" else dict(browsers[who].cookies)
        headers = browser.get(path, headers={"cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "script-src 'self' 'unsafe" not in policy
    assert "access-control-allow-origin" not in headers
    assert "cache-control" in headers
    assert "server" not in headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", ""])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_from_another_origin_is_refused(server, browsers, origin: str, method: str) -> None:
    answer = browsers["security"].request(method, "/login", headers={"origin": origin})
    assert answer.status_code == 403


def test_a_form_sent_from_another_site_without_origin_is_refused(server, browsers) -> None:
    answer = browsers["security"].post("/password", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", None])
def test_a_socket_from_another_origin_or_from_none_is_refused(server, browsers, origin: str | None) -> None:
    cookies = client.cookie_line(browsers["security"])
    with pytest.raises(InvalidStatus) as refused, client.tab(server.url, cookies, origin=origin):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "a b"])
def test_a_name_that_is_not_ours_gets_nothing(server, host: str) -> None:
    answer = _raw(server.url, f"GET /login HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    assert answer.split(" ", 2)[1] in {"421", "400"}
    assert "Sign in" not in answer


def test_two_host_headers_get_nothing(server) -> None:
    port = server.url.rpartition(":")[2]
    answer = _raw(
        server.url, f"GET /login HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    )
    assert answer.split(" ", 2)[1] in {"421", "400"}


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics", "/_stcore/metrics/", "/_stcore/%6detrics", "/_stcore/agent/openapi.json",
        "/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/script-health-check", "/component/a/index.html",
        "/oauth2callback", "/auth/login",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_routes_that_nobody_needs_are_closed_even_to_the_security_team(
    server, browsers, path: str, method: str
) -> None:
    assert browsers["security"].request(method, path).status_code == 404


def test_the_page_lets_no_other_site_steer_it(server, browsers) -> None:
    answer = browsers["security"].get("/_stcore/host-config").json()
    assert answer["allowedOrigins"] == []
    assert answer["enableCustomParentMessages"] is False


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/../app.py", "/app/static/..%2fapp.py", "/app/static/%2e%2e/app.py", "/app/static/..%5capp.py",
        "/app/static/%2e%2e%2f%2e%2e%2fetc/passwd", "/app/static//etc/passwd", "/static/..%2f..%2fproto/__init__.py",
        "/static/%2e%2e/__init__.py", "/media/..%2f..%2fapp.py", "/_stcore/bidi-components/..%2f..%2fapp.py",
        "/..%2fapp.py", "/%2e%2e/app.py", "/app/static/fonts%00", "//etc/passwd", "/app/static/fonts/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("who", ["stranger", "security"])
def test_no_spelling_of_a_path_leaves_the_folder(server, browsers, who: str, path: str) -> None:
    cookies = client.cookie_line(browsers[who])
    host = server.url.removeprefix("http://")
    answer = _raw(server.url, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n")
    assert answer.split(" ", 2)[1] in {"303", "400", "401", "404", "301", "307"}, answer[:200]
    assert "root:" not in answer
    assert "import " not in answer


def test_the_start_page_says_what_it_is(server, browsers) -> None:
    page = browsers["security"].get("/").text
    assert "<title>Muster</title>" in page
    assert '<html lang="en">' in page
    assert "agent" not in page


def _raw(url: str, request: str) -> str:
    """What the server answers to exactly these bytes."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(request.encode())
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return answer.decode("utf-8", "replace")


# ── behind a proxy, over TLS: the middleware alone ────────────────────────────────────────────────────────────


class _Inside:
    """Remembers what the edge let through, and answers with a cookie."""

    def __init__(self) -> None:
        self.scope: dict[str, Any] = {}

    async def __call__(self, scope, receive, send) -> None:
        self.scope = scope
        await send({"type": "http.response.start", "status": 200, "headers": [(b"set-cookie", b"a=1; Path=/")]})
        await send({"type": "http.response.body", "body": b""})


def _through(
    inside: _Inside, settings: Settings, peer: str, host: str = "localhost", **headers: str
) -> httpx2.Response:
    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=Edge(inside, settings), client=(peer, 5))
        async with httpx2.AsyncClient(transport=transport, base_url=f"http://{host}") as browser:
            return await browser.get("/", headers={key.replace("_", "-"): value for key, value in headers.items()})

    return asyncio.run(ask())


def test_a_proxy_of_ours_may_say_who_asks_and_that_it_was_tls() -> None:
    inside = _Inside()
    settings = Settings(trusted_proxies="10.0.0.0/8")
    answer = _through(
        inside, settings, "10.0.0.2", x_forwarded_for="6.6.6.6, 203.0.113.9, 10.0.0.1", x_forwarded_proto="https"
    )
    assert inside.scope["client"][0] == "203.0.113.9"
    assert inside.scope["scheme"] == "https"
    assert answer.headers["set-cookie"].endswith("; Secure")
    assert answer.headers["strict-transport-security"].startswith("max-age=")


def test_nobody_else_may() -> None:
    inside = _Inside()
    answer = _through(inside, Settings(), "127.0.0.1", x_forwarded_for="203.0.113.9", x_forwarded_proto="https")
    assert inside.scope["client"][0] == "127.0.0.1"
    assert inside.scope["scheme"] == "http"
    assert not any(key.startswith(b"x-forwarded") for key, _ in inside.scope["headers"])
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("training.example", 200), ("a.firm.example", 200), ("TRAINING.example:8443", 200), ("localhost", 200),
        ("firm.example", 421), ("training.example.evil.example", 421), ("192.0.2.1", 421),
    ],
)  # fmt: skip
def test_with_a_list_of_names_only_those_are_answered(host: str, status: int) -> None:
    settings = Settings(allowed_hosts="training.example, *.firm.example")
    assert _through(_Inside(), settings, "127.0.0.1", host).status_code == status


def test_over_tls_a_page_without_tls_is_another_origin() -> None:
    settings = Settings(trusted_proxies="127.0.0.1")
    for origin, status in (("https://localhost", 200), ("http://localhost", 403)):
        answer = _through(_Inside(), settings, "127.0.0.1", origin=origin, x_forwarded_proto="https")
        assert answer.status_code == status
