"""Import and export: what other tools write becomes a scenario that checks, lints and plays; what is lost is said."""

import base64
import io
import json
import shutil
import tempfile
import zipfile
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from catalog.formats import cexf, iceberg, msel, sheets
from catalog.formats.draft import Unreadable, clean
from catalog.formats.files import dump, save
from catalog.formats.times import Clock, Offset, read_time, since_start
from catalog.library import load
from catalog.read import read
from commands.exports import app as exports
from commands.imports import app as imports
from domain.lint import lint
from domain.machine import play_all
from domain.scenario import Scenario
from domain.span import moment

HERE = Path(__file__).resolve().parent
SHIPPED = load(HERE.parent.parent)

HAND_MADE: list[list[object]] = [
    ["Exercise Grey Harbour", None, None, None, None, None, None, None],
    [None, None, None, None, None, None, None, None],
    ["#", "Time", "Event", "Event Description", "From", "To", "Mode", "Expected Player Action", "Weather"],
    [1, "STARTEX", "Ransom note", "All files on the share end in .grey.", "Service desk", "IT", "Phone", "Isolate the share\nKeep the note", "sun"],
    [2, "T+25", "A customer calls", "She has had a mail with her own order in it.", "Ms Oduya", "Customer service", "Phone", "Write down the time", ""],
    [3, "T+1:20", "The paper asks", "We go online at noon.", "Harbour Herald", "Communications", "E-mail", "One voice", ""],
    [4, "+95 min", "Police", "They would like the logs.", "Sergeant Nolan", "IT", "Visit", "Preserve evidence", ""],
    [5, "M-5", "Briefing", "Rules of the day.", "Controller", "All", "", "", ""],
    [6, "soon", "Monitoring", "Offer credit monitoring?", "Insurer", "Legal", "E-mail", "", "rain"],
]  # fmt: skip


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "clean", tmp_path / "root"))


def brought(root: Path, imported, name: str = "brought") -> Scenario:
    """The scenario as the app reads it after the import; nothing may be wrong with it."""
    save(imported, root, name, "a test")
    catalog = load(root)
    assert [str(problem) for problem in catalog.problems] == []
    scenario = catalog.scenarios[name]
    played = play_all(scenario, catalog.regimes)
    assert played.ways >= 2
    assert f"content/rehearsals/{name}.yaml" in catalog.digests
    return scenario


# ── times ──


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("T+25", 25), ("T+25m", 25), ("t + 25 min", 25), ("T+1:20", 80), ("T+1h20m", 80), ("T+2d4h", 3120), ("M-5", -5),
        ("M+10", 10), ("H-1:00", -60), ("+25 min", 25), ("25 min", 25), ("1 hour", 60), ("90", 90), (25, 25), (1.5, 2),
        ("STARTEX", 0), ("Start+15", 15), (timedelta(hours=2), 120), ("T−10", -10), ("T+0m", 0),
    ],
)  # fmt: skip
def test_a_span_is_read_as_people_write_it(written, minutes):
    assert read_time(written) == Offset(timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("09:05", Clock(time(9, 5))), ("9.05", Clock(time(9, 5))), ("0905 hrs", Clock(time(9, 5))), ("9:05 pm", Clock(time(21, 5))),
        ("12:10 am", Clock(time(0, 10))), ("9 am", Clock(time(9))), ("Day 2 09:05", Clock(time(9, 5), 1)), ("D+1, 23:30", Clock(time(23, 30), 1)),
        (time(9, 5, 30), Clock(time(9, 5))), (datetime(2026, 11, 20, 9, 5, tzinfo=UTC), Clock(time(9, 5))), (0.375, Clock(time(9))),
    ],
)  # fmt: skip
def test_a_time_of_day_is_read_as_people_write_it(written, at):
    assert read_time(written) == at


@pytest.mark.parametrize(
    "written", ["", None, "soon", "25:00", "T+", "9:60", "T+x", True, "T+999999d", float("nan"), "x" * 5000, "13 pm"]
)
def test_what_is_no_time_is_none(written):
    assert read_time(written) is None


@given(st.integers(0, 400 * 24 * 60))
def test_what_we_write_is_read_back(minutes):
    span = timedelta(minutes=minutes)
    assert read_time(moment(span)) == Offset(span)


