"""Docs cannot rot: what docs/authoring.md tells an author to do is done here, literally."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.library import Library, load
from db.engine import Database
from services import drills, exercises, learning
from services.app import App
from services.settings import Settings
from tests import factories
from tests.conftest import FakeClock

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```(sh|diff) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The parts of the project that an author touches, with the content of the clean example."""
    for part in ("catalog", "commands", "domain"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    shutil.copytree(ROOT / "tests/catalog/clean", tmp_path, dirs_exist_ok=True)
    return tmp_path


def manage(copy: Path, line: str) -> tuple[int, str]:
    words = line.split()
    assert words[:2] == ["python", "manage.py"], line
    done = subprocess.run(
        [sys.executable, *words[1:]], cwd=copy, capture_output=True, text=True, check=False, timeout=120
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def edit(path: Path, block: str) -> None:
    """Replace each run of `-` lines by the `+` lines after it; what is to go must be there exactly once."""
    text = path.read_text(encoding="utf-8")
    for gone, come in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)*)", block, re.MULTILINE):
        old, new = (re.sub(r"^[-+]", "", part, flags=re.MULTILINE) for part in (gone, come))
        assert text.count(old) == 1, f"{path.name} holds this {text.count(old)} times:\n{old}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def test_following_the_authoring_guide_alone_adds_a_quiz_drills_and_a_scenario(
    copy: Path, sqlite_url: str, clock: FakeClock
) -> None:
    blocks = BLOCK.findall((ROOT / "docs/authoring.md").read_text(encoding="utf-8"))
    said = []
    for sort, file, body in blocks:
        if sort == "diff":
            edit(copy / file, body)
        for line in body.splitlines() if sort == "sh" else ():
            code, output = manage(copy, line)
            if line.startswith("python manage.py check"):
                said.append((code, re.findall(r" (C\d+) ", output)))
            else:
                assert code == 0, output
                assert " Q" not in output, output
    assert said == [(1, ["C202"]), (0, []), (1, ["C307"]), (0, [])]
    catalog = load(copy)
    assert catalog.quizzes["visitors"].questions[0].id == "no-badge"
    assert catalog.drills["visitors"].title == "At the door"
    assert catalog.drills["lost-badge"].kind == "report"
    assert catalog.modules["visitors"].drills == ("visitors", "lost-badge")
    assert catalog.scenarios["open-door"].decision("block-badge").options[0].rating == "P"
    assert catalog.rehearsals["open-door"].scenario == "open-door"
    _can_be_used(
        App(Settings(data=copy, content=copy, DATABASE_URL=sqlite_url), Database(sqlite_url), Library(copy), clock)
    )


def _can_be_used(app: App) -> None:
    """An app on these files has the module on everybody's path, and opens each of its parts."""
    me = factories.person(app)
    module = next(state for state in learning.path(app, me) if state.slug == "visitors")
    assert [(step.kind, step.slug) for step in module.steps] == [
        ("lesson", "visitors"),
        ("spot", "visitors"),
        ("report", "lost-badge"),
        ("quiz", "visitors"),
    ]
    learning.begin_quiz(app, me, "visitors")
    shown = learning.quiz(app, me, "visitors").shown
    assert shown is not None
    assert shown.id in {question.id for question in app.content().quizzes["visitors"].questions}
    drills.begin(app, me, "visitors")
    assert drills.spot_drill(app, me, "visitors").shown is not None
    drills.begin(app, me, "lost-badge")
    assert "bus 12" in str(drills.report_drill(app, me, "lost-badge").drill)
    number = exercises.start(app, me, "open-door")
    assert exercises.screen(app, me, number).view.messages
    app.close()


def test_the_authoring_guide_lists_every_import_and_export_there_is() -> None:
    from commands import exports, imports

    guide = (ROOT / "docs/authoring.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `python manage\.py (import|export) (\w+) ", guide, re.MULTILINE)
    there = [("import", command.name) for command in imports.app.registered_commands]
    there += [("export", command.name) for command in exports.app.registered_commands]
    assert listed == there


def test_the_guides_mention_every_command_of_the_command_line() -> None:
    import manage as line

    guides = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("authoring.md", "linting.md"))
    for command in ("check", "new", "schema", "play", "lint", "import", "export"):
        assert command in {*line.SINGLE, *line.GROUPS}
        assert f"manage.py {command}" in guides


def test_what_the_guide_for_facilitators_names_is_on_a_screen() -> None:
    guide = (ROOT / "docs/facilitating.md").read_text(encoding="utf-8")
    named = {name.strip(".?") for name in re.findall(r"(?<!\*)\*{1,2}([A-Z][^*\n]+?)\*{1,2}(?!\*)", guide)}
    files = [path for folder in ("ui", "pages", "services/live") for path in (ROOT / folder).rglob("*.py")]
    screens = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert {name for name in named if name not in screens} == set()
