"""Two movers at the same moment: whatever comes of it is what one after the other would have brought, on both databases.

The model is the engine itself, asked in both orders. The services are asked by two threads at once.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from db.engine import Database
from domain.exercise import Event, Move, State, apply, due, moves, replay
from domain.people import Person, Role
from domain.refusal import Forbidden, NotSaved, Refused
from domain.scenario import Scenario
from services.app import App
from services.live import clockwork, conduct, join, plan, play, table, watch
from tests import factories
from tests.services.test_live import guest

SLUG = "results-page"
Asked = tuple[str, ...]


@dataclass(frozen=True)
class Act:
    """One act of somebody: how the service is asked, and which moves the engine gets."""

    name: str
    run: Callable[[], object]
    moves: Callable[[State], Sequence[Move]]  # may refuse
    once: str = ""  # acts of the same person with the same key are one
    first: bool = True  # whether what is due happens before


def _key(state: State) -> object:
    """What people would notice of a state."""
    return (
        state.phase,
        dict(state.players),
        state.sent,
        state.held,
        {name: opened.until for name, opened in state.opened.items()},
        {name: {seat: (v.option, v.reason) for seat, v in cast.items()} for name, cast in state.votes.items()},
        set(state.closed),
        {name: taken.option for name, taken in state.decided.items()},
        len(state.remarks),
        dict(state.nudged),
        state.clock.speed,
    )


class Table(RuleBasedStateMachine):
    """Two facilitators, two players with seats, one without; time; pairs of acts at once."""

    def __init__(self, app: App, clock) -> None:
        super().__init__()
        self.app, self.clock = app, clock
        self.robin = factories.person(app, Role.SECURITY, name="Robin")
        self.ada = factories.person(app, Role.SECURITY, name="Ada")
        self.number = plan.plan(app, self.robin, SLUG, key=f"{self.robin.id}")
        code = plan.open_lobby(app, self.robin, self.number)
        plan.seat(app, self.robin, self.number, self.ada.id, "facilitator")
        # A browser of its own for each table: one address may not make guests without end.
        self.lead, self.it, self.spare = (guest(app, code, name) for name in ("Lea", "Ian", "Sol"))
        join.take(app, self.lead, self.number, "lead")
        join.take(app, self.it, self.number, "it")
        conduct.start(app, self.robin, self.number, speed=6, timed=True)
        self.seen = 0
        self.notes = 0
        self.scenario: Scenario = table.read(app, self.robin, self.number, table.FACILITATOR).script.scenario

    # ── what can be done ──

    def acts(self, state: State) -> list[Act]:
        """Everything that somebody might do now, sensible or not; on screens that are as old as `self.seen`."""
        app, seen = self.app, self.seen
        found = [Act("tick", lambda: clockwork.tick(app), lambda _s: [])]
        unsent = [inject.id for inject in self.scenario.injects if inject.id not in state.sent][:2]
        last = state.sent[-1] if state.sent else unsent[0]
        for who in (self.robin, self.ada):
            found += [
                self._conduct(who, "release", conduct.release, moves.Release(inject), inject, seen)
                for inject in (*unsent, last)
            ]
            found += [
                self._conduct(
                    who,
                    "hold",
                    conduct.hold,
                    moves.Hold(unsent[0] if unsent else last),
                    unsent[0] if unsent else last,
                    seen,
                ),
                self._conduct(who, "undo", conduct.undo, moves.Undo(last), last, seen),
                self._conduct(who, "pause", conduct.pause, moves.Pause(), seen),
                self._conduct(who, "resume", conduct.resume, moves.Resume(), seen),
                self._conduct(who, "nudge", conduct.nudge, moves.Nudge("it"), "it", seen),
            ]
            for decision in state.open:
                until = (state.opened[decision].until or timedelta()) + timedelta(minutes=5)
                option = self.scenario.decision(decision).options[0].id
                found += [
                    self._conduct(who, "close", conduct.close_vote, moves.CloseVote(decision), decision, seen),
                    self._conduct(who, "extend", conduct.extend, moves.Extend(decision, until), decision, until, seen),
                    self._decide(who, decision, option),
                ]
        for person, seat in ((self.lead, "lead"), (self.it, "it"), (self.spare, "privacy")):
            found.append(self._take(person, seat))
            for decision in state.open:
                found += [
                    self._vote(person, seat, decision, choice.id)
                    for choice in self.scenario.decision(decision).options[:2]
                ]
        return found

    def _conduct(self, who: Person, name: str, service, move: Move, *args) -> Act:
        return Act(
            f"{name} {who.name} {args[:-1]}",
            lambda: service(self.app, who, self.number, *args),
            lambda _state: [move],
            once=f"{who.id} {name} {args}",
        )

    def _decide(self, who: Person, decision: str, option: str) -> Act:
        return Act(
            f"decide {who.name}",
            lambda: conduct.decide(self.app, who, self.number, decision, option),
            lambda _state: [moves.Decide(decision, option, "facilitator")],
            once=f"{who.id} decide {decision}",
        )

    def _take(self, person: Person, seat: str) -> Act:
        return Act(
            f"take {seat} {person.name}",
            lambda: join.take(self.app, person, self.number, seat),
            lambda state: _take(state, person, seat),
            first=False,
        )

    def _vote(self, person: Person, seat: str, decision: str, option: str) -> Act:
        def engine(state: State) -> list[Move]:
            if state.players.get(seat) != str(person.id):
                raise Refused("elsewhere")
            return [moves.Vote(decision, seat, option, "why")]

        return Act(
            f"vote {person.name} {option}",
            lambda: play.vote(self.app, person, self.number, decision, option, "why", seat=seat, seen=self.seen),
            engine,
            once=f"{person.id} vote {decision} {option} {seat} {self.seen}",
        )

    # ── both at once, and what the engine says ──

    def engine(self, state: State, acts: Sequence[Act], done: frozenset[str]) -> tuple[Asked, State]:
        """The outcomes and the state if the acts come one after the other; `done` are keys with a receipt."""
        outcomes = []
        for act in acts:
            if act.once and act.once in done:
                outcomes.append("ok")
                continue
            try:
                wanted = list(act.moves(state))
                after, came = state, tuple[Event, ...]()
                if act.first and due(self.scenario, after, self.clock()):
                    after, came = apply(self.scenario, after, moves.Advance(), self.clock())
                for move in wanted:
                    if isinstance(move, moves.Release) and move.inject in {getattr(e, "inject", "") for e in came}:
                        continue
                    after, _ = apply(self.scenario, after, move, self.clock())
            except Refused:
                outcomes.append("refused")
                continue
            state = after
            outcomes.append("ok")
            done |= {act.once}
        return tuple(outcomes), state

    def both(self, first: Act, second: Act) -> None:
        before = self.state()
        outcomes = [""] * 2
        together = threading.Barrier(2)

        def go(place: int, act: Act) -> None:
            together.wait()
            try:
                act.run()
                outcomes[place] = "ok"
            except NotSaved:
                outcomes[place] = "lost"
            except (Refused, Forbidden):
                outcomes[place] = "refused"

        threads = [threading.Thread(target=go, args=pair) for pair in enumerate((first, second))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        forth, one = self.engine(before, [first, second], self.done)
        (b, a), other = self.engine(before, [second, first], self.done)
        got = (tuple(outcomes), _key(self.state()))
        assert got in [(forth, _key(one)), ((a, b), _key(other))], (first.name, second.name, outcomes, forth, (a, b))
        self.done |= {act.once for act, out in zip((first, second), outcomes, strict=True) if out == "ok" and act.once}

    done: frozenset[str] = frozenset()

    def state(self) -> State:
        """What the database has, read as a process would that has just started."""
        with self.app.db.read() as connection:
            from db import exercises

            return replay(exercises.events(connection, self.number))

    # ── rules ──

    @rule(seconds=st.integers(0, 200))
    def time_passes(self, seconds: int) -> None:
        self.clock.forward(seconds=seconds)

    @rule()
    def to_the_next_moment(self) -> None:
        """Exactly when the next inject comes or a vote closes."""
        state = self.state()
        t = state.clock.at(self.clock())
        ends = [opened.until for name, opened in state.opened.items() if opened.until and name not in state.closed]
        soon = [end for end in ends if end > t]
        if state.phase == "running" and soon:
            self.clock.moment += (min(soon) - t) / state.clock.speed

    @rule(pick=st.data())
    def at_once(self, pick) -> None:
        acts = self.acts(self.state())
        first = pick.draw(st.sampled_from(acts), label="first")
        second = pick.draw(st.sampled_from(acts), label="second")
        self.both(first, second)

    @rule(pick=st.data())
    def a_double_click(self, pick) -> None:
        act = pick.draw(st.sampled_from([act for act in self.acts(self.state()) if act.once]))
        self.both(act, act)

    @rule()
    def screens_are_drawn_again(self) -> None:
        self.seen = self.state().seq

    @invariant()
    def the_log_has_no_gap_and_every_reader_sees_the_same(self) -> None:
        with self.app.db.read() as connection:
            from db import exercises

            log = exercises.events(connection, self.number)
        state = replay(log)
        assert state.seq == len(log)
        at = table.read(self.app, self.robin, self.number, table.FACILITATOR)
        assert (at.log, at.state) == (log, state)
        sent = [event.inject for event in log if event.kind == "released"]
        withdrawn = [event.inject for event in log if event.kind == "withdrawn"]
        assert len(sent) - len(withdrawn) == len(state.released)

    @invariant()
    def the_exercise_says_what_its_log_says(self) -> None:
        state = self.state()
        exercise = watch.facilitator(self.app, self.robin, self.number).seen.live
        assert exercise.status == state.phase
        assert exercise.shown <= exercise.version


def _take(state: State, person: Person, seat: str) -> list[Move]:
    held = {player: name for name, player in state.players.items()}
    if held.get(str(person.id)) == seat:
        return []
    if str(person.id) in held or state.players.get(seat):
        raise Refused("taken")
    return [moves.Sit(seat, str(person.id))]


@pytest.fixture
def free_app(app: App, clock, monkeypatch) -> App:
    """Tables without end from one address."""
    monkeypatch.setattr(join, "TRIES", 10**9)
    return app


def test_two_movers_at_once_agree_with_the_engine_in_one_of_both_orders(free_app: App, clock):
    run_state_machine_as_test(
        lambda: Table(free_app, clock),  # type: ignore[arg-type]
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate),  # threads do not shrink
            derandomize=True,
            database=None,
            print_blob=False,
        ),
    )


PAIRS = ("advance/advance", "advance/undo", "close/vote", "seat/leave", "end/vote")


def _acts(machine: Table) -> dict[str, Callable[[], object]]:
    """What somebody does, from screens that show the same."""
    app, number, robin, ada = machine.app, machine.number, machine.robin, machine.ada
    decision, option = _opened(machine)
    console = watch.facilitator(app, robin, number).console
    assert console.following is not None
    following, seq = console.following.inject.id, console.seq
    return {
        "advance": lambda: conduct.release(app, robin, number, following, seq),
        "advance again": lambda: conduct.release(app, ada, number, following, seq),
        "undo": lambda: conduct.undo(app, ada, number, console.undoable, seq),
        "close": lambda: conduct.close_vote(app, robin, number, decision, seq),
        "vote": lambda: play.vote(app, machine.lead, number, decision, option, "", seat="lead", seen=seq),
        "seat": lambda: plan.seat(app, robin, number, machine.it.id, "player", "comms"),
        "leave": lambda: join.leave(app, machine.it, number),
        "end": lambda: conduct.end(app, robin, number),
    }


@pytest.mark.parametrize("pair", PAIRS)
def test_the_classic_pairs_many_times(free_app: App, clock, pair: str):
    """Whoever is second gets new events or a sentence, never half of something."""
    for _ in range(6):
        machine = Table(free_app, clock)
        acts = _acts(machine)
        one, other = pair.split("/")
        outcomes = _together(acts[one], acts[other if other != one else f"{one} again"])
        assert set(outcomes) <= {"ok", "refused"}
        assert "ok" in outcomes
        state, decision = machine.state(), next(iter(machine.state().opened))
        assert len(set(state.sent)) == len(state.sent)
        if pair == "advance/advance":
            assert sorted(outcomes) == ["ok", "refused"]
        if pair == "close/vote":
            assert ("lead" in state.votes.get(decision, {})) is (outcomes[1] == "ok")
        if pair == "seat/leave":
            assert str(machine.it.id) not in state.players.values() or outcomes[1] == "refused"
        if pair == "end/vote":
            assert state.phase == "ended"


def _opened(machine: Table) -> tuple[str, str]:
    for _ in range(400):
        tallies = watch.facilitator(machine.app, machine.robin, machine.number).console.tallies
        if tallies:
            return tallies[0].decision.id, tallies[0].decision.options[0].id
        machine.clock.forward(seconds=10)
        clockwork.tick(machine.app)
    raise AssertionError("nothing is ever asked")


def _together(*acts: Callable[[], object]) -> list[str]:
    barrier, outcomes = threading.Barrier(len(acts)), [""] * len(acts)

    def go(place: int) -> None:
        barrier.wait()
        try:
            acts[place]()
            outcomes[place] = "ok"
        except Refused as refusal:
            outcomes[place] = "refused" if str(refusal).endswith(".") else str(refusal)
        except Exception as error:  # noqa: BLE001 - the test says what it was
            outcomes[place] = repr(error)

    threads = [threading.Thread(target=go, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_a_whole_room_votes_at_the_same_moment_and_every_vote_is_kept(free_app: App, clock, database_url: str):
    """Six seats, two processes' worth of connections, one instant."""
    app = free_app
    machine = Table(app, clock)
    code = plan.open_lobby(app, machine.robin, machine.number)
    seats = {"lead": machine.lead, "it": machine.it}
    for seat in ("privacy", "comms", "care", "exec"):
        seats[seat] = guest(app, code, f"G {seat}")
        join.take(app, seats[seat], machine.number, seat)
    decision, option = _opened(machine)
    voters = machine.scenario.voters(machine.scenario.decision(decision))
    sibling = App(app.settings, Database(database_url), app.library, app.clock)
    try:
        outcomes = _together(
            *(
                lambda s=seat, a=(app, sibling)[n % 2]: play.vote(
                    a, seats[s], machine.number, decision, option, f"as {s}", seat=s, seen=0
                )
                for n, seat in enumerate(voters)
            )
        )
    finally:
        sibling.db.close()
    assert outcomes == ["ok"] * len(voters)
    assert set(machine.state().votes[decision]) == set(voters)
