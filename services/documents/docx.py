"""The after-action report as DOCX, for those who go on writing in it. What people wrote is text, never a field."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from domain.after_action import AfterAction
from domain.span import moment
from services.documents.words import BADGE, LEGAL, clean, facts, said


def report(after: AfterAction) -> bytes:
    """The report as a Word document; claims link to the log at its end."""
    from docx import Document

    paper = _Paper(Document())
    paper.head(after)
    paper.duties(after)
    paper.objectives(after)
    paper.decisions(after)
    paper.rest(after)
    paper.log(after)
    out = io.BytesIO()
    paper.document.save(out)
    return out.getvalue()


class _Paper:
    """The document being written, part by part."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.marks = 0

    # ── pieces ──

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Any:
        found = self.document.add_table(rows=1, cols=len(head), style="Light Grid Accent 1")
        for cell, text in zip(found.rows[0].cells, head, strict=True):
            cell.text = clean(text)
        _repeat(found.rows[0])
        for row in rows:
            for cell, text in zip(found.add_row().cells, row, strict=True):
                cell.text = clean(text)
        return found

    def text(self, text: str, numbers: Sequence[int] = (), style: str | None = None) -> Any:
        paragraph = self.document.add_paragraph(clean(text), style)
        for number in numbers:
            _link(paragraph, f" [{number}]", f"event{number}")
        return paragraph

    # ── parts ──

    def head(self, after: AfterAction) -> None:
        properties = self.document.core_properties
        properties.title, properties.author, properties.language = (
            f"{after.title} – after-action report",
            "Muster",
            "en",
        )
        self.document.add_heading(clean(after.title), 0)
        self.text(BADGE).runs[0].bold = True
        self.text(after.answer).runs[0].bold = True
        self.text(after.lead)
        if after.compared:
            self.text(after.compared)
        self.text(after.summary)
        self.table(("The exercise", ""), facts(after))

    def duties(self, after: AfterAction) -> None:
        self.document.add_heading("Deadlines", 1)
        self.table(
            ("Duty", "Result", "Limit", "Rule", "Events"),
            (
                (f"{d.label}\n{d.authority}", d.result, d.due, f"{d.citation}\n{d.verified}", _numbers(d.events))
                for d in after.duties
            ),
        )

    def objectives(self, after: AfterAction) -> None:
        self.document.add_heading("Objectives", 1)
        for shown in after.objectives:
            self.document.add_heading(clean(f"{shown.rating or '–'} {shown.text}"), 2)
            self.text(shown.meaning, shown.events)
            for line in shown.evidence:
                self.text(line, style="List Bullet")
        self.document.add_heading("The six steps", 1)
        self.text("Tracks, not an order: nothing here scores which came first.")
        self.table(("Step", "Decisions", "How it went"), ((name, str(n), how) for name, n, how in after.steps))

    def decisions(self, after: AfterAction) -> None:
        self.document.add_heading("Decisions", 1)
        for line in after.alignment:
            self.text(line, style="List Bullet")
        for taken in after.decisions:
            self.document.add_heading(clean(f"{taken.rating} {taken.ask}"), 2)
            why = f" “{taken.why}”" if taken.why else ""
            votes = f" {taken.agreed} of {taken.votes} had voted for it." if taken.votes else ""
            slow = f" It took {taken.overrun} longer than it should." if taken.overrun else ""
            self.text(f"{taken.chosen} {taken.by}.{why}{votes}{slow}", taken.events)
            self.text(taken.explained + (f" Better: {taken.better}." if taken.better else ""))

    def rest(self, after: AfterAction) -> None:
        self.letters(after)
        if after.remarks:
            self.document.add_heading("Observations", 1)
            for remark in after.remarks:
                about = f" (on: {remark.about})" if remark.about else ""
                self.text(f"{moment(remark.t)} · {remark.by}: {remark.text}{about}", remark.events)
        if after.cards:
            self.document.add_heading("Hot wash", 1)
        for ask, cards in after.cards:
            self.document.add_heading(clean(ask), 2)
            for card in cards:
                note = said(card)
                self.text(card.text + (f" ({note})" if note else ""), style="List Bullet")
        self.findings(after)
        if after.missed:
            self.document.add_heading("Did not come up", 1)
        for line in after.missed:
            self.text(line, style="List Bullet")
        self.document.add_heading("What this scenario teaches", 1)
        for line in after.lessons:
            self.text(line, style="List Bullet")

    def letters(self, after: AfterAction) -> None:
        if after.letters:
            self.document.add_heading("Letters", 1)
        for letter in after.letters:
            self.document.add_heading(clean(letter.title), 2)
            missing = f" Missing: {'; '.join(letter.missing)}." if letter.missing else ""
            wrote = f"Last saved by {letter.written}." if letter.written else "Nobody wrote it."
            self.text(wrote + missing, letter.events)
            for sentence, wrong in letter.untrue:
                self.text(f"“{sentence}” was not true any more: {wrong}", style="List Bullet")
            if letter.text:
                self.text(letter.text)

    def findings(self, after: AfterAction) -> None:
        if after.findings:
            self.document.add_heading("Findings and actions", 1)
        for finding, actions in after.findings:
            self.document.add_heading(clean(f"{finding.skill.label}: {finding.text}"), 2)
            self.text(f"Concerns {finding.seat or 'the whole table'}.", finding.events)
            if actions:
                self.table(
                    ("Action", "Owner", "Due", "Priority", "Re-test"),
                    ((a.text, a.owner, f"{a.due_on:%d %b %Y}", a.priority, f"{a.retest}\n{a.status}") for a in actions),
                )

    def log(self, after: AfterAction) -> None:
        self.document.add_heading("Log", 1)
        found = self.table(
            ("No.", "T+", "Story", "Event"),
            ((str(e.number), moment(e.t), f"{e.moment:%a %d %b %H:%M}", e.text) for e in after.log),
        )
        for row, entry in zip(found.rows[1:], after.log, strict=True):
            _bookmark(row.cells[0].paragraphs[0], f"event{entry.number}", entry.number)
        self.text(LEGAL)


def _numbers(events: Sequence[int]) -> str:
    return ", ".join(map(str, events))


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _link(paragraph: Any, text: str, anchor: str) -> None:
    """A link to a place in this document."""
    link = _element("w:hyperlink", anchor=anchor)
    run = paragraph.add_run(text)
    link.append(run._r)  # noqa: SLF001 - python-docx has no public way to link inside a document
    paragraph._p.append(link)  # noqa: SLF001


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    inside = paragraph._p  # noqa: SLF001
    inside.insert(0, _element("w:bookmarkStart", id=str(number), name=name))
    inside.append(_element("w:bookmarkEnd", id=str(number)))


def _repeat(row: Any) -> None:
    """Let a table's first row be its head on every page."""
    row._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))  # noqa: SLF001
