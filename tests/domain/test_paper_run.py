"""Typing in what was played on paper: the log of any exercise, and one sentence for each line the rules refuse."""

from datetime import timedelta

import pytest

from domain.exercise import evolve, moves, replay, variant
from domain.exercise.decide import apply
from domain.exercise.events import Observed, Released, from_json, to_json
from domain.exercise.state import State
from domain.paper_run import Cast, Known, Line, PaperRun, Saw, Sent, Took, entered, sheet
from domain.refusal import Refused
from domain.rehearse import rehearse
from domain.review import review
from domain.scenario import Rehearsal, Scenario
from domain.span import moment, read_moment
from tests.domain import small
from tests.domain.shipped import CONTENT, REHEARSALS, load, regimes

PLAYED, LASTED = small.NOW, timedelta(minutes=90)
TABLE = {"lead": "1", "privacy": "2", "it": "3"}


def planned(scenario=None, dials=None, players=TABLE):
    plan = moves.Plan(players, 5, dials=dials or {"size": "small"})
    return apply(scenario or small.scenario(), State(), plan, PLAYED)[0]


def typed(*lines, ended="T+6h", dials=None):
    state = planned(dials=dials)
    scenario = variant(small.scenario(), state.dials)
    found = entered(scenario, state, PaperRun(lines, ended), actor="9", began=PLAYED, lasted=LASTED)
    for event in found.events:
        state = evolve(state, event)
    return found, state


WELL = (
    Took(1, "close", "T+8m", "block", "it", "It was open.", (Cast("it", "block", sure=True), Cast("lead", "wait"))),
    Took(2, "tell", "1h 20m", "now", "lead"),
)


# ── the same as played ──


def as_typed(played, scenario):
    """A rehearsal's log as somebody would have written it down: what was sent when, what was decided when."""
    lines: list[Line] = []
    for event in played.events:
        if event.kind == "released":
            lines.append(Sent(len(lines) + 1, event.inject, moment(event.t)))
        elif event.kind == "decided":
            votes = tuple(
                Cast(v.seat, v.option, v.sure, v.reason) for v in played.state.votes.get(event.decision, {}).values()
            )
            lines.append(
                Took(len(lines) + 1, event.decision, moment(event.t), event.option, event.by, event.why, votes)
            )
    never = [inject.id for inject in scenario.injects if inject.id not in played.state.released]
    lines += [Sent(len(lines) + 1 + n, name, "-") for n, name in enumerate(never)]
    return PaperRun(tuple(lines), moment(played.review.ended))


@pytest.mark.parametrize("path", REHEARSALS, ids=lambda path: path.stem)
def test_a_rehearsal_typed_in_comes_out_as_the_rehearsal_played(path):
    rehearsal = load(path, Rehearsal)
    written = load(CONTENT / "scenarios" / f"{rehearsal.scenario}.yaml", Scenario)
    played = rehearse(written, regimes(), rehearsal)
    scenario = variant(written, played.state.dials)
    state = planned(written, played.state.dials, dict(played.state.players))
    found = entered(scenario, state, as_typed(played, scenario), actor="9", began=PLAYED, lasted=LASTED)
    assert found.problems == ()
    for event in found.events:
        state = evolve(state, event)
    again = review(scenario, regimes(), state, found.events)
    assert again.clocks == played.review.clocks
    assert again.objectives == played.review.objectives
    assert again.verdicts == played.review.verdicts
    assert (again.ended, again.missed, again.steps) == (
        played.review.ended,
        played.review.missed,
        played.review.steps,
    )


# ── what is made of the lines ──


def test_lines_happen_at_their_exercise_time_whatever_the_order_and_the_rest_by_itself():
    found, state = typed(*reversed(WELL))
    assert found.problems == ()
    assert {name: taken.t for name, taken in state.decided.items()} == {
        "close": timedelta(minutes=8),
        "tell": timedelta(minutes=80),
    }
    assert state.released == {"call": timedelta(), "form": timedelta(hours=1)}
    assert state.facts["told"].since == timedelta(hours=3, minutes=20)
    assert (state.phase, state.clock.passed) == ("ended", timedelta(hours=6))


