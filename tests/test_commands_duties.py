"""`manage.py duties` as somebody calls it: a report, JSON, and a sentence with a line for whatever is wrong."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.duties import app

FACTS = """\
known: {discovered: 2026-03-03T09:00+01:00, aware: 2026-03-03T11:00+01:00, determined: 2026-03-05T11:00+01:00}
organisation: {countries: [DE], us_states: [CA], sectors: [health], public_company: false, roles: [controller]}
people:
  - {where: DE, count: 1200, subject: employee, data: [user.financial.bank_account, user.name]}
  - {where: US-CT, count: 640, subject: customer, data: [user.government_id.national_identification_number, user.name]}
protection: none
effects: {confidentiality: true, integrity: false, availability: false, backup: true, restored_within: PT4H}
exposure: malicious
risk: null
police_delay: null
"""
NOW = "2026-03-10T09:00+01:00"


def run(tmp_path: Path, text: str, *words: str) -> tuple[int, str, str]:
    path = tmp_path / "facts.yaml"
    path.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, [str(path), *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def test_the_report_says_what_is_owed_why_by_when_and_by_which_rule(tmp_path: Path) -> None:
    code, said, _ = run(tmp_path, FACTS, "--now", NOW)
    assert code == 0
    block = said[said.index("us-ct/individuals") :].split("\n\n")[0]
    assert "640 people in Connecticut" in block
    assert "by the end of Sat 2 May 2026, New York time" in block
    assert "Conn. Gen. Stat. 36a-701b (in force; checked against other sources, 2026-11-23)" in block
    assert "24 months, us-ct/monitoring" in said
    assert "Severity suggested: very high" in said
    assert "3 × 1 + 0.5 + 0.5 = 4" in said
    assert "not legal advice" in said


def test_json_holds_every_duty_of_every_rule(tmp_path: Path) -> None:
    code, said, _ = run(tmp_path, FACTS, "--now", NOW, "--json")
    body = json.loads(said)
    assert code == 0
    assert len({row["regime"] for row in body["duties"]}) == 115
    row = next(row for row in body["duties"] if (row["regime"], row["duty"]) == ("us-ct", "attorney-general"))
    assert row["required"] == "yes"
    assert row["due"] == "2026-05-02T23:59:59.999999-04:00"
    assert row["standing"] == "running"
    assert {"to", "because", "starts", "content", "citation", "verification", "status"} <= row.keys()
    assert [offer["months"] for offer in body["monitoring"]] == [24]
    assert body["severity"]["score"] == 4.0


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("protection: none", "protecton: none", 6, "Did you mean `protection`?"),
        ("where: US-CT", "where: TX", 5, "did you mean US-TX?"),
        ("user.financial.bank_account", "user.financial.bank_acount", 4, "did you mean user.financial.bank_account?"),
        ("aware: 2026-03-03T11:00+01:00", "aware: 2026-03-03T08:00+01:00", 1, "earlier than `discovered`"),
        ("aware: 2026-03-03T11:00+01:00", "aware: 2026-02-30T11:00+01:00", 1, "must be a date and time"),
        ("aware: 2026-03-03T11:00+01:00", "aware: 2026-03-03T11:00", 1, "offset from UTC"),
        ("us_states: [CA]", "us_states: [ZZ]", 2, "there is no State `ZZ`"),
        ("count: 640", "count: -1", 5, "must be 0 or more"),
        ("exposure: malicious", "exposure: bad", 8, "not a known value"),
        ("police_delay: null", "police_delay: {since: 2026-03-05T09:00+01:00, until: 2026-03-04T09:00+01:00}", 10, "cannot end"),
    ],
)  # fmt: skip
def test_a_mistake_gets_a_clear_sentence_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    code, out, err = run(tmp_path, FACTS.replace(old, new, 1), "--now", NOW)
    assert (code, out) == (1, "")
    assert f"facts.yaml:{line}:" in err
    assert said.casefold() in err.casefold()
    assert len(err.splitlines()) == 1


def test_a_moment_without_offset_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path, FACTS, "--now", "2026-03-10")[0] == 2


def test_json_facts_are_read_as_well(tmp_path: Path) -> None:
    body = json.dumps(
        {"known": {"aware": "2026-03-03T11:00+01:00"}, "people": [{"where": "IE", "count": 3}], "risk": "high"}
    )
    code, said, _ = run(tmp_path, body, "--now", NOW)
    assert code == 0
    assert "eu-gdpr/authority" in said
