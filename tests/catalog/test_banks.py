"""Question banks of other tools: what they hold becomes questions, and whatever does not is named."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from catalog.formats import aiken, gift, markdown, moodle, qti, table
from catalog.formats.bank import Imported
from catalog.formats.draft import Unreadable
from catalog.formats.files import dump
from catalog.library import load
from catalog.read import read
from commands.exports import app as exports
from commands.imports import app as imports
from domain.lint.texts import UNWRITTEN
from domain.quiz import Quiz
from domain.skills import Skill
from tests.catalog.banked import quiz_of
from tests.catalog.test_formats import root  # noqa: F401 - a fixture

BANKS = Path(__file__).resolve().parent / "banks"


def brought(reader, text: str, tmp_path: Path, name: str = "bank.txt") -> tuple[Any, str]:
    """The quiz a text becomes, and its notes."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    found: Imported = reader(tmp_path / name)
    return quiz_of(found), "\n".join(str(note) for note in found.notes)


def by_id(quiz: Quiz):
    return {question.id: question for question in quiz.questions}


def right(question) -> list[str]:
    return [option.text for option in question.options if option.right]


# ── GIFT ──


def test_every_feature_of_the_gift_grammar_is_read() -> None:
    found = gift.read(BANKS / "every-feature.gift")
    quiz = quiz_of(found)
    told = [str(note) for note in found.notes]
    assert not [note for note in told if "not GIFT" in note]
    # Everything but descriptions and essays is there.
    assert len([note for note in told if "no questions of this kind" in note]) == 3
    kinds = [question.kind for question in quiz.questions]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        "matching": 2, "multiple": 5, "numeric": 7, "ordering": 1, "single": 22, "text": 4, "true_false": 6,
    }  # fmt: skip
    asked = by_id(quiz)
    assert quiz.title == "Visitors"
    assert asked["badge-rule"].skill is Skill.REPORT
    assert asked["badge-rule"].difficulty == "easy"
    assert (asked["badge-rule"].answer, asked["badge-rule"].why_false) == (
        False,
        "Right. Ask whom they are here for.",
    )
    assert asked["is-the-blue-door-ever-locked"].why_true == "It is, from six o'clock."
    assert asked["no-badge"].rule == "A question is no accusation."
    assert right(asked["weights-of-one"]) == ["At once"]
    assert right(asked["thirds"]) == ["A cup", "A plant", "A lamp"]
    assert asked["whom-to-ask"].decoys == ("The canteen",)
    assert (asked["range"].answer, asked["range"].tolerance) == (21, 3)
    assert (asked["decimals"].answer, asked["decimals"].tolerance) == (2.15, 0.05)
    assert (asked["scientific"].answer, asked["scientific"].tolerance) == (12, 2)
    assert asked["short-answer"].accept == ("The front desk", "Front desk", "Reception")
    assert asked["a-visitor-is-met-by-at-the-front-desk"].ask == "A visitor is met by _____ at the front desk."
    assert [item.text for item in asked["arrival"].items][-1] == "Meet the host"
    assert asked["escapes-all-of-them"].ask == "Which sign is not {safe} in a name: ~, =, # or \\ ?"
    assert [option.text for option in asked["escapes-all-of-them"].options] == ["= and ~", "#1", "a\\b"]
    assert asked["line-breaks"].context == "The note says:\n\nCome to the blue door.\nBring nothing."
    assert asked["html-is-a-title"].context == "A parcel for **Ms Oduya** has no sender & no stamp."
    assert asked["html-is-a-title"].ask == "What now?"
    assert asked["html-is-a-title"].options[0].why == "*Right.*"
    assert asked["markdown"].options[1].text == "**Everybody**"
    assert asked["percent"].options[0].text == "%90% full"
    assert asked["loose-layout"].ask == "Who may keep a spare key?"
    assert asked["comments-between-options"].options[1].text == "A plant"
    assert asked["in-a-category-that-is-a-skill"].skill is Skill.REPORT
    for part in (
        "lost: question 12 (line 50): “Within the day” was worth 50 %",
        "guessed: question 13 (line 57): 2 options are right",
        "lost: question 17 (line 70): the option “Orange”: 6 are kept",
        "lost: question 29 (line 121): 1998 ± 2, which was worth 50 %",
        "lost: question 41 (line 170): ‹img› “A parcel on a table”",
    ):
        assert any(note.startswith(part) for note in told), part


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A question {=never ~closed", "its brace is never closed"),
        ("::A title never closed {=a ~b ~c}", "its title is never closed"),
        ("Two {=a ~b} of them {=a ~b}", "it has a second pair of braces"),
        ("Closed only } here", "a brace is closed that was never opened"),
        ("How many? {#seven}", "“seven” is no number"),
        ("How many? {#1e999}", "“1e999” is no number"),
    ],
)
def test_a_question_that_breaks_the_grammar_is_named_and_the_others_are_read(text, why, tmp_path) -> None:
    good = "::good::Which door?{=Blue ~Red ~Green}"
    quiz, told = brought(gift.read, f"{good}\n\n{text}\n\n::last::Which gate?{{=Blue ~Red ~Green}}", tmp_path)
    assert set(by_id(quiz)) == {"good", "last"}
    assert f"lost: line 3: a question that is not GIFT: {why}" in told
    with pytest.raises(Unreadable, match="no GIFT question"):
        brought(gift.read, text, tmp_path)


