"""The people of the demo company in a real browser: signed in once each, and whatever goes wrong is noted."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    StorageState,
    TimeoutError,  # noqa: A004
    ViewportSize,
    expect,
)
from sqlalchemy import text

from services import demo
from tests.web.conftest import Server

DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
expect.set_options(timeout=30_000)  # machines differ; a test is right or wrong, never slow

# Counts the runs that the browser has seen to their end: a click is done when there is one more and nothing is running.
COUNT = """
window.runs = 0
let last = ''
new MutationObserver(() => {
  const state = document.querySelector('[data-testid=stApp]')?.dataset.testScriptState ?? ''
  if (state === 'notRunning' && last !== state) window.runs++
  last = state
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-test-script-state'] })
"""
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@dataclass
class Company:
    """A server with the demo company, and the browsers of its people."""

    browser: Browser
    server: Server
    _kept: dict[str, StorageState] = field(default_factory=dict)

    @contextmanager
    def visit(self, name: str, **options: Any) -> Iterator[Page]:
        """A page of this persona, signed in; console errors and requests to other hosts fail when it is closed."""
        if name not in self._kept:
            with watched(self.browser, self.server.url) as page:
                sign_in(page, name)
                self._kept[name] = page.context.storage_state()
        with watched(self.browser, self.server.url, storage_state=self._kept[name], **options) as page:
            yield page

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with self.server.db.read() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

    def id_of(self, name: str) -> int:
        """A persona's number."""
        return self.server.person_id(f"{name}@northwind.example")


@contextmanager
def watched(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """A new browser on the server at `url`; complaints of its pages fail when it is closed."""
    context = browser.new_context(base_url=url, viewport=options.pop("viewport", DESK), **options)
    complaints: list[str] = []
    listen(context, url, complaints)
    yield context.new_page()
    context.close()
    assert complaints == []


def listen(context: BrowserContext, url: str, complaints: list[str]) -> None:
    """Note console errors, exceptions in scripts, and requests to any other host."""
    own = (url, url.replace("http", "ws"), "data:", "blob:")
    context.add_init_script(COUNT)
    context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("request", lambda asked: None if asked.url.startswith(own) else complaints.append(asked.url))


def sign_in(page: Page, name: str) -> None:
    """Sign a persona in by the form."""
    page.goto("/")
    page.get_by_label("E-mail address").fill(f"{name}@northwind.example")
    page.get_by_label("Password").fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_be_visible()
    idle(page)


def idle(page: Page) -> None:
    """Wait until the server has drawn all it has to draw."""
    page.wait_for_selector(IDLE)


def go(page: Page, address: str) -> None:
    """Open an address of the app and wait until it is drawn."""
    page.goto(address)
    expect(page.locator("h1").first).to_be_visible()
    idle(page)


def press(page: Page, name: str | re.Pattern[str], **options: Any) -> None:
    """Press a button or follow a link of the app, and wait until what it leads to is drawn."""
    found = page.get_by_role("button", name=name, **options).or_(page.get_by_role("link", name=name, **options))
    act(page, found.first)


def act(page: Page, what: Locator, does: Callable[[Locator], None] = Locator.click) -> None:
    """Do something that makes the page run, and wait for the end of that run."""
    before = page.evaluate("runs")
    does(what)
    # A run that is over between two paints is never seen; what matters is looked for by whoever called.
    with suppress(TimeoutError):
        page.wait_for_function("before => runs > before", arg=before, timeout=3000)
    idle(page)


@cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds on the page as it is: rule and the element."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'], elementRef: false})", RULES
    )
    return [(rule["id"], node["html"][:200]) for rule in found["violations"] for node in rule["nodes"]]


def sideways(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return int(
        page.evaluate(
            """() => Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]
                .filter(Boolean).map(element => element.scrollWidth - element.clientWidth))"""
        )
    )