def test_the_log_is_readable_like_any_and_its_moments_lie_in_the_afternoon_it_was_played():
    found, _ = typed(*WELL)
    assert [from_json(to_json(event)) for event in found.events] == list(found.events)
    at, t = [event.at for event in found.events], [event.t for event in found.events]
    assert (at, t) == (sorted(at), sorted(t))
    assert (at[0], at[-1]) == (PLAYED, PLAYED + LASTED)
    assert {event.t: event.at for event in found.events}[timedelta(hours=1)] == PLAYED + LASTED / 6


def test_a_vote_is_the_act_of_whoever_held_the_seat_and_all_else_of_whoever_typed():
    found, state = typed(*WELL)
    assert {vote.seat: (vote.actor, vote.sure) for vote in state.votes["close"].values()} == {
        "it": ("3", True),
        "lead": ("1", None),
    }
    assert {event.actor for event in found.events if event.kind != "voted"} == {"9"}


@pytest.mark.parametrize(
    ("at", "sent"), [("", 60), ("T+1h", 60), ("T+30m", 30), ("2h", 120), ("-", None), (" – ", None)]
)
def test_an_inject_comes_when_the_script_says_or_when_it_was_sent_or_not_at_all(at, sent):
    found, state = typed(Sent(1, "form", at))
    assert found.problems == ()
    assert state.released.get("form") == (None if sent is None else timedelta(minutes=sent))
    assert "form" not in state.held or sent is None


def test_what_depends_on_a_typed_line_follows_by_itself():
    lines = (WELL[0], Took(2, "tell", "T+70m", "later"))
    _, state = typed(*lines, ended="T+10h")
    assert state.released["angry"] == timedelta(minutes=100)
    _, state = typed(*lines, Known(3, "told", "T+80m"), ended="T+10h")
    assert "angry" not in state.released
    assert (state.facts["told"].since, state.facts["told"].because) == (timedelta(minutes=80), "facilitator")


def test_observations_come_at_their_time_or_at_the_end_by_whoever_made_them():
    found, _ = typed(
        Saw(1, "Nobody asked.", "T+10m", "7", "call"), Saw(2, "", objective="tell", rating="M"), Saw(3, "Calm.")
    )
    seen = [(e.t, e.by, e.about, e.rating, e.text) for e in found.events if isinstance(e, Observed)]
    assert seen == [
        (timedelta(minutes=10), "7", "call", None, "Nobody asked."),
        (timedelta(hours=6), "9", "", "M", ""),
        (timedelta(hours=6), "9", "", None, "Calm."),
    ]


def test_on_a_tie_the_sheet_says_what_came_first():
    one, other = Took(1, "close", "T+30m", "block"), Sent(2, "form", "T+30m")
    kinds = [e.kind for e in typed(one, other)[0].events if e.kind == "decided" or getattr(e, "inject", "") == "form"]
    assert kinds == ["held", "decided", "released"]


