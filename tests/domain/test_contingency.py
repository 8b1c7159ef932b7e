"""What the newer parts of the format do in play: contingencies, attachments, milestones."""

import copy
import json
from datetime import timedelta
from typing import Any

import pytest

from domain import solo
from domain.exercise import State, apply, moves, replay, upcoming, view
from domain.review import review
from domain.scenario import Attachment, Scenario
from tests.domain import small

HOUR = timedelta(hours=1)


def scenario(change) -> Scenario:
    body = copy.deepcopy(small.SCENARIO)
    change(body)
    return Scenario.model_validate_json(json.dumps(body))


def stalling(body) -> None:
    """The press is kept for the facilitator; the authority rings when `tell` has been open for an hour."""
    body["injects"][2] = {**body["injects"][2], "contingency": True, "when": None}
    del body["injects"][2]["at"]
    body["injects"][3]["contingency"] = True
    body["injects"][3]["when"] = {"all": [{"inject": "form", "after": "1h"}, {"none": [{"decided": "tell"}]}]}


def table(change, *several: moves.Move) -> tuple[Scenario, State]:
    played = scenario(change)
    state, _ = apply(played, State(), moves.Plan({"lead": "1"}, seed=3, dials={"size": "small"}), small.NOW)
    for move in (moves.Start(), *several):
        state, _ = apply(played, state, move, small.NOW)
    return played, state


def test_a_contingency_without_condition_comes_only_when_somebody_sends_it():
    played, state = table(
        stalling, *(move for day in (6, 7) for move in (moves.Skip(day * 24 * HOUR), moves.Advance()))
    )
    assert "press" not in state.released
    assert upcoming(played, state, state.clock.passed) is None
    state, _ = apply(played, state, moves.Release("press"), small.NOW)
    assert "press" in state.released


def test_a_contingency_with_a_condition_comes_when_the_table_stalls_and_only_then():
    played, state = table(stalling, moves.Skip(HOUR), moves.Advance())
    assert upcoming(played, state, HOUR) == (2 * HOUR, "angry")
    state, _ = apply(played, state, moves.CloseVote("tell"), small.NOW)
    state, _ = apply(played, state, moves.Decide("tell", "now", "lead"), small.NOW)
    assert upcoming(played, state, HOUR) == (5 * 24 * HOUR, "after")


def test_a_seat_gets_its_attachments_and_nobody_elses():
    played, state = table(lambda body: None, moves.Continue())
    seen = {seat: view(played, {}, state, seat, small.NOW).messages[0].attachments for seat in ("lead", "it")}
    assert [each.kind for each in seen["lead"]] == ["log"]
    assert [each.kind for each in seen["it"]] == ["log", "note"]


def test_an_attachment_has_a_head_of_what_it_was_given():
    mail = Attachment(kind="mail", sender="a@one.example", subject="Hello", body="Text.")
    assert mail.head == (("From", "a@one.example"), ("Re", "Hello"))


@pytest.mark.parametrize(
    ("milestone", "choice", "rating"),
    [
        ({"fact": "told"}, "soon", "P"),
        ({"fact": "told", "by": "T+4h"}, "now", "P"),
        ({"fact": "told", "by": "T+4h"}, "soon", "M"),
        ({"fact": "closed", "by": "T+4h"}, "now", "U"),
    ],
)
def test_a_fact_shows_an_objective_in_time_late_or_never(milestone, choice, rating):
    played = scenario(lambda body: body["objectives"][0].update(shown_by=[], milestones=[milestone]))
    log = solo.begin(played, seat="lead", player="1", seed=1, dials={"size": "small"}, now=small.NOW)
    for decision, option in (("close", "wait"), ("tell", choice), ("improve", "mend")):
        said: dict[str, Any] = {"seat": "lead", "decision": decision, "option": option, "now": small.NOW}
        log = (*log, *solo.vote(played, replay(log), reason="", **said))
        log = (*log, *solo.decide(played, replay(log), why="", **said))
        log = (*log, *solo.go_on(played, replay(log), small.NOW))
    shown = review(played, small.regimes(), replay(log), log).objectives[0]
    assert shown.rating == rating
    assert shown.evidence


def test_the_debrief_does_not_miss_a_contingency_that_was_not_needed():
    def keep(body):
        body["injects"][2] = {**body["injects"][2], "contingency": True, "when": None}
        del body["injects"][2]["at"]

    played, state = table(keep, moves.Continue(), moves.End())
    missed = review(played, small.regimes(), state, ()).missed
    assert "title-press" not in missed
    assert "title-after" in missed
