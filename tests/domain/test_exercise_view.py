"""What a seat sees: everything it should, and nothing unrevealed, in any order of play."""

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.read import read
from catalog.shape import shape
from domain import solo
from domain.exercise import State, apply, evolve, moves, replay, upcoming, variant, view
from domain.refusal import Refused
from domain.regime import Regime
from domain.scenario import Scenario
from tests.domain import small

CONTENT = Path(__file__).resolve().parent.parent.parent / "content"
SEATS = ("lead", "privacy", "it")


def text(shown: object) -> str:
    """Everything a screen could draw from a view, as one text; the law's own wording is public and left out."""
    body = asdict(shown)  # type: ignore[call-overload]
    body["clocks"] = [clock["owed"].label for clock in body["clocks"]]
    return json.dumps(body, default=str)


def secrets(scenario: Scenario, state: State, seat: str, t: timedelta) -> list[str]:
    """Texts that this seat must not find on its screen now."""
    hidden = [each.brief for each in scenario.seats if each.id != seat]
    given = []  # a copied mail says what the first one said: whoever has that one knows its words
    for inject in scenario.injects:
        hidden += inject.expected
        for attachment in inject.attachments:
            if inject.id not in state.released or (attachment.seats and seat not in attachment.seats):
                hidden += [attachment.body] if attachment.body else attachment.lines
            else:
                given += [attachment.body or "", *attachment.lines]
        hidden += [said for who, said in inject.private.items() if who != seat or inject.id not in state.released]
        if inject.id not in state.released:
            hidden += [inject.title, inject.text]
    for decision in scenario.decisions:
        taken = state.decided.get(decision.id)
        if decision.id not in state.opened:
            hidden += [decision.ask, *(option.text for option in decision.options)]
        for option in decision.options:
            hidden.append(option.why)
            if taken is None or taken.option != option.id:
                hidden.append(option.then)
        if decision.id not in state.closed:
            votes = state.votes.get(decision.id, {})
            hidden += [vote.reason for who, vote in votes.items() if who != seat and vote.reason]
    for remark in state.remarks:
        if remark.kind == "observed" or remark.seat != seat:
            hidden.append(remark.text)
    hidden += [scenario.fact(name).text for name, fact in state.facts.items() if fact.since > t] + [
        fact.text for fact in scenario.facts if fact.id not in state.facts
    ]
    return [json.dumps(each)[1:-1] for each in hidden if not any(each in words for words in given)]


def check(scenario: Scenario, regimes: dict[str, Regime], state: State, now) -> None:
    for seat in (each.id for each in scenario.seats):
        shown = view(scenario, regimes, state, seat, now)
        drawn = text(shown)
        found = [secret for secret in secrets(scenario, state, seat, shown.t) if secret in drawn]
        assert found == [], f"{seat} sees {found}"


