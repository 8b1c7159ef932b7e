"""Mistakes of every kind in real files: the answer is a value or problems at places that exist, never an exception."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.checks import alone, hosts
from catalog.file import File
from catalog.kinds import KINDS, ORGANISATION
from catalog.problem import CODES
from catalog.read import read
from catalog.shape import shape

CLEAN = Path(__file__).resolve().parent / "clean"
FILES = [
    (kind, path.relative_to(CLEAN).as_posix(), path.read_text(encoding="utf-8"))
    for kind in KINDS
    for path in sorted((CLEAN / kind.folder).glob("*.yaml"))
] + [(ORGANISATION, ORGANISATION.folder, (CLEAN / ORGANISATION.folder).read_text(encoding="utf-8"))]

put = st.sampled_from(
    ["", " ", "\n", "  ", "- ", ": ", "x", "5", "0.5", "true", "null", "[]", "{}", "[a]", "{a: 1}", '"', "'", "|", "#",
     "kind: spot", "id: a", "cites: [x]", "when: {all: [{any: []}]}", "T+99999999d", "9" * 400, "2026-02-30", "\t", "&a", "*a", "<b>"]
)  # fmt: skip
mistake = st.tuples(st.floats(0, 1), st.integers(0, 30), put)


def spoilt(text: str, mistakes: list[tuple[float, int, str]]) -> str:
    for where, gone, come in mistakes:
        at = int(where * len(text))
        text = text[:at] + come + text[at + gone :]
    return text


def swapped(text: str, first: float, second: float) -> str:
    lines = text.splitlines()
    a, b = int(first * (len(lines) - 1)), int(second * (len(lines) - 1))
    lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines) + "\n"


def answer(kind, file: str, text: str) -> None:
    data = read(text.encode(), file)
    value, problems = shape(data, kind.type, file)
    this = File(file, kind, "x", value, data, hosts(kind, data) if value is not None else ())
    problems = (*problems, *alone(this))
    assert (value is None) <= bool(problems)
    lines = text.splitlines() or [""]
    for problem in problems:
        assert problem.code in CODES
        assert 1 <= problem.line <= len(lines) + 1
        assert problem.column >= 1
        assert "\n" not in problem.message
        assert len(problem.message) <= 300
        assert problem.message.endswith((".", "?")), problem.message


@pytest.mark.parametrize(("kind", "file", "text"), FILES, ids=[file for _, file, _ in FILES])
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(mistakes=st.lists(mistake, min_size=1, max_size=4))
def test_a_spoilt_file_gets_problems_that_can_be_found(kind, file: str, text: str, mistakes) -> None:
    answer(kind, file, spoilt(text, mistakes))


@pytest.mark.parametrize(("kind", "file", "text"), FILES, ids=[file for _, file, _ in FILES])
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(first=st.floats(0, 1), second=st.floats(0, 1))
def test_lines_in_the_wrong_order_get_problems_that_can_be_found(kind, file, text, first, second) -> None:
    answer(kind, file, swapped(text, first, second))


@pytest.mark.parametrize(("kind", "file", "text"), FILES, ids=[file for _, file, _ in FILES])
def test_a_file_of_the_wrong_kind_is_refused_politely(kind, file: str, text: str) -> None:
    for other in (*KINDS, ORGANISATION):
        if other is not kind:
            answer(other, file, text)
