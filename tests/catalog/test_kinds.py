"""A mistake in any kind of question gets one sentence that says what to write, at its line."""

import shutil
from pathlib import Path

import pytest

from catalog.library import load

TESTS = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("answer: 72", 'answer: "72"', "43:13 C122 `answer` must be a number, not the text `72`. Remove the quotes."),
        ("answer: 72", "answer: .inf", "43:13 C109 `.inf` is not a number that can be used."),
        ("unit: hours", "unit: 5", '44:11 C122 `unit` must be text, not `5`. Put it in quotes: "5".'),
        ("value: 24", "value: 72", "40:5 C125 A slip of a numeric question lies within the tolerance, so it is right."),
        ("kind: text\n        accept", "kind: txt\n        accept", "79:15 C123 `txt` is not a known value of `kind`. Did you mean `text`?"),
        ("        kind: choice\n", "", "72:9 C120 `kind` is missing: it says which fields belong here."),
        ("bin: The police's", "bin: Police", "61:5 C125 There is no bin `Police`: `bins` holds Yours, The incident team's, The police's."),
        ("[[state]]", "[[stat]]", "67:5 C125 The text marks the gaps ['span', 'stat'], `gaps` holds ['span', 'state']: the same, in the same order."),
        ("wish, real: false", "wish, real: true", "94:5 C125 A clues question needs a real clue and a harmless one, or flagging everything is right."),
        ("on our hotline", "on our phone", None),
        ("Call us on our hotline", "That is all", "98:5 C125 `model` holds none of the phrases of `Where to ask`."),
        ("draw: 11", "draw: 11\nwait: soon", "5:7 C122 Write it as `25m`, `2h` or `1d12h`, not `soon`."),
        ("draw: 11", "draw: 11\nkeep: worst", "5:7 C123 `worst` is not a known value of `keep`. Known: best, last."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_line(tmp_path: Path, old: str, new: str, said: str | None) -> None:
    for part in ("catalog/clean", "every_kind"):
        shutil.copytree(TESTS / part, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "quizzes/every-kind.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    expected = [] if said is None else [f"quizzes/every-kind.yaml:{said}"]
    assert [str(problem) for problem in load(tmp_path).problems] == expected
