"""Schemas and starters: editors complete every field, and a new file is valid from the first second."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog import schemas
from catalog.kinds import BY_NAME
from catalog.library import load
from catalog.starters import NEW, NotStarted, start

ROOT = Path(__file__).resolve().parent.parent.parent
CLEAN = Path(__file__).resolve().parent / "clean"
TODAY = date(2026, 11, 24)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CLEAN, tmp_path / "root"))


def test_the_written_schemas_are_not_stale() -> None:
    assert schemas.stale(ROOT) == []


def test_a_stale_or_missing_schema_is_noticed_and_written_anew(tmp_path: Path) -> None:
    assert schemas.write(tmp_path) == list(schemas.schemas())
    assert schemas.stale(tmp_path) == []
    (tmp_path / "content/schemas/quiz.json").write_text("{}", encoding="utf-8")
    assert schemas.stale(tmp_path) == ["content/schemas/quiz.json"]


def _objects(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [found for part in schema for found in _objects(part)]
    if not isinstance(schema, dict):
        return []
    mine = [schema] if isinstance(schema.get("properties"), dict) else []
    return mine + [found for part in schema.values() for found in _objects(part)]


@pytest.mark.parametrize("kind", sorted(BY_NAME))
def test_every_field_is_explained_and_no_other_is_allowed(kind: str) -> None:
    text = (ROOT / f"content/schemas/{kind}.json").read_text(encoding="utf-8")
    for found in _objects(json.loads(text)):
        assert found["additionalProperties"] is False
        silent = [name for name, field in found["properties"].items() if not field.get("description")]
        assert silent == []


def test_editors_are_told_which_schema_belongs_to_which_folder() -> None:
    told = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    for schema, files in told.items():
        assert (ROOT / schema).is_file()
        assert any(files.startswith(kind.folder) for kind in BY_NAME.values())


@pytest.mark.parametrize("kind", NEW)
def test_a_new_file_is_valid_and_at_most_waits_to_be_used(root: Path, kind: str) -> None:
    written = start(root, kind, "brand-new", TODAY)
    assert {problem.code for problem in load(root).problems} <= {"C202"}
    for file in written:
        text = (root / file).read_text(encoding="utf-8")
        schema = text.splitlines()[0].rpartition("=")[2]
        assert (ROOT / Path(file).parent / schema).resolve().parent == ROOT / "content/schemas"
        assert (ROOT / Path(file).parent / schema).is_file()
        assert "SLUG" not in text
        assert isinstance(yaml.safe_load(text), dict)


def test_a_new_report_drill_has_a_block_for_every_field_of_the_form(root: Path) -> None:
    start(root, "drill", "lost", TODAY, "report")
    catalog = load(root)
    assert {problem.code for problem in catalog.problems} == {"C202"}
    assert catalog.organisation is not None
    fields = [field.field for field in catalog.drills["lost"].fields]  # type: ignore[union-attr]
    assert fields == [field.id for field in catalog.organisation.report_form]


def test_a_new_module_brings_its_parts_and_is_clean(root: Path) -> None:
    start(root, "module", "brand-new", TODAY)
    assert load(root).problems == ()


def test_nothing_is_ever_overwritten(root: Path) -> None:
    mine = root / "quizzes/brand-new.yaml"
    shutil.copy(root / "quizzes/basics.yaml", mine)
    before = mine.read_bytes()
    with pytest.raises(NotStarted, match="already there"):
        start(root, "quiz", "brand-new", TODAY)
    assert "quizzes/brand-new.yaml" not in start(root, "module", "brand-new", TODAY)
    assert mine.read_bytes() == before
