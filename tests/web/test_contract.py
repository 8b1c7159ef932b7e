"""What we rely on inside Streamlit. When one of these fails after an upgrade, read web/wire.py before anything else."""

import hashlib
import re
import tomllib
from base64 import b64encode
from importlib.metadata import version
from pathlib import Path

import pytest
import streamlit
from starlette.datastructures import Headers
from streamlit import config, user_info
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette import starlette_websocket

from tests.conftest import ROOT
from tests.web import client
from web import wire


def test_the_release_is_the_one_that_was_read() -> None:
    assert version("streamlit").startswith("1.67.")


def test_every_option_still_exists_and_takes_our_value() -> None:
    wire.settle()
    assert {name: config.get_option(name) for name in wire.OPTIONS} == wire.OPTIONS


@pytest.mark.parametrize("name", wire.OPTIONS)
def test_an_option_that_strayed_is_put_back_at_the_next_handshake(name: str) -> None:
    value = wire.OPTIONS[name]
    config.set_option(name, not value if isinstance(value, bool) else ["x"] if isinstance(value, list) else 1)
    wire.settle()
    assert config.get_option(name) == value


def test_identity_headers_become_the_user() -> None:
    wire.settle()
    found = starlette_websocket.gather_user_info(Headers({"x-muster-uid": "3", "x-muster-sid": "7"}))
    assert found == {"uid": "3", "sid": "7"}


def test_each_kind_of_frame_is_let_in_or_dropped_on_purpose() -> None:
    kinds = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert kinds == {
        "clear_cache", "set_run_on_save", "stop_script", "rerun_script", "load_git_info", "debug_disconnect_websocket",
        "debug_shutdown_runtime", "file_urls_request", "app_heartbeat", "backend_operation_request",
    }  # fmt: skip
    operations = BackMsg.DESCRIPTOR.fields_by_name["backend_operation_request"].message_type
    payloads = {field.name for field in operations.oneofs_by_name["payload"].fields}
    assert payloads == {"deferred_file", "install_skills", "dismiss_skills_nudge", "dataframe_chunk"}


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("rerun_script", "run"), ("stop_script", "pass"), ("app_heartbeat", "pass"), ("file_urls_request", "pass"),
        ("clear_cache", "drop"), ("set_run_on_save", "drop"), ("load_git_info", "drop"),
        ("debug_disconnect_websocket", "drop"), ("debug_shutdown_runtime", "drop"), ("", "drop"),
    ],
)  # fmt: skip
def test_frames_are_judged_by_what_they_ask(kind: str, verdict: str) -> None:
    message = BackMsg()
    if kind in {"rerun_script", "file_urls_request"}:
        getattr(message, kind).SetInParent()
    elif kind:
        setattr(message, kind, True)
    assert wire.judge(message.SerializeToString()) == verdict


@pytest.mark.parametrize(
    ("payload", "verdict"),
    [
        ("deferred_file", "run"),
        ("dataframe_chunk", "run"),
        ("install_skills", "drop"),
        ("dismiss_skills_nudge", "drop"),
    ],
)
def test_operations_are_judged_by_their_payload(payload: str, verdict: str) -> None:
    message = BackMsg()
    getattr(message.backend_operation_request, payload).SetInParent()
    assert wire.judge(message.SerializeToString()) == verdict


def test_a_page_that_refreshes_itself_is_nobody_being_active() -> None:
    message = BackMsg()
    message.rerun_script.is_auto_rerun = True
    assert wire.judge(message.SerializeToString()) == "pass"


def test_the_frame_that_sends_browsers_away_is_understood() -> None:
    message = ForwardMsg()
    message.ParseFromString(wire.redirect_frame("/login"))
    assert message.WhichOneof("type") == "auth_redirect"
    assert message.auth_redirect.url == "/login"


def test_signing_out_leads_to_our_route() -> None:
    assert user_info.AUTH_LOGOUT_ENDPOINT == "/auth/logout"


def test_the_start_page_keeps_its_scripts_and_the_policy_names_the_inline_one() -> None:
    original = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    inline = re.findall(rb"<script>(.*?)</script>", original, re.DOTALL)
    assert len(inline) == 1
    digest = b64encode(hashlib.sha256(inline[0]).digest()).decode()
    assert f"'sha256-{digest}'" in wire.content_policy()
    assert original.count(b"/static/js/") == wire.start_page().count(b"/static/js/") > 10
    assert wire.start_page().count(b"./static/") == 0
    assert b'<div id="root"></div>' in wire.start_page()


def test_the_file_beside_the_server_says_the_same_as_the_code() -> None:
    written = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    for section in ("server", "runner", "client", "browser"):
        for name, value in written[section].items():
            assert wire.OPTIONS[f"{section}.{name}"] == value, name


def test_the_look_is_found_from_whatever_folder_the_server_is_started(server, browsers) -> None:
    with client.tab(server.url, client.cookie_line(browsers["employee"])) as tab:
        assert "#0B6B6B" in tab.run().theme
