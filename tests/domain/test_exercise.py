"""The rules of an exercise: what a move leads to, what is refused, what time does, what a log replays to."""

from datetime import timedelta

import pytest

from domain.exercise import (
    BOT,
    Event,
    State,
    apply,
    clocks,
    decide,
    draw,
    evolve,
    from_json,
    moves,
    replay,
    to_json,
    upcoming,
    variant,
)
from domain.refusal import Refused
from tests.domain import small

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Table:
    """A table that remembers its log and its time."""

    def __init__(self, dials: dict[str, str] | None = None, *, start: bool = True, leash: timedelta | None = None):
        self.file = small.scenario()
        self.scenario = self.file
        self.now = small.NOW
        self.state = State()
        self.log: list[Event] = []
        self.do(moves.Plan({"lead": "1", "privacy": BOT, "it": BOT}, seed=7, dials=dials or {"size": "small"}))
        self.scenario = variant(self.file, self.state.dials)
        if start:
            self.do(moves.Start(1.0, leash))

    def do(self, *several: moves.Move) -> None:
        for move in several:
            self.state, events = apply(self.scenario, self.state, move, self.now)
            self.log += events

    def wait(self, span: timedelta) -> None:
        self.now += span

    @property
    def t(self) -> timedelta:
        return self.state.clock.at(self.now)

    def settle(self, decision: str, option: str) -> None:
        self.do(moves.CloseVote(decision), moves.Decide(decision, option, "lead"))


def test_a_log_replays_to_the_same_state_through_json():
    table = Table({"size": "large"})
    table.do(moves.Continue())
    table.wait(5 * MINUTE)
    table.do(moves.Vote("close", "lead", "block", "because"), moves.Note("it", "a note"), moves.Observe("eva", "saw"))
    table.settle("close", "block")
    table.do(moves.Pause(), moves.Resume(), moves.SetSpeed(6), moves.Hold("form"), moves.Free("form"))
    table.do(moves.Continue(), moves.Undo(), moves.Release("form"), moves.Establish("told"), moves.Sit("it", "2"))
    table.do(moves.Skip(table.t + HOUR), moves.End("enough"))
    again = replay(from_json(to_json(event)) for event in table.log)
    assert again == table.state
    assert again.seq == len(table.log)
    kinds = {event.kind for event in table.log}
    assert len(kinds) == 19, sorted(kinds)  # all but counted and judged


def test_injects_come_at_their_moment_and_once():
    table = Table()
    table.do(moves.Advance(), moves.Advance())
    assert list(table.state.released) == ["call"]
    table.wait(59 * MINUTE)
    table.do(moves.Advance())
    assert "form" not in table.state.released
    table.wait(MINUTE)
    table.do(moves.Advance())
    assert table.state.released["form"] == HOUR


def test_continue_jumps_to_the_next_inject_but_not_over_an_open_decision():
    table = Table()
    table.do(moves.Continue())
    with pytest.raises(Refused, match="waiting for a decision"):
        table.do(moves.Continue())
    table.settle("close", "block")
    table.do(moves.Continue())
    assert table.t == HOUR
    assert table.state.open == ("tell",)


def test_a_dial_decides_which_injects_come_and_when():
    for value, moment in (("small", None), ("large", 2 * HOUR + 30 * MINUTE)):
        table = Table({"size": value})
        table.do(moves.Continue())
        table.settle("close", "wait")
        table.do(moves.Continue())
        table.settle("tell", "now")
        turn = upcoming(table.scenario, table.state, table.t)
        assert turn == ((moment, "press") if moment else (timedelta(days=5), "after"))


def test_an_inject_on_a_condition_comes_that_long_after_and_not_if_something_prevents_it():
    table = Table()
    table.do(moves.Continue())
    table.settle("close", "wait")
    table.do(moves.Continue())
    table.wait(10 * MINUTE)
    table.settle("tell", "later")
    assert upcoming(table.scenario, table.state, table.t) == (HOUR + 40 * MINUTE, "angry")
    table.do(moves.Establish("told"))
    assert upcoming(table.scenario, table.state, table.t) == (timedelta(days=5), "after")


