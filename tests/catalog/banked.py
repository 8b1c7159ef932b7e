"""Quizzes of every kind that formats can hold, made at random, and how they are written and read again."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from catalog.formats import gift, gift_write, qti, qti_write, table
from catalog.formats.bank import Imported
from catalog.formats.files import dump
from catalog.read import read
from domain.quiz import Quiz
from domain.typed import normal

letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
wild = st.text(letters, min_size=1, max_size=40)
"""Any text that content may hold."""

words = st.sampled_from(
    ["badge", "the door", "café", "3 < 4", "a=b", "~", "#1", "{x}", "10:30", "50%", "%50%", "\\", "\\n", "//", "[html]", "-> out",
     "::", "= 2", "####", "“so”", "'", '"', "&amp;", "*very*", "_____", "TRUE", "$5", "→", "@x", "+1", "-1", "日本", "]]>", "A)", "1."]
)  # fmt: skip
tricky = st.lists(words, min_size=1, max_size=5).map(" ".join)
"""Texts of what means something in one format or another."""

lines = tricky | wild.filter(lambda text: text.strip() != "")
proses = st.lists(lines, min_size=1, max_size=3).map("\n\n".join) | st.lists(lines, min_size=2, max_size=3).map(
    "\n".join
)
form = st.text("abcdeéß123 -", min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(normal)
forms = st.lists(form, min_size=1, max_size=6, unique_by=normal)
numbers = st.integers(-9999, 9999).map(float) | st.decimals("-99", "99", places=2).map(float)


@st.composite
def questions(draw: Any, text: Any, number: int) -> dict[str, Any]:
    prose = st.lists(text, min_size=1, max_size=2).map("\n\n".join)
    kind = draw(
        st.sampled_from(
            ["single", "multiple", "true_false", "ordering", "matching", "numeric", "text", "bins", "cloze"]
        )
    )
    found: dict[str, Any] = {"id": f"q-{number}", "kind": kind, "ask": draw(text)}
    found["difficulty"] = draw(st.sampled_from(["easy", "moderate", "hard"]))
    for field in ("context", "rule"):
        if draw(st.booleans()):
            found[field] = draw(prose)
    why = st.fixed_dictionaries({"text": text, "why": prose})
    match kind:
        case "single" | "multiple":
            options = draw(st.lists(why, min_size=3, max_size=6))
            count = 1 if kind == "single" else draw(st.integers(1, len(options) - 1))
            for option in options[:count]:
                option["right"] = True
            found["options"] = draw(st.permutations(options))
        case "true_false":
            found |= {"answer": draw(st.booleans()), "why_true": draw(prose), "why_false": draw(prose)}
        case "ordering":
            found["items"] = draw(st.lists(why, min_size=3, max_size=7))
        case "matching":
            lefts = draw(st.lists(text, min_size=2, max_size=5, unique_by=" ".join))
            pairs = [{"left": left, "right": draw(text), "why": draw(prose)} for left in lefts]
            rights = {pair["right"].strip() for pair in pairs}
            decoys = [each for each in draw(st.lists(text, max_size=3)) if each.strip() not in rights]
            found |= {"pairs": pairs, **({"decoys": decoys} if decoys else {})}
        case "numeric":
            found |= {"answer": draw(numbers), "tolerance": abs(draw(numbers)), "why": draw(prose)}
            found["otherwise"] = draw(prose)
            if draw(st.booleans()):
                found["slips"] = [{"value": 123456.5, "why": draw(prose)}]
        case "text":
            found |= _typed(draw, prose)
        case "bins":
            named = draw(st.lists(text, min_size=2, max_size=4, unique_by=lambda each: " ".join(each.split())))
            items = draw(st.lists(text, min_size=3, max_size=6, unique_by=lambda each: " ".join(each.split())))
            held = [{"text": item, "bin": named[n % len(named)], "why": draw(prose)} for n, item in enumerate(items)]
            found |= {"bins": named, "items": held}
        case _:
            found["text"] = "We say [[a-gap]] and then [[two]]."
            options = draw(st.lists(why, min_size=2, max_size=4))
            options[0]["right"] = True
            found["gaps"] = [
                {"id": "a-gap", "kind": "choice", "options": options},
                {"id": "two", "kind": "text", **_typed(draw, prose)},
            ]
    return found


def _typed(draw: Any, prose: Any) -> dict[str, Any]:
    every = draw(forms)
    found: dict[str, Any] = {"accept": every[: max(1, len(every) // 2)], "why": draw(prose), "otherwise": draw(prose)}
    if slips := every[max(1, len(every) // 2) :]:
        found["slips"] = [{"any_of": slips, "why": draw(prose)}]
    return found


@st.composite
def quizzes(draw: Any, text: Any = lines) -> Quiz:
    """A quiz of every kind that formats hold."""
    count = draw(st.integers(1, 4))
    data = {
        "title": draw(text),
        "skill": "report",
        "draw": draw(st.integers(1, count)),
        "questions": [draw(questions(text, n)) for n in range(count)],
    }
    return Quiz.model_validate_json(json.dumps(data))


WRITERS = {
    "gift": (gift_write.write, gift.read),
    "qti": (lambda quiz, path: qti_write.write(quiz, "q", path), qti.read),
    "csv": (table.write, table.read),
}


def again(form: str, quiz: Quiz) -> tuple[Quiz, Imported]:
    """The quiz after it was written in a format and read back."""
    write, reader = WRITERS[form]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"quiz.{form}"
        write(quiz, path)
        found = reader(path)
    return quiz_of(found), found


def quiz_of(found: Imported) -> Quiz:
    """The one quiz of an import, as our own reader reads it from the YAML that was written."""
    data = read(dump(found.quizzes[0]).encode(), "x")
    assert data.problems == ()
    return Quiz.model_validate_json(json.dumps(data.data))
