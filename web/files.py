"""Files for the browser: our fonts, style and mark, and the one HTML page that all of Streamlit's pages are.

Only what lies under static/ can be fetched.
"""

from pathlib import Path
from typing import Any

from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from web import wire
from web.gate import is_page

STATIC = Path(__file__).resolve().parent.parent / "static"


class _Static(StaticFiles):
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        # Names do not change with contents, so a day; fonts are asked for on every first page.
        response.headers["cache-control"] = "public, max-age=86400"
        return response


def routes() -> list[Mount]:
    """`/app/static/…`."""
    return [Mount("/app/static", _Static(directory=STATIC))]


class StartPage:
    """ASGI middleware, behind the gate: answers every page address with the same page."""

    def __init__(self, app: ASGIApp, own: frozenset[str]) -> None:
        self.app = app
        self.own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, unless the address is one of our own routes or no page."""
        if scope["type"] == "http" and is_page(scope) and scope["path"] not in self.own:
            page = HTMLResponse(wire.start_page(), headers={"cache-control": "no-cache"})
            await page(scope, receive, send)
            return
        await self.app(scope, receive, send)
