"""The hot wash as a service: players before observers, three dots each, nobody named, everything once."""

import pytest

from domain.hot_wash import DOTS
from domain.people import Role
from domain.refusal import Forbidden, Refused
from services import hot_wash
from services.app import App
from services.live import conduct, plan
from tests import factories
from tests.services.test_live import Setting, laid


@pytest.fixture
def over(app: App) -> Setting:
    """An exercise that has just ended, with two players."""
    setting = laid(app, "lead", "it")
    conduct.end(app, setting.robin, setting.number)
    return setting


def board(setting: Setting, person):
    return hot_wash.hot_wash(setting.app, person, setting.number)


def put(setting: Setting, person, text: str, question: int = 0, key: str = ""):
    return hot_wash.write(setting.app, person, setting.number, question, text, key=key or text)


def go_on(setting: Setting):
    hot_wash.go_on(setting.app, setting.robin, setting.number, board(setting, setting.robin).stage)


def test_it_comes_when_the_exercise_is_over(app: App):
    setting = laid(app, "lead")
    with pytest.raises(Refused, match="when the exercise is over"):
        board(setting, setting.robin)


def test_a_card_is_put_up_once_however_often_the_button_is_pressed(over: Setting):
    lead = over.seats["lead"]
    assert put(over, lead, "We argued", key="k").result == put(over, lead, "We argued", key="k").result
    put(over, lead, "We argued", key="another")
    assert [card.text for card in board(over, over.seats["it"]).cards] == ["We argued", "We argued"]


def test_players_speak_before_observers(over: Setting):
    app = over.app
    olive = factories.person(app, name="Olive")
    number = plan.plan(app, over.robin, "results-page", key="another")
    plan.seat(app, over.robin, number, olive.id, "observer")
    conduct.start(app, over.robin, number)
    conduct.end(app, over.robin, number)
    assert not hot_wash.hot_wash(app, olive, number).may_write
    with pytest.raises(Refused, match="Players speak first"):
        hot_wash.write(app, olive, number, 0, "I saw it coming", key="k")
    hot_wash.go_on(app, over.robin, number, "players")
    hot_wash.write(app, olive, number, 0, "I saw it coming", key="k")
    assert [card.observer for card in hot_wash.hot_wash(app, over.robin, number).cards] == [True]


def test_dots_come_after_cards_and_are_three(over: Setting):
    lead, it = over.seats["lead"], over.seats["it"]
    numbers = [put(over, lead, f"card {n}").result["card"] for n in range(DOTS + 1)]
    with pytest.raises(Refused, match="after the cards"):
        hot_wash.dot(over.app, it, over.number, numbers[0], given=True, key="early")
    go_on(over)
    go_on(over)
    with pytest.raises(Refused, match="time for dots"):
        put(over, lead, "too late")
    for n in range(DOTS):
        for press in range(2):
            hot_wash.dot(over.app, it, over.number, numbers[n], given=True, key=f"{n}-{press}")
    assert board(over, it).dots_left == 0
    with pytest.raises(Refused, match="given your 3 dots"):
        hot_wash.dot(over.app, it, over.number, numbers[DOTS], given=True, key="fourth")
    hot_wash.dot(over.app, it, over.number, numbers[0], given=False, key="back")
    hot_wash.dot(over.app, it, over.number, numbers[DOTS], given=True, key="again")
    assert [card.dots for card in board(over, lead).cards] == [0, 1, 1, 1]
    assert [card.dotted for card in board(over, lead).cards] == [False] * 4


def test_an_old_screen_does_not_skip_a_stage(over: Setting):
    hot_wash.go_on(over.app, over.robin, over.number, "players")
    hot_wash.go_on(over.app, over.robin, over.number, "players")
    assert board(over, over.robin).stage == "observers"


def test_only_those_of_the_table_take_part_and_only_the_facilitator_leads(over: Setting):
    stranger = factories.person(over.app, Role.SECURITY)
    for act in (
        lambda: board(over, stranger),
        lambda: put(over, stranger, "hello"),
        lambda: hot_wash.go_on(over.app, stranger, over.number, "players"),
    ):
        with pytest.raises(Forbidden):
            act()
    mine = put(over, over.seats["lead"], "mine").result["card"]
    with pytest.raises(Refused, match="not there"):
        hot_wash.dot(over.app, over.seats["it"], over.number, mine + 1000, given=True, key="x")


@pytest.mark.parametrize(("text", "question"), [("  ", 0), ("x" * 401, 0), ("fine", 7), ("fine", -1)])
def test_a_card_that_says_nothing_or_too_much_is_refused(over: Setting, text: str, question: int):
    with pytest.raises(Refused):
        put(over, over.seats["lead"], text, question)
    assert board(over, over.robin).cards == ()
