"""What lessons and quizzes say of laws is what the duties engine computes from the same facts."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog.library import load
from domain.lesson import Predict
from domain.quiz import Single
from domain.regime import Breach, Facts, duties

CATALOG = load(Path(__file__).resolve().parent.parent)
CALL = datetime(2026, 2, 10, 9, tzinfo=UTC)


def _asked(where: str, sector: str, *, written: bool = False, until: str | None = None) -> Breach:
    """A breach discovered on 1 February 2026, in which the police ask on 10 February to wait."""
    hold = {"since": CALL.isoformat(), "written": written} | ({"until": until} if until else {})
    facts = {
        "known": dict.fromkeys(("discovered", "aware"), "2026-02-01T09:00+00:00"),
        "organisation": {"sectors": [sector], "countries": [where[:2]]},
        "people": [{"where": where, "count": 900, "data": ["user.name", "user.health_and_medical"]}],
        "risk": "high",
        "police_delay": hold,
    }
    return Facts.model_validate_json(json.dumps(facts)).breach()


def _held(breach: Breach, slug: str, now: datetime) -> set[str]:
    """The duties of a regime that wait for the police."""
    found = duties(CATALOG.regimes, breach, now).found
    return {each.duty.id for each in found if each.slug == slug and each.deadline.held}


def _right(quiz: str, question: str) -> str:
    found = next(each for each in CATALOG.quizzes[quiz].questions if each.id == question)
    assert isinstance(found, Single)
    return next(option.text for option in found.options if option.right)


def _texts(lesson: str, title: str) -> str:
    """Everything that a screen of a lesson says, its right option included and no other."""
    screen = next(each for each in CATALOG.lessons[lesson].screens if each.title == title)
    said = [screen.text, *(screen.exhibit.lines if screen.exhibit else ())]
    if isinstance(screen, Predict):
        said += [screen.then or "", *(option.text for option in screen.options if option.right)]
    return "\n".join(said)


def test_a_call_of_the_police_holds_the_letters_as_long_as_the_quiz_says() -> None:
    breach = _asked("US-OH", "health.hospital")
    ends = CALL + timedelta(days=30)
    assert f"{ends:%-d %B}" in _right("cooperate", "oral-request")
    assert "individuals" in _held(breach, "us-hipaa", ends - timedelta(hours=1))
    assert _held(breach, "us-hipaa", ends + timedelta(hours=1)) == set()


def test_a_letter_of_the_police_holds_them_to_its_date() -> None:
    assert "Until 15 January" in _texts("cooperate-please-wait", "A letter with a date")
    breach = _asked("US-OH", "health.hospital", written=True, until="2026-03-25T09:00+00:00")
    assert "individuals" in _held(breach, "us-hipaa", CALL + timedelta(days=40))
    assert _held(breach, "us-hipaa", CALL + timedelta(days=44)) == set()


def test_what_waits_for_the_police_is_what_the_lesson_lists() -> None:
    told = _texts("cooperate-please-wait", "What runs on")
    delay = CATALOG.regimes["us-hipaa"].police_delay
    assert delay is not None
    assert set(delay.duties) == {"individuals", "hhs", "media", "partner"}
    assert "letters, health department, media, partners may wait" in told
    states = [regime.police_delay for slug, regime in CATALOG.regimes.items() if len(slug) == 5 and slug[:3] == "us-"]
    letters = [delay for delay in states if delay is not None and "individuals" in delay.duties]
    assert len(letters) > len(states) / 2, "Many US states"


@pytest.mark.parametrize(("slug", "where"), [("eu-gdpr", "AT"), ("eu-gdpr", "IE"), ("uk-gdpr", "GB")])
def test_the_authority_does_not_wait_for_the_police(slug: str, where: str) -> None:
    breach = _asked(where, "health.hospital", written=True)
    assert _held(breach, slug, CALL + timedelta(hours=1)) == set()
    limit = CATALOG.regimes[slug].duty("authority").limit
    assert limit is not None
    assert (limit.amount, limit.unit) == (72, "hours")
    assert f"no pause for the {limit.amount} hours" in _texts("cooperate-please-wait", "What runs on")


def test_a_payment_has_the_clocks_that_the_lesson_names() -> None:
    told = _texts("secure-ransom", "A payment has clocks of its own")
    for slug, duty, words in (("us-ny-dfs", "payment", "within {} hours"), ("au-ransom", "authority", "within {}.")):
        limit = CATALOG.regimes[slug].duty(duty).limit
        assert limit is not None
        assert (limit.unit, limit.start) == ("hours", "payment")
        assert words.format(limit.amount) in told


def test_records_are_owed_at_any_risk_and_kept_as_long_as_the_lesson_says() -> None:
    for slug in ("eu-gdpr", "uk-gdpr"):
        record = CATALOG.regimes[slug].duty("record")
        assert (record.risk, record.threshold) == (None, None)
    assert "24 months" in CATALOG.regimes["ca-pipeda"].duty("record").wording
    assert "24 months" in _texts("improve-record", "How long?")
