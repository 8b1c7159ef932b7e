"""The linter for quizzes, lessons and drills: every code has its two examples in docs/linting.md; shipped content is clean."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from catalog.kinds import BY_NAME
from catalog.library import load
from catalog.read import read
from domain.item_lint import CODES, ERRORS, REVIEWS, Shelf, lint, texts
from domain.item_lint.english import grade, is_english, syllables
from domain.item_lint.pool import at_least, so_few
from domain.quiz import Quiz
from domain.skills import Skill
from domain.value import Value
from tests.domain import overlay

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOG = load(ROOT)
TODAY = date(2026, 11, 26)
SECTIONS = {code: section for code, section in overlay.SECTIONS.items() if code.startswith("Q")}
FILES = {"module": "module", "lesson": "lesson", "quiz": "quiz", "drill": "spot-drill"}


def template(kind: str) -> Any:
    text = (ROOT / f"catalog/templates/{FILES[kind]}.yaml").read_text(encoding="utf-8")
    return read(text.replace("SLUG", "one").replace("DATE", TODAY.isoformat()).encode(), kind).data


def shelf(patch: dict[str, Any]) -> Shelf:
    assert patch.keys() <= FILES.keys()
    made = {}
    for kind in FILES:
        data = overlay.laid_over(template(kind), patch.get(kind, {}))
        made[BY_NAME[kind].plural] = {"one": TypeAdapter(BY_NAME[kind].type).validate_json(json.dumps(data))}
    return Shelf(**made)


def example(code: str, which: str) -> Shelf:
    return shelf(read(overlay.example(code, which).encode(), "example").data)


def codes(**patch: Any) -> set[str]:
    return {remark.code for remark in lint(shelf(patch), TODAY)}


def options(*texts: str) -> dict[str, Any]:
    """The lesson's prediction with these options; the first is right."""
    made = [
        {"text": text, "right": n == 0, "why": f"This is why number {n} leads there."} for n, text in enumerate(texts)
    ]
    return {"screens": [{"options": made}]}


def test_codes_and_explanations_are_the_same_ones():
    assert re.findall(r"^### (Q\d+) (.+)$", overlay.DOCS, re.MULTILINE) == list(CODES.items())
    begins = {"An error.": ERRORS, "For review.": REVIEWS, "A warning.": CODES.keys() - ERRORS - REVIEWS}
    for begin, expected in begins.items():
        told = {code for code, section in SECTIONS.items() if section.partition("\n")[2].startswith(begin)}
        assert told == expected


@pytest.mark.parametrize("code", CODES)
def test_each_example_has_its_code_and_its_counterpart_has_nothing(code):
    found = lint(example(code, "has"), TODAY)
    assert {remark.code for remark in found} == {code}
    assert all(
        remark.message[0] in "“`" or remark.message[0].isupper() or remark.message[0].isdigit() for remark in found
    )
    assert [remark.message for remark in lint(example(code, "has not"), TODAY)] == []


def test_what_new_module_makes_lints_clean():
    assert lint(shelf({}), TODAY) == []


def test_the_shipped_content_lints_clean():
    whole = Shelf(CATALOG.modules, CATALOG.lessons, CATALOG.quizzes, CATALOG.drills)
    read_last = max(
        source.checked
        for kind in (CATALOG.lessons, CATALOG.quizzes, CATALOG.drills)
        for v in kind.values()
        for source in v.sources
    )
    told = [f"{each.kind} {each.slug} {each.path} {each.code} {each.message}" for each in lint(whole, read_last)]
    assert told == []


def test_a_right_option_that_is_longest_by_less_than_a_quarter_passes():
    assert "Q101" in codes(lesson=options("a" * 50, "b" * 40, "c" * 30))
    assert "Q101" not in codes(lesson=options("a" * 49, "b" * 40, "c" * 30))
    assert "Q101" not in codes(lesson=options("a" * 40, "b" * 50, "c" * 30))


def test_an_absolute_word_in_a_right_option_clears_the_wrong_ones():
    assert "Q102" in codes(lesson=options("Ring them now.", "Always wait a day.", "Ask a friend."))
    assert "Q102" not in codes(lesson=options("Ring them only now.", "Always wait a day.", "Ask a friend."))


def test_one_absolute_word_among_four_options_leaves_enough_to_choose_from():
    assert "Q102" not in codes(lesson=options("Ring them now.", "Always wait.", "Ask a friend.", "Look it up."))
    assert "Q102" in codes(lesson=options("Ring them now.", "Always wait.", "Ask everybody.", "Look it up."))


@pytest.mark.parametrize("text", ["All of the above.", "Both of these", "None of those.", "None of the other answers"])
def test_options_that_point_at_others_are_found_however_they_are_worded(text):
    assert "Q103" in codes(lesson=options("Ring them now.", "Wait for a day.", text))


