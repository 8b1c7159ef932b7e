"""The readiness commands, as a terminal sees them."""

import json
import random
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from commands import readiness
from db import evidence as rows
from domain.skills import Skill
from services import app as services_app
from services import recorded
from services.settings import Settings
from tests import factories
from tests.conftest import ROOT
from tests.domain import cohort

HEAD = "person,item,skill,answered_at,y"


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(readiness.app, list(words))
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def muster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An App on the database that the commands use."""
    monkeypatch.setenv("MUSTER_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    app = services_app.ready(Settings())
    yield app
    app.close()


@pytest.fixture
def answers(tmp_path: Path):
    """`answers(text)` → the path of a CSV file that holds it."""

    def write(text: str, *, encoding: str = "utf-8") -> str:
        path = tmp_path / "answers.csv"
        path.write_text(text, encoding=encoding)
        return str(path)

    return write


# ── replay, fold, snapshot ────────────────────────────────────────────────────────────────────────────────────


def test_replay_ends_with_1_when_states_differed_and_with_0_once_they_are_mended(muster) -> None:
    me = factories.person(muster)
    factories.practise(muster, me, Skill.SPOT, 1.0, 0.0)
    assert run("replay") == (0, "2 states rebuilt with model 1; 0 differed from what was stored.\n", "")
    muster.db.write(rows.forget_states)
    assert run("replay")[:2] == (1, "2 states rebuilt with model 1; 2 differed from what was stored.\n")
    assert run("replay")[0] == 0


def test_fold_puts_a_new_calibration_to_use(muster) -> None:
    factories.practise(muster, factories.person(muster), Skill.SPOT, 1.0, 0.0, 1.0)
    assert run("fold") == (0, "A new calibration with 3 items is in use.\n", "")
    with muster.db.read() as connection:
        assert len(rows.find_calibration(connection, rows.latest_calibration(connection) or 0).items) == 3


def test_snapshot_keeps_the_counts_of_today(muster) -> None:
    team = factories.team(muster)
    factories.person(muster, team_id=team)
    assert run("snapshot") == (0, "Today's counts are kept.\n", "")
    with muster.db.read() as connection:
        assert [(number, counts.people) for _, number, counts in rows.days(connection, [team], "all")] == [(team, 1)]


# ── evaluate ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_evaluate_gives_exactly_the_figures_that_the_docs_name(answers) -> None:
    code, said, _ = run("evaluate", answers(f"{HEAD}\nann,i,spot,1767603600,1\nann,j,spot,1767690000,0\n"), "--json")
    assert code == 0
    found = json.loads(said)
    assert set(found) == {"model", "average", "bias_by_gap", "coverage_80"}
    for part in ("model", "average"):
        assert set(found[part]) == {"n", "auc", "log_loss", "brier", "ece"}
        assert found[part]["n"] == 2
    assert [gap["days"] for gap in found["bias_by_gap"]] == ["<0.5", "0.5-7", "7-30", "30-90", ">90"]
    assert [gap["n"] for gap in found["bias_by_gap"]] == [0, 1, 0, 0, 0]


def test_the_command_line_prints_one_json_object_and_nothing_else(answers) -> None:
    file = answers(f"{HEAD},guess,kind\nann,i,spot,2026-01-05T09:00:00+00:00,1,0.25,quiz\n")
    done = subprocess.run(
        [sys.executable, "manage.py", "readiness", "evaluate", file, "--json"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert json.loads(done.stdout)["model"]["n"] == 1


def test_the_table_names_every_figure(answers) -> None:
    code, said, _ = run("evaluate", answers(f"{HEAD}\nann,i,spot,1767603600,1\nbob,i,spot,1767603600,0\n"))
    assert code == 0
    for word in ("2 answers", "AUC", "log-loss", "Brier", "ECE", "30-90", "coverage of the 80 % interval"):
        assert word in said


def test_unix_seconds_iso_times_and_any_order_of_rows_give_the_same_figures(answers) -> None:
    found = list(cohort.rows(people=6, sessions=8))
    chance = random.Random(3)

    def evaluated(moment, *, shuffled: bool) -> dict[str, Any]:
        lines = [f"{r.person},{r.item},{r.skill},{moment(r.at)},{r.y:g},{r.guess}" for r in found]
        if shuffled:
            chance.shuffle(lines)
        code, said, err = run("evaluate", answers("\n".join([f"{HEAD},guess", *lines])), "--json")
        assert code == 0, err
        figures: dict[str, Any] = json.loads(said)
        return figures

    first = evaluated(lambda at: at.isoformat(), shuffled=False)
    assert first["model"]["n"] == 240
    assert evaluated(lambda at: f"{at.timestamp():.6f}", shuffled=False) == first
    for _ in range(3):
        assert evaluated(lambda at: at.isoformat(), shuffled=True) == first
    zones = evaluated(lambda at: at.replace(tzinfo=None).isoformat(" "), shuffled=True)  # without a zone it is UTC
    assert zones == first


def test_columns_may_come_in_any_order_with_others_and_a_byte_order_mark(answers) -> None:
    plain = run("evaluate", answers(f"{HEAD}\nann,i,spot,1767603600,0.5\n"), "--json")
    text = "y , note,Skill,answered_at,item,person\n0.5,hello,spot,1767603600,i,ann\n\n"
    assert run("evaluate", answers(text, encoding="utf-8-sig"), "--json") == plain


def test_guess_is_0_unless_given_and_lowers_what_a_right_answer_tells(answers) -> None:
    lines = [f"ann,i{n},spot,{1767603600 + n},1" for n in range(8)]
    plain = json.loads(run("evaluate", answers("\n".join([HEAD, *lines])), "--json")[1])
    empty = json.loads(run("evaluate", answers("\n".join([f"{HEAD},guess", *(f"{x}," for x in lines)])), "--json")[1])
    half = json.loads(run("evaluate", answers("\n".join([f"{HEAD},guess", *(f"{x},0.5" for x in lines)])), "--json")[1])
    assert empty == plain
    assert half["model"]["log_loss"] < plain["model"]["log_loss"]  # half of it was expected by luck alone


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", 1, "missing column person, item, skill, answered_at, y"),
        ("person,item,skill,y\n", 1, "missing column answered_at"),
        (f"{HEAD}\nann,i,spot,1767603600,1\nann,i,spot,yesterday,1\n", 3, "answered_at is “yesterday”"),
        (f"{HEAD}\nann,i,spot,inf,1\n", 2, "answered_at is “inf”"),
        (f"{HEAD}\nann,i,spot,9e99,1\n", 2, "answered_at is “9e99”"),
        (f"{HEAD}\nann,i,spot,1767603600,2\n", 2, "y is “2”"),
        (f"{HEAD}\nann,i,spot,1767603600,nan\n", 2, "y is “nan”"),
        (f"{HEAD}\nann,i,spot,1767603600,\n", 2, "y is “”"),
        (f"{HEAD},guess\nann,i,spot,1767603600,1,-1\n", 2, "guess is “-1”"),
        (f"{HEAD},guess\nann,i,spot,1767603600,1,1\n", 2, "guess is 1"),
        (f"{HEAD}\n,i,spot,1767603600,1\n", 2, "person is empty"),
        (f"{HEAD}\nann,i,spot,1767603600\n", 2, "4 values for 5 columns"),
        (f'{HEAD}\nann,"i,spot,1767603600,1\n', 2, "unexpected end of data"),
    ],
)
def test_what_is_not_right_is_one_sentence_with_its_line(answers, text: str, line: int, sentence: str) -> None:
    file = answers(text)
    code, said, err = run("evaluate", file)
    assert (code, said) == (1, "")
    assert f"{file}:{line}: " in err
    assert sentence in err
    assert len(err.strip().splitlines()) == 1


def test_a_file_that_cannot_be_read_is_one_sentence(answers, tmp_path: Path) -> None:
    for file in (
        str(tmp_path / "nowhere.csv"),
        str(tmp_path),
        answers(f"{HEAD}\nännä,i,spot,1,1\n", encoding="latin-1"),
    ):
        code, said, err = run("evaluate", file)
        assert (code, said) == (1, "")
        assert err.startswith(f"muster: {file}")
        assert "Traceback" not in err


def test_a_file_of_no_answers_gives_no_figures(answers) -> None:
    found = json.loads(run("evaluate", answers(f"{HEAD}\n"), "--json")[1])
    assert found["model"] == {"n": 0, "auc": None, "log_loss": None, "brier": None, "ece": None}
    assert run("evaluate", answers(f"{HEAD}\n"))[0] == 0


def test_memory_does_not_grow_with_the_number_of_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same people and items, three pages of rows and twelve: what Python holds stays the same."""
    monkeypatch.setattr(recorded, "PAGE", 1000)
    peaks = []
    for pages in (3, 12):
        file = tmp_path / f"{pages}.csv"
        lines = (f"p{n % 200},i{n % 37},spot,{1767603600 + n * 60},{int(n % 10 < 7)}" for n in range(pages * 1000))
        file.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
        tracemalloc.start()
        assert recorded.evaluate_file(file)["model"]["n"] == pages * 1000
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.15 * peaks[0], peaks