@given(st.times(), st.times(), st.integers(0, 5000))
def test_a_time_of_day_comes_on_the_first_day_that_is_not_too_early(at, start, minutes):
    before = timedelta(minutes=minutes)
    at, start = at.replace(second=0, microsecond=0), start.replace(second=0, microsecond=0)
    span = since_start(Clock(at), start, before)
    assert before <= span < before + timedelta(days=1) or span < timedelta(days=1)
    assert (datetime(2026, 1, 1, start.hour, start.minute, tzinfo=UTC) + span).time() == at


@settings(max_examples=300)
@given(st.text() | st.floats() | st.integers() | st.none() | st.datetimes() | st.timedeltas())
def test_no_cell_whatever_makes_reading_a_time_fail(cell):
    found = read_time(cell)
    assert found is None or isinstance(found, Offset | Clock)


# ── MSEL ──


@pytest.mark.parametrize("form", ["xlsx", "csv", "csv; in cp1252"])
def test_an_msel_made_by_hand_imports_lints_and_plays(form, root, tmp_path):
    path = tmp_path / f"plan.{form[:4].strip(';')}"
    if form == "xlsx":
        workbook(path, HAND_MADE)
    else:
        path = tmp_path / "plan.csv"
        mark = ";" if "cp1252" in form else ","
        lines = [mark.join('"' + str("" if cell is None else cell) + '"' for cell in row) for row in HAND_MADE]
        path.write_bytes("\n".join(lines).encode("cp1252" if "cp1252" in form else "utf-8"))
    imported = msel.read(path, "brought")
    scenario = brought(root, imported)
    assert scenario.title.startswith("Exercise Grey Harbour")
    at = {inject.title: inject.at for inject in scenario.injects}
    minutes = {title: int(t.total_seconds() // 60) for title, t in at.items() if t is not None}
    assert minutes == {
        "Ransom note": 0,
        "A customer calls": 25,
        "The paper asks": 80,
        "Police": 95,
        "Briefing": 0,
        "Monitoring": 10,
    }
    assert scenario.injects[0].expected == ("Isolate the share", "Keep the note")
    assert scenario.injects[0].channel == "call"
    assert {"IT", "Customer service", "Communications", "Legal"} <= {seat.title for seat in scenario.seats}
    remarks = lint(scenario, {})
    assert [remark.message for remark in remarks if remark.error] == []
    assert len([remark for remark in remarks if remark.code == "L320"]) > 10
    notes = [str(note) for note in imported.notes]
    assert any("column I" in note and "“Weather” is not used (2 rows, 4 to 9)" in note for note in notes)
    assert any("row 8, column B" in note and "before the start" in note for note in notes)
    assert any("row 9, column B" in note and "“soon” is no time" in note for note in notes)
    assert any("the decision `ransom-note`" in note for note in notes)


def test_decisions_of_a_sheet_are_taken_and_none_made_up(root, tmp_path):
    rows: list[list[object]] = [
        ["Time", "Title", "Description", "Decision", "Options", "Type", "Skills"],
        ["09:00", "One", "First.", "What now?", "P: Close it\nU: Wait\nlook", "Inject", "secure, authorities"],
        ["", "", "", "And who is told?", "[P] All of them; [S] Some of them", "", ""],
        ["08:30", "Next morning", "Second.", "", "", "Inject", "improve"],
        ["", "In reserve", "Third.", "", "", "Contingency inject", ""],
    ]
    imported = msel.read(workbook(tmp_path / "plan.xlsx", rows), "brought")
    save(imported, root, "brought", "a test")
    scenario = load(root).scenarios["brought"]
    assert [[o.rating for o in decision.options] for decision in scenario.decisions] == [["P", "U", "S"], ["P", "S"]]
    assert scenario.injects[0].asks == ("one", "one-2")
    assert scenario.injects[1].at == timedelta(hours=23, minutes=30)
    assert scenario.injects[1].asks == ()
    assert scenario.injects[2].by_hand


@pytest.mark.parametrize("slug", sorted(SHIPPED.scenarios))
def test_what_an_msel_can_hold_survives_export_and_import(slug, root, tmp_path):
    scenario = SHIPPED.scenarios[slug]
    assert msel.write(scenario, tmp_path / "out.xlsx")
    again = Scenario.model_validate_json(json.dumps(msel.read(tmp_path / "out.xlsx", slug).scenario))
    held = slice(0, len(msel.HEAD) - 1)  # conditions are there to be read by people
    kinds = {"Conditional": "Contingency"}

    def told(each: Scenario) -> list[list[str]]:
        return [[kinds.get(cell, cell) for cell in row[held]] for row in msel.rows(each)]

    assert told(again) == told(msel.as_set(scenario))
    assert (again.title, again.starts, again.zone, again.summary) == (
        scenario.title,
        scenario.starts,
        scenario.zone,
        scenario.summary,
    )


def test_a_text_that_looks_like_a_formula_stays_text(tmp_path):
    sheets.write(tmp_path / "out.xlsx", "T", [("=1+1", "@x")], ["a"], [["=HYPERLINK(1)"], ["'=1"], ["-5"], ["plain"]])
    cells = [cell for row in load_workbook(tmp_path / "out.xlsx").active.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    read_back = [sheets.plain(row[0]) for row in sheets.sheets(tmp_path / "out.xlsx")[0][1][3:]]
    assert read_back == ["=HYPERLINK(1)", "'=1", "-5", "plain"]


@given(st.text(max_size=30))
def test_harmless_and_plain_are_each_others_undoing(text):
    assert sheets.plain(sheets.harmless(text)) == text
    assert not sheets.harmless(text).startswith(("=", "+", "-", "@"))


# ── what must not get in ──


def xlsx(tmp_path: Path, parts: dict[str, bytes]) -> Path:
    path = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return path


def test_a_workbook_that_explodes_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="unpacks to more than 40 MB"):
        msel.read(xlsx(tmp_path, {"xl/workbook.xml": b" " * (41 * 1024 * 1024)}), "x")


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path):
    raw = bytearray(xlsx(tmp_path, {"a.xml": b" " * (41 * 1024 * 1024)}).read_bytes())
    size = (41 * 1024 * 1024).to_bytes(4, "little")
    lying = bytes(raw).replace(size, (5).to_bytes(4, "little"))
    assert lying != bytes(raw)
    (tmp_path / "bad.xlsx").write_bytes(lying)
    with pytest.raises(Unreadable):
        msel.read(tmp_path / "bad.xlsx", "x")


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><x/>'.encode("utf-16"),
    ],
)
def test_xml_that_declares_entities_is_refused(body, tmp_path):
    with pytest.raises(Unreadable, match="declares XML entities"):
        msel.read(xlsx(tmp_path, {"xl/workbook.xml": body}), "x")


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        ("a.csv", b"a,b\n" * 10_001, "more than 10,000 rows"),
        ("a.csv", b"\x00\x01\x02", "neither CSV nor XLSX"),
        ("a.csv", b"one,two\n1,2\n", "names columns"),
        ("a.csv", b"Time,Title\n", "no inject"),
        ("a.csv", b'Time,Title\n1,"' + b"x" * 200_000 + b'"\n', "is not CSV"),
        ("a.xlsx", b"PK\x03\x04 broken", "not an XLSX workbook"),
        ("a.xlsx", b"plain text", "not an XLSX workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old or encrypted"),
    ],
)
def test_a_broken_or_huge_sheet_gets_one_sentence(name, raw, said, tmp_path):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(Unreadable, match=said) as caught:
        msel.read(tmp_path / name, "x")
    assert str(caught.value).endswith(".")


