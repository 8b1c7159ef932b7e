"""Strangers never reach a page; identity comes from the gate alone; what ended is cut off."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed

from db import people, sessions
from domain.people import Role
from services import accounts
from services.app import App
from tests import factories
from tests.web import client
from tests.web.crowd import enter
from web import gate


@pytest.mark.parametrize(
    "cookies", ["", "muster=", "muster=wrong", "__Host-muster=wrong", 'muster="', "muster=" + "x" * 3000]
)
def test_a_stranger_on_the_socket_is_shown_the_door_and_no_page_runs(server, cookies: str) -> None:
    with client.tab(server.url, cookies) as tab:
        tab.listen()
        with pytest.raises(ConnectionClosed):
            tab.connection.recv(timeout=10)
    assert tab.redirect == "/login"
    assert (tab.session, tab.pages, tab.texts) == ("", [], "")


def test_a_stranger_gets_neither_files_of_pages_nor_upload_nor_page(server, browsers) -> None:
    for path in ("/media/x", "/_stcore/host-config", "/_stcore/upload_file/a/b", "/_stcore/bidi-components/x/y.js"):
        assert browsers["stranger"].get(path).status_code == 401
    assert browsers["stranger"].put("/_stcore/upload_file/a/b").status_code == 401
    assert browsers["stranger"].get("/", headers={"accept": "application/json"}).status_code == 401
    assert browsers["stranger"].get("/?a=1").headers["location"] == "/login?next=%2F%3Fa%3D1"


@pytest.mark.parametrize("spelling", ["X-Muster-Uid", "x-muster-uid", "X_Muster_Uid"])
def test_identity_claimed_in_a_header_is_not_believed(server, browsers, spelling: str) -> None:
    claimed = {spelling: str(server.person_id("security@northwind.example")), "X-Muster-Sid": "1"}
    with client.tab(server.url, client.cookie_line(browsers["employee"]), headers=claimed) as tab:
        tab.run()
        assert "Employee" in tab.texts
        assert "people" not in tab.pages
    with client.tab(server.url, headers=claimed) as tab:
        assert tab.listen().redirect == "/login"
    assert browsers["stranger"].get("/people", headers=claimed).status_code == 303


def _frame(kind: str) -> BackMsg:
    message = BackMsg()
    getattr(message, kind).SetInParent() if kind == "backend_operation_request" else setattr(message, kind, True)
    return message


@pytest.mark.parametrize(
    "kind", ["clear_cache", "set_run_on_save", "load_git_info", "debug_disconnect_websocket", "debug_shutdown_runtime"]
)
def test_frames_that_steer_the_server_are_dropped_and_the_page_goes_on(server, browsers, kind: str) -> None:
    with client.tab(server.url, client.cookie_line(browsers["employee"])) as tab:
        tab.run()
        tab.send(_frame(kind))
        tab.run()
        assert "Good" in tab.texts
    assert f'"{kind}"' not in server.log.read_text()


@pytest.mark.parametrize(("frame", "code"), [(b"\xff\xff", 1002), ("text", 1003), (b"\0" * 2_200_000, 1009)])
def test_a_frame_that_no_browser_sends_ends_the_connection(server, browsers, frame: bytes | str, code: int) -> None:
    # Other tests have forged values before, and Streamlit logs each as a traceback.
    before = len(server.log.read_text())
    with client.tab(server.url, client.cookie_line(browsers["employee"])) as tab:
        tab.run()
        tab.connection.send(frame)
        tab.listen()
        with pytest.raises(ConnectionClosed) as closed:
            tab.connection.recv(timeout=10)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code
    assert "Traceback" not in server.log.read_text()[before:]


def test_a_streamlit_session_is_taken_up_again_by_its_owner_and_by_nobody_else(server) -> None:
    with (
        client.signed_in(server.url, server.person("owner")) as owner,
        client.signed_in(server.url, server.person("thief")) as thief,
    ):
        with client.tab(server.url, client.cookie_line(owner)) as tab:
            first = tab.run().session
        assert first
        with client.tab(server.url, client.cookie_line(thief), session=first) as tab:
            assert tab.run().session not in {"", first}
            assert "Thief" in tab.texts
        with client.tab(server.url, client.cookie_line(owner), session=first) as tab:
            assert tab.run().session == first
        # After signing in anew it is another session of ours, so nothing of the old page is left either.
        client.sign_in(server.url, "owner@northwind.example", browser=_anew(owner))
        with client.tab(server.url, client.cookie_line(owner), session=first) as tab:
            assert tab.run().session not in {"", first}


def _anew(browser):
    browser.get("/auth/logout")
    return browser


def _signed_out(server, person_id: int) -> None:
    server.db.write(lambda c: sessions.revoke(c, datetime.now(UTC), person_id=person_id))


def _closed(server, person_id: int) -> None:
    server.db.write(lambda c: people.set_active(c, person_id, active=False))


def _idle(server, person_id: int) -> None:
    long_ago = "UPDATE session SET seen_at = '2026-01-01 00:00:00.000000' WHERE person_id = :person"
    server.db.write(lambda c: c.execute(sqlalchemy.text(long_ago), {"person": person_id}))


def _over(server, person_id: int) -> None:
    long_ago = "UPDATE session SET expires_at = '2026-01-01 00:00:00.000000' WHERE person_id = :person"
    server.db.write(lambda c: c.execute(sqlalchemy.text(long_ago), {"person": person_id}))


@pytest.mark.parametrize("end", [_signed_out, _closed, _idle, _over])
def test_what_ended_in_the_database_ends_an_open_page_that_only_waits(server, end) -> None:
    email = server.person(f"cut{end.__name__}")
    with client.signed_in(server.url, email) as browser, client.tab(server.url, client.cookie_line(browser)) as tab:
        tab.run()
        assert tab.texts
        end(server, server.person_id(email))
        tab.listen()
        assert tab.redirect in {"/login", "/auth/logout"}
        assert browser.get("/").status_code == 303


@pytest.mark.parametrize("end", [_signed_out, _closed])
def test_the_very_next_click_after_the_end_gets_nothing(server, end) -> None:
    email = server.person(f"next{end.__name__}")
    with client.signed_in(server.url, email) as browser, client.tab(server.url, client.cookie_line(browser)) as tab:
        tab.run()
        end(server, server.person_id(email))
        tab.run("account")
        assert tab.redirect in {"/login", "/auth/logout"}
        assert email not in tab.texts


def test_a_role_taken_away_is_gone_with_the_next_click(server) -> None:
    email = server.person("demoted", Role.EMPLOYEE, Role.SECURITY)
    person = server.person_id(email)
    with client.signed_in(server.url, email) as browser, client.tab(server.url, client.cookie_line(browser)) as tab:
        assert "people" in tab.run().pages
        server.db.write(lambda c: people.set_roles(c, person, frozenset({Role.EMPLOYEE}), frozenset()))
        tab.run("people")
        assert tab.not_found
        assert "people" not in tab.pages


def test_page_code_never_sees_the_session_cookie(server, browsers) -> None:
    from services.accounts import Principal
    from web.gate import _headers

    scope = {"headers": [(b"cookie", b"muster=secret; _streamlit_xsrf=x; _streamlit_user=forged")]}
    jar = {"muster": "secret", "_streamlit_xsrf": "x", "_streamlit_user": "forged"}
    headers = _headers(scope, jar, Principal(7, 3))
    assert headers == [(b"cookie", b"_streamlit_xsrf=x"), (b"x-muster-uid", b"3"), (b"x-muster-sid", b"7")]


def test_a_socket_that_floods_is_slowed_down_and_another_is_not() -> None:
    from web.gate import BURST, _Socket

    async def nowhere(_message) -> None: ...

    flooding, quiet = _Socket(1, nowhere), _Socket(2, nowhere)
    waits = [flooding.pause() for _ in range(int(BURST) * 2)]
    assert waits[0] == 0
    assert waits[-1] > 0
    assert quiet.pause() == 0


def test_who_opens_a_page_while_the_open_ones_are_looked_up_is_not_cut_off(real, monkeypatch) -> None:
    sids = []
    for _ in range(2):
        whose = accounts.principal(real, enter(real, factories.person(real))["muster"])
        assert whose is not None
        sids.append(whose.sid)
    cut: list[str] = []

    def socket(name: str, sid: int) -> gate._Socket:
        async def send(message: Any) -> None:
            cut.append(name)

        return gate._Socket(sid, send)

    ended, there, late = socket("ended", 10**9), socket("there", sids[0]), socket("late", sids[1])
    guard = gate.Gate(_nothing, real)
    guard.sockets = {ended, there}
    asked, ask = [], accounts.living

    def slowly(app: App, wanted: frozenset[int]) -> frozenset[int]:
        asked.append(wanted)
        found = ask(app, wanted)
        guard.sockets = {there, late} if len(asked) == 1 else set()  # it takes a moment; the second time it is evening
        return found

    monkeypatch.setattr(accounts, "living", slowly)
    monkeypatch.setattr(gate, "ROUND", 0.01)
    asyncio.run(asyncio.wait_for(guard._rounds(), 20))
    assert asked == [{10**9, sids[0]}, set(sids)]
    assert set(cut) == {"ended"}


async def _nothing(_scope, _receive, _send) -> None: ...
