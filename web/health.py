"""Whether this server serves, for whoever watches over it.

Says nothing but yes or no: strangers may ask.
"""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.app import App


def routes(app: App) -> list[Route]:
    """`/healthz`."""

    def ask() -> None:
        with app.db.read() as connection:
            connection.exec_driver_sql("SELECT 1")

    async def healthz(_request: Request) -> Response:
        try:
            await to_thread.run_sync(ask)
        except Exception:  # noqa: BLE001 - whatever it is, the answer is no
            return JSONResponse({"ok": False}, 503)
        return JSONResponse({"ok": True})

    return [Route("/healthz", healthz)]
