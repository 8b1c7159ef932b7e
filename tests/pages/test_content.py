"""The security team's content page: a broken file is told, the app goes on, a flag is dealt with."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from catalog.library import Library
from domain.people import Role
from services import content, learning
from services.app import App
from tests import factories
from tests.pages.conftest import Browse
from ui import places, session

CLEAN = Path(__file__).resolve().parent.parent / "catalog" / "clean"


@pytest.fixture
def own(app: App, tmp_path: Path) -> Iterator[Library]:
    """Content of its own for the pages of this test, which it may break."""
    library = Library(Path(shutil.copytree(CLEAN, tmp_path / "root")))
    session.use(replace(app, library=library))
    yield library
    library.close()


def _html(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def test_whole_content_is_answered_in_the_title(app: App, browse: Browse, own: Library) -> None:
    at = browse(factories.person(app, Role.SECURITY), places.CONTENT)
    assert "files are in use" in _html(at)
    assert "No problems." in _html(at)


def test_a_broken_file_is_told_with_its_place_and_what_happens_meanwhile(
    app: App, browse: Browse, own: Library
) -> None:
    sam = factories.person(app, Role.SECURITY)
    browse(sam, places.CONTENT)
    lesson = own.root / "content/lessons/first.yaml"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("skill: spot", "skill: <b>spot</b>"), encoding="utf-8")
    own.refresh()
    page = _html(browse(sam, places.CONTENT))
    assert "1 of " in page
    assert "content/lessons/first.yaml:3:8" in page
    assert "C123" in page
    assert "The last good version stays in use" in page
    assert "<b>spot</b>" not in page
    assert "&lt;b&gt;spot" in page


def test_a_flag_is_taken_off_the_list(app: App, browse: Browse, own: Library) -> None:
    ann, sam = factories.person(app, name="Ann Brook"), factories.person(app, Role.SECURITY)
    learning.flag(app, ann, "quiz", "basics", "about-spot", "Both are <i>right</i>.")
    at = browse(sam, places.CONTENT)
    assert "Both are &lt;i&gt;right&lt;/i&gt;." in _html(at)
    assert "Ann Brook" not in _html(at)
    next(button for button in at.button if button.label == "Dealt with").click().run()
    assert not at.exception
    assert "Nothing is flagged." in _html(at)
    assert content.list_flags(app, sam) == []
