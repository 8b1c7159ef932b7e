"""A browser without a browser: signs in over the real form, opens Streamlit's socket, runs pages, clicks, fills, reads.

The bench and the tests drive the real server with it. It knows nothing of Muster but the names of a form's fields.
"""

import asyncio
import http.client
import json
import re
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Block_pb2 import Block
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

PATIENCE = 30.0
"""Seconds after which an answer counts as missing."""

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_ENDS = frozenset({0, 1, 3})  # 2 means: stopped early, another run follows
_VALUES = {"checkbox": "bool_value", "number_input": "double_value", "bidi_component": "json_value"}


class SignedOut(Exception):  # noqa: N818 - what happened, not what failed
    """The server sent us to another address, as it does with browsers whose session has ended."""


class NotThere(Exception):  # noqa: N818
    """The page does not show what was asked for."""


def request(
    base: str, method: str, path: str, cookies: dict[str, str], form: dict[str, str] | None = None
) -> tuple[int, str, str]:
    """One HTTP request as a browser sends it: status, Location, body. Cookies that are set or dropped change `cookies`."""
    where = urlsplit(base)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE)
    headers = {"Accept": "text/html", "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    if form is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": base}
    try:
        connection.request(method, path, urlencode(form) if form is not None else None, headers)
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
    for line in answer.headers.get_all("set-cookie") or []:
        for name, morsel in SimpleCookie(line).items():
            cookies[name] = morsel.value
            if morsel["max-age"] == "0" or not morsel.value:
                del cookies[name]
    return answer.status, answer.headers.get("location", ""), body


def sign_in(base: str, email: str, password: str) -> dict[str, str]:
    """The cookies of a new session, by way of the sign-in page. Raises SignedOut when the page refuses."""
    cookies: dict[str, str] = {}
    _, _, page = request(base, "GET", "/login", cookies)
    form = dict(_HIDDEN.findall(page)) | {"email": email, "password": password}
    status, _, page = request(base, "POST", "/login", cookies, form)
    if status != 303:
        said = re.search(r'role="alert"[^>]*>([^<]*)', page)
        raise SignedOut(f"{status} {said[1] if said else page[-300:]}")
    return cookies