def test_what_gift_lacks_begins_with_to_write_and_the_check_names_it(root, tmp_path) -> None:  # noqa: F811
    (tmp_path / "two.gift").write_text("Which door?{=Blue ~Red}", encoding="utf-8")
    words = ["gift", str(tmp_path / "two.gift"), "--slug", "two", "--skill", "spot", "--root", str(root)]
    done = CliRunner().invoke(imports, words)
    assert done.exit_code == 0
    assert "guessed: question 1 (line 1): 3 texts that the source has not" in done.stdout
    text = (root / "quizzes/two.yaml").read_text(encoding="utf-8")
    assert "# guessed: question 1 (line 1): 3 texts that the source has not" in text
    catalog = load(root)
    assert "two" in catalog.quizzes
    named = [problem for problem in catalog.problems if problem.file == "quizzes/two.yaml"]
    assert [problem.code for problem in named].count("C214") == text.count(UNWRITTEN) - 1 - text.count(
        "# guessed: question 1 (line 1): an option"
    ) - 1
    assert {problem.code for problem in named} == {"C202", "C214"}


# ── Aiken and Markdown ──


def test_aiken_is_read(tmp_path) -> None:
    text = """Who keeps the visitors' book?
A) The guard
B. The front desk
C) The lift
ANSWER: B

Which two doors are locked?
A) Blue
B) Red
C) Green
ANSWER: A, C

What is lost?
A) Without a key

Which key is none?
A) One
B) Two
ANSWER: D
"""
    quiz, told = brought(aiken.read, text, tmp_path)
    assert [(question.kind, right(question)) for question in quiz.questions] == [
        ("single", ["The front desk"]),
        ("multiple", ["Blue", "Green"]),
    ]
    assert "lost: line 13: a question without `ANSWER:`: “What is lost?”" in told
    assert "lost: line 16: the key D names no option of “Which key is none?”" in told


