"""Signing in and out in a real browser, and the pages before Streamlit under axe."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web import client
from tests.web.conftest import Server, server  # noqa: F401 - a fixture

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:  # noqa: F811
    """A new browser; whatever it asks from another host fails the test."""
    context = browser.new_context(base_url=server.url)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield context.new_page()
    context.close()
    assert [
        url for url in asked if not url.startswith((server.url, "data:", "blob:", server.url.replace("http", "ws")))
    ] == []


def _sign_in(page: Page, email: str, password: str = client.PASSWORD) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def _idle(page: Page) -> None:
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def _violations(page: Page) -> list[Any]:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
    return [(v["id"], [node["html"] for node in v["nodes"]]) for v in found.response["violations"]]


def test_a_link_leads_through_the_sign_in_page_to_where_it_pointed(page: Page, server: Server) -> None:  # noqa: F811
    email = server.person("linked")
    page.goto("/account")
    expect(page).to_have_title("Sign in · Muster")
    _sign_in(page, email, "not the password")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("Password")).to_be_focused()
    _sign_in(page, email)
    expect(page.get_by_role("heading", name="Account")).to_be_visible()
    assert page.url == f"{server.url}/account"
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_changing_the_password_signs_the_other_browser_out_under_its_feet(
    page: Page,
    browser: Browser,
    server: Server,  # noqa: F811
) -> None:
    email = server.person("mover")
    page.goto("/")
    _sign_in(page, email)
    _idle(page)
    with client.signed_in(server.url, email) as elsewhere:
        page.goto("/account")
        expect(page.get_by_role("heading", name="Account")).to_be_visible()
        page.get_by_role("link", name="Change password").click()
        page.get_by_label("Current password").fill(client.PASSWORD)
        page.get_by_label("New password").fill("river copper lamp")
        page.get_by_label("The same again").fill("river copper lamp")
        page.get_by_role("button", name="Change password").click()
        expect(page.get_by_role("heading", name="Account")).to_be_visible()
        assert elsewhere.get("/").status_code == 303


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_before_streamlit_pass_axe_and_fit(browser: Browser, server: Server, scheme: Any, size: Any) -> None:  # noqa: F811
    email = server.person(f"axe-{scheme}-{size['width']}")
    context = browser.new_context(base_url=server.url, color_scheme=scheme, viewport=size)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for path in ("/login", "/welcome?code=abc"):
        page.goto(path)
        assert _violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate("document.fonts.check('16px \"Atkinson Hyperlegible Next\"')")
    page.goto("/login")
    _sign_in(page, email)
    _idle(page)
    page.goto("/password")
    assert _violations(page) == []
    assert [line for line in complaints if "Content Security Policy" in line] == []
    context.close()
