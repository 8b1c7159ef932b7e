"""Every code has a name, an explanation in docs/problems.md and an example that gets exactly that problem.

An example stands for a file of the clean content beside it; its first lines say which, and where the problem is.
"""

import re
import shutil
from pathlib import Path

import pytest

from catalog.library import load
from catalog.problem import ADVICE, CODES

HERE = Path(__file__).resolve().parent
BROKEN = sorted((HERE / "broken").glob("*.yaml"))
DOCS = (HERE.parent.parent / "docs" / "problems.md").read_text(encoding="utf-8")


def test_the_clean_content_is_clean() -> None:
    assert load(HERE / "clean").problems == ()


@pytest.mark.parametrize("example", BROKEN, ids=lambda path: path.stem)
def test_each_example_gets_exactly_its_problem(example: Path, tmp_path: Path) -> None:
    raw = example.read_bytes()
    said = dict(re.findall(rb"^# (file|in|at|also|without|padded to|link to): (.+)$", raw, re.MULTILINE))
    file = said[b"file"].decode()
    shutil.copytree(HERE / "clean", tmp_path / "root")
    path = tmp_path / "root" / file
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if b"without" in said:
        (tmp_path / "root" / said[b"without"].decode()).unlink()
    if b"link to" in said:
        path.symlink_to(said[b"link to"].decode())
    else:
        path.write_bytes(raw.ljust(int(said.get(b"padded to", 0)), b"#"))
    problems = [p for p in load(tmp_path / "root").problems if p.code != said.get(b"also", b"").decode()]
    assert [(p.code, f"{p.line}:{p.column}") for p in problems] == [(example.stem, said[b"at"].decode())]
    assert problems[0].file == (said[b"in"] if b"in" in said else said[b"file"]).decode()
    assert re.fullmatch(r"[A-Z0-9`].*[.?]", problems[0].message)


def test_codes_examples_and_explanations_are_the_same_ones() -> None:
    assert [path.stem for path in BROKEN] == list(CODES)
    assert re.findall(r"^### (C\d+) (.+)$", DOCS, re.MULTILINE) == list(CODES.items())


def test_the_explanations_say_which_problems_keep_a_file_out_of_the_app() -> None:
    sections = re.split(r"^### ", DOCS, flags=re.MULTILINE)[1:]
    told = {section[:4] for section in sections if "stays in use" in section}
    assert told == ADVICE
