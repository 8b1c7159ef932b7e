"""The draft desk: elements found by declared phrases, sentences that later facts make false, one newest draft."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.after_action import after_action
from domain.condition import Known
from domain.exercise import apply, moves, replay, view
from domain.letter import Letter, examine, sentences
from domain.refusal import Refused
from domain.scenario import Scenario
from tests.domain import small
from tests.domain.alone import Alone

LETTER = {
    "id": "people",
    "title": "Letter to the people",
    "regime": "test",
    "duty": "people",
    "seats": ["lead", "privacy"],
    "when": {"inject": "call"},
    "opening": "Dear customer,",
    "elements": [
        {"text": "What happened", "phrases": ["an open page", "could be read"], "why": "Nobody can act without it."},
        {"text": "Whom to ask", "phrases": ["privacy@firm.example"]},
    ],
    "claims": [
        {
            "phrases": ["only five people", "no data were misused"],
            "false_when": {"fact": "closed"},
            "say": "There are more.",
        }
    ],
}
HOUR = timedelta(hours=1)


def letter() -> Letter:
    return Letter.model_validate(LETTER)


def scenario() -> Scenario:
    data = small.scenario().model_dump(mode="json")
    return Scenario.model_validate({**data, "letters": [LETTER]})


def test_an_element_is_there_in_any_spelling_of_its_phrase():
    found = examine(letter(), "Your data COULD  be\nread. Ask: Privacy@Firm.example", Known(), HOUR)
    assert [element.there for element in found.elements] == [True, True]
    assert found.missing == 0


def test_half_a_word_is_no_phrase():
    assert examine(letter(), "an open pagelet", Known(), HOUR).missing == 2


def test_a_sentence_becomes_false_with_the_fact_and_only_that_sentence():
    text = "Only five people are concerned. We are sorry.\nNo data were misused!"
    assert examine(letter(), text, Known(), HOUR).untrue == ()
    known = Known(facts={"closed": HOUR})
    assert [each.sentence for each in examine(letter(), text, known, HOUR).untrue] == [
        "Only five people are concerned.",
        "No data were misused!",
    ]
    assert examine(letter(), text, known, HOUR / 2).untrue == ()


@given(st.text())
def test_any_text_can_be_examined_and_no_letter_of_it_is_lost(text: str):
    assert examine(letter(), text, Known(), HOUR).untrue == ()
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_the_newest_draft_is_the_letter_and_who_was_slower_is_told():
    table, script = Alone(), scenario()
    state, log = table.state, list(table.log)

    def write(seat: str, text: str, seen: int):
        nonlocal state
        state, more = apply(script, state, moves.Draft("people", seat, text, seen), table.now, "1")
        log.extend(more)

    write("lead", "An open page.", 0)
    write("lead", "An open page.", 0)  # a second click
    assert len(state.drafts["people"]) == 1
    with pytest.raises(Refused, match="another version"):
        write("privacy", "Mine.", 0)
    write("privacy", "An open page. Only five people.", 1)
    with pytest.raises(Refused, match="Other seats"):
        write("it", "Ours.", 2)
    with pytest.raises(Refused, match="no such letter"):
        apply(script, state, moves.Draft("press", "lead", "x", 0), table.now, "1")
    (desk,) = view(script, small.regimes(), replay(log), "it", table.now).desk
    assert (desk.version, desk.by, desk.may_write) == (2, script.seat("privacy").title, False)
    assert [element.there for element in desk.examined.elements] == [True, False]


def test_a_letter_comes_to_the_desk_when_its_condition_holds_and_never_shows_what_it_looks_for():
    table, script = Alone(), scenario()
    before = view(script, small.regimes(), replay(table.log[:2]), "lead", table.now)
    assert before.desk == ()
    shown = view(script, small.regimes(), table.state, "lead", table.now)
    assert shown.desk[0].text == "Dear customer,"
    for secret in ("could be read", "There are more.", "only five people"):
        assert secret not in repr(shown.desk)


def test_the_report_says_what_a_letter_left_out_and_what_was_not_true_any_more():
    table, script = Alone(), scenario()
    text = "Only five people are concerned."
    state, more = apply(script, table.state, moves.Draft("people", "lead", text, 0), table.now, "1")
    state, ended = apply(script, state, moves.Establish("closed"), table.now, "1")
    state, over = apply(script, state, moves.End(), table.now, "1")
    log = [*table.log, *more, *ended, *over]
    (letter,) = after_action(script, small.regimes(), state, log, digest="d", names={}).letters
    assert letter.missing == ("What happened", "Whom to ask")
    assert letter.untrue == ((text, "There are more."),)
    assert letter.events == (len(table.log) + 1,)
