"""The author's commands, as a terminal sees them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.content import app

CLEAN = Path(__file__).resolve().parent / "clean"
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CLEAN, tmp_path / "root"))


def run(root: Path, *words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [*words, "--root", str(root)])
    return done.exit_code, done.stdout, done.stderr


def spoil(root: Path) -> None:
    lesson = root / "content/lessons/first.yaml"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("skill: spot", "skill: spott"), encoding="utf-8")


def test_clean_content_ends_with_0(root: Path) -> None:
    assert run(root, "check") == (0, "", "No problems.\n")
    assert json.loads(run(root, "check", "--json")[1]) == {"problems": []}


def test_problems_are_printed_one_a_line_and_end_with_1(root: Path) -> None:
    spoil(root)
    sentence = "`spott` is not a known value of `skill`. Did you mean `spot`?"
    assert run(root, "check")[:2] == (1, f"content/lessons/first.yaml:3:8 C123 {sentence}\n")


def test_problems_as_json_have_file_line_column_code_and_message(root: Path) -> None:
    spoil(root)
    code, output, _ = run(root, "check", "--json")
    assert code == 1
    assert json.loads(output) == {
        "problems": [
            {
                "file": "content/lessons/first.yaml",
                "line": 3,
                "column": 8,
                "code": "C123",
                "message": "`spott` is not a known value of `skill`. Did you mean `spot`?",
            }
        ]
    }


def test_paths_limit_what_is_shown(root: Path) -> None:
    spoil(root)
    assert run(root, "check", "quizzes")[0] == 0
    assert run(root, "check", "quizes")[0] == 2
    assert run(root, "check", "content/lessons")[0] == 1
    assert run(root, "check", str(root / "content/lessons/first.yaml"))[0] == 1


def test_new_names_what_it_wrote_and_refuses_what_it_cannot(root: Path) -> None:
    assert run(root, "new", "quiz", "late") == (0, "quizzes/late.yaml\n", "")
    assert run(root, "new", "quiz", "late")[0] == 1
    assert run(root, "new", "quizz", "late")[0] == 2
    assert run(root, "new", "quiz", "Late One")[0] == 2
    assert run(root, "new", "quiz", "../escape")[0] == 2
    assert run(root, "new", "drill", "late", "--kind", "both")[0] == 2


def test_schema_check_ends_with_1_when_something_is_stale(root: Path) -> None:
    assert run(root, "schema", "--check")[0] == 1
    assert run(root, "schema")[0] == 0
    assert run(root, "schema", "--check") == (0, "", "")


def test_checking_needs_neither_database_nor_server() -> None:
    told = (
        "import sys; sys.argv = ['manage.py', 'check']; import manage; manage.mount(sys.argv[1:]); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "catalog.library" in loaded
    assert not loaded & {"streamlit", "sqlalchemy", "plotly", "pandas", "psycopg", "fideslang", "holidays"}