def test_an_empty_archive_is_no_workbook(tmp_path):
    with pytest.raises(Unreadable, match="not an XLSX workbook"):
        msel.read(xlsx(tmp_path, {"hello.txt": b"hello"}), "x")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=20) | st.integers() | st.none(), max_size=7), max_size=6))
def test_no_sheet_whatever_ends_in_anything_but_a_scenario_or_a_sentence(rows):
    path = Path(tempfile.gettempdir()) / f"muster-fuzz-{id(rows)}.csv"
    lines = io.StringIO()
    lines.write("Time,Title,Description,To,Decision,Options,Skills\n")
    for row in rows:
        lines.write(",".join('"' + str("" if cell is None else cell).replace('"', '""') + '"' for cell in row) + "\n")
    path.write_text(lines.getvalue(), encoding="utf-8", errors="replace")
    try:
        found = msel.read(path, "x")
    except Unreadable:
        return
    finally:
        path.unlink()
    assert read(dump(found.scenario).encode(), "x").data == found.scenario


def test_imported_texts_hold_nothing_that_content_may_not_hold():
    assert clean("a\x00b\u202ec <script> {{word}} [x](javascript:y) ![i](z)\r\n") == (
        "abc ‹script› { {word} } [x] (javascript:y) ! [i] (z)"
    )