MARKS = {
    "answer below": "1. Who?\n   A) Ann\n   B) Bea\n   C) Cem\n   Answer: B",
    "bold letter": "**1. Who?**\n\nA) Ann\n**B) Bea**\nC) Cem",
    "bold text": "Question 1: Who?\nA. Ann\nB. **Bea**\nC. Cem",
    "check mark": "Who?\n- A) Ann\n- B) Bea ✓\n- C) Cem",
    "boxes": "## Who?\n- [ ] Ann\n- [x] Bea\n- [ ] Cem",
    "star": "1) Who?\nA) Ann\n*B) Bea\nC) Cem",
    "in words": "1. Who?\na) Ann\nb) Bea (correct)\nc) Cem",
    "key": "1. Who?\nA) Ann\nB) Bea\nC) Cem\n\n**Correct answer:** B",
}


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_a_key_in_markdown_is_found_however_it_is_marked(mark, tmp_path) -> None:
    quiz, _ = brought(markdown.read, f"# Doors\n\n{MARKS[mark]}\n\n{MARKS['answer below']}\n", tmp_path)
    assert quiz.title == "Doors"
    assert [(question.ask, right(question)) for question in quiz.questions] == [("Who?", ["Bea"])] * 2
    assert [option.text for option in quiz.questions[0].options] == ["Ann", "Bea", "Cem"]


def test_markdown_keeps_whys_and_names_what_has_no_key(tmp_path) -> None:
    text = """# Doors

1. The alarm rings.

   Which door do you take?
   A) Blue
      Why: It leads out.
   B) Red
      Why: It leads to the store.
   C) Green, which
      goes on here
   Answer: A
   Explanation: Ways out are blue.

2. Which is it?
   A) One
   B) Two
"""
    quiz, told = brought(markdown.read, text, tmp_path)
    (question,) = quiz.questions
    assert (question.context, question.ask) == ("The alarm rings.", "Which door do you take?")
    assert [option.text for option in question.options] == ["Blue", "Red", "Green, which goes on here"]
    assert question.options[0].why == "It leads out."
    assert question.rule == "Ways out are blue."
    assert "a question whose key is not marked: “Which is it?”" in told


# ── Moodle XML ──

MOODLE = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/top/Doors</text></category></question>
<question type="multichoice"><name><text>first</text></name>
 <questiontext format="html"><text><![CDATA[<p>A <b>blue</b> door &amp; a key.</p><p>Who has it?</p><img src="@@PLUGINFILE@@/door.png" alt="A door">]]></text>
  <file name="door.png" encoding="base64">AAAA</file></questiontext>
 <generalfeedback format="html"><text>Keys are signed for.</text></generalfeedback>
 <single>true</single><shuffleanswers>1</shuffleanswers>
 <answer fraction="100" format="html"><text><![CDATA[<p>The guard</p>]]></text><feedback><text>Yes.</text></feedback></answer>
 <answer fraction="0"><text>The lift</text><feedback><text>It has no hands.</text></feedback></answer>
 <answer fraction="50"><text>The host</text><feedback><text></text></feedback></answer>
 <hint><text>Think of uniforms.</text></hint><tags><tag><text>secure</text></tag><tag><text>hard</text></tag><tag><text>doors</text></tag></tags>
</question>
<question type="multichoice"><name><text>several</text></name><questiontext><text>Which are doors?</text></questiontext><single>false</single>
 <answer fraction="50"><text>Blue</text></answer><answer fraction="50"><text>Red</text></answer><answer fraction="-100"><text>A lamp</text></answer></question>
<question type="truefalse"><name><text>holds</text></name><questiontext><text>Doors close.</text></questiontext>
 <answer fraction="100"><text>true</text><feedback><text>Most do.</text></feedback></answer><answer fraction="0"><text>false</text></answer></question>
<question type="shortanswer"><name><text>word</text></name><questiontext><text>Who keeps the book?</text></questiontext><usecase>1</usecase>
 <answer fraction="100"><text>The front desk</text></answer><answer fraction="0"><text>*</text><feedback><text>No.</text></feedback></answer></question>
<question type="numerical"><name><text>number</text></name><questiontext><text>How high?</text></questiontext>
 <answer fraction="100"><text>2.15</text><tolerance>0.05</tolerance></answer><units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units></question>
