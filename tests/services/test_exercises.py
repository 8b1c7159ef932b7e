"""Exercises as services: saved once, owned by one, the same after everything, and turned into evidence at the end."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db import exercises as rows
from db import tables as t
from domain.people import Role
from domain.refusal import Forbidden, Refused
from services import exercises, scripts
from services.app import App
from services.learning import AGAIN
from tests import factories

SLUG = "results-page"


def play_on(app: App, me, number: int, *, pick: int = 0) -> None:
    """One act: vote, decide or go on."""
    view = exercises.screen(app, me, number).view
    if not view.asks:
        exercises.go_on(app, me, number, view.seq)
        return
    ask = view.asks[0]
    option = ask.options[pick % len(ask.options)][0]
    if ask.closed:
        exercises.decide(app, me, number, ask.id, option, "because")
    else:
        exercises.vote(app, me, number, ask.id, option, "because")


def play(app: App, me, number: int, clock=None) -> None:
    """To the end."""
    for _ in range(200):
        if exercises.screen(app, me, number).view.phase == "ended":
            return
        if clock is not None:
            clock.forward(minutes=1)
        play_on(app, me, number)
    raise AssertionError("it never ends")


def count(app: App, table) -> int:
    with app.db.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_an_exercise_is_played_to_its_debrief_and_becomes_evidence_once(app: App, clock):
    me = factories.person(app)
    number = exercises.start(app, me, SLUG)
    with pytest.raises(Refused, match="when the exercise is over"):
        exercises.debrief(app, me, number)
    assert count(app, t.evidence) == 0
    play(app, me, number, clock)
    looking = exercises.debrief(app, me, number)
    assert looking.review.covered == 6
    assert count(app, t.evidence) == len(looking.evidence) > 10
    exercises.stop(app, me, number)
    exercises.go_on(app, me, number, 10_000)
    assert count(app, t.evidence) == len(looking.evidence)
    assert [run.exercise.id for run in exercises.mine(app, me)] == [number]
    offer = next(offer for offer in exercises.offers(app, me) if offer.slug == SLUG)
    assert (offer.open, offer.played) == (None, 1)


def test_playing_the_same_story_again_weighs_less(app: App, clock):
    me = factories.person(app)
    for _ in range(2):
        play(app, me, exercises.start(app, me, SLUG), clock)
    with app.db.read() as connection:
        weights = [row.weight for row in connection.execute(select(t.evidence.c.weight).order_by(t.evidence.c.id))]
    assert (weights[0], weights[-1]) == (1.0, 0.5 * AGAIN)


def test_starting_twice_is_one_exercise(app: App):
    me = factories.person(app)
    assert exercises.start(app, me, SLUG) == exercises.start(app, me, SLUG)
    assert count(app, t.exercise) == 1
    assert count(app, t.scenario_text) == 1


def test_everything_is_where_it_was_after_a_restart(app: App):
    me = factories.person(app)
    number = exercises.start(app, me, SLUG)
    for _ in range(7):
        play_on(app, me, number)
    before = exercises.screen(app, me, number)
    scripts._scripts.clear()  # what a new process would not have
    assert exercises.screen(app, me, number) == before


def test_a_run_is_played_from_the_text_it_was_started_with(app: App):
    me = factories.person(app)
    number = exercises.start(app, me, SLUG)
    before = exercises.screen(app, me, number).view
    catalog = app.library.current
    edited = catalog.scenarios[SLUG].model_copy(update={"title": "Rewritten", "setting": "Rewritten."})

    class Edited:
        current = type(catalog)(scenarios={SLUG: edited}, regimes={})

        def close(self) -> None:
            pass

    later = App(settings=app.settings, db=app.db, library=Edited(), clock=app.clock)  # type: ignore[arg-type]
    assert exercises.screen(later, me, number).view == before
    assert exercises.offers(later, me)[0].scenario.title == "Rewritten"


@pytest.mark.parametrize("sure", [True, False, None])
def test_how_sure_somebody_is_goes_with_their_vote(app: App, sure):
    me = factories.person(app)
    number = exercises.start(app, me, SLUG)
    ask = exercises.screen(app, me, number).view.asks[0]
    exercises.vote(app, me, number, ask.id, ask.options[0][0], sure=sure)
    said = {ballot.bot: ballot.sure for ballot in exercises.screen(app, me, number).view.asks[0].ballots}
    assert said == {False: sure, True: None}


def test_a_double_click_a_second_tab_and_a_stale_screen_change_nothing_twice(app: App):
    me = factories.person(app)
    number = exercises.start(app, me, SLUG)
    ask = exercises.screen(app, me, number).view.asks[0]
    first, other = ask.options[0][0], ask.options[1][0]
    receipt = exercises.vote(app, me, number, ask.id, first)
    again = exercises.vote(app, me, number, ask.id, first)
    assert (again.at, again.result, again.again) == (receipt.at, receipt.result, True)
    with pytest.raises(Refused, match="first answer"):
        exercises.vote(app, me, number, ask.id, other)
    exercises.decide(app, me, number, ask.id, other)
    exercises.decide(app, me, number, ask.id, other)
    seen = exercises.screen(app, me, number).view.seq
    exercises.go_on(app, me, number, seen)
    after = exercises.screen(app, me, number).view.seq
    exercises.go_on(app, me, number, seen)
    exercises.go_on(app, me, number, seen - 1)
    assert exercises.screen(app, me, number).view.seq == after


def test_it_can_be_stopped_early_and_what_was_decided_counts(app: App):
    me = factories.person(app)
    number = exercises.start(app, me, SLUG)
    play_on(app, me, number)
    play_on(app, me, number)
    exercises.stop(app, me, number)
    looking = exercises.debrief(app, me, number)
    assert len(looking.review.verdicts) == 1
    assert count(app, t.evidence) == len(looking.evidence) > 0


def test_nobody_sees_or_moves_somebody_elses_exercise(app: App):
    owner, stranger = factories.person(app), factories.person(app, Role.SECURITY, Role.EMPLOYEE)
    number = exercises.start(app, owner, SLUG)
    sentences = set()
    for target in (number, number + 1):
        for call in (
            lambda n: exercises.screen(app, stranger, n),
            lambda n: exercises.debrief(app, stranger, n),
            lambda n: exercises.vote(app, stranger, n, "first-move", "convene"),
            lambda n: exercises.decide(app, stranger, n, "first-move", "convene"),
            lambda n: exercises.go_on(app, stranger, n, 5),
            lambda n: exercises.note(app, stranger, n, "hello", "1"),
            lambda n: exercises.stop(app, stranger, n),
        ):
            with pytest.raises(Forbidden) as refusal:
                call(target)
            sentences.add(str(refusal.value))
    assert len(sentences) == 1
    assert exercises.mine(app, stranger) == []


def test_what_does_not_exist_is_refused(app: App):
    me = factories.person(app)
    for wrong in ({"slug": "no-such"}, {"slug": SLUG, "seat": "chef"}, {"slug": SLUG, "dials": {"size": "none"}}):
        with pytest.raises(Refused):
            exercises.start(app, me, **wrong)
    number = exercises.start(app, me, SLUG)
    for decision, option in (("first-move", "no-such"), ("no-such", "convene"), ("improve", "owned")):
        with pytest.raises(Refused):
            exercises.vote(app, me, number, decision, option)
    assert count(app, t.exercise) == 1


def race(*movers) -> list[str]:
    """Let all movers go at once; how each of them fared."""
    barrier = threading.Barrier(len(movers))
    fared: list[str] = []

    def go(mover) -> None:
        barrier.wait()
        try:
            mover()
            fared.append("done")
        except Refused as refusal:
            fared.append(str(refusal))

    threads = [threading.Thread(target=go, args=(mover,)) for mover in movers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return fared


def log(app: App, number: int):
    with app.db.read() as connection:
        return rows.events(connection, number)


def test_two_movers_at_once_write_one_vote_one_decision_and_one_inject(app: App):
    me = factories.person(app)
    number = exercises.start(app, me, SLUG)
    ask = exercises.screen(app, me, number).view.asks[0]
    one, other = ask.options[0][0], ask.options[1][0]
    fared = race(
        *(lambda: exercises.vote(app, me, number, ask.id, one) for _ in range(3)),
        *(lambda: exercises.vote(app, me, number, ask.id, other) for _ in range(3)),
    )
    assert fared.count("done") == 3
    kinds = [event.kind for event in log(app, number)]
    assert (kinds.count("voted"), kinds.count("vote_closed")) == (6, 1)
    fared = race(
        lambda: exercises.decide(app, me, number, ask.id, one),
        lambda: exercises.decide(app, me, number, ask.id, other),
    )
    assert fared.count("done") == 1
    seen = exercises.screen(app, me, number).view.seq
    race(*(lambda: exercises.go_on(app, me, number, seen) for _ in range(4)))
    kinds = [event.kind for event in log(app, number)]
    assert (kinds.count("decided"), kinds.count("released")) == (1, 2)
    assert [event.kind for event in log(app, number)].count("skipped") <= 1


def test_a_note_and_an_end_at_once_are_both_kept_or_one_is_refused(app: App, clock):
    me = factories.person(app)
    number = exercises.start(app, me, SLUG)
    fared = race(
        lambda: exercises.note(app, me, number, "I would call them.", "1"),
        lambda: exercises.stop(app, me, number),
    )
    kinds = [event.kind for event in log(app, number)]
    assert kinds.count("ended") == 1
    assert kinds.count("noted") == (1 if fared.count("done") == 2 else 0)
    clock.forward(days=1)
    assert exercises.debrief(app, me, number).review.ended < timedelta(hours=1)


def test_the_log_only_grows_in_order(app: App):
    from sqlalchemy.exc import IntegrityError

    me = factories.person(app)
    number = exercises.start(app, me, SLUG)
    events = log(app, number)
    with pytest.raises(IntegrityError):
        app.db.write(lambda c: rows.append(c, number, 0, events[:1]))
    assert log(app, number) == events
