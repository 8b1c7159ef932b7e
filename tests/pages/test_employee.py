"""The employee's pages, drawn and clicked through on Streamlit's test runner."""

from streamlit.testing.v1 import AppTest

from domain import present, respond
from domain.drill import ReportDrill
from services import drills, learning
from services.app import App
from tests import factories
from tests.pages.conftest import Browse
from ui import places


def _html(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def test_home_names_one_next_step(app: App, browse: Browse) -> None:
    me = factories.person(app, name="Kim Alder")
    assert "Kim" in _html(browse(me))


def test_a_lesson_is_read_to_its_end(app: App, browse: Browse) -> None:
    me = factories.person(app)
    slug = app.content().modules["report"].lessons[0]
    at = browse(me, places.LESSON, slug=slug)
    for _ in app.content().lessons[slug].screens:
        options = [button for button in at.button if (button.key or "").startswith(f"{slug}-")]
        if options:
            options[0].click().run()
            assert not at.exception
        next(button for button in at.button if button.label in {"Continue", "Finish"}).click().run()
        assert not at.exception
    assert "Done:" in _html(at)
    assert learning.lesson(app, me, slug).ended


def test_a_quiz_is_answered_question_by_question(app: App, browse: Browse) -> None:
    me = factories.person(app)
    at = browse(me, places.QUIZ, slug="report")
    next(button for button in at.button if button.label == "Start").click().run()
    view = learning.quiz(app, me, "report")
    for place, item in enumerate(view.attempt.draw):
        question = next(q for q in view.quiz.questions if q.id == item)
        order = present.order(view.attempt.seed, item, present.size(question))
        why = "".join(option.why for option in getattr(question, "options", ()))
        assert not why or why[:40] not in str(at), "the why is not sent before the answer"
        if question.kind in {"single", "true_false"}:
            choice = respond.right(question, order)["choice"]
            at.button(key=f"q-{view.attempt.id}-{item}-{choice}").click().run()
        else:  # its parts are components, which the test runner does not draw
            response = respond.right(question, order)
            learning.answer_quiz(app, me, view.attempt.id, item, response, sure=True, shown_at=app.now())
            at.run()
        assert not at.exception
        said = learning.quiz(app, me, "report").feedback
        assert said is not None
        assert said.grade.right
        at.button(key=f"on-q-{view.attempt.id}-{item}").click().run()
        assert not at.exception, place
    assert learning.quiz(app, me, "report").attempt.passed
    assert "Passed" in _html(at)


def test_a_report_survives_leaving_and_is_judged_once_sent(app: App, browse: Browse) -> None:
    me = factories.person(app)
    slug = next(s for s, drill in sorted(app.content().drills.items()) if isinstance(drill, ReportDrill))
    at = browse(me, places.REPORT, slug=slug)
    next(button for button in at.button if button.label == "Start").click().run()
    attempt = drills.report_drill(app, me, slug).attempt.id
    at.text_area(key=f"r-{attempt}-what").input("A list went to the wrong Anna.").run()
    again = browse(me, places.REPORT, slug=slug)
    assert again.text_area(key=f"r-{attempt}-what").value == "A list went to the wrong Anna."
    next(button for button in again.button if button.label == "Send the report").click().run()
    assert "Still empty" in again.warning[0].value
    for field in ("data", "done"):
        again.text_area(key=f"r-{attempt}-{field}").input("As said.")
    again.text_input(key=f"r-{attempt}-noticed").input("09:38")
    again.radio(key=f"r-{attempt}-channel").set_value("hotline")
    again.radio(key=f"r-{attempt}-going-on").set_value("no").run()
    next(button for button in again.button if button.label == "Send the report").click().run()
    assert not again.exception
    assert drills.report_drill(app, me, slug).result is not None


def test_an_unknown_thing_in_the_address_gets_a_sentence(app: App, browse: Browse) -> None:
    me = factories.person(app)
    for place in (places.MODULE, places.LESSON, places.QUIZ, places.SPOT, places.REPORT):
        said = _html(browse(me, place, slug="../../etc"))
        assert "no such" in said or "not available" in said


def test_the_channels_for_a_real_breach_are_the_organisations_own(app: App, browse: Browse) -> None:
    assert "4444" in _html(browse(factories.person(app), places.BREACH))