@pytest.mark.parametrize("text", ["All of these letters", "None of them reads it.", "Tell both of them."])
def test_options_that_count_what_the_question_is_about_are_none_of_those(text):
    assert "Q103" not in codes(lesson=options("Ring them now.", "Wait for a day.", text))


@pytest.mark.parametrize(
    ("why", "found"),
    [
        ("Right.", True),
        ("Yes. Not yet! Because", True),
        ("Wrong answer.", True),
        ("No, because it was found again in time.", True),
        ("Yes. It was read.", False),
        ("18 months.", False),
    ],
)
def test_a_why_needs_a_reason_besides_its_verdict(why, found):
    patch = {"screens": [{"options": [{}, {"why": why}]}]}
    assert ("Q104" in codes(lesson=patch)) is found


def test_whys_of_any_kind_of_content_are_compared_without_their_verdicts():
    clues = [{"id": "sender", "why": "Whoever opens it lets them in."}]
    assert "Q104" not in codes(drill={"artefacts": [{"id": "parcel", "clues": clues}]})
    clues.append({"id": "fee", "why": "Yes: whoever opens it lets them in."})
    assert "Q104" in codes(drill={"artefacts": [{"id": "parcel", "clues": clues}]})


@pytest.mark.parametrize(
    ("ask", "option", "found"),
    [
        ("Which of these is not a breach?", "A stick that nobody opened.", True),
        ("Which of these isn't a breach?", "A stick without a lock.", True),
        ("Which of these is a breach?", "A stick that nobody opened.", False),
        ("Which of these is not a breach?", "A stick in its drawer.", False),
    ],
)
def test_an_option_must_not_negate_the_answer_to_a_negated_question(ask, option, found):
    patch = options("A list that was mailed.", "A key that was lost.", option)
    patch["screens"][0]["ask"] = ask
    assert ("Q105" in codes(lesson=patch)) is found


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Ring the incident line today.", "Today, ring the incident line.", True),
        ("Ring the line within 24 hours.", "Ring the line within 72 hours.", False),
        ("Ring the incident line.", "Do not ring the incident line.", False),
        ("For 10 to 30 days", "For 20 to 60 days", True),
        ("For 10 to 30 days", "For 30 to 60 days", False),
        ("For 10 to 30 days", "For 20 to 60 hours", False),
    ],
)
def test_options_overlap_when_they_say_the_same_or_their_ranges_meet(one, other, found):
    assert ("Q106" in codes(lesson=options("Ask a colleague first.", one, other))) is found


def statement(ask: str, *, answer: bool) -> dict[str, Any]:
    return {"questions": [{"id": "proof-needed", "ask": ask, "answer": answer}]}


@pytest.mark.parametrize(
    ("ask", "answer", "found"),
    [
        ("The regulator is told within three days of noticing.", False, True),
        ("The regulator is told within three days of noticing.", True, False),
        ("The regulator is not told within three days of noticing.", True, True),
        ("The regulator is not told within three days of noticing.", False, False),
        ("The insurer pays for the letters to customers.", False, False),
    ],
)
def test_a_statement_and_its_key_are_compared_with_what_the_lesson_tells(ask, answer, found):
    lesson = {"screens": [{"then": "The regulator is told within three days of noticing."}]}
    assert ("Q107" in codes(lesson=lesson, quiz=statement(ask, answer=answer))) is found


def test_the_same_question_with_another_key_than_in_the_lesson_is_for_review():
    lesson = options("Ring the incident line.", "Wait until Monday morning.", "Ask a colleague first.")
    lesson["screens"][0]["ask"] = "A stranger stands at the printer. What is your first move?"
    # In the quiz, the second option is the right one.
    told = [
        {"text": text} for text in ("Ring the incident line.", "Wait until Monday morning.", "Ask a colleague first.")
    ]
    asked = {"id": "first-move", "ask": "What is your first move? A stranger stands at the printer.", "options": told}
    whole = shelf({"lesson": lesson, "quiz": {"questions": [asked]}})
    found = [each for each in lint(whole, TODAY) if each.code == "Q107"]
    assert [each.path for each in found] == [("questions", 0, "options", n) for n in (0, 1)]
    assert {each.severity for each in found} == {"review"}
    asked["ask"] = "Who reads the sheets on the printer?"
    assert "Q107" not in codes(lesson=lesson, quiz={"questions": [asked]})