# ── CEXF ──


@pytest.mark.parametrize("slug", sorted(SHIPPED.scenarios))
def test_what_cexf_can_hold_survives_export_and_import(slug, tmp_path):
    scenario = SHIPPED.scenarios[slug]
    assert cexf.write(scenario, slug, tmp_path / "out.json")
    again = Scenario.model_validate_json(json.dumps(cexf.read(tmp_path / "out.json", slug).scenario))

    def held(each: Scenario) -> list[tuple[object, ...]]:
        found = [(i.title, "\n".join((i.text, *i.lines)), i.at, i.expected) for i in each.injects]
        return sorted((row[0], row[1], str(row[2] or "") if row[2] else "", row[3]) for row in found)

    def timed(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
        return [row for row in rows if row[2]]

    assert timed(held(again)) == timed(held(msel.as_set(scenario)))
    assert {row[:2] for row in held(again)} == {row[:2] for row in held(msel.as_set(scenario))}
    assert (again.title, again.summary, again.setting) == (scenario.title, scenario.summary, scenario.setting)


def test_a_cexf_file_of_another_tool_imports_and_says_what_it_lost(root, tmp_path):
    mail = base64.b64encode(b"Dear colleague, we found your customers' data.").decode()
    body = {
        "exercise": {"name": "Grey mail", "description": "A mail arrives.", "total_duration": "7200", "tags": ["a:b"]},
        "inject_flow": [
            {"inject_uuid": "u1", "sequence": {"trigger": ["startex"]}, "timing": {"triggered_at": None}},
            {
                "inject_uuid": "u2",
                "requirements": {"inject_uuid": "u1", "resolution_requirement": "Publishing"},
                "timing": {"triggered_at": None},
            },
            {"inject_uuid": "u3", "timing": {"triggered_at": "900"}},
        ],
        "inject_payloads": [
            {"name": "m", "parameters": {"content": mail, "content-type": "base64"}, "type": "file", "uuid": "p1"},
            {"name": "n", "parameters": {"port": "25"}, "type": "tcp_connection", "uuid": "p2"},
        ],
        "injects": [
            {
                "action": "email_to_participants",
                "action_payload_resource_uuid": "p1",
                "inject_evaluation": [{"parameters": [{}], "result": "Record it", "score_range": [0, 10]}],
                "name": "A mail",
                "target_tool": "MISP",
                "uuid": "u1",
            },
            {"action": "network_connection", "action_payload_resource_uuid": "p2", "name": "A flow", "uuid": "u2"},
            {"action": "carrier_pigeon", "name": "Later", "uuid": "u3"},
            "nonsense",
        ],
    }
    path = tmp_path / "grey.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    imported = cexf.read(path, "brought")
    scenario = brought(root, imported)
    assert scenario.injects[0].channel == "mail"
    assert scenario.injects[0].text.startswith("Dear colleague")
    assert scenario.injects[0].expected == ("Record it",)
    assert scenario.injects[1].when is not None
    assert scenario.injects[2].at == timedelta(minutes=15)
    told = "\n".join(str(note) for note in imported.notes)
    for part in ("exercise.tags", "“Publishing”", "the payload “n”", "the tool MISP", "“carrier_pigeon” is not known"):
        assert part in told


# ── IcebergTTX ──

ICEBERG = {
    "schema_version": "1.0",
    "title": "The supplier is silent",
    "description": "A supplier stops answering.",
    "tags": ["sample"],
    "metadata": {"author": "Somebody", "estimated_duration_minutes": 40},
    "participant_teams": [{"id": "it_ops", "label": "IT Operations"}, {"id": "legal", "label": "Legal"}],
    "injects": [
        {
            "id": "second",
            "title": "Queues",
            "content": "Customers wait.",
            "sequence_order": 2,
            "target_teams": ["legal"],
            "options": [],
            "triggers_communications": [
                {"external_entity": "A customer", "direction": "inbound", "subject": "Well?", "body": "We wait.", "delay_after_release_seconds": 5},
                {"external_entity": "The press", "direction": "outbound", "subject": "Ours", "body": "…"},
            ],
        },
        {
            "id": "first",
            "title": "Silence",
            "content": "The portal is down.",
            "sequence_order": 1,
            "target_teams": ["it_ops"],
            "options": [
                {"id": "a", "label": "Work around it", "next_inject_id": "second"},
                {"id": "b", "label": "Wait for them", "next_inject_id": "second"},
            ],
            "expected_actions": ["Confirm the scope"],
        },
        {"id": "spare", "title": "Spare", "content": "In reserve.", "sequence_order": 3},
    ],
    "start_inject_id": "first",
    "debrief_notes": "Talk about suppliers.",
}  # fmt: skip


def test_an_iceberg_scenario_imports_with_its_branches(root, tmp_path):
    path = tmp_path / "ice.json"
    path.write_text(json.dumps(ICEBERG), encoding="utf-8")
    imported = iceberg.read(path, "brought")
    save(imported, root, "brought", "a test")
    catalog = load(root)
    assert {p.code for p in catalog.problems} <= {"C303", "C304"}
    scenario = catalog.scenarios["brought"]
    assert [inject.title for inject in scenario.injects] == ["Silence", "Queues", "Spare"]
    silence, queues, spare = scenario.injects
    assert silence.at == timedelta()
    assert queues.when is not None
    assert [(part.decided, part.option) for part in queues.when.any] == [
        ("silence", "work-around-it"),
        ("silence", "wait-for-them"),
    ]
    assert queues.attachments[0].subject == "Well?"
    assert spare.by_hand
    assert scenario.voters(scenario.decision("silence")) == ("it-ops",)
    assert scenario.debrief.opening == "Talk about suppliers."
    assert scenario.minutes == 40
    told = "\n".join(str(note) for note in imported.notes)
    for part in (
        "metadata.author",
        "tags",
        "the outgoing message “Ours”",
        "the delay of “Well?”",
        "no option leads to it",
    ):
        assert part in told
    assert play_all(scenario, catalog.regimes).ways >= 2


@pytest.mark.parametrize("reader", [cexf.read, iceberg.read])
@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"{", "is not JSON"),
        (b"[]", "no JSON object"),
        (b"{}", "no `injects`"),
        (b'{"injects": "x"}', "no `injects`"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 200_000, "is not JSON"),
        (b'{"a": "' + b"x" * (5 * 1024 * 1024) + b'"}', "larger than 5 MB"),
    ],
)
def test_a_broken_document_gets_one_sentence(reader, raw, said, tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(raw)
    with pytest.raises(Unreadable, match=said):
        reader(path, "x")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                ["id", "uuid", "name", "title", "options", "inject_evaluation", "target_teams", "action", "content"]
            ),
            json_values
            | st.lists(st.dictionaries(st.sampled_from(["id", "label", "next_inject_id", "result"]), json_values)),
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([cexf.read, iceberg.read]),
)
def test_no_document_whatever_ends_in_anything_but_a_scenario_or_a_sentence(injects, reader):
    path = Path(tempfile.gettempdir()) / f"muster-fuzz-{id(injects)}.json"
    path.write_text(json.dumps({"injects": injects, "inject_flow": injects}), encoding="utf-8")
    try:
        found = reader(path, "x")
    except Unreadable:
        return
    finally:
        path.unlink()
    assert read(dump(found.scenario).encode(), "x").data == found.scenario


