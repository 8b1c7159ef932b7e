"""What we know about the inside of Streamlit: hidden options, frames of its socket, its start page.

Nothing else in the project touches these; tests/web/test_contract.py holds each against the pinned release.
"""

import base64
import hashlib
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import streamlit
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SOCKET = "/_stcore/stream"
IDENTITY = {"x-muster-uid": "uid", "x-muster-sid": "sid"}
"""Headers that only the gate sets, and the key of st.user each becomes."""

OPTIONS: dict[str, Any] = {
    "global.developmentMode": False,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.corsAllowedOrigins": [],
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.scriptHealthCheckEnabled": False,
    "server.disconnectedSessionTTL": 300,
    "server.maxUploadSize": 5,
    "server.maxMessageSize": 50,
    "server.maxWidgetStateSize": 2,
    "server.websocketPingInterval": 25,
    "server.trustedUserHeaders": IDENTITY,
    "server.unsafeMetricsUserAttributes": [],
    "runner.postScriptGC": False,
    "runner.fastReruns": False,
    "runner.magicEnabled": False,
    # We keep no secrets in files, and Streamlit would look for them on the disk at every click.
    "secrets.files": [],
    "client.allowedOrigins": [],
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "browser.gatherUsageStats": False,
}
"""Options that hold whatever a file, flag or variable says: safety and speed depend on them."""

_FRAMES = frozenset({"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"})
_OPERATIONS = frozenset({"deferred_file", "dataframe_chunk"})


def _leaves(section: dict[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    for key, value in section.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{name}.{key}")
        else:
            yield f"{name}.{key}", value


@cache
def look() -> dict[str, Any]:
    """The theme of .streamlit/config.toml: Streamlit finds that file only when started from our folder."""
    file = Path(__file__).resolve().parents[1] / ".streamlit" / "config.toml"
    return dict(_leaves(tomllib.loads(file.read_text(encoding="utf-8"))["theme"], "theme"))


def anchor(script: Path) -> None:
    """Read .streamlit/config.toml beside this file, from whatever folder the server is started."""
    if config._main_script_path is None:  # noqa: SLF001 - `streamlit run` sets it to the same
        config._main_script_path = str(script)  # noqa: SLF001
        config.get_config_options(force_reparse=True)


def settle() -> None:
    """Put every option of OPTIONS and our look in force. Cheap when nothing strayed, so the gate repeats it at each
    handshake: `streamlit run` reads its file again when that changes."""
    for name, value in {**OPTIONS, **look()}.items():
        if config.get_option(name) != value:
            config.set_option(name, value)


def widget_limit() -> int:
    """The largest frame a browser may send, in bytes."""
    return int(OPTIONS["server.maxWidgetStateSize"]) * 1024 * 1024


def judge(frame: bytes) -> str:
    """What to do with a frame from a browser: `run` (somebody acts), `pass`, `drop` or `broken`."""
    message = BackMsg()
    try:
        message.ParseFromString(frame)
    except DecodeError:
        return "broken"
    kind = message.WhichOneof("type")
    if kind == "rerun_script":
        return "pass" if message.rerun_script.is_auto_rerun else "run"
    if kind in _FRAMES:
        return "pass"
    if kind == "backend_operation_request":
        return "run" if message.backend_operation_request.WhichOneof("payload") in _OPERATIONS else "drop"
    return "drop"


def redirect_frame(address: str) -> bytes:
    """The frame that makes the browser leave for another address of ours."""
    message = ForwardMsg()
    message.auth_redirect.url = address
    return bytes(message.SerializeToString())


@cache
def start_page() -> bytes:
    """Streamlit's page with our title, mark and style sheet, and without its pointers to routes that we close."""
    html = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    html = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
    html = re.sub(r"<title>.*?</title>", "<title>Muster</title>", html)
    html = re.sub(r"<html\b[^>]*>", '<html lang="en">', html)
    html = re.sub(r'<link rel="service-desc"[^>]*>', "", html)
    html = re.sub(r'<link\s+rel="preload"[^>]*as="font"[^>]*>', "", html)
    html = html.replace('href="./favicon.png"', 'href="/app/static/favicon.png"')
    noscript = "<noscript><p>Muster needs JavaScript in this browser.</p></noscript>"
    html = re.sub(r"<noscript>.*?</noscript>", noscript, html, flags=re.DOTALL)
    # Deep addresses must find the assets too, and ./ would look for them beside the page.
    html = html.replace('"./static/', '"/static/')
    # Told where the server is, the browser need not ask first whether it is below a deep address, and be told 404.
    server = "<script>window.__streamlit = { BACKEND_BASE_URL: location.origin }</script>"
    html = html.replace("<script", f"{server}<script", 1)
    # Sent once with the page; drawn by the script it would be sent again with each run. After Streamlit's own: ours wins.
    style = (Path(__file__).resolve().parents[1] / "ui" / "style.css").read_text(encoding="utf-8")
    html = html.replace("</body>", f"<style>{style}</style></body>")
    return re.sub(r"\n\s*\n+", "\n", html).strip().encode()


@cache
def content_policy() -> str:
    """The Content-Security-Policy under which all of Streamlit that we use still works."""
    scripts = re.findall(rb"<script>(.*?)</script>", start_page(), re.DOTALL)
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "worker-src 'self' blob:; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
