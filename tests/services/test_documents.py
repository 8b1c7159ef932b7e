"""Papers for people: whatever somebody wrote, the paper comes out, and what they wrote stays text."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.hot_wash import Card
from services.documents import docx, pdf
from tests.domain.alone import played
from tests.domain.test_after_action import report

TABLE = played()
NASTY = '#eval("1") $x$ <b> \\ =HYPERLINK() @e1 \x00\x0b \ud7ff \ufffe'


def paper(kind: str, text: str) -> bytes:
    card = Card(1, 0, text, observer=True, dots=2, mine=False, dotted=False)
    draw = {"pdf": pdf.report, "docx": docx.report}[kind]
    return draw(report(TABLE, cards=[card]))


@pytest.mark.parametrize("kind", ["pdf", "docx"])
@settings(max_examples=25)
@example(NASTY)
@given(text=st.text(max_size=60))
def test_no_text_that_somebody_writes_breaks_a_paper(kind: str, text: str) -> None:
    assert paper(kind, text).startswith({"pdf": b"%PDF", "docx": b"PK"}[kind])


def test_the_same_report_is_the_same_pdf_and_it_is_tagged() -> None:
    first = paper("pdf", "a card")
    assert first == paper("pdf", "a card")
    assert b"/StructTreeRoot" in first
    assert b"pdfuaid" in first


def test_a_claim_in_the_word_file_links_to_its_event() -> None:
    with zipfile.ZipFile(io.BytesIO(paper("docx", "a card"))) as parts:
        body = parts.read("word/document.xml").decode()
    numbers = [event for decision in report(TABLE).decisions for event in decision.events]
    assert numbers
    for number in numbers:
        assert f'w:anchor="event{number}"' in body
        assert f'w:name="event{number}"' in body


def test_what_a_person_wrote_is_data_to_the_template() -> None:
    assert json.dumps(NASTY) not in pdf.HERE.joinpath("report.typ").read_text(encoding="utf-8")
    assert paper("pdf", '#panic("run")').startswith(b"%PDF")


def test_both_papers_say_how_the_votes_stood_to_the_decisions() -> None:
    (line,) = report(TABLE).alignment
    with zipfile.ZipFile(io.BytesIO(paper("docx", "a card"))) as parts:
        assert line in parts.read("word/document.xml").decode()
    assert "r.alignment" in pdf.HERE.joinpath("report.typ").read_text(encoding="utf-8")
    other = replace(report(TABLE), alignment=())
    assert pdf.report(other) != pdf.report(report(TABLE))
