"""A browser without a screen: signs in over HTTP, talks to Streamlit's socket, remembers what was drawn."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PASSWORD = "tram umbrella nine"


def http(url: str, **options) -> httpx2.Client:
    return httpx2.Client(base_url=url, headers={"accept": "text/html"}, timeout=30, trust_env=False, **options)


def form_secret(page: str) -> str:
    found = re.search(r'name="form" value="([0-9a-f]+)"', page)
    assert found, page
    return found[1]


def sign_in(url: str, email: str, password: str = PASSWORD, browser: httpx2.Client | None = None) -> httpx2.Client:
    """A client that holds the session cookie of this person."""
    browser = browser or http(url)
    page = browser.get("/login")
    form = {"form": form_secret(page.text), "next": "/", "email": email, "password": password}
    answer = browser.post("/login", data=form)
    assert answer.status_code == 303, answer.text
    return browser


@contextmanager
def signed_in(url: str, email: str) -> Iterator[httpx2.Client]:
    """The same, closed at the end."""
    with http(url) as browser:
        yield sign_in(url, email, browser=browser)


def cookie_line(browser: httpx2.Client) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)


@dataclass
class Tab:
    """One open socket."""

    connection: ClientConnection
    session: str = ""
    theme: str = ""
    pages: list[str] = field(default_factory=list)
    texts: str = ""
    exceptions: list[str] = field(default_factory=list)
    not_found: bool = False
    redirect: str = ""
    widgets: list[str] = field(default_factory=list)

    def send(self, message: BackMsg) -> None:
        self.connection.send(message.SerializeToString())

    def run(self, page: str = "", query: str = "", states: BackMsg | None = None) -> "Tab":
        """Ask for a run and read until it is finished."""
        self.texts, self.exceptions, self.not_found, self.widgets = "", [], False, []
        message = states or BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        self.send(message)
        return self.listen()

    def listen(self) -> "Tab":
        """Read until a run is finished or the server hangs up."""
        try:
            while True:
                frame = self.connection.recv(timeout=30)
                assert isinstance(frame, bytes)
                message = ForwardMsg()
                message.ParseFromString(frame)
                if self._take(message):
                    return self
        except ConnectionClosed:
            return self

    def _take(self, message: ForwardMsg) -> bool:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.theme = str(message.new_session.custom_theme)
            self.session = message.new_session.initialize.session_id or self.session
        elif kind == "navigation":
            self.pages = [page.url_pathname for page in message.navigation.app_pages]
        elif kind == "page_not_found":
            self.not_found = True
        elif kind == "auth_redirect":
            self.redirect = message.auth_redirect.url
        elif kind == "delta":
            element = message.delta.new_element
            self.texts += str(element)
            if element.WhichOneof("type") == "exception":
                self.exceptions.append(element.exception.message)
            self.widgets += re.findall(r'id: "(\$\$ID-[^"]+)"', str(element))
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


@contextmanager
def tab(
    url: str, cookies: str = "", *, origin: str | None = "", session: str = "", headers: dict[str, str] | None = None
) -> Iterator[Tab]:
    """Open a socket as a page at `url` would; `session` is a Streamlit session to take up again."""
    more = dict(headers or {})
    if cookies:
        more["Cookie"] = cookies
    protocols = ["streamlit", "PLACEHOLDER_XSRF", *([session] if session else [])]
    with connect(
        url.replace("http", "ws") + "/_stcore/stream",
        origin=url if origin == "" else origin,  # type: ignore[arg-type]
        additional_headers=more,
        subprotocols=protocols,  # type: ignore[arg-type]
        max_size=None,
        compression=None,
        proxy=None,
    ) as connection:
        yield Tab(connection)