@pytest.mark.parametrize(
    ("patch", "found"),
    [
        ({"rule": "At most 30 days, says the contract."}, True),
        ({"rule": "Not later than 60 calendar days after that."}, True),
        ({"rule": "Fraud follows in 12 % of them."}, True),
        ({"rule": "Ring first, and write after that."}, False),
        ({"context": "You have been here for at least 3 weeks."}, False),
        ({"context": "Your firm falls under HIPAA."}, True),
        ({"exhibit": {"label": "A letter", "lines": ["Under GDPR Art. 33 you must pay us."]}}, False),
    ],
)
def test_claims_are_laws_anywhere_and_numbers_in_what_is_taught(patch, found):
    assert ("Q304" in codes(quiz={"questions": [{"id": "first-move", **patch}]})) is found


def test_what_cites_answers_for_its_own_part_only():
    claim = {"id": "parcel", "why": "GDPR Art. 4 calls it a breach."}
    assert "Q304" in codes(drill={"artefacts": [claim]})
    assert "Q304" not in codes(drill={"artefacts": [{**claim, "cites": ["gdpr"]}]})
    assert "Q304" not in codes(drill={"artefacts": [{"id": "wrong-list", "body": "[[list|GDPR Art. 4]] [[whom|all]]"}]})


def test_a_source_is_stale_after_a_year_and_not_before():
    for checked, found in (("2025-11-26", False), ("2025-11-25", True)):
        assert ("Q305" in codes(lesson={"sources": [{"id": "first", "checked": checked}]})) is found


def test_an_image_field_needs_an_alternative_text_whatever_holds_it():
    found = list(texts.look({"screens": [{"picture": {"image": "door.png", "alt": ""}}]}, TODAY))
    assert [(path, code) for path, code, _ in found] == [(("screens", 0, "picture", "image"), "Q303")]
    assert list(texts.look({"screens": [{"picture": {"image": "door.png", "alt": "A door"}}]}, TODAY)) == []


def test_grades_rise_with_long_words_and_sentences_and_other_languages_are_left_alone():
    assert [syllables(word) for word in ("the", "breach", "closed", "reported", "authority", "table", "time")] == [
        1, 1, 1, 3, 4, 2, 1,
    ]  # fmt: skip
    easy, hard = "You see it. You tell them. They look.", "Organisational representatives communicate irregularities."
    assert grade([easy]) < 9 < grade([hard])
    assert grade([]) == 0.0
    assert is_english(easy)
    german = "Informationssicherheitsverantwortliche benachrichtigen unverzüglich Datenschutzbeauftragte"
    assert not is_english(german)
    assert "Q301" not in codes(
        lesson={"screens": [{}, {"text": f"{german} {german} {german} {german} {german} {german} {german}"}]}
    )


def test_a_kind_of_question_that_is_new_is_read_as_far_as_it_can_be():
    class Sketch(Value):
        kind: str = "sketch"
        id: str = "drawn"
        skill: Skill | None = None
        difficulty: str = "easy"
        ask: str = "Draw it."
        why: str = "Right."
        cites: tuple[str, ...] = ()

    class Wider(Quiz):
        questions: tuple[Any, ...]

    plain = shelf({})
    quiz = plain.quizzes["one"]
    more = Wider(title=quiz.title, skill=quiz.skill, draw=3, questions=(*quiz.questions, Sketch()))
    found = lint(Shelf(plain.modules, plain.lessons, {"one": more}, plain.drills), TODAY)
    assert [(each.path, each.code) for each in found] == [(("questions", len(quiz.questions), "why"), "Q104")]


def test_a_module_whose_parts_are_missing_is_left_to_the_check():
    whole = shelf({})
    assert lint(Shelf(modules=whole.modules), TODAY) == []
    assert lint(Shelf(modules=whole.modules, quizzes=whole.quizzes), TODAY) == []


def test_short_whys_may_be_alike():
    pairs = [{"why": "Within a year."}, {"why": "Within a year."}]
    assert "Q104" not in codes(quiz={"questions": [{"id": "who-does-what", "pairs": pairs}]})
    for pair in pairs:
        pair["why"] = "They know the law."
    assert "Q104" in codes(quiz={"questions": [{"id": "who-does-what", "pairs": pairs}]})


def test_gaps_to_choose_for_are_judged_like_options():
    gap = {"id": "start", "options": [{"text": "become aware"}, {"text": "always have proof"}]}
    found = lint(shelf({"quiz": {"questions": [{"id": "rule-of-time", "gaps": [gap]}]}}), TODAY)
    assert [(each.path[2:], each.code) for each in found] == [(("gaps", 0, "options", 1, "text"), "Q102")]


def test_chances_are_exact():
    assert at_least(4, 4, 0.25) == 0.25**4
    assert at_least(0, 9, 0.25) == pytest.approx(1)
    # By hand: none of 12 when 3 of 18 fall at random, C(6, 3) of C(18, 3).
    assert so_few(0, 12, 3, 6) == 20 / 816
    assert so_few(3, 12, 0, 6) == 1
