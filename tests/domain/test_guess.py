"""What guessing is worth: each habit worked out by hand, and by playing the quiz through `domain.grade`."""

import random
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from pydantic import TypeAdapter

from catalog.library import load
from domain.grade import grade
from domain.guess import ABSOLUTES, HEDGES, MARGIN, STRATEGIES, Words, baseline, baselines, hedging, luck
from domain.present import size
from domain.quiz import Question, Quiz
from tests.domain import overlay

ROOT = Path(__file__).resolve().parent.parent.parent
QUIZZES = load(ROOT).quizzes
QUESTION: TypeAdapter[Any] = TypeAdapter(Question)


def single(name: str, *options: str, right: int = 0) -> dict[str, Any]:
    made = [{"text": text, "right": n == right, "why": f"Because of {n}."} for n, text in enumerate(options)]
    return {"id": name, "kind": "single", "ask": "Which?", "options": made}


def multiple(name: str, *options: str, right: tuple[int, ...]) -> dict[str, Any]:
    made = [{"text": text, "right": n in right, "why": f"Because of {n}."} for n, text in enumerate(options)]
    return {"id": name, "kind": "multiple", "ask": "Which?", "options": made}


def statement(name: str, ask: str, *, answer: bool) -> dict[str, Any]:
    return {"id": name, "kind": "true_false", "ask": ask, "answer": answer, "why_true": "A.", "why_false": "B."}


def ordering(name: str, *items: str) -> dict[str, Any]:
    return {"id": name, "kind": "ordering", "ask": "Order.", "items": [{"text": t, "why": "So."} for t in items]}


def matching(name: str, *pairs: tuple[str, str], decoys: tuple[str, ...] = ()) -> dict[str, Any]:
    made = [{"left": left, "right": right, "why": "So."} for left, right in pairs]
    return {"id": name, "kind": "matching", "ask": "Match.", "pairs": made, "decoys": list(decoys)}


def quiz(*questions: dict[str, Any], pass_mark: float = 0.75) -> Quiz:
    return Quiz.model_validate(
        {"title": "A quiz", "skill": "spot", "draw": 1, "pass_mark": pass_mark, "questions": list(questions)}
    )


def shares(*questions: dict[str, Any], others: tuple[Quiz, ...] = ()) -> dict[str, float]:
    beside = {f"other-{n}": other for n, other in enumerate(others)}
    found = baseline("this", {"this": quiz(*questions), **beside}).shares
    return {name: round(share, 4) for name, share in found.items()}


def test_the_doc_tells_every_habit_as_it_is():
    for name, does in STRATEGIES.items():
        assert f"| {name} | {does} |\n" in overlay.DOCS
    assert set(shares(statement("s", "It holds.", answer=True))) == set(STRATEGIES)
    assert not HEDGES & ABSOLUTES


def test_length_is_counted_in_characters_and_ties_count_evenly():
    found = shares(single("q", "aaaa", "bb", "cccc", "dd"))
    assert (found["longest"], found["shortest"]) == (0.5, 0.0)
    assert shares(single("q", "aa", "bb", "cc"))["longest"] == 0.3333


def test_of_several_options_a_guesser_takes_half_and_false_ones_cost():
    options = ("aaaaa", "bbbb", "ccc", "dd", "e")
    assert shares(multiple("q", *options, right=(0, 1, 2)))["longest"] == 1.0
    assert shares(multiple("q", *options, right=(0, 1)))["longest"] == 0.5
    assert shares(multiple("q", *options, right=(0, 4)))["longest"] == 0.0


def test_places_are_those_of_the_file_and_a_place_that_is_missing_is_luck():
    questions = [single(f"q{n}", "aa", "bb", "cc", right=right) for n, right in enumerate((1, 1, 1, 2))]
    found = shares(*questions)
    assert (found["always B"], found["always C"], found["key"]) == (0.75, 0.25, 0.75)
    assert shares(statement("s", "It holds.", answer=False))["always B"] == 1.0
    assert shares(statement("s", "It holds.", answer=False))["always C"] == 0.5


def test_of_three_questions_no_place_is_commonest():
    questions = [single(f"q{n}", "aa", "bb", "cc", right=1) for n in range(3)]
    assert shares(*questions)["key"] == 0.3333


