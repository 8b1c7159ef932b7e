"""Learning records as xAPI: what was done is there once, what was answered is not."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from commands.exports import app as exports
from db.tables import person
from services import app as services_app
from services import learning, records
from services.app import App
from services.settings import Settings
from tests import factories
from tests.services.test_learning import _quiz_response

ADDRESS = "https://muster.northwind.example"
EVER = datetime(1970, 1, 1, tzinfo=UTC)


def done(app: App, since: datetime = EVER) -> list[dict[str, Any]]:
    return list(records.statements(app, f"{ADDRESS}/", since))


def test_a_quiz_and_a_lesson_become_statements_without_what_was_answered(app: App, clock) -> None:
    me = factories.person(app)
    learning.begin_quiz(app, me, "report")
    total = len(learning.quiz(app, me, "report").attempt.draw)
    for number in range(total):
        attempt, item, response, place = _quiz_response(app, me, "report", well=number > 0)
        shown = app.now()
        clock.forward(seconds=90)
        learning.answer_quiz(app, me, attempt, item, response, sure=True, shown_at=shown)
        learning.next_question(app, me, attempt, place)
    found = done(app)
    verbs = [each["verb"]["display"]["en"] for each in found]
    assert verbs == ["answered"] * total + ["passed"]
    last = found[-1]
    assert last["object"]["id"] == f"{ADDRESS}/xapi/quiz/report"
    assert last["object"]["definition"]["name"] == {"en": app.content().quizzes["report"].title}
    assert last["result"]["success"] is True
    assert last["result"]["completion"] is True
    assert last["result"]["score"]["raw"] == pytest.approx(last["result"]["score"]["scaled"] * total, abs=0.01)
    assert {each["context"]["registration"] for each in found} == {last["context"]["registration"]}
    assert [each["result"]["success"] for each in found[:-1]] == [False, *[True] * (total - 1)]
    assert found[0]["result"]["duration"] == "PT90.00S"
    assert found[0]["context"]["contextActivities"]["parent"][0]["id"] == last["object"]["id"]
    for each in found:
        assert each["actor"]["mbox"] == f"mailto:{me.email}"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", each["timestamp"])
        assert "response" not in json.dumps(each)
    assert done(app) == found
    assert len({each["id"] for each in found}) == len(found)
    assert done(app, app.now() + timedelta(days=1)) == []


def test_a_closed_account_is_in_no_statement(app: App) -> None:
    me = factories.person(app)
    learning.begin_quiz(app, me, "report")
    attempt, item, response, _ = _quiz_response(app, me, "report", well=True)
    learning.answer_quiz(app, me, attempt, item, response, sure=True, shown_at=app.now())
    assert len(done(app)) == 1
    app.db.write(lambda c: c.execute(update(person).where(person.c.id == me.id).values(active=False)))
    assert done(app) == []


def test_the_command_writes_one_list_and_never_overwrites(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("MUSTER_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    app = services_app.ready(Settings())
    words = ["xapi", str(tmp_path / "none.json"), "--address", ADDRESS]
    assert CliRunner().invoke(exports, words).exit_code == 0
    assert json.loads((tmp_path / "none.json").read_text(encoding="utf-8")) == []
    me = factories.person(app, name="Ümit O’Hara")
    learning.begin_quiz(app, me, "report")
    for _ in range(2):
        attempt, item, response, place = _quiz_response(app, me, "report", well=True)
        learning.answer_quiz(app, me, attempt, item, response, sure=True, shown_at=app.now())
        learning.next_question(app, me, attempt, place)
    app.close()
    words = ["xapi", str(tmp_path / "out.json"), "--address", ADDRESS]
    assert CliRunner().invoke(exports, words).exit_code == 0
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [each["actor"]["name"] for each in found] == ["Ümit O’Hara"] * 2
    assert CliRunner().invoke(exports, words).exit_code == 1
    later = ["xapi", str(tmp_path / "later.json"), "--address", ADDRESS, "--since", "2999-01-01"]
    assert CliRunner().invoke(exports, later).exit_code == 0
    assert json.loads((tmp_path / "later.json").read_text(encoding="utf-8")) == []