<question type="matching"><name><text>match</text></name><questiontext><text>Who has what?</text></questiontext>
 <subquestion><text>Badge</text><answer><text>Guest</text></answer></subquestion><subquestion><text>Key</text><answer><text>Guard</text></answer></subquestion>
 <subquestion><text></text><answer><text>Lift</text></answer></subquestion></question>
<question type="ordering"><name><text>row</text></name><questiontext><text>In order?</text></questiontext>
 <answer><text>Ring</text></answer><answer><text>Sign</text></answer><answer><text>Meet</text></answer></question>
<question type="cloze"><name><text>gaps</text></name><questiontext><text>Fill it in.

The {1:MULTICHOICE:=blue#Yes.~red#No.} door has {2:SHORTANSWER:=a keypad~=keypad~%0%a bell#Once.}.</text></questiontext></question>
<question type="essay"><name><text>free</text></name><questiontext><text>Tell us all.</text></questiontext></question>
</quiz>
"""


def test_moodle_xml_is_read(tmp_path) -> None:
    quiz, told = brought(moodle.read, MOODLE, tmp_path, "bank.xml")
    asked = by_id(quiz)
    assert quiz.title == "Doors"
    assert list(asked) == ["first", "several", "holds", "word", "number", "match", "row", "gaps"]
    first = asked["first"]
    assert (first.context, first.ask, first.rule) == ("A **blue** door & a key.", "Who has it?", "Keys are signed for.")
    assert (first.skill, first.difficulty) == (Skill.SECURE, "hard")
    assert [(option.text, option.why) for option in first.options][:2] == [
        ("The guard", "Yes."),
        ("The lift", "It has no hands."),
    ]
    assert right(asked["several"]) == ["Blue", "Red"]
    assert (asked["holds"].answer, asked["holds"].why_true) == (True, "Most do.")
    assert (asked["word"].accept, asked["word"].otherwise) == (("The front desk",), "No.")
    assert (asked["number"].answer, asked["number"].tolerance, asked["number"].unit) == (2.15, 0.05, "m")
    assert asked["match"].decoys == ("Lift",)
    assert [item.text for item in asked["row"].items] == ["Ring", "Sign", "Meet"]
    gaps = asked["gaps"]
    assert (gaps.ask, gaps.text) == ("Fill it in.", "The [[gap-1]] door has [[gap-2]].")
    assert gaps.gaps[0].options[0].why == "Yes."
    assert (gaps.gaps[1].accept, gaps.gaps[1].slips[0].any_of) == (("a keypad", "keypad"), ("a bell",))
    for part in ("the file “door.png”", "the hint “Think of uniforms.”", "the tag “doors”", "“The host” was worth 50 %",
                 "that capital letters matter", "gap 2 has the weight 2", "“Tell us all.”: Muster has no questions of this kind (essay)"):  # fmt: skip
        assert part in told, part


# ── QTI ──

QTI1 = """<?xml version="1.0"?><!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2p1.dtd">
<questestinterop><assessment ident="a" title="Doors"><section ident="s">
<item ident="i1" title="one"><presentation><material><mattext texttype="text/html">&lt;p&gt;Who has the key?&lt;/p&gt;</mattext></material>
 <response_lid ident="r" rcardinality="Single"><render_choice>
  <response_label ident="a"><material><mattext>The guard</mattext></material></response_label>
  <response_label ident="b"><material><mattext>The lift</mattext></material></response_label>
  <response_label ident="c"><material><mattext>The lamp</mattext></material></response_label></render_choice></response_lid></presentation>
 <resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>
  <respcondition continue="Yes"><conditionvar><varequal respident="r">b</varequal></conditionvar><displayfeedback feedbacktype="Response" linkrefid="b_fb"/></respcondition>
  <respcondition continue="No"><conditionvar><varequal respident="r">a</varequal></conditionvar><setvar action="Set" varname="SCORE">100</setvar></respcondition></resprocessing>
 <itemfeedback ident="b_fb"><flow_mat><material><mattext>It has no hands.</mattext></material></flow_mat></itemfeedback>
 <itemfeedback ident="general_fb"><flow_mat><material><mattext>Keys are signed for.</mattext></material></flow_mat></itemfeedback></item>
<item ident="i2" title="several"><presentation><material><mattext>Which are doors?</mattext></material>
 <response_lid ident="r" rcardinality="Multiple"><render_choice>
  <response_label ident="a"><material><mattext>Blue</mattext></material></response_label><response_label ident="b"><material><mattext>Red</mattext></material></response_label>
  <response_label ident="c"><material><mattext>Lamp</mattext></material></response_label></render_choice></response_lid></presentation>
 <resprocessing><respcondition><conditionvar><and><varequal respident="r">a</varequal><varequal respident="r">b</varequal><not><varequal respident="r">c</varequal></not></and></conditionvar>
  <setvar action="Set" varname="SCORE">100</setvar></respcondition></resprocessing></item>
<item ident="i3" title="word"><presentation><material><mattext>Who keeps the book?</mattext></material><response_str ident="r" rcardinality="Single"><render_fib/></response_str></presentation>
 <resprocessing><respcondition><conditionvar><or><varequal respident="r">front desk</varequal><varequal respident="r">the front desk</varequal></or></conditionvar><setvar>1</setvar></respcondition></resprocessing></item>
<item ident="i4" title="match"><presentation><material><mattext>Who has what?</mattext></material>
 <response_lid ident="r1"><material><mattext>Badge</mattext></material><render_choice><response_label ident="x"><material><mattext>Guest</mattext></material></response_label><response_label ident="y"><material><mattext>Guard</mattext></material></response_label></render_choice></response_lid>
 <response_lid ident="r2"><material><mattext>Key</mattext></material><render_choice><response_label ident="x"><material><mattext>Guest</mattext></material></response_label><response_label ident="y"><material><mattext>Guard</mattext></material></response_label></render_choice></response_lid></presentation>
 <resprocessing><respcondition><conditionvar><varequal respident="r1">x</varequal></conditionvar><setvar action="Add">50</setvar></respcondition>
  <respcondition><conditionvar><varequal respident="r2">y</varequal></conditionvar><setvar action="Add">50</setvar></respcondition></resprocessing></item>
<item ident="i5" title="row"><presentation><material><mattext>In order?</mattext></material><response_lid ident="r" rcardinality="Ordered"><render_choice>
  <response_label ident="a"><material><mattext>Meet</mattext></material></response_label><response_label ident="b"><material><mattext>Ring</mattext></material></response_label>
  <response_label ident="c"><material><mattext>Sign</mattext></material></response_label></render_choice></response_lid></presentation>
 <resprocessing><respcondition><conditionvar><and><varequal respident="r" index="1">b</varequal><varequal respident="r" index="2">c</varequal><varequal respident="r" index="3">a</varequal></and></conditionvar><setvar>1</setvar></respcondition></resprocessing></item>
<item ident="i6" title="number"><presentation><material><mattext>How high?</mattext></material><response_str ident="r"><render_fib fibtype="Decimal"/></response_str></presentation>
 <resprocessing><respcondition><conditionvar><vargte respident="r">2.1</vargte><varlte respident="r">2.2</varlte></conditionvar><setvar>100</setvar></respcondition></resprocessing></item>
<item ident="i7" title="spot"><presentation><material><mattext>Click it.</mattext></material><response_xy ident="r"/></presentation></item>
</section></assessment></questestinterop>"""


def test_qti_1_2_is_read(tmp_path) -> None:
    quiz, told = brought(qti.read, QTI1, tmp_path, "bank.xml")
    asked = by_id(quiz)
    assert quiz.title == "Doors"
    assert right(asked["one"]) == ["The guard"]
    assert asked["one"].options[1].why == "It has no hands."
    assert asked["one"].rule == "Keys are signed for."
    assert right(asked["several"]) == ["Blue", "Red"]
    assert asked["word"].accept == ("front desk", "the front desk")
    assert [(pair.left, pair.right) for pair in asked["match"].pairs] == [("Badge", "Guest"), ("Key", "Guard")]
    assert [item.text for item in asked["row"].items] == ["Ring", "Sign", "Meet"]
    assert (asked["number"].answer, asked["number"].tolerance) == (2.15, 0.05)
    assert "“Click it.”: Muster has no questions of this kind (1 responses of response_xy)" in told


def qti3(body: str, declared: str, more: str = "") -> str:
    return f"""<?xml version="1.0"?><qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="one">
{declared}<qti-item-body>{body}</qti-item-body>{more}</qti-assessment-item>"""


def declaration(values: str, cardinality: str = "single", base: str = "identifier") -> str:
    inner = "".join(f"<qti-value>{value}</qti-value>" for value in values.split("|"))
    return f'<qti-response-declaration identifier="R" cardinality="{cardinality}" base-type="{base}"><qti-correct-response>{inner}</qti-correct-response></qti-response-declaration>'


def test_qti_3_is_read(tmp_path) -> None:
    choices = "".join(f'<qti-simple-choice identifier="{key}">{key} door<qti-feedback-inline identifier="{key}" outcome-identifier="F" show-hide="show">On {key}.</qti-feedback-inline></qti-simple-choice>' for key in ("Blue", "Red", "Green"))  # fmt: skip
    body = f'<p>A bell rings.</p><qti-choice-interaction response-identifier="R" max-choices="1"><qti-prompt>Which?</qti-prompt>{choices}</qti-choice-interaction>'
    quiz, _ = brought(qti.read, qti3(body, declaration("Red")), tmp_path, "one.xml")
    (question,) = quiz.questions
    assert (question.context, question.ask, right(question)) == ("A bell rings.", "Which?", ["Red door"])
    assert question.options[0].why == "On Blue."

    body = '<p>The door is <qti-text-entry-interaction response-identifier="R"/> by day.</p>'
    quiz, told = brought(qti.read, qti3(body, declaration("open", base="string")), tmp_path, "two.xml")
    (question,) = quiz.questions
    assert (question.ask, question.text) == ("Fill the gaps.", "The door is [[r]] by day.")
    assert question.gaps[0].accept == ("open",)
    assert "guessed: question 1 “one”: what it asks: “Fill the gaps.”" in told

    order = "".join(f'<qti-simple-choice identifier="{key}">{key}</qti-simple-choice>' for key in "CAB")
    body = f'<qti-order-interaction response-identifier="R"><qti-prompt>In order?</qti-prompt>{order}</qti-order-interaction>'
    quiz, _ = brought(qti.read, qti3(body, declaration("A|B|C", "ordered")), tmp_path, "three.xml")
    assert [item.text for item in quiz.questions[0].items] == ["A", "B", "C"]

    with pytest.raises(Unreadable, match="no questions of this kind \\(hottextinteraction\\)"):
        brought(qti.read, qti3('<p>x</p><qti-hottext-interaction response-identifier="R"/>', ""), tmp_path, "four.xml")


def test_a_package_is_read_in_the_order_of_its_manifest(tmp_path) -> None:
    body = '<p>{n}</p><qti-choice-interaction response-identifier="R">{c}</qti-choice-interaction>'
    choices = "".join(f'<qti-simple-choice identifier="{key}">{key}</qti-simple-choice>' for key in "ABC")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("imsmanifest.xml", '<manifest><resources><resource href="in/b.xml"/><resource href="in/a.xml"/></resources></manifest>')  # fmt: skip
        for name in "ab":
            package.writestr(f"in/{name}.xml", qti3(body.format(n=f"Item {name}?", c=choices), declaration("A")))
        package.writestr("settings.xml", "<settings/>")
        package.writestr("picture.png", b"\x89PNG")
    (tmp_path / "p.zip").write_bytes(made.getvalue())
    found = qti.read(tmp_path / "p.zip")
    assert [question.ask for question in quiz_of(found).questions] == ["Item b?", "Item a?"]
    assert "lost: settings.xml: a part that holds no question (‹settings›)" in [str(note) for note in found.notes]


# ── tables and bounds ──


def test_a_table_typed_by_hand_is_read_from_csv_and_xlsx(tmp_path) -> None:
    rows = [
        ["Question", "Answer", "Right", "Why", "Owner"],
        ["Who has the key?", "The guard", "x", "Signed for.", "Ann"],
        ["", "The lift", "", "", ""],
        ["", "The lamp", "", "", ""],
        ["Which are doors?", "Blue", "yes", "", ""],
        ["", "Red", "yes", "", ""],
        ["", "Lamp", "", "", ""],
    ]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "bank.xlsx")
    quiz, told = brought(table.read, "\n".join(";".join(row) for row in rows), tmp_path, "bank.csv")
    assert [(question.kind, right(question)) for question in quiz.questions] == [
        ("single", ["The guard"]),
        ("multiple", ["Blue", "Red"]),
    ]
    assert quiz_of(table.read(tmp_path / "bank.xlsx")).questions == quiz.questions
    assert "lost: table: the column “owner”" in told
    assert "guessed: question 1 (row 2): the kind `single`" in told


def test_a_bank_too_large_for_one_file_becomes_several_that_can_be_used(root, tmp_path) -> None:  # noqa: F811
    text = "\n\n".join(f"::q{n}::Door {n}?{{=Blue#B ~Red#R ~Green#G}}" for n in range(210))
    (tmp_path / "large.gift").write_text(text, encoding="utf-8")
    words = ["gift", str(tmp_path / "large.gift"), "--slug", "large", "--root", str(root)]
    assert CliRunner().invoke(imports, words).exit_code == 0
    found = load(root).quizzes
    assert [len(found[name].questions) for name in ("large", "large-2")] == [200, 10]
    assert CliRunner().invoke(imports, words).exit_code == 1


@pytest.mark.parametrize("form", ["gift", "qti", "csv"])
def test_the_commands_write_and_read_quizzes_and_never_overwrite(form, root, tmp_path) -> None:  # noqa: F811
    out = str(tmp_path / f"basics.{form}")
    words = [form, "basics", out, "--root", str(root)]
    assert CliRunner().invoke(exports, words).exit_code == 0
    assert CliRunner().invoke(exports, words).exit_code == 1
    assert CliRunner().invoke(exports, [form, "none", str(tmp_path / "x"), "--root", str(root)]).exit_code == 1
    words = [form, out, "--slug", "again", "--root", str(root)]
    assert CliRunner().invoke(imports, words).exit_code == 0
    first, second = (load(root).quizzes[name] for name in ("basics", "again"))
    assert [q.model_dump(exclude={"skill"}) for q in second.questions] == [
        q.model_dump(exclude={"skill"}) for q in first.questions
    ]
    assert [q.skill or second.skill for q in second.questions] == [q.skill or first.skill for q in first.questions]
    assert "already there" in CliRunner().invoke(imports, words).stderr


def test_the_same_quiz_is_always_the_same_package(root, tmp_path) -> None:  # noqa: F811
    for name in "ab":
        assert CliRunner().invoke(exports, ["qti", "basics", str(tmp_path / name), "--root", str(root)]).exit_code == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    "text", ["1e100", "1e3", ".5", "-.inf", "~", "null", "true", "no", "10:30", "0x10", "1_000", "=", "<<", ""]
)
def test_a_text_that_looks_like_a_value_is_still_a_text_when_our_own_reader_reads_it(text) -> None:
    assert read(dump({"a": text}).encode(), "x").data == {"a": text}