def test_the_end_comes_when_nothing_is_left():
    table = Table()
    table.do(moves.Continue())
    table.settle("close", "wait")
    table.do(moves.Continue())
    table.settle("tell", "now")
    table.do(moves.Continue())
    table.settle("improve", "mend")
    table.do(moves.Continue())
    assert table.state.phase == "ended"
    for move in (moves.Continue(), moves.Vote("close", "lead", "wait"), moves.Start(), moves.Plan({}, 1)):
        with pytest.raises(Refused, match="over"):
            table.do(move)


# ── time ──


def test_time_stands_while_paused_and_passes_at_the_speed_that_is_set():
    table = Table()
    table.wait(10 * MINUTE)
    table.do(moves.Pause())
    table.wait(HOUR)
    assert table.t == 10 * MINUTE
    table.do(moves.Resume(), moves.SetSpeed(6))
    table.wait(10 * MINUTE)
    assert table.t == 70 * MINUTE


def test_a_leash_stops_the_clock_of_somebody_who_went_home_and_it_goes_on_with_the_next_act():
    table = Table(leash=30 * MINUTE)
    table.wait(timedelta(days=3))
    assert table.t == 30 * MINUTE
    assert not table.state.clock.ticks(table.now)
    table.do(moves.Note("it", "back again"))
    assert table.state.clock.ticks(table.now)
    table.wait(10 * MINUTE)
    assert table.t == 40 * MINUTE


def test_time_never_runs_backwards_when_the_server_clock_does():
    table = Table()
    table.wait(10 * MINUTE)
    table.do(moves.Note("it", "first"))
    table.wait(-HOUR)
    assert table.t == 10 * MINUTE
    table.do(moves.Note("it", "second"))
    table.wait(HOUR)
    assert table.t == 10 * MINUTE
    table.wait(MINUTE)
    assert table.t == 11 * MINUTE


def test_the_clock_does_not_go_back():
    table = Table()
    table.wait(HOUR)
    with pytest.raises(Refused, match="not go back"):
        table.do(moves.Skip(HOUR - MINUTE))


# ── votes and decisions ──


def test_a_vote_may_change_until_it_is_closed_and_only_those_asked_vote():
    table = Table()
    table.do(moves.Continue(), moves.Vote("close", "it", "wait"), moves.Vote("close", "it", "block", "better"))
    assert table.state.votes["close"]["it"].option == "block"
    with pytest.raises(Refused, match="Close the vote"):
        table.do(moves.Decide("close", "block", "lead"))
    table.do(moves.CloseVote("close"))
    with pytest.raises(Refused, match="closed"):
        table.do(moves.Vote("close", "it", "wait"))
    table.do(moves.Decide("close", "block", "lead", "all agree"))
    with pytest.raises(Refused, match="already decided"):
        table.do(moves.Decide("close", "wait", "lead"))
    table.do(moves.Continue())
    with pytest.raises(Refused, match="not asked"):
        table.do(moves.Vote("tell", "it", "now"))
    with pytest.raises(Refused, match="not one of the options"):
        table.do(moves.Vote("tell", "lead", "block"))


def test_the_same_vote_twice_is_one_event():
    table = Table()
    table.do(moves.Continue(), moves.Vote("close", "it", "wait", "x"))
    assert decide(table.scenario, table.state, moves.Vote("close", "it", "wait", " x "), table.now) == ()