class Tab:
    """One tab: an open socket, what it shows, and what was typed into it.

    Widgets are named by the key the page gave them or by their label; a key or label may be cut to a unique part.
    """

    def __init__(self, base: str, cookies: dict[str, str], *, page: str = "", query: str = "") -> None:
        """For the page at `base/page?query`; opened by `async with`."""
        self.base, self.cookies, self.page, self.query = base, cookies, page, query
        self.elements: dict[tuple[int, ...], tuple[str, Any, int, str]] = {}  # path → kind, element, run, fragment
        self.blocks: dict[tuple[int, ...], Block] = {}
        self.script = ""  # hash of the page that is shown
        self.session = ""
        self.pages: dict[str, str] = {}  # address → hash
        self.messages = self.bytes = 0
        self._typed: dict[str, WidgetState] = {}
        self._cache: dict[str, ForwardMsg] = {}
        self._run = 0
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        """Open the socket; nothing runs yet."""
        url = "ws" + self.base.removeprefix("http") + "/_stcore/stream"
        offered = ["streamlit", "PLACEHOLDER_AUTH_TOKEN"] + ([self.session] if self.session else [])
        self._socket = await connect(
            url,
            origin=Origin(self.base),
            subprotocols=[Subprotocol(name) for name in offered],
            additional_headers={"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())},
            compression=None,
            max_size=None,
            ping_interval=None,
            open_timeout=PATIENCE,
            proxy=None,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the tab."""
        if self._socket is not None:
            await self._socket.close()

    # ── acting ────────────────────────────────────────────────────────────────────────────────────────────────

    async def run(self, trigger: WidgetState | None = None, fragment: str = "") -> float:
        """Run the page or a fragment of it, as loading it or acting on it does; the seconds until it was drawn."""
        message = BackMsg()
        state = message.rerun_script
        state.fragment_id = fragment
        state.query_string = self.query
        state.page_script_hash = self.script
        if not self.script:
            state.page_name = self.page
        state.cached_message_hashes.extend(self._cache)
        state.context_info.timezone = "Europe/Berlin"
        state.context_info.locale = "en-GB"
        state.context_info.url = f"{self.base}/{self.page}"
        shown = {getattr(element, "id", "") for _, element in self._widgets()}
        state.widget_states.widgets.extend(value for widget, value in self._typed.items() if widget in shown)
        if trigger is not None:
            state.widget_states.widgets.append(trigger)
        begun = time.perf_counter()
        await self.send(message.SerializeToString())
        await self.drawn()
        return time.perf_counter() - begun

    async def click(self, name: str) -> float:
        """Press a button, or follow a link to a page; the seconds until the next page was drawn."""
        kind, element = self._find(name, "button", "page_link", "download_button")
        if kind == "page_link":
            self.script, self.query, self._typed = element.page_script_hash, element.query_string, {}
            return await self.run()
        fragment = next(fragment for _, drawn, _, fragment in self.elements.values() if drawn is element)
        return await self.run(WidgetState(id=element.id, trigger_value=True), fragment)

    async def goto(self, page: str, query: str = "") -> float:
        """Change to another page of the menu inside the session; the seconds until it was drawn."""
        self.script, self.page, self.query, self._typed = self.pages.get(page, ""), page, query, {}
        return await self.run()

    def fill(self, name: str, value: Any) -> None:
        """Type into or choose in a widget; it travels with the next run, as inside a form."""
        kind, element = self._find(name)
        state = WidgetState(id=element.id)
        if kind in {"button_group", "multiselect"}:
            state.string_array_value.data.extend([value] if isinstance(value, str) else value)
        else:
            setattr(state, _VALUES.get(kind, "string_value"), value)
        self._typed[element.id] = state

    async def send(self, frame: bytes) -> None:
        """Send any frame, well-formed or not."""
        assert self._socket is not None, "open the tab with `async with`"
        await self._socket.send(frame)

    async def drawn(self) -> None:
        """Read until a run has finished. Raises SignedOut when the server sends us away or hangs up."""
        assert self._socket is not None
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    frame = await self._socket.recv(decode=False)
                    self.heard(frame)
                    if self._take(ForwardMsg.FromString(frame)):
                        return
        except ConnectionClosed as error:
            raise SignedOut(f"the socket was closed ({error.rcvd.code if error.rcvd else 'no goodbye'})") from error

    def heard(self, frame: bytes) -> None:
        """Count what came over the wire, as it came; whoever wants to keep it overrides this."""
        self.messages += 1
        self.bytes += len(frame)

    # ── reading ───────────────────────────────────────────────────────────────────────────────────────────────

    def texts(self) -> list[str]:
        """Everything written on the page, from top to bottom: prose, labels, options."""
        found = []
        for _, (kind, element, _, _) in sorted(self.elements.items()):
            if kind == "bidi_component":
                found.append(element.json or element.mixed.json)
            written = (str(getattr(element, name, "")) for name in ("body", "label"))
            found.extend(text for text in written if text and not text.startswith("<style>"))
            found.extend(str(getattr(option, "content", option)) for option in getattr(element, "options", ()))
        return found

    def reads(self, text: str) -> bool:
        """Whether this stands somewhere on the page."""
        return any(text in line for line in self.texts())

    def buttons(self) -> list[str]:
        """The labels of what can be pressed."""
        return [element.label for kind, element in self._widgets() if kind == "button" and not element.disabled]

    def held(self) -> list[str]:
        """The keys of all widgets, as the page named them."""
        keys = (_key(getattr(element, "id", "")) for _, element in self._widgets())
        return [key for key in keys if key]

    def exceptions(self) -> list[str]:
        """Errors that Streamlit shows instead of a page."""
        return [f"{e.type}: {e.message}" for kind, e, _, _ in self.elements.values() if kind == "exception"]

    def data(self, name: str) -> Any:
        """What a component of ours was given to draw."""
        _, element = self._find(name, "bidi_component")
        return json.loads(element.json or element.mixed.json)

    def _widgets(self) -> Iterator[tuple[str, Any]]:
        for _, (kind, element, _, _) in sorted(self.elements.items()):
            if getattr(element, "id", "") or kind == "page_link":
                yield kind, element

    def _find(self, name: str, *kinds: str) -> tuple[str, Any]:
        offered = [(kind, element) for kind, element in self._widgets() if not kinds or kind in kinds]
        same = [found for found in offered if name in _names(found[1])]
        found = same or [
            (kind, element)
            for kind, element in offered
            if name in getattr(element, "label", "") or _key(getattr(element, "id", "")).endswith(name)
        ]
        if not found:
            raise NotThere(f"nothing called {name!r} among {[_names(e) for _, e in offered]}")
        return found[0]

    # ── what the server says ──────────────────────────────────────────────────────────────────────────────────

    def _take(self, message: ForwardMsg) -> bool:
        """Apply one message; whether it ends a run."""
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            full = ForwardMsg()
            full.CopyFrom(self._cache[message.ref_hash])
            full.metadata.CopyFrom(message.metadata)
            message, kind = full, full.WhichOneof("type")
        if message.metadata.cacheable:
            self._cache[message.hash] = message
        if kind == "delta":
            self._draw(message)
        elif kind == "new_session":
            self._run += 1
            self.script = message.new_session.page_script_hash
            self.session = message.new_session.initialize.session_id
        elif kind == "navigation":
            self.script = message.navigation.page_script_hash
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auth_redirect":
            raise SignedOut(message.auth_redirect.url)
        elif kind == "script_finished":
            self._sweep(fragments=frozenset(message.metadata.run.fragment_ids))
            return message.script_finished in _ENDS
        return False

    def _draw(self, message: ForwardMsg) -> None:
        path, delta = tuple(message.metadata.delta_path), message.delta
        what = delta.WhichOneof("type")
        if what == "new_element":
            kind = delta.new_element.WhichOneof("type") or "empty"
            element = getattr(delta.new_element, kind)
            self.elements[path] = (kind, element, self._run, delta.fragment_id)
        elif what == "add_block":
            self.blocks[path] = delta.add_block

    def _sweep(self, fragments: frozenset[str]) -> None:
        """Forget what the run that ended did not draw again; a run of fragments touches nothing else."""
        self.elements = {
            path: found
            for path, found in self.elements.items()
            if found[2] == self._run or (fragments and found[3] not in fragments)
        }


def _key(widget: str) -> str:
    """The key a page gave to a widget, out of the identifier that Streamlit made of it."""
    parts = widget.split("-", 2)
    return parts[2] if len(parts) == 3 and parts[2] != "None" else ""


def _names(element: Any) -> tuple[str, ...]:
    names = (_key(getattr(element, "id", "")), getattr(element, "label", ""))
    return tuple(name for name in names if name)
