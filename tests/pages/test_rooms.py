"""The screens of a live exercise on Streamlit's test runner: each page, as each kind of person gets it."""

from datetime import UTC, datetime
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from domain.people import Person, Role
from services import exercises
from services.app import App
from services.live import clockwork, conduct, join, plan, watch
from tests import factories
from tests.pages.conftest import Browse
from tests.services.test_live import AT_HOME, Setting, first_vote, laid
from ui import places
from ui.places import Place


def html(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception, at.exception
    return at


def warnings(at: AppTest) -> list[str]:
    return [each.value.replace("\\", "") for each in at.warning]


@pytest.fixture
def setting(app: App) -> Setting:
    return laid(app, "lead", "it")


def observer(setting: Setting) -> Person:
    olive = factories.person(setting.app, name="Olive")
    plan.seat(setting.app, setting.robin, setting.number, olive.id, "observer")
    return olive


# ── planning ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_exercise_is_planned_seated_opened_and_started_on_its_pages(app: App, browse: Browse) -> None:
    robin = factories.person(app, Role.SECURITY, name="Robin")
    ann = factories.person(app, name="Ann")
    at = browse(robin, places.EXERCISES)
    at.selectbox(key="scenario").select("results-page").run()
    at.selectbox(key="dial-results-page-size").select("wide")
    at.text_input(key="title").input("Autumn exercise")
    at.datetime_input(key="when").set_value(datetime(2026, 12, 1, 14, 0))  # noqa: DTZ001 - as it is typed
    at.number_input(key="seed").set_value(7)
    press(at, "plan-it")
    mine = plan.mine(app, robin)[0]
    assert mine.live.title == "Autumn exercise"
    assert mine.live.planned_for == datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
    assert mine.live.seed == 7
    number = mine.live.id
    assert ("How many patients", "Everybody since spring") in plan.lobby(app, robin, number).dials
    at = browse(robin, places.PLAN, exercise=str(number))
    assert "Everybody since spring" in html(at)
    at.selectbox(key="who").select(ann.id)
    at.selectbox(key="chair").select("lead")
    next(button for button in at.button if button.label == "Invite or move").click().run()
    assert not at.exception
    assert [guest.member.seat for guest in plan.lobby(app, robin, number).people if guest.member.name == "Ann"] == [
        "lead"
    ]
    press(at, "open")
    code = plan.lobby(app, robin, number).live.code
    assert plan.shown_code(code) in html(at)
    assert f"/live/{number}/code.svg" in html(at)
    assert f"/live/{number}/invitation.ics" in html(at)
    assert f"/join?code={code}" in html(at)
    next(button for button in at.button if button.label == "Start the exercise").click().run()
    assert watch.facilitator(app, robin, number).console.phase == "running"


def test_a_stranger_finds_no_page_of_an_exercise(app: App, browse: Browse, setting: Setting) -> None:
    stranger = factories.person(app, Role.SECURITY, name="Sam")
    for place in (places.PLAN, places.CONSOLE, places.REMOTE, places.LIVE, places.WATCH, places.ROOM):
        at = browse(stranger, place, exercise=str(setting.number))
        assert "There is no such exercise of yours" in html(at), place
    assert browse(stranger, places.EXERCISES).button(key="plan-it")


@pytest.mark.parametrize("place", [places.PLAN, places.CONSOLE, places.REMOTE, places.WATCH, places.ROOM, places.LIVE])
def test_every_screen_says_that_it_is_an_exercise(browse: Browse, setting: Setting, place: Place) -> None:
    if place is places.LIVE:
        at = browse(setting.seats["lead"])
    else:
        at = browse(setting.robin, place, exercise=str(setting.number))
    assert "EXERCISE – not real" in html(at)
    assert html(at).count("<h1") == 1


# ── running ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_console_sends_the_next_inject_and_takes_it_back(app: App, browse: Browse, setting: Setting) -> None:
    at = browse(setting.robin, places.CONSOLE, exercise=str(setting.number))
    before = setting.console()
    assert before.following is not None
    assert escape(before.following.inject.title) in html(at)
    stale = browse(setting.robin, places.CONSOLE, exercise=str(setting.number))
    press(at, "send-next")
    assert setting.console().messages[-1].title == before.following.inject.title
    press(stale, "send-next")  # the same button on a screen that is old
    assert len(setting.console().messages) == len(before.messages) + 1
    press(at, "undo")
    assert [each.title for each in setting.console().messages] == [each.title for each in before.messages]


def test_the_clock_stops_goes_on_and_changes_its_speed(app: App, browse: Browse, setting: Setting) -> None:
    at = browse(setting.robin, places.CONSOLE, exercise=str(setting.number))
    press(at, "pause")
    assert setting.console().phase == "paused"
    press(at, "resume")
    assert setting.console().phase == "running"
    speed = next(box for box in at.selectbox if str(box.key).startswith("speed-"))
    speed.select(6.0).run()
    assert setting.console().speed == 6
    at.selectbox(key="jump").select("1 hour")
    press(at, "skip")
    assert setting.console().t.total_seconds() >= 3600


def test_an_inject_is_held_freed_and_sent_by_hand(browse: Browse, setting: Setting) -> None:
    at = browse(setting.robin, places.CONSOLE, exercise=str(setting.number))
    inject = str(next(b.key for b in at.button if str(b.key).startswith("hold-"))).removeprefix("hold-")

    def standing() -> str:
        return str(next(row.standing for row in setting.console().sheet if row.inject.id == inject))

    press(at, f"hold-{inject}")
    assert standing() == "held"
    press(at, f"free-{inject}")
    assert standing() != "held"
    press(at, f"send-{inject}")
    assert standing() == "sent"


def test_something_is_improvised_for_one_seat_alone(browse: Browse, setting: Setting) -> None:
    at = browse(setting.robin, places.CONSOLE, exercise=str(setting.number))
    at.text_input(key="improvised-title").input("A visitor")
    at.text_input(key="improvised-text").input("A courier asks for the server room.")
    at.multiselect(key="improvised-seats").select("it")
    next(button for button in at.button if button.label == "Send it").click().run()
    assert not at.exception
    assert at.text_input(key="improvised-title").value == ""
    assert "A visitor" in html(browse(setting.seats["it"]))
    assert "A visitor" not in html(browse(setting.seats["lead"]))
    assert "A visitor" not in html(browse(setting.robin, places.ROOM, exercise=str(setting.number)))


def test_a_refusal_is_a_sentence_and_what_was_typed_stays(browse: Browse, setting: Setting) -> None:
    at = browse(setting.robin, places.CONSOLE, exercise=str(setting.number))
    at.text_input(key="improvised-title").input("A title without a text")
    next(button for button in at.button if button.label == "Send it").click().run()
    assert not at.exception
    assert warnings(at)
    assert at.text_input(key="improvised-title").value == "A title without a text"


def test_votes_are_blind_until_closed_and_the_decision_is_written_down(
    app: App, browse: Browse, clock, setting: Setting
) -> None:
    decision = first_vote(setting, clock)
    tally = setting.console().tallies[0]
    lead = browse(setting.seats["lead"])
    option = tally.decision.options[0]
    lead.text_input(key=f"vote-reason-{decision}").input("Because I say so")
    lead.button_group(key=f"vote-{decision}-sure").set_value("not sure")
    press(lead, f"vote-{decision}-{option.id}")
    assert "Saved" in html(lead)
    assert "Because I say so" in html(lead)
    assert "(not sure)" in html(lead)
    other, room = browse(setting.seats["it"]), browse(setting.robin, places.ROOM, exercise=str(setting.number))
    assert "Because I say so" not in html(other) + html(room)
    console = browse(setting.robin, places.CONSOLE, exercise=str(setting.number))
    assert "Because I say so" in html(console)
    press(console, f"nudge-{decision}-it")
    assert "The table waits for your vote" in html(browse(setting.seats["it"]))
    assert "(not sure)" not in html(browse(setting.seats["it"]))
    press(console, f"close-{decision}")
    assert "Because I say so" in html(browse(setting.seats["it"]))
    assert "(not sure)" in html(browse(setting.seats["it"]))
    console.radio(key=f"decided-{decision}").set_value(option.id)
    console.selectbox(key=f"by-{decision}").select("lead")
    console.text_input(key=f"why-{decision}").input("It was loudest")
    next(button for button in console.button if button.label == "Record the decision").click().run()
    assert not console.exception
    assert setting.console().taken[0].why == "It was loudest"


def test_the_seat_that_leads_decides_and_no_other(browse: Browse, clock, setting: Setting) -> None:
    decision = first_vote(setting, clock)
    conduct.close_vote(setting.app, setting.robin, setting.number, decision, setting.seq())
    option = setting.view("lead").asks[0].options[0][0]
    other = browse(setting.seats["it"])
    assert not [b for b in other.button if str(b.key).startswith("decide-")]
    lead = browse(setting.seats["lead"])
    press(lead, f"decide-{decision}-{option}")
    assert "The team decided" in html(lead)


def test_the_remote_has_one_big_button_and_who_is_silent(browse: Browse, clock, setting: Setting) -> None:
    decision = first_vote(setting, clock)
    at = browse(setting.robin, places.REMOTE, exercise=str(setting.number))
    assert [button.label for button in at.button if button.key == "send-next"] == ["Send next inject"]
    press(at, f"nudge-{decision}-it")
    press(at, f"close-{decision}")
    assert setting.console().tallies[0].closed
    press(at, "pause")
    assert setting.console().phase == "paused"


def test_who_hands_over_watches_from_then_on(app: App, browse: Browse, setting: Setting) -> None:
    sam = factories.person(app, Role.SECURITY, name="Sam")
    plan.seat(app, setting.robin, setting.number, sam.id, "facilitator")
    at = browse(setting.robin, places.CONSOLE, exercise=str(setting.number))
    at.selectbox(key="heir").select(sam.id)
    press(at, "hand-over")
    assert watch.part(app, setting.robin, setting.number).part == "observer"
    assert "no such exercise of yours" in html(at)
    assert "What a good team does" in html(browse(setting.robin, places.WATCH, exercise=str(setting.number)))


# ── playing and watching ──────────────────────────────────────────────────────────────────────────────────────


def test_a_guest_chooses_a_seat_and_sees_its_brief(app: App, browse: Browse) -> None:
    setting = laid(app, start=False)
    ann = join.as_guest(app, setting.code, "Ann", AT_HOME).person
    at = browse(ann)
    press(at, "seat-it")
    assert watch.player(app, ann, setting.number).view is not None
    assert "Web logs are kept for seven days" in html(at)
    assert "It has not started yet" in html(at)
    conduct.start(app, setting.robin, setting.number)
    clockwork.tick(app)
    at = browse(ann)
    message = watch.player(app, ann, setting.number).view.messages[-1]  # type: ignore[union-attr]
    assert escape(message.title) in html(at)


def test_notes_are_kept_for_oneself_alone(browse: Browse, setting: Setting) -> None:
    at = browse(setting.seats["lead"])
    at.text_area(key="note").input("Ask about the logs")
    press(at, "keep-note")
    assert "Ask about the logs" in html(at)
    assert at.text_area(key="note").value == ""
    assert "Ask about the logs" not in html(browse(setting.seats["it"]))
    assert "Ask about the logs" not in html(browse(setting.robin, places.CONSOLE, exercise=str(setting.number)))


def test_an_observer_rates_an_objective_once(app: App, browse: Browse, setting: Setting) -> None:
    olive = observer(setting)
    at = browse(olive, places.WATCH, exercise=str(setting.number))
    at.selectbox(key="objective").select("secure")
    at.radio(key="rating").set_value("S")
    at.text_area(key="observation").input("They asked before they pulled the plug.")
    next(button for button in at.button if button.label == "Keep").click().run()
    assert not at.exception
    assert "They asked before they pulled the plug" in html(at)
    assert at.text_area(key="observation").value == ""
    kept = setting.console().observations
    assert [(each.objective, each.rating) for each in kept] == [("secure", "S")]
    assert kept[0].about == setting.console().messages[-1].id


def test_the_wall_has_nothing_to_press_and_no_spoiler(app: App, browse: Browse, setting: Setting) -> None:
    at = browse(setting.robin, places.ROOM, exercise=str(setting.number))
    assert not at.button
    assert not at.selectbox
    shown = html(at)
    for row in setting.console().sheet:
        if row.standing != "sent":
            assert escape(row.inject.title) not in shown
    for seat in watch.facilitator(app, setting.robin, setting.number).scenario.seats:
        assert escape(seat.brief) not in shown


def test_the_wall_shows_the_code_while_people_come_in(app: App, browse: Browse) -> None:
    setting = laid(app, "lead", start=False)
    shown = html(browse(setting.robin, places.ROOM, exercise=str(setting.number)))
    assert plan.shown_code(setting.code) in shown
    assert "Guest lead" in shown


# ── after ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_debrief_is_there_for_whoever_sat_ran_or_watched(app: App, browse: Browse, clock, setting: Setting) -> None:
    ann, olive = factories.person(app, name="Ann"), observer(setting)
    plan.seat(app, setting.robin, setting.number, ann.id, "player", "privacy")
    setting.seats["privacy"] = ann
    decision = first_vote(setting, clock)
    option = setting.view("privacy").asks[0].options[0][0]
    setting.vote("privacy", decision, option)
    conduct.close_vote(app, setting.robin, setting.number, decision, setting.seq())
    conduct.decide(app, setting.robin, setting.number, decision, option)
    for person in (ann, olive, setting.robin):
        at = browse(person, places.DEBRIEF, id=str(setting.number))
        assert "The debrief comes when the exercise is over" in html(at)
    conduct.end(app, setting.robin, setting.number)
    kinds = {}
    for person in (ann, olive, setting.robin):
        looking = exercises.debrief(app, person, setting.number)
        kinds[person.name] = {each.kind for each in looking.evidence}
        assert looking.names["privacy"] == "Ann"
        assert "Ann" in html(browse(person, places.DEBRIEF, id=str(setting.number)))
    assert kinds == {"Ann": {"vote", "team"}, "Olive": {"team"}, "Robin": set()}
    assert "Go to the hot wash" in ways(browse(setting.seats["lead"]))
    assert "Your debrief" in ways(browse(ann, places.LIVE, exercise=str(setting.number)))
    assert "Findings and report" in ways(browse(setting.robin, places.EXERCISES))


def ways(at: AppTest) -> str:
    return "\n".join(link.proto.label for link in at.get("page_link"))