def test_statements_are_believed_and_hedged_ones_more():
    held = [statement(f"s{n}", "It holds.", answer=n < 3) for n in range(4)]
    assert (shares(*held)["true"], shares(*held)["key"], shares(*held)["hedged"]) == (0.75, 0.75, 0.5)
    assert shares(statement("s", "It may usually hold.", answer=True))["hedged"] == 1.0
    assert shares(statement("s", "It always holds.", answer=True))["hedged"] == 0.0
    assert hedging("It may hold, and it always does, perhaps.") == 1
    assert shares(single("q", "Never do.", "Perhaps do.", "Always do.", right=1))["hedged"] == 1.0


def test_an_opening_counts_only_from_other_questions():
    asked = [single(f"q{n}", "A breach, since one.", "Harmless, since two.", "Odd, since three.") for n in range(3)]
    assert shares(*asked)["opening"] == 1.0
    assert shares(asked[0])["opening"] == 0.3333


def test_words_are_learned_from_other_quizzes_only():
    teaches = quiz(*(single(f"t{n}", "Ring the line.", "Wait for Monday.", "Ask around.") for n in range(3)))
    asked = single("q", "Wait a bit.", "Ring them.", "Ask him.", right=1)
    assert shares(asked)["words"] == 0.3333
    assert shares(asked, others=(teaches,))["words"] == 1.0
    believes = quiz(statement("a", "Paper counts.", answer=True), statement("b", "Luck counts.", answer=False))
    assert shares(statement("s", "Luck helps.", answer=False), others=(believes,))["words"] == 1.0
    assert Words.learn([teaches]).options["ring"] > 0 > Words.learn([teaches]).options["wait"]


def test_the_commonest_right_of_a_matching_question_is_a_habit_too():
    found = shares(matching("m", ("a", "x"), ("b", "x"), ("c", "y"), decoys=("z",)))
    assert (found["key"], found["longest"]) == (0.6667, 0.3333)


def bins(name: str, *items: tuple[str, str]) -> dict[str, Any]:
    made = [{"text": text, "bin": where, "why": "So."} for text, where in items]
    return {"id": name, "kind": "bins", "ask": "Sort.", "bins": ["Yours", "Theirs", "Nobody's"], "items": made}


def cloze(name: str, *gaps: dict[str, Any]) -> dict[str, Any]:
    text = " ".join(f"[[{gap['id']}]]" for gap in gaps)
    return {"id": name, "kind": "cloze", "ask": "Fill.", "text": text, "gaps": list(gaps)}


def gap(name: str, *options: str) -> dict[str, Any]:
    """The first is right."""
    made = [{"text": text, "right": n == 0, "why": f"Because of {n}."} for n, text in enumerate(options)]
    return {"id": name, "kind": "choice", "options": made}


def clues(name: str, *passages: tuple[str, bool]) -> dict[str, Any]:
    body = " ".join(f"[[c{n}|{words}]]" for n, (words, _) in enumerate(passages))
    made = [{"id": f"c{n}", "real": real, "why": f"Because of {n}."} for n, (_, real) in enumerate(passages)]
    return {"id": name, "kind": "clues", "ask": "Flag.", "title": "A note", "body": body, "clues": made}


TYPED = {"id": "typed", "kind": "text", "accept": ["aware"], "why": "So.", "otherwise": "Not so."}


def test_sorting_gaps_and_passages_are_guessed_as_they_are_marked():
    sorted_ = shares(bins("b", ("a", "Yours"), ("b", "Yours"), ("c", "Theirs"), ("d", "Yours")))
    assert (sorted_["key"], sorted_["longest"]) == (0.75, 0.3333)
    both = cloze("c", gap("g", "aware of it", "told", "sure"), gap("h", "now", "today", "tomorrow"))
    assert (shares(both)["longest"], shares(both)["shortest"], shares(both)["true"]) == (0.5, 0.5, 0.3333)
    assert shares(cloze("c", gap("g", "aware of it", "told"), TYPED))["longest"] == 0.5
    flagged = clues("f", ("pay within the hour", True), ("from an odd address", True), ("Hello", False))
    assert (shares(flagged)["longest"], shares(flagged)["shortest"]) == (1.0, 0.0)
    assert shares(flagged)["always B"] == shares(flagged)["true"]


