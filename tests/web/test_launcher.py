"""Starting the server: tuned or through Streamlit, first start, and what stands in the way."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.web import client
from tests.web.conftest import free_port, start


def _refusal(data: Path, **environment: str) -> str:
    ended = subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        env={"MUSTER_DATA": str(data), "PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    return ended.stderr.strip()


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert _refusal(tmp_path, MUSTER_PORT=port).startswith(f"Port {port} is taken.")


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot write" in _refusal(tmp_path / "file" / "data")


@pytest.mark.parametrize(
    ("variable", "value"), [("MUSTER_PORT", "eighty"), ("MUSTER_TRUSTED_PROXIES", "proxy"), ("MUSTER_TLS_KEY", "/x")]
)
def test_a_setting_that_cannot_be_is_named(tmp_path: Path, variable: str, value: str) -> None:
    sentence = _refusal(tmp_path, **{variable: value})
    assert "docs/operating.md" in sentence


def test_the_first_start_prints_a_code_that_makes_the_first_account_once(tmp_path: Path) -> None:
    with start(tmp_path) as server:
        found = re.search(r"enter the code (\S+)", server.log.read_text())
        assert found
        form = {"code": "wrong", "name": "Ada", "email": "ada@northwind.example"}
        form |= {"new": client.PASSWORD, "again": client.PASSWORD}
        with client.http(server.url) as browser:
            assert browser.get("/login").headers["location"] == "/setup"
            form["form"] = client.form_secret(browser.get("/setup").text)
            assert browser.post("/setup", data=form).status_code == 403
            form |= {"form": client.form_secret(browser.get("/setup").text), "code": found[1]}
            assert browser.post("/setup", data=form | {"new": "password1", "again": "password1"}).status_code == 403
            form["form"] = client.form_secret(browser.get("/setup").text)
            assert browser.post("/setup", data=form).status_code == 303
            with client.tab(server.url, client.cookie_line(browser)) as tab:
                assert "people" in tab.run().pages
        with client.http(server.url) as late:
            assert late.post("/setup", data=form).headers["location"] == "/login"


@pytest.mark.parametrize("flags", [(), ("--server.enableAgentApi=true", "--server.trustedUserHeaders={}")])
def test_streamlit_run_is_protected_just_as_much(tmp_path: Path, flags: tuple[str, ...]) -> None:
    port = free_port()
    command = (
        "-m",
        "streamlit",
        "run",
        str(ROOT / "app.py"),
        "--server.headless=true",
        f"--server.port={port}",
        *flags,
    )
    with start(tmp_path, *command, port=port) as server:
        email = server.person("ann")
        with client.http(server.url) as stranger:
            assert stranger.get("/home").status_code == 303
            assert stranger.get("/_stcore/agent/openapi.json").status_code == 404
            assert stranger.get("/_stcore/metrics").status_code == 404
            assert "frame-ancestors 'none'" in stranger.get("/login").headers["content-security-policy"]
        with client.tab(server.url) as tab:
            assert tab.listen().redirect == "/login"
            assert tab.texts == ""
        # Nobody of the security team yet, so the form is reached by its address alone.
        with client.http(server.url) as browser:
            assert browser.get("/login").headers["location"] == "/setup"
            secret = client.form_secret(browser.get("/setup").text)
            answer = browser.post("/login", data={"form": secret, "email": email, "password": client.PASSWORD})
            assert answer.status_code == 303
            with client.tab(server.url, client.cookie_line(browser)) as tab:
                tab.run()
                assert "Ann" in tab.texts
                assert "people" not in tab.pages


def test_stopping_does_not_wait_for_open_pages(tmp_path: Path) -> None:
    with start(tmp_path) as server:
        email = server.person("ann")
        with client.http(server.url) as browser:
            secret = client.form_secret(browser.get("/setup").text)
            browser.post("/login", data={"form": secret, "email": email, "password": client.PASSWORD})
            with client.tab(server.url, client.cookie_line(browser)) as tab:
                tab.run()
                server.process.terminate()
                assert server.process.wait(15) in {0, -15}
