"""What no page of ours would send: values out of range, buttons that are not there, old fragments, replayed forms."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from commands import journeys
from commands.launched import Launched
from commands.tab import SignedOut, Tab, request
from db.tables import answer, attempt, audit, person
from domain.people import Role
from services.app import App
from tests.web import client
from tests.web.conftest import Server

WRONG = ("stopped working", "Traceback", "Error", "sqlalchemy")
"""What a page says that met something unforeseen."""


def _jar(browser: Any) -> dict[str, str]:
    return {cookie.name: cookie.value for cookie in browser.cookies.jar}


def _in_tab(server: Server, email: str, page: str, query: str, act: Callable[[Tab], Any]) -> None:
    async def run(cookies: dict[str, str]) -> None:
        async with Tab(server.url, cookies, page=page, query=query) as tab:
            await tab.run()
            await act(tab)

    with client.signed_in(server.url, email) as browser:
        asyncio.run(run(_jar(browser)))


def _unharmed(tab: Tab) -> None:
    assert tab.exceptions() == []
    assert [line for line in tab.texts() if any(word in line for word in WRONG)] == []


def _answers(server: Server, email: str) -> int:
    query = select(func.count()).select_from(answer).where(answer.c.person_id == server.person_id(email))
    with server.db.read() as connection:
        return connection.scalar(query) or 0


def test_options_that_are_not_there_are_no_answer(server: Server) -> None:
    email = server.person("forger")

    async def act(tab: Tab) -> None:
        await tab.click("Start")
        for _ in range(40):
            if any(re.fullmatch(r"q-\d+-.+-0", key) for key in tab.held()):
                break
            await journeys.quiz(tab)
        before = _answers(server, email)
        asked = journeys.question(tab)
        assert asked is not None
        known = next(element.id for _, element in tab._widgets() if getattr(element, "id", "").endswith("-0"))
        stem = known.removesuffix("-0")
        for forged in (f"{stem}-9", f"{stem}--1", f"{stem}-", known.replace(f"q-{asked[0]}", f"q-{asked[0] + 1}"), "x"):
            await tab.run(WidgetState(id=forged, trigger_value=True))
            _unharmed(tab)
        assert _answers(server, email) == before
        assert journeys.question(tab) == asked
        # A button that is there, with a value of the wrong kind, is at most the press that it offers.
        for state in (WidgetState(id=known, string_value="x"), WidgetState(id=known, json_value="{}")):
            await tab.run(state)
            _unharmed(tab)
        assert _answers(server, email) <= before + 1

    _in_tab(server, email, "quiz", "slug=report", act)


NONSENSE: list[Any] = [
    None, 7, "x", [], {}, {"order": "x"}, {"order": [0, 0, 0, 0]}, {"order": [99, -1]}, {"order": [1e308, True, None]},
    {"ticked": [10**30]}, {"ticked": [[0]]}, {"ticked": {"0": 1}}, {"picked": [99, 99, 99]}, {"picked": "abc"},
    {"picked": [{"a": 1}]}, {"order": list(range(5000))}, {"flags": ["__class__"]},
]  # fmt: skip


def test_nonsense_from_a_component_is_refused_or_an_answer_like_any_other(server: Server) -> None:
    email = server.person("babbler")

    async def act(tab: Tab) -> None:
        await tab.click("Start")
        left = list(NONSENSE)
        for _ in range(120):
            asked = journeys.question(tab)
            parts = asked and next((key for key in tab.held() if key.endswith("-parts")), None)
            if not parts:
                await journeys.quiz(tab)
                continue
            while left and journeys.question(tab) == asked:
                tab.fill(parts, json.dumps(left.pop()))
                await tab.click("Answer")
                _unharmed(tab)
            if not left:
                break
        assert left == []

    _in_tab(server, email, "quiz", "slug=report", act)


def test_a_choice_that_a_form_does_not_offer_is_not_kept(server: Server) -> None:
    email = server.person("chooser")

    async def act(tab: Tab) -> None:
        await tab.click("Start")
        radio = next(element for kind, element in tab._widgets() if kind == "radio")
        for state in (
            WidgetState(id=radio.id, int_value=99),
            WidgetState(id=radio.id, int_value=-7),
            WidgetState(id=radio.id, string_value="nonsense"),
            WidgetState(id=radio.id, string_value="<img src=x>"),
        ):
            await tab.run(state)
            assert tab.exceptions() == []
        await tab.run()
        _unharmed(tab)
        with server.db.read() as connection:
            kept = connection.scalar(
                select(attempt.c.draft).where(
                    attempt.c.person_id == server.person_id(email), attempt.c.kind == "report"
                )
            )
        assert set((kept or {}).values()) <= {""}

    _in_tab(server, email, "report", "slug=report-train-bag", act)


def test_three_megabytes_of_state_end_the_connection_and_nothing_else(server: Server) -> None:
    email = server.person("hoarder")

    async def act(tab: Tab) -> None:
        with pytest.raises(SignedOut, match="1009"):
            await tab.run(WidgetState(id="x", string_value="x" * 3_000_000))

    _in_tab(server, email, "", "", act)
    with client.signed_in(server.url, email) as browser:
        assert browser.get("/").status_code == 200


def test_a_fragment_that_is_gone_runs_nothing_and_the_page_goes_on(server: Server) -> None:
    email = server.person("stale")
    with client.signed_in(server.url, email) as browser, client.tab(server.url, client.cookie_line(browser)) as tab:
        tab.run()
        for fragment in ("nonsense", "0" * 64, "../x"):
            stale = BackMsg()
            stale.rerun_script.fragment_id = fragment
            tab.send(stale)  # it is not even answered
        tab.run()
        assert tab.exceptions == []
        assert "Good" in tab.texts


@pytest.mark.parametrize(
    "page", ["exercise", "debrief", "audit", "people", "quiz", "spot", "report", "lesson", "module"]
)
def test_addresses_that_nobody_was_given_show_a_sentence(server: Server, browsers, page: str) -> None:
    email = server.person(f"lost{page}")
    server.roles(email, frozenset(Role))
    values = ["1", "0", "-1", "9" * 40, "²", "1e3", "%00", "..%2F..%2Fetc%2Fpasswd", "%27%20OR%201=1--", "<script>"]
    with client.signed_in(server.url, email) as browser, client.tab(server.url, client.cookie_line(browser)) as tab:
        for value in values:
            for name in ("id", "slug", "before"):
                tab.run(page, query=f"{name}={value}")
                assert tab.exceptions == []
                assert "stopped working" not in tab.texts, (page, name, value)


def test_a_password_form_that_is_sent_again_changes_nothing(server: Server) -> None:
    email = server.person("replayer")
    with client.signed_in(server.url, email) as browser:
        form = {
            "form": client.form_secret(browser.get("/password").text),
            "current": client.PASSWORD, "new": "river copper lamp", "again": "river copper lamp",
        }  # fmt: skip
        old = client.cookie_line(browser)
        assert browser.post("/password", data=form).status_code == 303
        new = browser.cookies["muster"]
        secret = re.search(r"muster-form=([^;]+)", old)
        assert secret
        for cookies in (old, f"muster={new}; muster-form={secret[1]}"):
            with client.http(server.url) as replay:
                assert replay.post("/password", data=form, headers={"cookie": cookies}).status_code in {
                    303,
                    400,
                    401,
                    403,
                }
        assert browser.get("/").status_code == 200
    with server.db.read() as connection:
        changed = (
            select(func.count())
            .select_from(audit)
            .where(audit.c.action == "password changed", audit.c.subject == email)
        )
        assert connection.scalar(changed) == 1


def test_the_first_set_up_happens_once_however_often_it_is_sent(real: App, sqlite_url: str, tmp_path: Path) -> None:
    with Launched(tmp_path, DATABASE_URL=sqlite_url) as server:
        found = re.search(r"enter the code (\S+)", server.said())
        assert found
        cookies: dict[str, str] = {}
        _, _, page = request(server.base, "GET", "/setup", cookies)
        form = {"form": client.form_secret(page), "code": found[1], "name": "Ann", "email": "ann@northwind.example",
                "new": "river copper lamp", "again": "river copper lamp"}  # fmt: skip
        before = dict(cookies)
        assert request(server.base, "POST", "/setup", cookies, form)[:2] == (303, "/")
        for email in ("ann@northwind.example", "eve@northwind.example"):
            status, where, _ = request(server.base, "POST", "/setup", dict(before), form | {"email": email})
            assert (status, where) == (303, "/login")
        with real.db.read() as connection:
            assert list(connection.scalars(select(person.c.email))) == ["ann@northwind.example"]
