"""`make demo` on a machine that is not ready for it: one sentence, exit code 1, no traceback."""

import ast
import hashlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}


def refused(*command: str, cwd: Path = ROOT, **environment: str) -> str:
    """What a command says when it cannot do its work."""
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    said = ended.stderr.strip()
    assert said.startswith("muster: ")
    assert len(said.splitlines()) == 1, said
    return said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A fresh copy of what the first step needs; it asks for a package that no index has to be asked for."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "bootstrap.py", tmp_path / "tools")
    (tmp_path / "none.lock").write_text("rich==13.9.4 --hash=sha256:" + "0" * 64 + "\n")
    return tmp_path


def test_an_old_python_is_told_which_one_is_needed(folder: Path) -> None:
    old = "import sys, runpy; sys.version_info = (3, 9, 1); sys.argv = ['bootstrap', 'none.lock']; "
    said = refused("-c", old + "runpy.run_path('tools/bootstrap.py', run_name='__main__')", cwd=folder)
    assert "Python 3.11 or newer is needed, and this is 3.9" in said
    assert "make PYTHON=" in said


def test_a_folder_that_cannot_be_written_is_said(folder: Path) -> None:
    # Root may write anywhere, so the answer to the question is what is changed, not the folder.
    closed = "import os, runpy, sys; os.access = lambda *_: False; sys.argv = ['bootstrap', 'none.lock']; "
    said = refused("-c", closed + "runpy.run_path('tools/bootstrap.py', run_name='__main__')", cwd=folder)
    assert f"the folder {folder} cannot be written" in said
    assert not (folder / ".venv").exists()


def test_the_first_step_is_readable_for_an_old_python() -> None:
    ast.parse((ROOT / "tools" / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_without_a_network_the_sentence_says_so(folder: Path) -> None:
    python = folder / ".venv" / "bin" / "python"  # ours: making a new one takes longer than all other tests here
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken and never listening: whoever calls is refused
        port = nobody.getsockname()[1]
        said = refused(
            "tools/bootstrap.py",
            "none.lock",
            cwd=folder,
            PIP_INDEX_URL=f"http://127.0.0.1:{port}/simple",
            PIP_RETRIES="1",
            PIP_CONFIG_FILE=os.devnull,
        )
    assert "the package index cannot be reached; check the network" in said


def test_a_lock_file_already_installed_is_not_looked_at_again(folder: Path) -> None:
    stamp = folder / ".venv" / "installed-none.lock"
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    stamp.write_text(hashlib.sha256((folder / "none.lock").read_bytes() + sys.version.encode()).hexdigest())
    done = subprocess.run(
        [sys.executable, "tools/bootstrap.py", "none.lock"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_taken_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        said = refused("manage.py", "demo", MUSTER_DATA=str(tmp_path / "var"), MUSTER_PORT=port)
    assert f"127.0.0.1:{port} is taken" in said
    assert "MUSTER_PORT" in said
    assert not (tmp_path / "var").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    said = refused("manage.py", "demo", MUSTER_DATA=str(tmp_path / "file" / "var"), MUSTER_PORT=port)
    assert "cannot be made" in said
    assert "MUSTER_DATA" in said
