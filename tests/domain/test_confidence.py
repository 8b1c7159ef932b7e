"""How sure somebody is of a vote: kept, replayed, optional for ever, and added up after the exercise."""

from dataclasses import replace

import pytest

from domain.after_action import after_action
from domain.exercise import apply, moves, replay, view
from domain.exercise.events import from_json, to_json
from domain.review import Alignment, aligned, review
from tests.domain import small
from tests.domain.alone import Alone, played


class Room(Alone):
    """The same scenario with people on every seat."""

    def __init__(self):
        self.scenario = small.scenario()
        self.log = []
        self.do(moves.Plan({"lead": "1", "privacy": "2", "it": "3"}, 5), moves.Start(), moves.Continue())

    def do(self, *several):
        for move in several:
            self.log += apply(self.scenario, self.state, move, small.NOW)[1]


def room(*votes, decided="block"):
    """`close` decided after these (seat, option, sure)."""
    table = Room()
    table.do(*(moves.Vote("close", seat, option, "", sure) for seat, option, sure in votes))
    table.do(moves.CloseVote("close"), moves.Decide("close", decided, "lead"), moves.End())
    return table


def test_a_log_from_before_anybody_was_asked_replays_to_the_same_state():
    log = played().log
    old = [{key: value for key, value in to_json(event).items() if key != "sure"} for event in log]
    assert sum(event["kind"] == "voted" for event in old) > 3
    assert [from_json(event) for event in old] == log
    assert replay(from_json(event) for event in old) == replay(log)


def test_how_sure_survives_the_log_and_saying_it_later_is_another_vote():
    table = Room()
    table.do(moves.Vote("close", "it", "block", "x"))
    seen = len(table.log)
    table.do(moves.Vote("close", "it", "block", "x", sure=False), moves.Vote("close", "it", "block", "x", sure=False))
    assert len(table.log) == seen + 1
    assert replay(from_json(to_json(event)) for event in table.log).votes["close"]["it"].sure is False


def test_nobody_sees_how_sure_others_are_before_the_vote_is_closed():
    table = Room()
    table.do(moves.Vote("close", "it", "block", "", sure=True))
    seen = {seat: view(table.scenario, {}, table.state, seat, small.NOW).asks[0] for seat in ("it", "lead")}
    assert (seen["it"].my_sure, seen["lead"].my_sure, seen["lead"].ballots) == (True, None, ())
    table.do(moves.CloseVote("close"))
    (ballot,) = view(table.scenario, {}, table.state, "lead", small.NOW).asks[0].ballots
    assert ballot.sure is True


@pytest.mark.parametrize(
    ("votes", "decided", "expected"),
    [
        ([], "block", Alignment(0, 0, 0, 0, 0, 0)),
        ([("it", "block", True), ("lead", "wait", True)], "block", Alignment(2, 1, 2, 1, 0, 0)),
        ([("it", "block", False), ("lead", "wait", None)], "wait", Alignment(2, 1, 0, 0, 1, 1)),
        ([("it", "wait", False), ("lead", "wait", True), ("privacy", "block", True)], "wait",
         Alignment(3, 2, 2, 1, 1, 0)),
    ],
)  # fmt: skip
def test_alignment_counts_agreement_with_the_team_and_how_well_the_sure_knew(votes, decided, expected):
    assert room(*votes, decided=decided).debrief().alignment == expected


def test_bots_neither_agree_nor_are_sure():
    table = played()
    assert len(table.state.votes["close"]) == 3
    assert table.debrief().alignment == Alignment(3, 3, 0, 0, 0, 0)


def test_a_vote_on_what_was_never_decided_is_not_counted():
    table = Room()
    table.do(moves.Vote("close", "it", "block", "", sure=True), moves.End())
    assert table.debrief().alignment.votes == 0


def test_lines_say_nothing_about_what_nobody_said():
    assert aligned(Alignment(0, 0, 0, 0, 0, 0)) == ()
    found = Alignment(3, 2, 2, 1, 0, 0)
    assert [line.rsplit(": ", 1)[1] for line in aligned(found)] == ["2 of 3.", "1 of 2."]
    assert len(aligned(replace(found, unsure=1))) == 3


def test_the_report_holds_the_lines_of_the_debrief():
    table = room(("it", "block", True), ("lead", "wait", False))
    seen = review(table.scenario, small.regimes(), table.state, tuple(table.log))
    found = after_action(table.scenario, small.regimes(), table.state, table.log, digest="d", names={})
    assert found.alignment == aligned(seen.alignment)
    assert len(found.alignment) == 3
