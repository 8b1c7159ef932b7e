"""The shipped content is tested like code: clean, and every part of it fit to be put before a person."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog.library import load
from domain.drill import MARK, ReportDrill, SpotDrill
from domain.lesson import Predict
from domain.quiz import Multiple, Ordering, Single
from domain.regime import Facts, duties
from domain.rehearse import rehearse
from domain.scenario import Rehearsal
from domain.skills import STEPS, Skill

ROOT = Path(__file__).resolve().parent.parent
CATALOG = load(ROOT)

predictions = [
    pytest.param(screen, id=f"{slug}-{number}")
    for slug, lesson in CATALOG.lessons.items()
    for number, screen in enumerate(lesson.screens)
    if isinstance(screen, Predict)
]
choices = [
    pytest.param(question, id=f"{slug}-{question.id}")
    for slug, quiz in CATALOG.quizzes.items()
    for question in quiz.questions
    if isinstance(question, Single | Multiple)
]
artefacts = [
    pytest.param(artefact, id=f"{slug}-{artefact.id}")
    for slug, drill in CATALOG.drills.items()
    if isinstance(drill, SpotDrill)
    for artefact in drill.artefacts
]
reports = [
    pytest.param(slug, drill, id=slug) for slug, drill in CATALOG.drills.items() if isinstance(drill, ReportDrill)
]
rehearsals = [pytest.param(rehearsal, id=slug) for slug, rehearsal in CATALOG.rehearsals.items()]


def test_the_shipped_content_has_no_problems() -> None:
    assert [str(problem) for problem in CATALOG.problems] == []


def test_every_file_is_in_use() -> None:
    assert [state.file for state in CATALOG.states if state.use != "good"] == []


@pytest.mark.parametrize("slug", CATALOG.modules)
def test_a_module_is_whole(slug: str) -> None:
    module = CATALOG.modules[slug]
    assert 3 <= len(module.lessons) <= 5
    for lesson in module.lessons:
        assert 5 <= len(CATALOG.lessons[lesson].screens) <= 8, lesson
        assert isinstance(CATALOG.lessons[lesson].screens[0], Predict), lesson
    questions = CATALOG.quizzes[module.quiz].questions
    assert len(questions) >= 15
    assert len({type(question) for question in questions}) >= 4
    assert len({question.difficulty for question in questions}) == 3
    drills = [CATALOG.drills[drill] for drill in module.drills]
    judged = sum(len(drill.artefacts) for drill in drills if isinstance(drill, SpotDrill))
    assert not drills or judged >= 6 or sum(isinstance(drill, ReportDrill) for drill in drills) >= 3


@pytest.mark.parametrize("screen", predictions)
def test_a_prediction_asks_before_it_tells_and_answers_whatever_is_taken(screen: Predict) -> None:
    assert sum(option.right for option in screen.options) == 1
    assert len({option.text for option in screen.options}) == len(screen.options)
    assert len({option.why for option in screen.options}) == len(screen.options)


@pytest.mark.parametrize("question", choices)
def test_options_of_a_question_differ_and_each_says_its_own_why(question: Single | Multiple) -> None:
    assert len({option.text.casefold() for option in question.options}) == len(question.options)
    assert len({option.why for option in question.options}) == len(question.options)
    for option in question.options:
        assert not re.match(r"(wrong|incorrect|false)\b", option.why, re.IGNORECASE), option.why
        assert "all of the above" not in option.text.casefold()


@pytest.mark.parametrize("artefact", artefacts)
def test_an_artefact_shows_every_clue_once_and_no_mark_is_broken(artefact) -> None:
    texts = [*(line.text for line in artefact.head), artefact.body]
    marked = [mark.group(1) for text in texts for mark in MARK.finditer(text)]
    assert sorted(marked) == sorted(clue.id for clue in artefact.clues)
    for text in texts:
        assert "[[" not in MARK.sub("", text)
        assert "]]" not in MARK.sub("", text)
    if artefact.verdict == "harmless":
        assert artefact.affects == ()
        assert not any(clue.real for clue in artefact.clues)
    else:
        assert sum(clue.real for clue in artefact.clues) >= 1


@pytest.mark.parametrize(("slug", "drill"), reports)
def test_the_model_answer_of_a_report_drill_scores_full_marks_field_by_field(slug: str, drill: ReportDrill) -> None:
    for model in drill.fields:
        text = model.model.casefold()
        for mention in model.mentions:
            assert any(phrase.casefold() in text for phrase in mention.any_of), f"{slug}/{model.field}: {mention.name}"
        for avoid in model.avoid:
            assert not any(phrase.casefold() in text for phrase in avoid.any_of), f"{slug}/{model.field}: {avoid.name}"


def test_guessing_the_longest_option_passes_no_quiz() -> None:
    for slug, quiz in CATALOG.quizzes.items():
        singles = [question for question in quiz.questions if isinstance(question, Single)]
        right = sum(max(q.options, key=lambda option: len(option.text)).right for q in singles)
        assert right / max(len(singles), 1) < quiz.pass_mark, slug


def test_sources_were_read_lately_and_lie_on_the_open_web() -> None:
    values: list[Any] = [*CATALOG.lessons.values(), *CATALOG.quizzes.values(), *CATALOG.drills.values()]
    values += [*CATALOG.scenarios.values(), *CATALOG.regimes.values()]
    for value in values:
        for source in value.sources:
            assert source.checked.year >= 2026
            assert source.url is None or source.url.startswith(("https://", "http://"))


def test_a_scenario_covers_the_six_steps_and_is_rehearsed_well_and_badly() -> None:
    assert CATALOG.scenarios
    for slug, scenario in CATALOG.scenarios.items():
        assert {skill for decision in scenario.decisions for skill in decision.skills} >= set(STEPS)
        assert len([r for r in CATALOG.rehearsals.values() if r.scenario == slug]) >= 2


@pytest.mark.parametrize("rehearsal", rehearsals)
def test_a_rehearsal_comes_out_as_written(rehearsal: Rehearsal) -> None:
    played = rehearse(CATALOG.scenarios[rehearsal.scenario], CATALOG.regimes, rehearsal)
    assert played.differences == ()


def test_every_skill_is_trained_by_something() -> None:
    trained = {skill for module in CATALOG.modules.values() for skill in module.skills}
    trained |= {s for scenario in CATALOG.scenarios.values() for d in scenario.decisions for s in d.skills}
    assert trained == set(Skill)


def _offers(places: list[str], data: str, sector: str = "retail") -> dict[str, int]:
    """Months of monitoring that the duties engine finds owed, or may be, when `data` of people in `places` leaked."""
    facts = Facts.model_validate_json(
        json.dumps(
            {
                "known": dict.fromkeys(("discovered", "aware", "determined"), "2026-11-02T09:00-05:00"),
                "organisation": {"sectors": [sector]},
                "people": [{"where": place, "count": 40, "data": ["user.name", data]} for place in places],
                "risk": "likely",
            }
        )
    )
    report = duties(CATALOG.regimes, facts.breach(), datetime(2026, 11, 3, tzinfo=UTC))
    return {each.slug: each.duty.monitoring_months or 0 for each in report.monitoring}


SSN = "user.government_id.national_identification_number"
STATES = sorted({place for regime in CATALOG.regimes.values() for place in regime.places if place.startswith("US-")})


def test_the_list_of_monitoring_offers_is_what_the_duties_engine_finds() -> None:
    screens = CATALOG.lessons["monitoring-how-long"].screens
    listed = next(
        screen.exhibit for screen in screens if screen.exhibit and "Owed by State law" in screen.exhibit.label
    )
    told = {name: int(months) for name, months in re.findall(r"^(.+?): (\d+)", "\n".join(listed.lines), re.MULTILINE)}
    found = _offers(STATES, SSN)
    names = {slug: CATALOG.regimes[slug].jurisdiction.removeprefix("United States, ") for slug in found}
    assert told == {names[slug]: months for slug, months in found.items()}


def test_what_lesson_and_quiz_say_of_single_states_is_what_the_duties_engine_finds() -> None:
    licence = "user.government_id.drivers_license_number"
    assert _offers(["US-PA", "US-MA"], licence) == {"us-pa": 12}
    assert _offers(["US-FL", "US-OH"], SSN) == {}
    assert _offers(["US-RI"], SSN, "public") == {"us-ri": 60}
    assert _offers(["US-NY"], SSN, "finance.credit_bureau") == {"us-ny": 60}
    question = next(q for q in CATALOG.quizzes["monitoring"].questions if q.id == "order-by-months")
    assert isinstance(question, Ordering)
    homes = {"Ohio": "US-OH", "Delaware": "US-DE", "Massachusetts": "US-MA", "Connecticut": "US-CT"}
    months = []
    for item in question.items:
        firm, _, home = item.text.partition(", residents of ")
        sector = "finance.credit_bureau" if "credit bureau" in firm else "retail"
        months.append(max(_offers([homes[home]], SSN, sector).values(), default=0))
    assert months == [0, 12, 18, 24, 42]
