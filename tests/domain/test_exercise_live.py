"""The table with several people: what each screen may hold, whatever is played; improvising, timed votes, undoing."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.exercise import (
    Event,
    State,
    apply,
    console,
    due,
    evolve,
    from_json,
    moves,
    replay,
    room,
    to_json,
    view,
    watch,
)
from domain.exercise.events import FACILITATOR
from domain.refusal import Refused
from domain.review import evidence, review, watched
from tests.domain import small

SEATS = ("lead", "privacy", "it")
PLAYERS = {"lead": "1", "privacy": "2", "it": "3"}
SCENARIO = small.scenario()
LAW = small.regimes()


class Game:
    """A small exercise under way; `do` moves, `refused` must not."""

    def __init__(self, **start) -> None:
        self.now = small.NOW
        self.state = State()
        self.log: list[Event] = []
        self.do(moves.Plan(PLAYERS, seed=1, dials={"size": "small"}))
        self.do(moves.Start(**start))

    def do(self, move, actor: str = "9"):
        self.state, events = apply(SCENARIO, self.state, move, self.now, actor)
        self.log += events
        return events

    def refused(self, move, sentence: str) -> None:
        with pytest.raises(Refused, match=sentence):
            apply(SCENARIO, self.state, move, self.now)

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def seen(self, seat: str):
        return view(SCENARIO, LAW, self.state, seat, self.now, PLAYERS[seat])


def test_every_new_event_survives_as_json_and_replays():
    game = Game(timed=True)
    game.do(moves.Advance())
    game.do(moves.Improvise("call", "", "A title", "A text", ("it",)))
    game.do(moves.Nudge("it"))
    game.do(moves.Extend("close", timedelta(hours=1)))
    game.do(moves.Observe("9", "", "close", "tell", "S"))
    game.do(moves.HandOver("8"))
    game.do(moves.Leave("it"))
    assert {event.kind for event in game.log} >= {"improvised", "nudged", "vote_extended", "handed_over", "left"}
    assert replay(from_json(to_json(event)) for event in game.log) == game.state
    assert {event.actor for event in game.log} == {"9"}


def test_a_log_from_before_there_were_tables_still_replays():
    game = Game()
    game.do(moves.Advance())
    old = [
        {key: value for key, value in to_json(event).items() if key not in {"actor", "timed", "until"}}
        for event in game.log
    ]
    state = replay(from_json(body) for body in old)
    assert (state.released, state.open, state.sent) == (game.state.released, game.state.open, game.state.sent)


def test_a_timed_vote_closes_at_its_moment_for_voters_and_clock_alike():
    game = Game(timed=True)
    game.do(moves.Advance())
    assert game.seen("it").asks[0].closes == timedelta(minutes=20)
    game.later(minutes=19, seconds=59)
    assert not due(SCENARIO, game.state, game.now)
    game.do(moves.Vote("close", "it", "block"))
    game.later(seconds=1)
    assert due(SCENARIO, game.state, game.now)
    game.refused(moves.Vote("close", "lead", "block"), "closed")
    game.do(moves.Advance(), "")
    assert "close" in game.state.closed
    game.refused(moves.Extend("close", timedelta(hours=2)), "closed already")


def test_a_vote_can_be_extended_but_not_shortened():
    game = Game(timed=True)
    game.do(moves.Advance())
    game.refused(moves.Extend("close", timedelta(minutes=20)), "that long already")
    game.do(moves.Extend("close", timedelta(minutes=30)))
    game.later(minutes=29)
    assert not due(SCENARIO, game.state, game.now)
    game.do(moves.Vote("close", "it", "block"))


def test_time_does_not_run_out_while_the_exercise_is_paused():
    game = Game(timed=True)
    game.do(moves.Advance())
    game.do(moves.Pause())
    game.later(hours=5)
    assert not due(SCENARIO, game.state, game.now)
    game.do(moves.Resume())
    game.do(moves.Vote("close", "it", "block"))


def test_improvised_messages_come_in_order_and_can_be_taken_back():
    game = Game()
    game.do(moves.Advance())
    (first,) = game.do(moves.Improvise("chat", "Ada → all", "One", "text-one"))
    (second,) = game.do(moves.Improvise("chat", "", "Two", "text-two", ("it",)))
    assert [message.title for message in game.seen("it").messages] == ["title-call", "One", "Two"]
    assert [message.title for message in game.seen("lead").messages] == ["title-call", "One"]
    game.refused(moves.Undo(first.inject), "only the last one")
    game.do(moves.Undo(second.inject))
    assert [message.title for message in game.seen("it").messages] == ["title-call", "One"]
    game.do(moves.Undo())
    game.do(moves.Undo())
    assert game.seen("it").messages == ()
    game.refused(moves.Undo(), "Nothing has been sent")
    assert "call" in game.state.held


@pytest.mark.parametrize(
    ("move", "sentence"),
    [
        (moves.Improvise("chat", "", "", "text"), "nothing written"),
        (moves.Improvise("chat", "", "title", " "), "nothing written"),
        (moves.Improvise("chat", "", "title", "text", ("nobody",)), "no such seat"),
        (moves.Nudge("nobody"), "no such seat"),
        (moves.Leave("nobody"), "no such seat"),
        (moves.Extend("tell", timedelta(hours=9)), "not open"),
        (moves.Observe("9", "text", "", "nothing"), "no such objective"),
        (moves.Observe("9", "text", "", "", "P"), "which objective"),
        (moves.Observe("9", " ", ""), "nothing written"),
    ],
)
def test_what_makes_no_sense_at_the_table_is_refused(move, sentence):
    Game().refused(move, sentence)


def test_the_table_waits_only_for_seats_that_somebody_holds():
    game = Game()
    game.do(moves.Advance())
    game.do(moves.Leave("it"))
    assert game.seen("lead").asks[0].voters == 2
    tally = console(SCENARIO, LAW, game.state, tuple(game.log), game.now).tallies[0]
    assert [place.id for place in tally.silent] == ["lead", "privacy"]
    game.do(moves.Vote("close", "lead", "block"))
    game.do(moves.Leave("lead"))
    assert (game.seen("privacy").asks[0].voted, game.seen("privacy").asks[0].voters) == (1, 2)


def test_a_seat_is_nudged_until_it_has_voted():
    game = Game()
    game.do(moves.Nudge("it"))
    assert not game.seen("it").nudged
    game.later(minutes=1)
    game.do(moves.Advance())
    assert not game.seen("it").nudged  # that was about something earlier
    game.do(moves.Nudge("it"))
    assert [game.seen(seat).nudged for seat in SEATS] == [False, False, True]
    game.do(moves.Vote("close", "it", "wait"))
    assert not game.seen("it").nudged


def test_the_run_sheet_says_of_every_inject_how_it_stands():
    game = Game()
    game.do(moves.Advance())
    game.do(moves.Hold("after"))
    game.later(minutes=30)
    shown = console(SCENARIO, LAW, game.state, tuple(game.log), game.now)
    standing = {row.inject.id: (row.standing, row.t) for row in shown.sheet}
    assert standing == {
        "call": ("sent", timedelta()),
        "form": ("next", timedelta(hours=1)),
        "press": ("waiting", None),
        "angry": ("waiting", None),
        "after": ("held", None),
    }
    assert shown.following is not None
    assert shown.following.inject.id == "form"
    game.later(minutes=30)
    late = console(SCENARIO, LAW, game.state, tuple(game.log), game.now)
    assert next(row.standing for row in late.sheet if row.inject.id == "form") == "due"


def test_what_somebody_wrote_down_is_theirs_though_the_seat_changes_hands():
    game = Game()
    game.do(moves.Note("it", "MINE"), "3")
    assert game.seen("it").notes[0][1] == "MINE"
    game.do(moves.Sit("it", "4"))
    assert view(SCENARIO, LAW, game.state, "it", game.now, "4").notes == ()
    assert "MINE" not in repr(console(SCENARIO, LAW, game.state, tuple(game.log), game.now))
    assert view(SCENARIO, LAW, game.state, "lead", game.now, "3").notes[0][1] == "MINE"


def test_a_vote_speaks_for_whoever_cast_it_and_the_teams_decision_for_who_was_there():
    game = Game()
    game.do(moves.Advance())
    game.do(moves.Vote("close", "it", "block"), "7")  # the deputy
    game.do(moves.CloseVote("close"))
    game.later(minutes=5)
    game.do(moves.Decide("close", "block", "it"))
    by = {
        player: [each.kind for each in evidence(SCENARIO, "s", game.state, "it", player=player)]
        for player in ("3", "7")
    }
    assert by == {"3": ["team"], "7": ["vote", "team"]}
    late = evidence(SCENARIO, "s", game.state, "it", player="3", since=timedelta(minutes=6))
    assert late == ()
    assert [(each.kind, each.weight) for each in watched(SCENARIO, "s", game.state)] == [("team", 0.25)]


def test_the_debrief_shows_what_was_improvised():
    game = Game()
    game.do(moves.Advance())
    game.do(moves.Improvise("press", "Paper → all", "A rumour", "text"))
    game.do(moves.End())
    assert "A rumour" in [entry.text for entry in review(SCENARIO, LAW, game.state, tuple(game.log)).timeline]


# ── nothing leaks, whatever is played ─────────────────────────────────────────────────────────────────────────

DECISIONS = {each.id: tuple(option.id for option in each.options) for each in SCENARIO.decisions}
INJECTS = tuple(inject.id for inject in SCENARIO.injects)
seats = st.sampled_from(SEATS)
choices = st.sampled_from([(name, option) for name, options in DECISIONS.items() for option in options])
acts = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 200)),
    st.tuples(st.just("advance")),
    st.tuples(st.just("release"), st.sampled_from(INJECTS)),
    st.tuples(st.just("undo")),
    st.tuples(st.just("improvise"), st.lists(seats, max_size=2, unique=True)),
    st.tuples(st.just("vote"), seats, choices),
    st.tuples(st.just("close"), st.sampled_from(tuple(DECISIONS))),
    st.tuples(st.just("decide"), choices),
    st.tuples(st.just("note"), seats),
    st.tuples(st.just("observe")),
    st.tuples(st.just("leave"), seats),
)


def _move(act, number: int):  # noqa: PLR0911
    match act:
        case ("advance",):
            return moves.Advance()
        case ("release", name):
            return moves.Release(name)
        case ("undo",):
            return moves.Undo()
        case ("improvise", whom):
            mark = "+".join(sorted(whom)) or "all"
            return moves.Improvise(
                "chat", "", f"improvised-title-{number}", f"IMPROVISED-{number}-FOR[{mark}]", tuple(whom)
            )
        case ("vote", seat, (name, option)):
            return moves.Vote(name, seat, option, f"REASON[{name}]-OF[{seat}]-{number}")
        case ("close", name):
            return moves.CloseVote(name)
        case ("decide", (name, option)):
            return moves.Decide(name, option, "lead", "why")
        case ("note", seat):
            return moves.Note(seat, f"NOTE-OF[{seat}]")
        case ("observe",):
            return moves.Observe("9", "OBSERVATION")
        case ("leave", seat):
            return moves.Leave(seat)
    raise AssertionError(act)


@settings(max_examples=150)
@given(played=st.lists(acts, max_size=30))
def test_no_screen_holds_what_is_not_its_own_whatever_is_played(played):
    game = Game(timed=True)
    for number, act in enumerate(played):
        if act[0] == "wait":
            game.later(minutes=act[1])
        else:
            move = _move(act, number)
            actor = PLAYERS.get(getattr(move, "seat", ""), FACILITATOR)
            try:
                game.do(move, actor)
            except Refused:
                continue
    screens = {seat: repr(view(SCENARIO, LAW, game.state, seat, game.now, PLAYERS[seat])) for seat in SEATS}
    wall = repr(room(SCENARIO, LAW, game.state, game.now))
    eyes = repr(watch(SCENARIO, LAW, game.state, "somebody", game.now))
    control = repr(console(SCENARIO, LAW, game.state, tuple(game.log), game.now))
    for text in (*screens.values(), wall):
        assert small.RIGHT not in text  # what options are worth, what is expected
        assert "OBSERVATION" not in text
    _unreleased(game, [*screens.values(), wall])
    _ballots(game, screens, [wall, eyes])
    for seat, text in screens.items():
        for other in {*SEATS} - {seat}:
            assert f"brief-of-{other}" not in text
            assert f"NOTE-OF[{other}]" not in text
            assert f"private-{other}-" not in text
        for event in game.log:
            if event.kind == "improvised" and event.seats and seat not in event.seats:
                assert event.text not in text
    for text in (wall, eyes):
        assert "brief-of-" not in text
        assert "private-" not in text
        assert "FOR[all]" in text or "IMPROVISED" not in text
        assert not any(f"FOR[{mark}" in text for mark in SEATS)
    for text in (wall, eyes, control):
        assert "NOTE-OF" not in text


def _unreleased(game: Game, texts: list[str]) -> None:
    for inject in SCENARIO.injects:
        if inject.id not in game.state.released:
            for text in texts:
                assert inject.text not in text
                assert inject.title not in text
    for decision in SCENARIO.decisions:
        if decision.id not in game.state.opened:
            assert all(decision.ask not in text for text in texts)


def _ballots(game: Game, screens: dict[str, str], others: list[str]) -> None:
    for name in DECISIONS:
        if name in game.state.closed:
            continue
        for other in SEATS:
            mark = f"REASON[{name}]-OF[{other}]"
            assert all(mark not in text for seat, text in screens.items() if seat != other)
            assert all(mark not in text for text in others)


@settings(max_examples=50)
@given(played=st.lists(acts, max_size=25))
def test_the_log_alone_is_the_truth_whatever_is_played(played):
    game = Game(timed=True)
    state = replay(game.log)
    for number, act in enumerate(played):
        if act[0] == "wait":
            game.later(minutes=act[1])
            continue
        try:
            events = game.do(_move(act, number))
        except Refused:
            continue
        for event in events:
            state = evolve(state, from_json(to_json(event)))
        assert state == game.state
        assert set(game.state.sent) == {*game.state.released, *game.state.improvised}
