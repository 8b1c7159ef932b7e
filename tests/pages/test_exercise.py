"""Playing an exercise in the browser: from the list to the debrief, on Streamlit's test runner."""

from html import escape

from streamlit.testing.v1 import AppTest

from services import exercises
from services.app import App
from tests import factories
from tests.pages.conftest import Browse
from ui import places

SLUG = "results-page"


def _html(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def _press(at: AppTest, *, starting: str) -> AppTest:
    button = next(button for button in at.button if str(button.key).startswith(starting))
    button.click().run()
    assert not at.exception, at.exception
    return at


def _until_the_end(at: AppTest, number: int) -> None:
    for _ in range(200):
        keys = [str(button.key) for button in at.button]
        turn = next((key for key in keys if key.startswith((f"x-{number}-", "on-"))), None)
        if turn is None:
            return
        _press(at, starting=turn)
    raise AssertionError("it never ends")


def test_a_scenario_is_played_from_the_list_to_its_debrief(app: App, browse: Browse) -> None:
    me = factories.person(app)
    at = browse(me, places.EXERCISE)
    assert "The results page" in _html(at)
    _press(at, starting=f"start-{SLUG}")
    number = next(offer.open for offer in exercises.offers(app, me) if offer.slug == SLUG)
    assert number is not None
    assert "EXERCISE" in _html(at)
    _until_the_end(at, number)
    assert "This exercise is over" in _html(at)
    looking = exercises.debrief(app, me, number)
    assert looking.review.covered == 6
    debrief = browse(me, places.DEBRIEF, id=str(number))
    assert "duties done in time" in _html(debrief)


def test_a_reload_shows_the_same_place_and_a_double_click_does_nothing_twice(app: App, browse: Browse) -> None:
    me = factories.person(app)
    number = exercises.start(app, me, SLUG, dials={"finder": "patient"})
    at = browse(me, places.EXERCISE, id=str(number))
    before = exercises.screen(app, me, number).view
    assert escape(before.messages[0].title) in _html(at)
    second = browse(me, places.EXERCISE, id=str(number))
    _press(at, starting="x-")
    _press(second, starting="x-")  # an old screen: the same option again
    third = browse(me, places.EXERCISE, id=str(number))
    assert "You speak for the team" in _html(at)
    assert "You speak for the team" in _html(second)
    assert "You speak for the team" in _html(third)
    assert exercises.screen(app, me, number).view.asks[0].voted == 6


def test_a_tap_says_how_sure_somebody_is_of_their_vote(app: App, browse: Browse) -> None:
    me = factories.person(app)
    number = exercises.start(app, me, SLUG)
    at = browse(me, places.EXERCISE, id=str(number))
    tap = next(group for group in at.button_group if str(group.key).endswith("-sure"))
    tap.set_value("not sure").run()
    _press(at, starting=f"x-{number}-")
    (own,) = (b for b in exercises.screen(app, me, number).view.asks[0].ballots if not b.bot)
    assert own.sure is False


def test_somebody_elses_exercise_is_not_there(app: App, browse: Browse) -> None:
    mine, stranger = factories.person(app), factories.person(app)
    number = exercises.start(app, mine, SLUG)
    at = browse(stranger, places.EXERCISE, id=str(number))
    assert "no such exercise of yours" in _html(at)
    at = browse(stranger, places.DEBRIEF, id=str(number))
    assert "no such exercise of yours" in _html(at)


def test_what_comes_with_a_message_is_drawn_with_its_own_head_and_marked_as_exercise(app: App, browse: Browse) -> None:
    me = factories.person(app)
    number = exercises.start(app, me, "payroll-mail", dials={"finder": "recipient"})
    shown = _html(browse(me, places.EXERCISE, id=str(number)))
    assert "Mail · EXERCISE" in shown
    assert "From: Mette Petersen &lt;m.petersen@meridian-logistik.example&gt;" in shown
    assert "Re: AW: Lohn November alle" in shown
    assert "Attachment: Lohn_2026-11_alle.xlsx (2.3 MB)" in shown
