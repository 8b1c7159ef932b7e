"""The server: Streamlit's app behind our edge, gate and sign-in pages. `python app.py` starts it tuned.

`streamlit run app.py` and any ASGI server are protected just as much; only the launcher's speed is missing.
"""

import asyncio
import errno
import gc
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import streamlit as st
import structlog
import uvicorn
from anyio import to_thread
from pydantic import ValidationError
from starlette.middleware import Middleware

from domain.refusal import NotSaved
from services import accounts, upkeep
from services import app as services_app
from services.live import clockwork
from services.settings import Settings
from ui import session, trouble
from web import files, health, wire
from web.edge import Edge
from web.gate import Gate
from web.live import Live
from web.papers import Papers
from web.sign_in import Forms

ROOT = Path(__file__).resolve().parent

try:
    settings = Settings()
    muster = services_app.ready(settings)
except ValidationError as error:
    lines = [f"  {'.'.join(str(part) for part in e['loc']).upper()}: {e['msg']}" for e in error.errors()]
    sys.exit("Some settings cannot be used (see docs/operating.md):\n" + "\n".join(lines))
except (NotSaved, services_app.CannotStart) as error:
    sys.exit(str(error))

log = structlog.get_logger()
session.use(muster)
wire.anchor(ROOT / "app.py")
wire.settle()


async def _upkeep() -> None:
    """Every ten minutes, off the event loop; a database that is away is asked again the next time."""
    while True:
        await asyncio.sleep(600)
        try:
            await to_thread.run_sync(upkeep.tend, muster)
        except Exception:
            log.exception("upkeep failed")


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """While the server serves."""
    wire.settle()
    trouble.warm_up()
    muster.content()  # read before the first page asks for it
    # What is loaded by now stays for good: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    address = f"{'https' if settings.tls_certificate else 'http'}://{settings.host}:{settings.port}"
    print(f"Muster serves on {address}", flush=True)  # noqa: T201 - the operator reads this
    if accounts.needs_set_up(muster):
        code = accounts.new_set_up_code(muster)
        print(f"First set-up: open {address}/setup and enter the code {code}", flush=True)  # noqa: T201
    tasks = [asyncio.create_task(_upkeep()), asyncio.create_task(live.run())]
    news = clockwork.listen(muster)
    yield {}
    for task in tasks:
        task.cancel()
    news()
    muster.close()


forms = Forms(muster)
live = Live(muster, forms)
routes = [*forms.routes(), *live.routes(), *Papers(muster).routes(), *health.routes(muster)]
own = frozenset(route.path for route in routes)
around: dict[str, Any] = {
    "routes": [*routes, *files.routes()],
    "middleware": [
        Middleware(Edge, settings=settings),
        Middleware(Gate, muster=muster),
        Middleware(files.StartPage, own=own),
    ],
    "lifespan": lifespan,
    "on_script_error": trouble.on_script_error,
}
"""What stands around the pages' script; the bench puts it around an empty one, to compare."""

app = st.App(ROOT / "ui" / "frame.py", **around)


def taken() -> str | None:
    """Why the address cannot be listened on, or None."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {settings.port} is taken. Stop what uses it, or choose another: MUSTER_PORT=8502."
            return f"Muster cannot listen on {settings.host}:{settings.port} ({error.strerror}). Set MUSTER_HOST and MUSTER_PORT."
    return None


class _Server(uvicorn.Server):
    """Lets go of the screens of live exercises when told to stop: they would hold it for the whole grace period."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Told to stop."""
        live.close()
        super().handle_exit(sig, frame)


def serve(application: st.App) -> None:
    """Listen and serve until told to stop."""
    if problem := taken():
        sys.exit(problem)
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        ws="websockets-sansio",
        ws_ping_interval=25,
        ws_ping_timeout=25,
        ws_per_message_deflate=False,
        ws_max_size=wire.widget_limit() * 2,
        # Live events hold their answers open; without this the server would never stop.
        timeout_graceful_shutdown=5,
        access_log=False,
        server_header=False,
        log_level="warning",
        proxy_headers=False,  # the edge reads them, and believes MUSTER_TRUSTED_PROXIES alone
    )
    server = _Server(config)
    server.run()
    if not server.started:
        sys.exit(3)


if __name__ == "__main__":
    serve(app)
