"""The pages before Streamlit: sign in, first set-up, invitation, new password, sign out. Plain HTML forms.

Passwords travel only here, never through a page script. Every form carries a secret that its browser got from us.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from domain.refusal import NotSaved, Refused
from services import accounts
from services.accounts import Browser, SignedIn, TooMany
from services.app import App
from web.gate import cookie_name

T = TypeVar("T")
LARGEST_FORM = 16_384
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_PAGE = re.compile(r"/[A-Za-z0-9-]*(\?[A-Za-z0-9=&%._~+:,-]*)?")


def safe_next(address: str) -> str:
    """Where to go after signing in: one of our page addresses, or the first page."""
    return address if len(address) <= 1000 and _PAGE.fullmatch(address) else "/"


class Forms:
    """The routes; made once, with the App."""

    def __init__(self, app: App) -> None:
        self.app = app
        # Hashing takes a core and 46 MiB each time: no more at once than there are cores, the rest waits in line.
        self.hashing = CapacityLimiter(os.cpu_count() or 1)
        self.templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
        )

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/login", self.login, methods=["GET", "POST"]),
            Route("/setup", self.setup, methods=["GET", "POST"]),
            Route("/welcome", self.welcome, methods=["GET", "POST"]),
            Route("/password", self.password, methods=["GET", "POST"]),
            Route("/auth/logout", self.logout, methods=["GET", "POST"]),
        ]

    async def login(self, request: Request) -> Response:
        """Sign in."""
        there = safe_next(request.query_params.get("next", "/"))
        if request.method == "GET":
            if request.scope["muster_who"] is not None:
                return RedirectResponse(there, 303)
            if await to_thread.run_sync(accounts.needs_set_up, self.app):
                return RedirectResponse("/setup", 303)
            return self.page(request, "login", "Sign in", next=there, email="")
        form = await read_form(request)
        there = safe_next(form.get("next", "/"))
        again = partial(self.page, request, "login", "Sign in", next=there, email=form.get("email", "")[:320])
        secret = form_secret(request)

        def enter() -> SignedIn:
            return accounts.sign_in(
                self.app,
                form.get("email", ""),
                form.get("password", ""),
                browser_of(request),
                form=secret,
                replaces=token_of(request),
            )

        return await self.enter(request, form, enter, again, there)

    async def setup(self, request: Request) -> Response:
        """The first account."""
        if not await to_thread.run_sync(accounts.needs_set_up, self.app):
            return RedirectResponse("/login", 303)
        if request.method == "GET":
            return self.page(request, "setup", "Set up Muster", name="", email="")
        form = await read_form(request)
        name, email = form.get("name", "")[:200], form.get("email", "")[:320]

        def enter() -> SignedIn:
            return accounts.set_up(self.app, form.get("code", ""), name, email, _twice(form), browser_of(request))

        again = partial(self.page, request, "setup", "Set up Muster", name=name, email=email)
        return await self.enter(request, form, enter, again, "/")

    async def welcome(self, request: Request) -> Response:
        """A first or new password with a code."""
        if request.method == "GET":
            code = request.query_params.get("code", "")[:60]
            return self.page(request, "welcome", "Welcome to Muster", code=code)
        form = await read_form(request)
        code = form.get("code", "")[:60]

        def enter() -> SignedIn:
            return accounts.accept_invitation(
                self.app, code, _twice(form), browser_of(request), replaces=token_of(request)
            )

        again = partial(self.page, request, "welcome", "Welcome to Muster", code=code)
        return await self.enter(request, form, enter, again, "/")

    async def password(self, request: Request) -> Response:
        """Another password."""
        who = request.scope["muster_who"]
        person = await to_thread.run_sync(accounts.person_of_session, self.app, who.sid) if who else None
        if person is None:
            return RedirectResponse("/login?next=%2Faccount", 303)
        again = partial(self.page, request, "password", "Change your password", email=person.email)
        if request.method == "GET":
            return again()
        form = await read_form(request)

        def change() -> SignedIn:
            return accounts.change_password(
                self.app, person, form.get("current", ""), _twice(form), browser_of(request)
            )

        return await self.enter(request, form, change, again, "/account")

    async def logout(self, request: Request) -> Response:
        """Sign out here. Other sites cannot make a browser do it."""
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return RedirectResponse("/", 303)
        await to_thread.run_sync(accounts.sign_out, self.app, token_of(request), browser_of(request))
        response = RedirectResponse("/login", 303)
        self._drop(request, response, "session")
        response.headers["clear-site-data"] = '"cache", "storage"'
        return response

    async def enter(
        self,
        request: Request,
        form: dict[str, str],
        work: Callable[[], SignedIn],
        again: Callable[..., Response],
        there: str,
    ) -> Response:
        """Do the work if the form is ours, and hand the browser its new session; else show the form again."""
        if not self.ours(request, form):
            return again(refused=accounts.STALE, status=400)
        try:
            signed_in = await to_thread.run_sync(work, limiter=self.hashing)
        except TooMany as refusal:
            return again(refused=str(refusal), status=429)
        except (Refused, NotSaved) as refusal:
            return again(refused=str(refusal), status=403)
        response = RedirectResponse(there, 303)
        life = int(self.app.settings.session_life.total_seconds())
        self._keep(request, response, "session", signed_in.token, life)
        self._keep(request, response, "device", signed_in.device, int(accounts.KNOWN_FOR.total_seconds()))
        self._drop(request, response, "form")
        return response

    def ours(self, request: Request, form: dict[str, str]) -> bool:
        """Whether the form came from a page that this browser got from us."""
        secret = form_secret(request)
        return bool(secret) and hmac.compare_digest(form.get("form", ""), _stamp(secret))

    def page(
        self,
        request: Request,
        template: str,
        title: str,
        *,
        refused: str = "",
        done: str = "",
        status: int = 200,
        **values: Any,
    ) -> Response:
        """One of our pages, with a secret for its form."""
        secret = form_secret(request) if not refused else ""
        new = secret or secrets.token_urlsafe(32)
        html = self.templates.get_template(f"{template}.html").render(
            title=title, refused=refused, done=done, form=_stamp(new), **values
        )
        response = HTMLResponse(html, status, headers={"content-security-policy": POLICY})
        if not secret:
            self._keep(request, response, "form", new, 3600)
        return response

    def _keep(self, request: Request, response: Response, what: str, value: str, seconds: int) -> None:
        response.set_cookie(
            _cookie(request, what),
            value,
            max_age=seconds,
            path="/",
            httponly=True,
            secure=request.url.scheme == "https",
            # Lax for the session alone: a link in a reminder mail should find people signed in.
            samesite="lax" if what == "session" else "strict",
        )

    def _drop(self, request: Request, response: Response, what: str) -> None:
        self._keep(request, response, what, "", 0)


def _cookie(request: Request, what: str) -> str:
    name = cookie_name(request.scope)
    return name if what == "session" else f"{name}-{what}"


def token_of(request: Request) -> str:
    """The session token of a browser, or nothing."""
    return str(request.scope["muster_cookies"].get(_cookie(request, "session"), ""))


def form_secret(request: Request) -> str:
    """What a browser must give back with the next form."""
    return str(request.scope["muster_cookies"].get(_cookie(request, "form"), ""))[:100]


def _stamp(secret: str) -> str:
    return hashlib.sha256(f"form {secret}".encode()).hexdigest()


def browser_of(request: Request) -> Browser:
    """From where a request comes."""
    return Browser(
        address=request.client.host if request.client else "",
        agent=request.headers.get("user-agent", "")[:300],
        device=str(request.scope["muster_cookies"].get(_cookie(request, "device"), ""))[:100],
    )


def _twice(form: dict[str, str]) -> str:
    if form.get("new", "") != form.get("again", ""):
        raise Refused("The two new passwords differ. Type the same one twice.")
    return form.get("new", "")


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a small form; empty for anything else, which then fails as a form that is not ours."""
    body = b""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        return {}
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return {}
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items() if len(values) == 1}
