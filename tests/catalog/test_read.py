"""Reading YAML: the plain core of 1.2, positions, and files that mean harm."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.read import MAX_BYTES, MAX_PROBLEMS, Place, read


def codes(raw: bytes | str) -> list[tuple[int, int, str]]:
    text = raw.encode() if isinstance(raw, str) else raw
    return [(p.line, p.column, p.code) for p in read(text, "f.yaml").problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("10:30", "10:30"),
        ("12:34:56", "12:34:56"),
        ("2026-02-30", "2026-02-30"),
        ("2026-11-23", "2026-11-23"),
        ("0o17", "0o17"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("+", "+"),
        ("1.2.3", "1.2.3"),
        ("T+25m", "T+25m"),
        ("010", 10),
        ("-7", -7),
        ("0.75", 0.75),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("", None),
        ('"10"', "10"),
        ("'true'", "true"),
        ('"\\u00e9"', "é"),
        ("e\u0301", "é"),
        ("|\n  a\n  b", "a\nb"),
        (">\n  a\n  b", "a b"),
        ("[a, {b: 1}]", ["a", {"b": 1}]),
    ],
)
def test_plain_text_means_what_yaml_1_2_says(written: str, meant: object) -> None:
    result = read(f"k: {written}".encode(), "f.yaml")
    assert result.problems == ()
    assert result.data == {"k": meant}
    assert type(result.data["k"]) is type(meant)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("a: &a [x, x]\nb: [*a, *a]", (1, 4, "C105")),  # billion laughs, from its first anchor
        ("a: &a [*a]", (1, 4, "C105")),  # a value that holds itself
        ("b: {x: 1}\na:\n  <<: {y: 2}", (3, 3, "C105")),
        ("a: !!python/object/apply:os.system [ls]", (1, 4, "C105")),
        ("a: !x y", (1, 4, "C105")),
        ("? [a]\n: b", (1, 3, "C105")),
        ("[" * 20_000, (1, 21, "C108")),
        ("{a: " * 20_000, (1, 81, "C108")),
        ("- " * 20_000, (1, 41, "C108")),
        ("- a\n" * 30_000, (20_000, 3, "C108")),
        ("answer: A\nanswer: B", (2, 1, "C107")),
        ("a: 1\r\nb: 2\r\nb: 3\r\n", (3, 1, "C107")),
        ("{a: 1, 'a': 2}", (1, 8, "C107")),
        ("a: .nan", (1, 4, "C109")),
        ("a: -.inf", (1, 4, "C109")),
        ("a: 1e999", (1, 4, "C109")),
        ("a: " + "9" * 5000, (1, 4, "C109")),
        ("a:\n\tb: 1", (2, 1, "C104")),
        ("a: b: c", (1, 5, "C104")),
        ('a: "x', (1, 6, "C104")),
        ("a: [1, 2", (1, 9, "C104")),
        ("a: @x", (1, 4, "C104")),
        ("a: - b", (1, 4, "C104")),
        ("a: x\nb", (2, 2, "C104")),
        ('a: "\\ud800"', (1, 7, "C104")),
        (b"\xef\xbb\xbfa: 1\n\xef\xbb\xbfb: 2", (2, 1, "C103")),
        ("a: 1".encode("utf-16-le"), (1, 2, "C103")),
        (b"a: b\x00c", (1, 5, "C103")),
        ('a: "b\\0c"', (1, 4, "C103")),
        ("a: x\u202ey", (1, 5, "C103")),
        ('a: "x\\u202ey"', (1, 4, "C103")),
        ('"x\\u202ey": 1', (1, 1, "C103")),
        ("# \x1b[2J\na: 1", (1, 3, "C103")),
        ("a: x" + "\u0300\u0316" * 60_000, (1, 35, "C103")),
        ('a: "x' + "\\u0300\\u0316" * 20_000 + '"', (1, 4, "C103")),
        ("a: 1\n---\nb: 2", (2, 1, "C106")),
        ("", (1, 1, "C106")),
        ("# nothing", (1, 1, "C106")),
        ("null", (1, 1, "C106")),
        ("a: é".encode("latin-1"), (1, 4, "C102")),
        ("a: 1".encode("utf-16"), (1, 1, "C102")),
        (b"a: \xed\xa0\x80", (1, 4, "C102")),
        (b"a" * 10_000_000, (1, 1, "C101")),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_file_that_means_harm_gets_one_clear_answer(raw: str | bytes, problem: tuple[int, int, str]) -> None:
    tracemalloc.start()
    found = codes(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found[0] == problem
    assert peak < 100_000_000


def test_a_byte_order_mark_at_the_start_does_no_harm() -> None:
    assert read(b"\xef\xbb\xbfa: 1", "f.yaml").data == {"a": 1}


def test_all_problems_of_a_file_are_told_at_once() -> None:
    assert codes("a: 1\na: 2\nb: .nan\nc: !x y\nd: 1\nd: 2\n") == [
        (2, 1, "C107"),
        (3, 4, "C109"),
        (4, 4, "C105"),
        (6, 1, "C107"),
    ]


def test_a_file_of_nothing_but_problems_does_not_flood_the_screen() -> None:
    assert len(codes("".join(f"- &a{n} x\n" for n in range(5000)))) == MAX_PROBLEMS


def test_every_value_has_its_line_and_column() -> None:
    place = read(b"# head\na:\n  - x\n  - {b: 'y'}\n", "f.yaml").place
    assert isinstance(place, Place)
    assert place.keys == {"a": (2, 1)}
    assert isinstance(place.inside, dict)
    inner = place.inside["a"]
    assert isinstance(inner, Place)
    items = inner.inside
    assert isinstance(items, list)
    assert items[0] == (3, 5)
    assert isinstance(items[1], Place)
    assert items[1].inside == {"b": (4, 9)}


def test_what_a_duplicate_key_hides_is_not_taken() -> None:
    assert read(b"answer: A\nanswer: {x: [B]}\nnext: C", "f.yaml").data == {"answer": "A", "next": "C"}


def sane(data: object, depth: int = 0) -> bool:
    if isinstance(data, dict):
        return all(isinstance(key, str) and sane(value, depth + 1) for key, value in data.items())
    if isinstance(data, list):
        return all(sane(value, depth + 1) for value in data)
    return depth <= 21 and (data is None or isinstance(data, str | bool | int | float))


@given(st.binary(max_size=400))
def test_whatever_the_bytes_reading_never_raises(raw: bytes) -> None:
    result = read(raw, "f.yaml")
    assert sane(result.data)
    assert result.data is not None or result.problems
    assert all(p.line >= 1 and p.column >= 1 for p in result.problems)


pieces = st.sampled_from(
    ["a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ", ", "|", ">", "&x ", "*x", "!y ", '"', "'", "#", "\t", "? ",
     "<<", "---\n", "...", "%", "1", ".", "e", "9" * 20, "\u202e", "\\u202e", "é", "\r\n", "~", "true", "@"]
)  # fmt: skip


@given(st.lists(pieces, max_size=40).map("".join))
def test_whatever_looks_like_yaml_is_data_or_problems(text: str) -> None:
    result = read(text.encode(), "f.yaml")
    assert sane(result.data)
    assert result.data is not None or result.problems
    lines = text.splitlines() or [""]
    assert all(p.line <= len(lines) + 1 for p in result.problems)


trees = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.text("aé :#-[]{}'\"\n0.", max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("ab :#", min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(trees.filter(lambda tree: tree is not None))
def test_json_is_read_as_the_data_it_holds(tree: object) -> None:
    import json

    raw = json.dumps(tree).encode()
    result = read(raw, "f.yaml")
    assert len(raw) <= MAX_BYTES
    assert result.problems == ()
    assert result.data == tree
