"""`manage.py play`, as a terminal sees it."""

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from catalog.library import Catalog, load
from commands import play as command
from tests.conftest import ROOT

SLUG = "results-page"
KNOWN = ", ".join(sorted(path.stem for path in (ROOT / "content" / "scenarios").glob("*.yaml")))


@pytest.fixture(scope="module")
def content() -> Catalog:
    return load(ROOT)


def play(*words: str, typed: str = "") -> tuple[int, str, str]:
    done = CliRunner().invoke(command.app, list(words), input=typed)
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long lines stay whole, so that sentences can be found."""
    monkeypatch.setattr(command.console, "_width", 400)


def test_a_bot_plays_it_to_the_debrief(content: Catalog) -> None:
    code, said, _ = play(SLUG, "--auto")
    assert code == 0
    assert said.startswith("EXERCISE – not real")
    assert content.scenarios[SLUG].title in said
    for word in ("Deadlines", "Decisions", "Six steps exercised: 6 of 6", "Training material, not legal advice"):
        assert word in said
    assert all(content.regimes[owed.regime] for owed in content.scenarios[SLUG].duties)


def test_the_same_seed_gives_the_same_exercise_and_another_one_another() -> None:
    first, again, other = (play(SLUG, "--auto", "--seed", seed)[1] for seed in ("3", "3", "4"))
    assert first == again
    assert first != other


def test_by_hand_the_terminal_asks_for_a_vote_a_reason_and_the_decision(content: Catalog) -> None:
    lines = "\n".join(["9", "1", "somebody must lead", "2", "because"] * 60 + [""] * 60)
    _, said, _ = play(SLUG, typed=lines)
    decision = next(d for d in content.scenarios[SLUG].decisions if d.ask in said)
    assert said.count("Your vote (1 to") >= 2  # 9 is on offer nowhere, so it asks again
    assert "The team decides" in said
    assert f": {decision.options[0].text}" in said


def test_nothing_unrevealed_is_printed_before_the_debrief(content: Catalog) -> None:
    before, _, after = play(SLUG, "--auto")[1].partition("Debrief")
    whys = {option.why for decision in content.scenarios[SLUG].decisions for option in decision.options if option.why}
    assert not any(why in before for why in whys)
    assert re.search(r"\b[PSMU]\b", after)


def test_stopping_in_the_middle_is_one_word_and_1() -> None:
    code, _, err = play(SLUG, typed="1\n")
    assert (code, err.strip().splitlines()[-1]) == (1, "Stopped.")


def test_a_dial_and_a_seat_can_be_chosen(content: Catalog) -> None:
    scenario = content.scenarios[SLUG]
    seat = next(seat for seat in scenario.seats if seat.id != scenario.leads)
    code, said, _ = play(SLUG, "--auto", "--seat", seat.id, "--dial", "size=wide", "--dial", "finder=patient")
    assert code == 0
    assert f"You are {seat.title}." in said
    assert "Ms Aydin" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nope",), f"There is no scenario `nope` without problems. Known: {KNOWN}."),
        ((SLUG, "--seat", "chef"), "There is no such seat in this scenario."),
        ((SLUG, "--dial", "size=none"), "The dial “How many patients” has no position “none”."),
        ((SLUG, "--dial", "none=wide"), "none"),
        ((SLUG, "--rehearsal", "nope"), "There is no rehearsal `nope`. Known: results-page-badly, results-page-well."),
    ],
)
def test_what_does_not_exist_is_one_sentence_and_1(words: tuple[str, ...], sentence: str) -> None:
    code, _, err = play(*words)
    assert code == 1
    assert sentence in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("name", ["results-page-badly", "results-page-well"])
def test_a_shipped_rehearsal_comes_out_as_written(name: str) -> None:
    code, said, _ = play(SLUG, "--rehearsal", name)
    assert code == 0
    assert "It came out as written." in said


def test_a_rehearsal_that_does_not_come_out_as_written_ends_with_1(tmp_path: Path) -> None:
    root = Path(shutil.copytree(ROOT / "tests/catalog/clean", tmp_path / "root"))
    file = root / "content/rehearsals/open-page-well.yaml"
    text = file.read_text(encoding="utf-8")
    assert play("open-page", "--rehearsal", "open-page-well", "--root", str(root))[0] == 0
    option = re.search(r"option: (\S+?)[,}]", text)
    assert option is not None
    scenario = load(root).scenarios["open-page"]
    decision = next(d for d in scenario.decisions if any(o.id == option[1] for o in d.options))
    other = next(o.id for o in decision.options if o.id != option[1])
    file.write_text(text.replace(f"option: {option[1]}", f"option: {other}", 1), encoding="utf-8")
    code, said, err = play("open-page", "--rehearsal", "open-page-well", "--root", str(root))
    assert code == 1
    assert "did not come out as written" in said or "no rehearsal" in err
