"""Linting and machine play, as a terminal sees them."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.content import app as content
from commands.lint import app as linter
from commands.play import app as player

CLEAN = Path(__file__).resolve().parent / "catalog" / "clean"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    copied = Path(shutil.copytree(CLEAN, tmp_path / "root"))
    assert CliRunner().invoke(content, ["new", "scenario", "fresh", "--root", str(copied)]).exit_code == 0
    return copied


def run(app, root: Path, *words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [*words, "--root", str(root)])
    return done.exit_code, done.stdout, done.stderr


def spoil(root: Path, old: str, new: str) -> None:
    path = root / "content/scenarios/fresh.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_new_scenario_passes_the_check_and_the_linter(root):
    assert run(content, root, "check")[0] == 0
    assert run(linter, root, "scenario") == (0, "", "Nothing to remark.\n")
    assert run(linter, root, "scenario", "fresh") == (0, "", "Nothing to remark.\n")


def test_an_error_names_its_place_and_ends_with_1(root):
    spoil(root, "    when: {decided: tell-customers}", "    when: {decided: tell-customers, option: all}")
    code, output, _ = run(linter, root, "scenario", "fresh")
    assert code == 1
    assert output.startswith("content/scenarios/fresh.yaml:")
    assert " L303 After `little`" in output
    told = json.loads(run(linter, root, "scenario", "fresh", "--json")[1])["remarks"]
    assert {(each["code"], each["error"]) for each in told} == {("L303", True)}
    line = (root / "content/scenarios/fresh.yaml").read_text(encoding="utf-8").splitlines()[told[0]["line"] - 1]
    assert "id: little" in line


def test_a_warning_ends_with_0_unless_it_is_strict(root):
    spoil(root, "    title: They are asking me", '    title: "To write: a title"')
    code, output, _ = run(linter, root, "scenario", "fresh")
    assert code == 0
    assert output.endswith("L320 Still to be written: a title (warning)\n")
    assert run(linter, root, "scenario", "fresh", "--strict")[0] == 1


def test_a_scenario_that_is_not_there_is_named(root):
    assert run(linter, root, "scenario", "frsh")[0] == 1
    assert run(player, root, "frsh", "--all")[0] == 1


def test_all_ways_are_played_and_told_in_words_and_as_json(root):
    code, output, _ = run(player, root, "fresh", "--all")
    assert code == 0
    for part in ("64 ways: every way", "Best way: worth 1.00", "Worst way", "Only the facilitator sends: nudge."):
        assert part in output
    told = json.loads(run(player, root, "fresh", "--all", "--json")[1])
    assert (told["ways"], told["exact"], told["best"]["worth"]) == (64, True, 1.0)


def test_a_sample_prints_its_seed_and_is_the_same_again(root):
    code, output, _ = run(player, root, "fresh", "--sample", "12", "--seed", "5")
    assert code == 0
    assert "a sample, seed 5" in output
    words = ("fresh", "--sample", "12", "--seed", "5", "--json")
    assert run(player, root, *words)[1] == run(player, root, *words)[1]
    assert run(player, root, "fresh", "--sample", "0")[0] == 2
