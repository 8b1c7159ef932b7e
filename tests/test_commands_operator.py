"""`manage.py config`, `migrate` and `seed`, as a terminal sees them."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands import seed, serving
from services import app as services_app
from services import demo
from services.accounts import Browser, sign_in
from services.settings import Settings, explain
from tests import factories
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable, *_ in explain(Settings()):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("MUSTER_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def run(app, *words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.stdout, done.stderr


def test_config_prints_each_setting_with_its_value_its_source_and_its_meaning(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSTER_PORT", "9000")
    monkeypatch.setenv("DATABASE_URL", "postgresql://muster:s3cret@db.example/muster")
    code, said, _ = run(serving.app, "config")
    lines = said.splitlines()
    assert code == 0
    assert len(lines) == len(Settings.model_fields)
    assert "MUSTER_PORT = 9000  [environment] Port to listen on." in lines
    assert f"MUSTER_DATA = {data}  [environment] " in said
    assert any(line.startswith("MUSTER_TLS_KEY = (unset)  [default] ") for line in lines)
    assert "s3cret" not in said
    assert not data.exists()


def test_config_and_check_start_from_the_one_command_line() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "config"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert "MUSTER_PORT = 8501  [default]" in done.stdout
    done = subprocess.run(
        [sys.executable, "manage.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    for command in ("check", "new", "play", "config", "migrate", "serve", "demo", "seed", "user", "readiness", "bench"):
        assert f" {command} " in done.stdout


def test_migrate_makes_the_database_and_may_be_said_again(data: Path) -> None:
    for _ in range(2):
        code, said, _ = run(serving.app, "migrate")
        assert code == 0
        assert "up to date" in said
    assert list(data.glob("*.sqlite3"))


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("MUSTER_DATA", str(tmp_path / "file"))
    code, _, err = run(serving.app, "migrate")
    assert code == 1
    assert "MUSTER_DATA" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("words", [(), ("--demo", "--remove-demo")])
def test_seed_wants_to_know_which(words: tuple[str, ...]) -> None:
    code, _, err = run(seed.app, *words)
    assert code == 2
    assert "either --demo or --remove-demo" in err


def test_removing_a_demo_that_is_not_there_removes_nobody(data: Path) -> None:
    run(serving.app, "migrate")
    muster = services_app.build(Settings())
    factories.person(muster)
    muster.close()
    assert run(seed.app, "--remove-demo")[:2] == (0, "Removed 0 people and all they did.\n")


def test_the_demo_company_is_made_once_can_be_signed_in_to_and_goes_without_a_trace(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small one: the same code with fewer people and weeks."""
    monkeypatch.setattr(demo, "DAYS", 70)
    monkeypatch.setattr(demo, "TEAMS", {"Care": (6, 0.3), "Front desk": (5, 0.1), "IT and systems": (5, 1.0),
                                        "Laboratory": (5, 0.2), "Board office": (2, 0.2)})  # fmt: skip
    run(serving.app, "migrate")
    muster = services_app.build(Settings())
    own = factories.person(muster, name="Not Demo")
    code, said, _ = run(seed.app, "--demo")
    assert code == 0
    assert "Made 23 people." in said
    for persona in demo.PERSONAS:
        assert f"{persona.email} / {demo.PASSWORD} / {persona.role}" in said
        assert sign_in(muster, persona.email, demo.PASSWORD, Browser("x")).person.name == persona.name
    assert "here already" in run(seed.app, "--demo")[1]
    assert run(seed.app, "--remove-demo")[1] == "Removed 23 people and all they did.\n"
    with muster.db.read() as connection:
        left = [row[0] for row in connection.exec_driver_sql("SELECT name FROM person")]
        for table in ("answer", "evidence", "skill_state", "person_state", "attempt", "exercise", "team_day"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0, table
    assert left == [own.name]
    muster.close()
