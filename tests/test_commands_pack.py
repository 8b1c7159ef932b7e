"""`manage.py pack`: a printed exercise for every shipped scenario."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from catalog.library import load
from commands.pack import app
from tests.conftest import ROOT

RUN = CliRunner()
SCENARIOS = sorted(load(ROOT).scenarios)


@pytest.mark.parametrize("slug", SCENARIOS)
def test_every_shipped_scenario_can_be_printed(tmp_path: Path, slug: str) -> None:
    done = RUN.invoke(app, [slug, "--pdf", str(tmp_path / "pack.pdf")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "pack.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nothing-like-it"], "There is no scenario"),
        (["results-page", "--dial", "size=huge"], "has no position"),
        (["results-page", "--pdf", "/nowhere/pack.pdf"], "cannot be written"),
    ],
)
def test_what_cannot_be_printed_is_one_sentence(words: list[str], sentence: str) -> None:
    done = RUN.invoke(app, words)
    assert done.exit_code == 2
    assert sentence in " ".join(done.output.replace("│", " ").split())
