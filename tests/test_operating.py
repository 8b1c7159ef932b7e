"""The operator's guide names every setting and every account command, and nothing that is gone."""

import re

import pytest

from commands import users
from services.settings import Settings, explain
from tests.conftest import ROOT

GUIDE = (ROOT / "docs/operating.md").read_text(encoding="utf-8")


def test_the_guide_lists_exactly_the_settings_there_are() -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.MULTILINE)
    assert sorted(listed) == sorted(variable for variable, *_ in explain(Settings()))


def test_the_guide_lists_exactly_the_account_commands_there_are() -> None:
    listed = re.findall(r"^\| `python manage\.py user (\w+)", GUIDE, re.MULTILINE)
    there = [
        command.name or str(getattr(command.callback, "__name__", "")) for command in users.app.registered_commands
    ]
    assert sorted(listed) == sorted(there)


def test_a_setting_says_where_it_came_from_and_hides_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_PORT", "9000")
    monkeypatch.setenv("DATABASE_URL", "postgresql://muster:s3cret@db.example/muster")
    rows = {variable: (value, source) for variable, value, source, _ in explain(Settings())}
    assert rows["MUSTER_PORT"] == ("9000", "environment")
    assert rows["MUSTER_HOST"][1] == "default"
    assert "s3cret" not in rows["DATABASE_URL"][0]
    assert "db.example" in rows["DATABASE_URL"][0]
