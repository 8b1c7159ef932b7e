"""Content health as the security team sees it, and the flags of learners."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from catalog.library import Library
from db.tables import audit
from domain.people import Role
from domain.refusal import Forbidden
from domain.skills import Skill
from services import content, learning
from services.app import App
from tests import factories

CLEAN = Path(__file__).resolve().parent.parent / "catalog" / "clean"


@pytest.fixture
def own(app: App, tmp_path: Path) -> Iterator[tuple[App, Path]]:
    """An App on content of its own, which a test may break."""
    root = Path(shutil.copytree(CLEAN, tmp_path / "root"))
    library = Library(root)
    yield replace(app, library=library), root
    library.close()


def test_whole_content_is_said_to_be_whole(own: tuple[App, Path]) -> None:
    app, _ = own
    health = content.content_health(app, factories.person(app, Role.SECURITY))
    assert health.troubles == ()
    assert health.answer.startswith("All ")
    assert health.in_use["lesson"] == 1
    spot = next(c for c in health.coverage if c.skill is Skill.SPOT)
    assert (spot.modules, spot.lessons, spot.questions, spot.artefacts) == (1, 1, 1, 3)


def test_a_broken_file_is_told_with_what_the_app_does_meanwhile(own: tuple[App, Path]) -> None:
    app, root = own
    sam = factories.person(app, Role.SECURITY)
    content.content_health(app, sam)
    lesson = root / "content/lessons/first.yaml"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("skill: spot", "skill: spott"), encoding="utf-8")
    (root / "content/lessons/new.yaml").write_text("title: x\n", encoding="utf-8")
    app.library.refresh()
    health = content.content_health(app, sam)
    told = {trouble.place: (trouble.problem.code, trouble.meanwhile) for trouble in health.troubles}
    assert told["content/lessons/first.yaml:3:8"][0] == "C123"
    assert told["content/lessons/first.yaml:3:8"][1].startswith("The last good version stays in use")
    assert told["content/lessons/new.yaml:1:1"][1] == "Not in the app until it is mended."
    assert "first" in app.content().lessons
    assert health.answer == f"2 of {len(health.files)} files need mending"


def test_advice_is_told_and_the_file_stays_in_use(own: tuple[App, Path]) -> None:
    app, root = own
    lesson = root / "content/lessons/first.yaml"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("    cites: [gdpr]\n", ""), encoding="utf-8")
    health = content.content_health(app, factories.person(app, Role.SECURITY))
    assert [(t.problem.code, t.meanwhile) for t in health.troubles] == [("C205", "In use as it is.")]
    assert health.answer.endswith("could be better")


def test_a_flag_is_listed_until_it_is_dealt_with_once(app: App) -> None:
    ann, sam, tom = factories.person(app), factories.person(app, Role.SECURITY), factories.person(app, Role.SECURITY)
    learning.flag(app, ann, "quiz", "report", "supplier-friday", "The second answer is right, too.")
    learning.flag(app, ann, "lesson", "report-facts", "screen-2", "A word is missing.")
    first, second = content.list_flags(app, sam)
    assert first.note == "The second answer is right, too."
    assert not hasattr(first, "person_id")
    done = content.resolve_flag(app, sam, first.id)
    assert done.resolved_at == app.now()
    assert content.resolve_flag(app, tom, first.id) == done
    assert [flag.id for flag in content.list_flags(app, sam)] == [second.id]
    assert content.content_health(app, sam).flags == (second,)
    with app.db.read() as connection:
        noted = connection.scalar(select(func.count()).select_from(audit).where(audit.c.action == "flag resolved"))
    assert noted == 1


def test_a_flag_that_is_not_there_reads_like_one_that_is_not_for_you(app: App) -> None:
    with pytest.raises(Forbidden):
        content.resolve_flag(app, factories.person(app, Role.SECURITY), 999)


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.MANAGER])
def test_only_the_security_team_sees_any_of_it(app: App, role: Role) -> None:
    actor = factories.person(app, role)
    for act in (content.content_health, content.list_flags, lambda app, who: content.resolve_flag(app, who, 1)):
        with pytest.raises(Forbidden):
            act(app, actor)
