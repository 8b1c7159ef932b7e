"""Accounts on the command line: what is asked, said and refused."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands import users
from domain.refusal import Refused
from services import accounts
from services import app as services_app
from services.accounts import Browser
from services.settings import Settings

PASSWORD = "tram umbrella nine"


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MUSTER_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def run(*words: str, password: str = "") -> tuple[int, str]:
        done = CliRunner().invoke(users.app, list(words), input=f"{password}\n")
        return done.exit_code, done.output

    return run


def _enters(password: str) -> bool:
    muster = services_app.ready(Settings())
    try:
        return accounts.sign_in(muster, "sam@northwind.example", password, Browser("x")).person.name == "Sam Ito"
    except Refused:
        return False
    finally:
        muster.close()


def test_an_account_from_adding_to_closing(user) -> None:
    sam = "sam@northwind.example"
    assert user("add", sam, "--name", "Sam Ito", "--role", "security", "--team", "Care", password=PASSWORD)[0] == 0
    assert _enters(PASSWORD)
    assert user("list")[1] == f"{sam}\tSam Ito\tsecurity\tCare\topen\n"
    assert user("passwd", sam, password="river copper lamp")[0] == 0
    assert not _enters(PASSWORD)
    assert _enters("river copper lamp")
    assert user("roles", sam, "--role", "security", "--role", "manager", "--manages", "Care")[0] == 0
    assert "manager,security" in user("list")[1]
    assert user("revoke", sam)[0] == 0
    code, said = user("revoke", sam, "--close")
    assert code == 1
    assert "last active member" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "sam", "--name", "Sam"), "not an e-mail address"),
        (("passwd", "nobody@northwind.example"), "Nobody here"),
        (("revoke", "nobody@northwind.example"), "Nobody here"),
        (("roles", "nobody@northwind.example", "--role", "manager"), "Nobody here"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(user, words: tuple[str, ...], sentence: str) -> None:
    code, said = user(*words, password=PASSWORD)
    assert code == 1
    assert sentence in said
    assert "Traceback" not in said


def test_a_weak_password_is_refused(user) -> None:
    code, said = user("add", "sam@northwind.example", "--name", "Sam", password="Password1")
    assert code == 1
    assert "tried first" in said