def test_a_fact_that_is_on_its_way_holds_only_when_it_arrives_and_starts_no_clock_twice():
    table = Table()
    table.do(moves.Continue())
    table.settle("close", "wait")
    table.do(moves.Continue())
    table.settle("tell", "soon")
    clock = clocks(table.scenario, small.regimes(), table.state, table.t)[0].deadline
    assert (clock.standing, clock.met) == ("running", None)
    later = clocks(table.scenario, small.regimes(), table.state, timedelta(days=3))[0].deadline
    assert later.standing == "met"
    assert later.met == small.START + HOUR + timedelta(days=2)
    table.do(moves.Establish("aware"))
    assert table.state.facts["aware"].since == timedelta()


# ── what the facilitator does ──


def test_a_release_can_be_undone_with_all_it_brought_until_the_team_has_decided():
    table = Table()
    before = table.state
    table.do(moves.Continue(), moves.Vote("close", "it", "wait"), moves.Undo())
    after = table.state
    assert (after.released, after.opened, after.votes, after.facts) == ({}, {}, {}, {})
    assert (before.released, before.facts) == (after.released, after.facts)
    assert after.held == {"call"}
    assert upcoming(table.scenario, table.state, table.t) == (HOUR, "form")
    table.do(moves.Release("call"))
    table.settle("close", "block")
    with pytest.raises(Refused, match="already decided"):
        table.do(moves.Undo())


def test_a_held_inject_waits_for_a_hand():
    table = Table()
    table.do(moves.Hold("call"))
    table.wait(HOUR)
    table.do(moves.Advance())
    assert list(table.state.released) == ["form"]
    table.do(moves.Free("call"), moves.Advance())
    assert list(table.state.released) == ["form", "call"]


@pytest.mark.parametrize(
    "move",
    [
        moves.Vote("close", "lead", "wait"),
        moves.Advance(),
        moves.Continue(),
        moves.Release("form"),
        moves.CloseVote("close"),
        moves.Skip(HOUR),
    ],
)
def test_nothing_happens_in_play_before_the_start_or_while_paused(move):
    table = Table(start=False)
    with pytest.raises(Refused, match="not started"):
        table.do(move)
    table = Table()
    table.do(moves.Pause())
    with pytest.raises(Refused, match="paused"):
        table.do(move)


@pytest.mark.parametrize(
    "move",
    [
        moves.Release("no-such"),
        moves.Hold("no-such"),
        moves.Establish("no-such"),
        moves.Sit("no-such", "1"),
        moves.Note("no-such", "x"),
        moves.Note("it", "  "),
        moves.Vote("no-such", "it", "x"),
        moves.CloseVote("tell"),
        moves.SetSpeed(0),
        moves.SetSpeed(61),
        moves.Start(),
        moves.Resume(),
        moves.Undo(),
        moves.Plan({}, 1),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(move):
    table = Table()
    with pytest.raises(Refused):
        table.do(move)


def test_nobody_sits_on_a_seat_that_is_not_there():
    with pytest.raises(Refused, match="no seat"):
        decide(small.scenario(), State(), moves.Plan({"chef": "1"}, 1), small.NOW)
    with pytest.raises(Refused, match="no dial"):
        decide(small.scenario(), State(), moves.Plan({}, 1, dials={"weather": "x"}), small.NOW)
    with pytest.raises(Refused, match="no position"):
        decide(small.scenario(), State(), moves.Plan({}, 1, dials={"size": "x"}), small.NOW)


# ── variants ──


def test_a_seed_always_draws_the_same_dials_and_seeds_differ():
    drawn = [draw(small.scenario(), seed, {})["size"] for seed in range(40)]
    assert drawn[:8] == [draw(small.scenario(), seed, {})["size"] for seed in range(8)]
    assert set(drawn) == {"small", "large"}


def test_a_variant_fills_words_and_counts():
    varied = variant(small.scenario(), {"size": "large"})
    assert "a thousand" in varied.setting
    assert varied.people[0].count == 1000
    assert variant(varied, {"size": "large"}).setting == varied.setting


def test_evolve_knows_every_event():
    table = Table()
    for event in table.log:
        assert isinstance(evolve(State(), event), State)