# ── refusals ──


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (Took(4, "tell", "T+20m", "now"), "Line 4, T+20m, “ask-tell”: This decision is not open."),
        (Took(4, "tell", "", "now"), "Line 4, “ask-tell”: The time is missing."),
        (Took(4, "tell", "noon", "now"), "Line 4, “ask-tell”: The time: write it as `T+25m` or `1h20m`, not `noon`."),
        (Took(4, "tell", "T+70m", ""), "Line 4, T+1h10m, “ask-tell”: Say which option the team took."),
        (Took(4, "tell", "T+70m", "block"), "Line 4, T+1h10m, “ask-tell”: That is not one of the options."),
        (Took(4, "tell", "T+70m", "now", "chef"), "Line 4, T+1h10m, “ask-tell”: There is no such seat in this"),
        (Took(4, "tell", "T+70m", "now", votes=(Cast("it", "now"),)), "“ask-tell”: This seat is not asked for this"),
        (Took(4, "close", "T+9m", "wait"), "Line 4, T+9m, “ask-close”: The team has already decided this."),
        (Took(4, "no-such", "T+9m", "wait"), "Line 4, T+9m, “no-such”: This decision is not open."),
        (Sent(4, "form", "T+7h"), "Line 4, T+7h, “title-form”: This is after the end at T+6h."),
        (Sent(4, "no-such", "T+1m"), "Line 4, T+1m, “no-such”: There is no such inject"),
        (Sent(4, "no-such", "-"), "“no-such”: There is no such inject"),
        (Known(4, "no-such", "T+1m"), "Line 4, T+1m, “no-such”: This scenario knows no such fact."),
        (Known(4, "told", ""), "Line 4, “The authority has been told.”: The time is missing."),
        (Saw(4, "x", "T+1m", about="form"), "Line 4, T+1m, “x”: What this is about had not come up by then."),
        (Saw(4, "  ", "T+1m"), "There is nothing written yet."),
        (Saw(4, "x", objective="no-such"), "This scenario has no such objective."),
    ],
)
def test_a_line_the_rules_refuse_is_one_sentence_with_its_line(line, sentence):
    found, _ = typed(WELL[0], line)
    (problem,) = found.problems
    assert problem.startswith(sentence) if sentence.startswith("Line") else sentence in problem


def test_every_refused_line_is_told_in_the_order_of_the_sheet():
    lines = (Took(9, "tell", "T+20m", "now"), Known(7, "no-such", "T+50m"), Took(8, "close", "x", "wait"))
    found, _ = typed(*lines, ended="")
    assert [problem.split(":")[0].split(",")[0] for problem in found.problems] == ["The end", "Line 8"]
    found, _ = typed(*lines)
    assert [problem.split(",")[0] for problem in found.problems] == ["Line 7", "Line 8", "Line 9"]


def test_only_an_exercise_that_has_not_started_can_be_typed_in():
    state = planned()
    for move in (moves.Start(), moves.End()):
        state = apply(small.scenario(), state, move, PLAYED)[0]
        with pytest.raises(Refused, match="has not started"):
            entered(small.scenario(), state, PaperRun((), "1h"), actor="9", began=PLAYED, lasted=LASTED)


# ── the sheet ──


def test_the_sheet_lists_what_can_come_in_the_order_of_the_run_sheet_with_its_decisions():
    rows = sheet(small.scenario(), {"size": "small"})
    assert [row.line for row in rows] == list(range(1, len(rows) + 1))
    assert [row.decision.id if row.decision else row.inject.id for row in rows] == [
        "call", "close", "form", "tell", "after", "improve", "angry",
    ]  # fmt: skip
    assert {row.inject.id: row.at for row in rows if row.decision is None} == {
        "call": "T+0m", "form": "T+1h", "after": "T+5d", "angry": "",
    }  # fmt: skip
    assert "ask-tell" in rows[-1].condition
    large = variant(small.scenario(), {"size": "large"})
    assert {row.inject.id: row.at for row in sheet(large, {"size": "large"})}["press"] == "T+2h30m"


def test_a_sheet_sent_back_as_it_was_printed_changes_nothing():
    rows = sheet(small.scenario(), {"size": "small"})
    found, state = typed(*(Sent(row.line, row.inject.id, row.at) for row in rows if row.decision is None))
    assert found.problems == ()
    assert not any(event.kind == "held" for event in found.events)
    assert [e.inject for e in found.events if isinstance(e, Released)] == ["call", "form"]
    assert replay(found.events).released == state.released


@pytest.mark.parametrize("text", ["T+1h20m", "t+ 1h 20m", "1h20m", "80m", " T+80M "])
def test_a_time_is_read_however_somebody_wrote_it(text):
    assert read_moment(text) == timedelta(minutes=80)
