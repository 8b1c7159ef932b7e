"""Questions that are typed, sorted, filled in or flagged: what counts, what is refused, and what stays hidden."""

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain import grade, present, respond, typed
from domain.drill import Clue
from domain.quiz import (
    Bins,
    ChoiceGap,
    Cloze,
    Clues,
    Element,
    NumberSlip,
    Numeric,
    Option,
    Question,
    Rubric,
    Slip,
    Sortable,
    Text,
    TextGap,
)
from domain.refusal import Refused

ASKED: dict[str, Any] = {"id": "q", "ask": "?"}
seeds = st.integers(0, 2**48)
amounts = st.decimals(-(10**9), 10**9, places=4).map(float)
words = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12).filter(typed.normal)


# Two questions that differ in nothing but what is right; each hides the word SECRET in all that must not be shown.


@st.composite
def numerics(draw: st.DrawFn) -> tuple[Question, Question]:
    tolerance = draw(st.decimals(0, 100, places=2).map(float))

    def one(answer: float) -> Numeric:
        return Numeric(**ASKED, kind="numeric", answer=answer, tolerance=tolerance, why="SECRET", otherwise="SECRET")

    return one(draw(amounts)), one(draw(amounts))


@st.composite
def texts(draw: st.DrawFn) -> tuple[Question, Question]:
    def one() -> Text:
        accept = draw(st.lists(words, min_size=1, max_size=4, unique_by=typed.normal))
        slips = (Slip(any_of=("SECRET no",), why="SECRET"),)
        secret = f"SECRET {accept[0]}"
        return Text(**ASKED, kind="text", accept=(secret, *accept), why="SECRET", slips=slips, otherwise="SECRET")

    return one(), one()


@st.composite
def bins(draw: st.DrawFn) -> tuple[Question, Question]:
    names = tuple(f"bin {n}" for n in range(draw(st.integers(2, 6))))
    count = draw(st.integers(3, 10))

    def one() -> Bins:
        where = draw(st.lists(st.sampled_from(names), min_size=count, max_size=count).filter(lambda w: len(set(w)) > 1))
        items = tuple(Sortable(text=f"item {n}", bin=name, why="SECRET") for n, name in enumerate(where))
        return Bins(**ASKED, kind="bins", bins=names, items=items)

    return one(), one()


@st.composite
def clozes(draw: st.DrawFn) -> tuple[Question, Question]:
    sizes = draw(st.lists(st.sampled_from([0, 2, 3, 4, 6]), min_size=1, max_size=6))
    text = "It " + " and ".join(f"[[secret-{n}]]" for n in range(len(sizes)))

    def gap(number: int, size: int) -> ChoiceGap | TextGap:
        name = f"secret-{number}"
        if size == 0:
            accept = (f"SECRET {draw(words)}",)
            return TextGap(id=name, kind="text", accept=accept, why="SECRET", otherwise="SECRET")
        right = draw(st.integers(0, size - 1))
        options = tuple(Option(text=f"word {n}", right=n == right, why="SECRET") for n in range(size))
        return ChoiceGap(id=name, kind="choice", options=options)

    def one() -> Cloze:
        return Cloze(**ASKED, kind="cloze", text=text, gaps=tuple(gap(n, size) for n, size in enumerate(sizes)))

    return one(), one()


@st.composite
def clues(draw: st.DrawFn) -> tuple[Question, Question]:
    count = draw(st.integers(2, 10))
    body = " ".join(f"[[secret-{n}|words {n}]]" for n in draw(st.permutations(range(count))))

    def one() -> Clues:
        real = draw(st.lists(st.booleans(), min_size=count, max_size=count).filter(lambda r: len(set(r)) == 2))
        listed = tuple(Clue(id=f"secret-{n}", real=each, why="SECRET") for n, each in enumerate(real))
        return Clues(**ASKED, kind="clues", title="Here", body=body, clues=listed)

    return one(), one()


@st.composite
def rubrics(draw: st.DrawFn) -> tuple[Question, Question]:
    def one() -> Rubric:
        phrases = draw(st.lists(words, min_size=2, max_size=8, unique_by=typed.normal))
        elements = tuple(Element(name=f"SECRET {n}", any_of=(p,), why="SECRET") for n, p in enumerate(phrases))
        return Rubric(**ASKED, kind="rubric", elements=elements, model=f"SECRET {' '.join(phrases)}")

    return one(), one()


kinds = st.one_of(numerics(), texts(), bins(), clozes(), clues(), rubrics())


def _positions(question: Question, seed: int) -> tuple[int, ...]:
    return present.order(seed, question.id, present.size(question))


@given(kinds, seeds)
def test_what_is_shown_does_not_depend_on_what_is_right(pair: tuple[Question, Question], seed: int) -> None:
    first, second = (present.show(question, _positions(question, seed)) for question in pair)
    assert first == second
    assert "secret" not in repr(first).casefold()