# ── commands ──


def test_the_commands_import_and_export_and_never_overwrite(root, tmp_path):
    workbook(tmp_path / "plan.xlsx", HAND_MADE)
    words = ["msel", str(tmp_path / "plan.xlsx"), "--slug", "grey", "--root", str(root)]
    done = CliRunner().invoke(imports, words)
    assert done.exit_code == 0
    assert "content/scenarios/grey.yaml" in done.stdout
    assert "lost: column I" in done.stdout
    again = CliRunner().invoke(imports, words)
    assert again.exit_code == 1
    assert "already there" in again.stderr
    for kind in ("msel", "cexf"):
        out = str(tmp_path / f"out.{kind}")
        words = [kind, "grey", out, "--root", str(root)]
        assert CliRunner().invoke(exports, words).exit_code == 0
        assert CliRunner().invoke(exports, words).exit_code == 1
    assert CliRunner().invoke(exports, ["msel", "gray", str(tmp_path / "x"), "--root", str(root)]).exit_code == 1
    assert (
        CliRunner().invoke(imports, ["cexf", str(tmp_path / "none"), "--slug", "n", "--root", str(root)]).exit_code == 1
    )
    assert CliRunner().invoke(imports, ["iceberg", "x", "--slug", "N N", "--root", str(root)]).exit_code == 2
