"""What a format can hold comes back as it was; what went through a format once goes through it unchanged for ever."""

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from domain.quiz import Quiz
from tests.catalog.banked import WRITERS, again, quizzes
from tests.catalog.test_formats import SHIPPED

# Quizzes shrink slowly, and a failing one is readable as it is.
slow = settings(
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
plain = st.sampled_from(
    ["A badge lies there.", "Who let him in?", "Ask the front desk, then wait.", "3 of 4 doors", "Ms Oduya: “Yes.”", "50% = half", "#1 {x}"]
)  # fmt: skip


@pytest.mark.parametrize("form", sorted(WRITERS))
@settings(slow, max_examples=50)
@given(quiz=quizzes())
def test_import_export_import_is_a_fixed_point(form: str, quiz: Quiz) -> None:
    assume(form == "qti" or any(question.kind != "cloze" for question in quiz.questions))
    once, _ = again(form, quiz)
    twice, _ = again(form, once)
    assert twice.questions == once.questions
    assert (twice.skill, twice.pass_mark) == (once.skill, once.pass_mark)


def told(quiz: Quiz, *, whys: bool) -> list[dict[str, object]]:
    """The questions as data, without what a format cannot hold."""
    found = []
    for question in quiz.questions:
        data = question.model_dump(mode="json", exclude={"skill"})
        if data["kind"] == "bins":
            data = {
                **data,
                "kind": "matching",
                "pairs": [{"left": i["text"], "right": i["bin"], "why": i["why"]} for i in data["items"]],
            }
            data["decoys"] = sorted(set(data.pop("bins")) - {item["bin"] for item in data.pop("items")})
        if data["kind"] == "matching":
            data["decoys"] = sorted(set(data["decoys"]))
        for part in (*data.get("items", ()), *data.get("pairs", ())) if not whys else ():
            part.pop("why")
        found.append(data)
    return found


@pytest.mark.parametrize("form", sorted(WRITERS))
@settings(slow, max_examples=30)
@given(quiz=quizzes(plain))
def test_what_a_format_can_hold_comes_back_as_it_was(form: str, quiz: Quiz) -> None:
    held = tuple(each for each in quiz.questions if each.kind != "cloze" or form == "qti")
    assume(held)
    quiz = quiz.model_copy(update={"questions": held, "draw": min(quiz.draw, len(held))})
    back, found = again(form, quiz)
    assert told(back, whys=form != "gift") == told(quiz, whys=form != "gift")
    assert [note for note in found.notes if note.kind == "lost"] == []
    if form != "csv":
        assert back.title == quiz.title
    if form == "qti":
        assert back.draw == quiz.draw


@pytest.mark.parametrize("form", sorted(WRITERS))
@pytest.mark.parametrize("slug", sorted(SHIPPED.quizzes))
def test_shipped_quizzes_go_out_and_come_back(slug: str, form: str) -> None:
    quiz = SHIPPED.quizzes[slug]
    once, found = again(form, quiz)
    assert [question.id for question in once.questions] == [question.id for question in quiz.questions]
    assert [note for note in found.notes if note.kind == "lost"] == []
    assert again(form, once)[0].questions == once.questions


def test_every_kind_goes_out_and_what_is_not_held_is_named(every_kind) -> None:
    quiz = every_kind.current.quizzes["every-kind"]
    for form, gone in {"gift": {"sentence", "passages", "letter"}, "qti": {"passages", "letter"}}.items():
        back, _ = again(form, quiz)
        assert {question.id for question in quiz.questions} - {question.id for question in back.questions} == gone