@given(kinds, seeds)
def test_right_is_worth_all_wrong_less_and_both_are_explained(pair: tuple[Question, Question], seed: int) -> None:
    question, positions = pair[0], _positions(pair[0], seed)
    assert sorted(positions) == list(range(present.size(question)))
    right = grade.feedback(question, positions, respond.right(question, positions))
    assert right.grade.right
    assert right.better == ()
    assert all(line.right and line.why for line in right.taken)
    wrong = grade.feedback(question, positions, respond.wrong(question, positions, random.Random(seed)))
    assert 0 <= wrong.grade.y < 1
    assert 0 <= wrong.grade.guess <= 0.5
    assert wrong.better or not all(line.right for line in wrong.taken)
    assert all(line.why for line in (*wrong.better, *wrong.others))


@given(st.text(max_size=40))
def test_what_was_made_comparable_stays_as_it_is(said: str) -> None:
    once = typed.normal(said)
    assert typed.normal(once) == once
    assert once == once.strip()


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("  Availability. ", "availability"),
        ("AVAILABILITY!", "availability"),
        ("a breach\tof availability", "a breach of availability"),
        ("ＡＶＡＩＬＡＢＩＬＩＴＹ", "availability"),
        ("Łódź, Straße & café", "lodz strasse cafe"),
        ("cafe\N{COMBINING ACUTE ACCENT}", "cafe"),
        ("ﬁle", "file"),
        ("avail\N{SOFT HYPHEN}ability", "availability"),
        ("don’t", "dont"),
        ("don't", "dont"),
        ("e-mail", "e mail"),
        ("ℌ²", "h2"),
    ],
)
def test_words_are_compared_without_what_does_not_matter(said: str, form: str) -> None:
    assert typed.normal(said) == form


@pytest.mark.parametrize(
    ("phrase", "said", "there"),
    [
        ("art", "The article", False),
        ("art*", "The article", True),
        ("art*", "The part", False),
        ("call us", "Please CALL  US.", True),
        (".*", "anything", True),
        ("a|b", "a", False),
    ],
)
def test_a_phrase_is_found_as_whole_words_and_never_run_as_a_pattern(phrase: str, said: str, *, there: bool) -> None:
    if not typed.normal(phrase):
        with pytest.raises(ValidationError, match="letter or digit"):
            Rubric(**ASKED, kind="rubric", model="anything", elements=(_element(phrase), _element("anything")))
        return
    assert typed.mentions(phrase, said) is there


def _element(phrase: str) -> Element:
    return Element(name=phrase, any_of=(phrase,), why="w")


@pytest.mark.parametrize(
    ("said", "unit", "amount"),
    [
        ("72", "", "72"),
        (" 72 hours ", "hours", "72"),
        ("72", "hours", "72"),
        ("€ 20 000 000", "€", "20000000"),
        ("20,000,000", "", "20000000"),
        ("20.000.000,5", "", "20000000.5"),
        ("1'000", "", "1000"),
        ("1,5", "", "1.5"),
        ("0,125", "", "0.125"),
        (".5", "", "0.5"),
        ("4%", "%", "4"),
        ("−3", "", "-3"),
        ("７２", "", "72"),
    ],
)
def test_numbers_are_read_as_people_write_them(said: str, unit: str, amount: str) -> None:
    assert typed.number(said, unit) == Decimal(amount)


@pytest.mark.parametrize("said", ["", "three", "72 or 73", "72 days", "1e3", "inf", "nan", "1.2.3", "0x10", "--1"])
def test_what_is_no_number_gets_a_sentence_that_says_what_to_write(said: str) -> None:
    with pytest.raises(Refused, match="in digits, in hours"):
        typed.number(said, "hours")


def test_a_number_that_can_be_read_in_two_ways_is_asked_again() -> None:
    with pytest.raises(Refused, match=r"Write 1500 or 1\.500"):
        typed.number("1,500")


@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from(["", "hours", "€"]))
def test_a_number_as_we_write_it_is_read_as_the_same_number(amount: Decimal, unit: str) -> None:
    assert typed.number(typed.written(amount, unit), unit) == amount


def test_the_tolerance_is_counted_in_decimals() -> None:
    question = Numeric(**ASKED, kind="numeric", answer=0.3, tolerance=0.1, why="w", otherwise="o")
    assert 0.3 - 0.1 < 0.2  # a float would miss it
    for said, right in (("0.2", True), ("0.4", True), ("0.1999", False), ("0.41", False)):
        assert grade.grade(question, (), {"number": said}).right is right, said