def test_what_is_typed_altogether_is_left_out():
    guessed = statement("s", "It holds.", answer=True)
    typed = {**TYPED, "ask": "Since when?"}
    assert shares(guessed, typed, cloze("c", TYPED)) == shares(guessed)
    assert set(shares(typed).values()) == {0.0}


def test_an_unknown_kind_of_question_is_left_out_of_points_and_total():
    class Sketch:
        kind = "sketch"
        id = "drawn"

    known = quiz(*(statement(f"s{n}", "It holds.", answer=True) for n in range(4)))
    both = known.model_copy(update={"questions": (*known.questions, Sketch())})
    assert baseline("this", {"this": both}).shares == baseline("this", {"this": known}).shares
    alone = known.model_copy(update={"questions": (Sketch(),)})
    assert set(baseline("this", {"this": alone}).shares.values()) == {0.0}
    assert luck(Sketch()) is None


def response(question: Any, pick: random.Random) -> dict[str, Any]:  # noqa: PLR0911 - one a kind
    """A random answer, as a page sends it."""
    match question.kind:
        case "single":
            return {"choice": pick.randrange(len(question.options))}
        case "true_false":
            return {"choice": pick.randrange(2)}
        case "multiple":
            return {"choices": pick.sample(range(len(question.options)), (len(question.options) + 1) // 2)}
        case "ordering":
            return {"order": pick.sample(range(len(question.items)), len(question.items))}
        case "bins":
            return {"bins": [pick.randrange(len(question.bins)) for _ in question.items]}
        case "cloze":
            return {"gaps": [pick.randrange(len(part.options)) for part in question.gaps]}
        case "clues":
            return {"flags": pick.sample(range(len(question.clues)), (len(question.clues) + 1) // 2)}
        case _:
            count = len({pair.right for pair in question.pairs} | set(question.decoys))
            return {"rights": [pick.randrange(count) for _ in question.pairs]}


@pytest.mark.parametrize(
    "asked",
    [
        single("q", "aa", "bb", "cc", "dd"),
        multiple("q", "aa", "bb", "cc", "dd", "ee", right=(0, 3)),
        statement("q", "It holds.", answer=False),
        ordering("q", "a", "b", "c", "d"),
        matching("q", ("a", "x"), ("b", "y"), ("c", "x"), decoys=("z",)),
        bins("q", ("a", "Yours"), ("b", "Yours"), ("c", "Theirs")),
        cloze("q", gap("g", "aa", "bb", "cc"), gap("h", "dd", "ee")),
        clues("q", ("aa", True), ("bb", False), ("cc", True)),
    ],
    ids=lambda asked: str(asked["kind"]),
)
def test_picking_at_random_is_worth_what_grading_says(asked):
    question = QUESTION.validate_python(asked)
    pick = random.Random(7)
    worths = [grade(question, tuple(range(size(question))), response(question, pick)).y for _ in range(4000)]
    assert luck(question) == pytest.approx(mean(worths), abs=0.03)


def test_a_habit_passes_at_the_mark_and_comes_close_fifteen_points_below():
    asked = [statement(f"s{n}", "It holds.", answer=n < 3) for n in range(5)]

    def standing(mark: float) -> tuple[bool, bool]:
        found = baseline("this", {"this": quiz(*asked, pass_mark=mark)})
        return "true" in found.passing, "true" in found.close

    assert [standing(mark) for mark in (0.6, 0.61, 0.75, 0.76)] == [
        (True, False),
        (False, True),
        (False, True),
        (False, False),
    ]


def test_the_shipped_quizzes_cannot_be_guessed():
    told = []
    for each in baselines(QUIZZES):
        told += [f"{each.slug}: {name} {each.shares[name]:.2f}" for name in (*each.passing, *each.close)]
        assert each.shares[each.best] == max(each.shares.values()) < each.pass_mark - MARGIN
    assert told == []


def test_the_same_files_give_the_same_table_in_any_order():
    assert baselines(QUIZZES) == baselines(dict(reversed(list(QUIZZES.items()))))
