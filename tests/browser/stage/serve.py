"""A server with nothing but our components on it, under the content security policy of the product."""

import sys
from pathlib import Path
from typing import Any

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from streamlit.web import bootstrap

from web.wire import content_policy

ROOT = Path(__file__).resolve().parents[3]


class Strict:
    def __init__(self, app: Any) -> None:
        self.app = app
        self.header = (b"content-security-policy", content_policy().encode())

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], self.header]
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)


def main(port: int) -> None:
    bootstrap.load_config_options(
        {
            "server.headless": True,
            "server.fileWatcherType": "none",
            "runner.magicEnabled": False,
            "browser.gatherUsageStats": False,
        }
    )
    app = st.App(
        Path(__file__).with_name("script.py"),
        routes=[Mount("/app/static", StaticFiles(directory=ROOT / "static"))],
        middleware=[Middleware(Strict)],
    )
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error")


if __name__ == "__main__":
    main(int(sys.argv[1]))