def test_a_wrong_number_or_word_that_was_foreseen_gets_its_own_why() -> None:
    number = Numeric(
        **ASKED, kind="numeric", answer=72, unit="hours", why="w", otherwise="o",
        slips=(NumberSlip(value=24, why="slip"),),
    )  # fmt: skip
    said = grade.feedback(number, (), {"number": "24 hours"})
    assert [(line.text, line.why) for line in said.taken] == [("24 hours", "slip")]
    assert [(line.text, line.why) for line in said.better] == [("72 hours", "w")]
    assert grade.feedback(number, (), {"number": "25"}).taken[0].why == "o"
    text = Text(
        **ASKED, kind="text", accept=("Yes",), slips=(Slip(any_of=("No",), why="slip"),), why="w", otherwise="o"
    )
    assert [grade.feedback(text, (), {"text": t}).taken[0].why for t in ("yes!", "NO.", "?x")] == ["w", "slip", "o"]


def test_each_part_counts_and_a_wrong_one_is_told_with_the_better_one() -> None:
    items = tuple(Sortable(text=f"i{n}", bin="a" if n < 2 else "b", why=f"w{n}") for n in range(4))
    question = Bins(**ASKED, kind="bins", bins=("a", "b"), items=items)
    said = grade.feedback(question, (3, 2, 1, 0), {"bins": [1, 0, 0, 0]})
    assert said.grade == grade.Grade(0.75, 0.5)
    assert [line.text for line in said.taken] == ["i3 → b", "i2 → a", "i1 → a", "i0 → a"]
    assert [(line.text, line.why) for line in said.better] == [("i2 → b", "w2")]


def test_flagging_everything_is_worth_less_than_flagging_what_is_real() -> None:
    listed = tuple(Clue(id=f"c{n}", real=n < 2, why="w") for n in range(3))
    question = Clues(**ASKED, kind="clues", title="t", body="[[c0|a]] [[c2|b]] [[c1|c]]", clues=listed)
    worth = [grade.grade(question, (), {"flags": flags}).y for flags in ([0, 2], [0, 1, 2], [0], [1])]
    assert worth == [1, 0.5, 0.5, 0]


@pytest.mark.parametrize(
    ("kind", "response", "sentence"),
    [
        ("bins", {"bins": [0, None, 1, 0]}, "Put every line"),
        ("cloze", {"gaps": [0, None]}, "Fill every gap"),
        ("cloze", {"gaps": [0, "  "]}, "Write an answer"),
        ("clues", {"flags": []}, "Flag at least one"),
        ("text", {"text": ""}, "Write an answer"),
        ("text", {"text": "a" * 201}, "longer than 200"),
        ("text", {"text": "a\0"}, "does not fit"),
        ("rubric", {"text": "a" * 4001}, "longer than 4000"),
        ("numeric", {"number": 72}, "does not fit"),
    ],
)
def test_what_is_missing_or_unfit_is_refused_with_a_sentence(
    kind: str, response: dict[str, Any], sentence: str
) -> None:
    from tests.domain.test_grade import EVERY

    question = next(question for question in EVERY.questions if question.kind == kind)
    with pytest.raises(Refused, match=sentence):
        grade.grade(question, _positions(question, 1), response)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "numeric", "answer": 3.0, "tolerance": 1.0, "why": "w", "otherwise": "o",
          "slips": ({"value": 4.0, "why": "w"},)}, "within the tolerance"),
        ({"kind": "text", "accept": ("Yes", "yes!"), "why": "w", "otherwise": "o"}, "twice"),
        ({"kind": "text", "accept": ("?",), "why": "w", "otherwise": "o"}, "letter or digit"),
        ({"kind": "bins", "bins": ("a", "b"), "items": [{"text": t, "bin": "c", "why": "w"} for t in "xyz"]}, "no bin"),
        ({"kind": "bins", "bins": ("a", "b"), "items": [{"text": t, "bin": "a", "why": "w"} for t in "xyz"]}, "one bin"),
        ({"kind": "cloze", "text": "a [[one]]", "gaps": [{"id": "two", "kind": "text", "accept": ["x"], "why": "w",
          "otherwise": "o"}]}, "same order"),
        ({"kind": "clues", "title": "t", "body": "[[a|x]] [[b|y]]", "clues": [
            {"id": "a", "real": True, "why": "w"}, {"id": "b", "real": True, "why": "w"}]}, "flagging everything"),
        ({"kind": "rubric", "model": "nothing", "elements": [
            {"name": "n", "any_of": ["there"], "why": "w"}, {"name": "m", "any_of": ["nothing"], "why": "w"}]}, "none of"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_fair_is_refused_when_it_is_read(fields: dict[str, Any], sentence: str) -> None:
    from pydantic import TypeAdapter

    with pytest.raises(ValidationError, match=sentence):
        TypeAdapter(Question).validate_python({**ASKED, **fields})
