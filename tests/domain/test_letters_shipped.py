"""Every letter that ships: an honest text passes its desk, and an early one is overtaken by the story."""

from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml

from domain.condition import first
from domain.exercise import variant
from domain.letter import examine, normal
from domain.rehearse import rehearse
from domain.scenario import Rehearsal, Scenario
from tests.domain.shipped import CONTENT, SCENARIOS, load, regimes

TEXTS = yaml.safe_load((Path(__file__).parent / "letters_shipped.yaml").read_text(encoding="utf-8"))
LETTERS = [(path.stem, letter.id) for path in SCENARIOS for letter in load(path, Scenario).letters]

each_letter = pytest.mark.parametrize(("name", "letter"), LETTERS)


@cache
def played(name, how):
    """The scenario with the rehearsal's dials, what is known when it ends, and when that is."""
    scenario = load(CONTENT / "scenarios" / f"{name}.yaml", Scenario)
    state = rehearse(scenario, regimes(), load(CONTENT / "rehearsals" / f"{name}-{how}.yaml", Rehearsal)).state
    assert state.phase == "ended"
    return variant(scenario, state.dials), state.known, state.clock.passed


def text_of(name, letter, which):
    return TEXTS.get(name, {}).get(letter, {}).get(which, "")


def test_every_letter_has_its_texts_and_every_text_its_letter():
    assert [
        (name, letter) for name, letters in TEXTS.items() for letter in letters if (name, letter) not in LETTERS
    ] == []
    assert [each for each in LETTERS if not all(text_of(*each, which) for which in ("good", "early"))] == []


@each_letter
def test_an_honest_letter_holds_everything_and_is_true_to_the_end(name, letter):
    scenario, known, end = played(name, "well")
    text = text_of(name, letter, "good")
    assert 110 <= len(text.split()) <= 210
    found = examine(scenario.letter(letter), text, known, end)
    assert [element.text for element in found.elements if not element.there] == []
    assert found.untrue == ()


@each_letter
def test_an_early_draft_becomes_untrue_in_two_ways_at_least(name, letter):
    scenario, known, end = played(name, "badly")
    script, text = scenario.letter(letter), text_of(name, letter, "early")
    came = first(script.when, known, timedelta())
    assert came is not None
    early, late = ({each.say for each in examine(script, text, known, t).untrue} for t in (came, end))
    assert len(late) >= 2
    assert late - early


@each_letter
def test_what_stands_there_at_first_leaves_the_letter_to_be_written(name, letter):
    scenario, known, end = played(name, "badly")
    script = scenario.letter(letter)
    found = examine(script, script.opening or "", known, end)
    assert found.missing >= len(script.elements) - 1  # a title may be given
    assert found.untrue == ()


@each_letter
def test_every_phrase_has_words_and_stands_once_in_its_list(name, letter):
    script = played(name, "well")[0].letter(letter)
    for part in (*script.elements, *script.claims):
        phrases = [normal(phrase) for phrase in part.phrases]
        assert all(phrase.strip() for phrase in phrases)
        assert sorted(phrases) == sorted(set(phrases))