steps = st.lists(
    st.one_of(
        st.sampled_from(
            [
                moves.Continue(),
                moves.Advance(),
                moves.Undo(),
                moves.Pause(),
                moves.Resume(),
                moves.Observe("eva", "secret-observation"),
                moves.Note("it", "secret-note-of-it"),
                moves.Release("press"),
                moves.Release("after"),
                moves.Hold("form"),
            ]
        ),
        st.builds(
            lambda d, s, o: moves.Vote(d, s, o, f"reason-of-{s}-for-{d}"),
            st.sampled_from(["close", "tell", "improve"]),
            st.sampled_from(SEATS),
            st.sampled_from(["block", "wait", "now", "soon", "later", "mend", "blame"]),
        ),
        st.builds(moves.CloseVote, st.sampled_from(["close", "tell", "improve"])),
        st.builds(
            lambda d, o: moves.Decide(d, o, "lead", "why-of-lead"),
            st.sampled_from(["close", "tell", "improve"]),
            st.sampled_from(["block", "wait", "now", "soon", "later", "mend", "blame"]),
        ),
        st.integers(1, 400).map(lambda minutes: timedelta(minutes=minutes)),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(steps, st.sampled_from(["small", "large"]))
def test_no_view_ever_holds_an_unrevealed_inject_a_right_option_or_another_seats_vote(play, size):
    file, now = small.scenario(), small.NOW
    state, _ = apply(file, State(), moves.Plan({"lead": "1"}, seed=3, dials={"size": size}), now)
    scenario = variant(file, state.dials)
    state, _ = apply(scenario, state, moves.Start(), now)
    for step in play:
        if isinstance(step, timedelta):
            now += step
        else:
            try:
                state, _ = apply(scenario, state, step, now)
            except Refused:
                continue
        check(scenario, small.regimes(), state, now)


@pytest.mark.parametrize("path", sorted((CONTENT / "scenarios").glob("*.yaml")), ids=lambda path: path.stem)
def test_playing_a_shipped_scenario_alone_reveals_nothing_early(path):
    scenario = shape(read(path.read_bytes(), path.name), Scenario, path.name)[0]
    regimes = {p.stem: shape(read(p.read_bytes(), p.name), Regime, p.name)[0] for p in (CONTENT / "regimes").glob("*")}
    for seed in range(4):
        now = small.NOW
        state = replay(solo.begin(scenario, seat=scenario.leads, player="1", seed=seed, dials={}, now=now))
        played = variant(scenario, state.dials)
        while state.phase != "ended":
            check(played, regimes, state, now)
            now += timedelta(minutes=1)
            if not state.open:
                events = solo.go_on(played, state, now)
            else:
                name = state.open[0]
                option = played.decision(name).options[seed % 2].id
                said = {"seat": scenario.leads, "decision": name, "option": option, "now": now}
                events = solo.vote(played, state, reason="my own reason", **said)
                for event in events:
                    state = evolve(state, event)
                check(played, regimes, state, now)
                events = solo.decide(played, state, why="", **said)
            for event in events:
                state = evolve(state, event)
        assert upcoming(played, state, state.clock.passed) is None


def playing(scenario):
    state, _ = apply(scenario, State(), moves.Plan({"lead": "1"}, seed=3, dials={"size": "small"}), small.NOW)
    for move in (moves.Start(), moves.Continue()):
        state, _ = apply(scenario, state, move, small.NOW)
    return state


def test_a_seat_sees_what_is_private_to_it_and_its_own_vote():
    scenario = small.scenario()
    state = playing(scenario)
    state, _ = apply(scenario, state, moves.Vote("close", "it", "wait", "mine"), small.NOW)
    mine = view(scenario, small.regimes(), state, "it", small.NOW)
    other = view(scenario, small.regimes(), state, "lead", small.NOW)
    assert mine.messages[0].private == "private-it-call"
    assert other.messages[0].private == ""
    assert (mine.asks[0].mine, other.asks[0].mine) == ("wait", None)
    assert (other.asks[0].voted, other.asks[0].voters) == (1, 2)  # nobody sits on the third seat
    assert other.asks[0].ballots == ()
    state, _ = apply(scenario, state, moves.CloseVote("close"), small.NOW)
    shown = view(scenario, small.regimes(), state, "lead", small.NOW).asks[0]
    assert [(ballot.seat, ballot.reason) for ballot in shown.ballots] == [("it", "mine")]
    assert not shown.may_vote


def test_a_clock_shows_once_it_runs():
    scenario = small.scenario()
    state, _ = apply(scenario, State(), moves.Plan({}, seed=3), small.NOW)
    state, _ = apply(scenario, state, moves.Start(), small.NOW)
    assert view(scenario, small.regimes(), state, "lead", small.NOW).clocks == ()
    state, _ = apply(scenario, state, moves.Continue(), small.NOW)
    shown = view(scenario, small.regimes(), state, "lead", small.NOW).clocks[0].deadline
    assert shown.due == small.START + timedelta(hours=72)
    later = view(scenario, small.regimes(), state, "lead", small.NOW + timedelta(hours=73))
    assert later.clocks[0].deadline.standing == "late"


def test_a_run_goes_on_when_a_regime_has_gone():
    scenario = small.scenario()
    assert view(scenario, {}, playing(scenario), "lead", small.NOW).clocks == ()


def test_a_seat_that_is_not_there_sees_nothing():
    with pytest.raises(Refused):
        view(small.scenario(), {}, playing(small.scenario()), "chef", small.NOW)


def test_options_have_no_place_of_their_own():
    scenario = small.scenario()
    first = set()
    for seed in range(30):
        state, _ = apply(scenario, State(), moves.Plan({}, seed=seed), small.NOW)
        for move in (moves.Start(), moves.Release("form")):
            state, _ = apply(scenario, state, move, small.NOW)
        first.add(view(scenario, {}, state, "lead", small.NOW).asks[0].options[0][0])
    assert first == {"now", "soon", "later"}
