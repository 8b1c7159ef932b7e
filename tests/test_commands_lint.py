"""Linting quizzes, lessons, drills and modules, as a terminal and other programs see it."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from catalog.problem import Problem
from catalog.sarif import sarif
from commands.content import app as content
from commands.lint import RULES
from commands.lint import app as linter
from domain.guess import STRATEGIES

CLEAN = Path(__file__).resolve().parent / "catalog" / "clean"
QUIZ = "quizzes/fresh.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A company with one module as `new` makes it."""
    made = tmp_path / "root"
    (made / "content").mkdir(parents=True)
    shutil.copy(CLEAN / "content/organisation.yaml", made / "content")
    assert CliRunner().invoke(content, ["new", "module", "fresh", "--root", str(made)]).exit_code == 0
    return made


def run(root: Path, *words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(linter, [*words, "--root", str(root)])
    return done.exit_code, done.stdout, done.stderr


def spoil(root: Path, old: str, new: str, file: str = QUIZ) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_new_module_lints_clean(root):
    assert run(root) == (0, "", "Nothing to remark.\n")


def test_an_error_names_file_line_and_column_and_ends_with_1(root):
    spoil(root, "Integrity", "None of these")
    code, output, _ = run(root)
    assert code == 1
    line = next(n for n, text in enumerate((root / QUIZ).read_text().splitlines(), 1) if "None of these" in text)
    assert output.startswith(f"{QUIZ}:{line}:15 Q103 “None of these” points at other options")
    told = json.loads(run(root, "--json")[1])["remarks"]
    assert [(each["file"], each["line"], each["code"], each["severity"], each["error"]) for each in told] == [
        (QUIZ, line, "Q103", "error", True)
    ]


def test_a_warning_ends_with_0_unless_it_is_strict(root):
    spoil(
        root,
        "Forward it to the incident channel now.",
        "Forward it to the incident channel now, with a word on when it came.",
    )
    code, output, _ = run(root)
    assert code == 0
    assert " Q101 The right option of `first-move` is by far the longest" in output
    assert output.endswith("(warning)\n")
    assert run(root, "--strict")[0] == 1


def test_what_is_to_be_reviewed_ends_with_0_even_when_it_is_strict(root):
    spoil(root, "Losing control of the data is enough; nobody", "Nobody", "content/lessons/fresh.yaml")
    spoil(root, "Nobody has to prove", "Somebody has to prove", "content/lessons/fresh.yaml")
    spoil(
        root,
        "prove that they were read.",
        "prove that the data were read before it is a breach.",
        "content/lessons/fresh.yaml",
    )
    code, output, _ = run(root, "--strict")
    assert [line.rpartition(" ")[2] for line in output.splitlines()] == ["(review)"]
    assert " Q107 `fresh` says “Somebody has to prove" in output
    assert code == 0


def test_only_tells_of_the_files_and_folders_that_were_named(root):
    spoil(root, "Integrity", "None of these")
    assert run(root, "--only", "content/")[0] == 0
    assert run(root, "--only", "content", "--only", QUIZ)[0] == 1
    assert run(root, "--only", "quizzes")[1] == run(root)[1]


def test_a_file_that_the_check_refuses_is_not_passed_over_in_silence(root):
    spoil(root, "skill: spot", "skill: spotting")
    code, _, said = run(root)
    assert code == 1
    assert f"Not linted, as the check refuses them: content/modules/fresh.yaml, {QUIZ}." in said


def test_sarif_gives_every_rule_and_points_into_the_file(root):
    spoil(root, "Integrity", "None of these")
    log = json.loads(run(root, "--sarif")[1])
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    rules = only["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert {rule["defaultConfiguration"]["level"] for rule in rules} == {"error", "warning", "note"}
    (result,) = only["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "Q103"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": QUIZ}
    shown = (root / QUIZ).read_text(encoding="utf-8").splitlines()[place["region"]["startLine"] - 1]
    assert shown[place["region"]["startColumn"] - 1 :] == "None of these"


def test_scenarios_come_as_sarif_too(root):
    done = CliRunner().invoke(linter, ["scenario", "--sarif", "--root", str(root)])
    assert json.loads(done.stdout)["runs"][0]["results"] == []
    told = sarif({"L1": ("A name", "review")}, [(Problem("a.yaml", 3, 4, "L1", "Said."), "review")])["runs"][0][
        "results"
    ]
    assert [(each["level"], each["message"]["text"]) for each in told] == [("note", "Said.")]


def test_the_baseline_is_a_table_with_a_mark_where_guessing_pays(root):
    code, output, _ = run(root, "--baseline")
    assert code == 0
    head, row = output.splitlines()[:2]
    assert all(name in head for name in STRATEGIES)
    assert row.split()[0] == "fresh"
    assert "!" not in row
    assert "?" not in row
    spoil(root, "pass_mark: 0.75", "pass_mark: 0.5")
    marked = run(root, "--baseline")[1].splitlines()[1]
    assert "!" in marked
    assert "?" in marked
    assert run(root)[0] == 1


def test_the_baseline_as_json_holds_shares_and_what_they_mean(root):
    told = json.loads(run(root, "--baseline", "--json")[1])
    assert told["strategies"] == STRATEGIES
    (quiz,) = told["quizzes"]
    assert quiz["quiz"] == "fresh"
    assert set(quiz["shares"]) == set(STRATEGIES)
    assert all(0 <= share <= 1 for share in quiz["shares"].values())
    assert (quiz["passing"], quiz["close"]) == ([], [])
    assert quiz["shares"][quiz["best"]] == max(quiz["shares"].values())
