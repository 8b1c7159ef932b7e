"""Any order of moves keeps the promises of the engine: a model plays along and must agree."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.exercise import BOT, State, decide, evolve, from_json, moves, replay, to_json, upcoming, variant
from domain.refusal import Refused
from domain.scenario import option
from tests.domain import small

DECISIONS = ("close", "tell", "improve")
OPTIONS = ("block", "wait", "now", "soon", "later", "mend", "blame")
INJECTS = ("call", "form", "press", "angry", "after")
SEATS = ("lead", "privacy", "it")


class Exercise(RuleBasedStateMachine):
    """The model keeps what people would remember: what they were shown, what they chose, what they were refused."""

    def __init__(self):
        super().__init__()
        self.now = small.NOW
        self.state = State()
        self.log = []
        self.shown: list[str] = []  # injects in play
        self.final: dict[str, str] = {}  # decisions taken
        self.last = timedelta()

    @initialize(seed=st.integers(0, 50))
    def lay_the_table(self, seed):
        self.scenario = small.scenario()
        self.move(moves.Plan({"lead": "1", "privacy": BOT, "it": BOT}, seed=seed))
        self.scenario = variant(self.scenario, self.state.dials)
        self.move(moves.Start())

    def move(self, move) -> bool:
        """Whether it was allowed; two movers with the same state would get the same answer."""
        before = self.state
        try:
            events = decide(self.scenario, self.state, move, self.now)
        except Refused:
            return False
        assert events == decide(self.scenario, before, move, self.now)
        for event in events:
            self.state = evolve(self.state, event)
        self.log += events
        return True

    @rule(minutes=st.integers(0, 600))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(minutes=st.integers(1, 600))
    def the_server_clock_is_set_back(self, minutes):
        self.now -= timedelta(minutes=minutes)

    @rule()
    def pause(self):
        running = self.state.phase == "running"
        assert self.move(moves.Pause()) is running

    @rule()
    def resume(self):
        paused = self.state.phase == "paused"
        assert self.move(moves.Resume()) is paused

    @rule(name=st.sampled_from(INJECTS))
    def release(self, name):
        allowed = self.state.phase == "running" and name not in self.shown
        assert self.move(moves.Release(name)) is allowed
        if allowed:
            self.shown.append(name)

    @rule()
    def advance(self):
        if self.move(moves.Advance()):
            new = [name for name in self.state.released if name not in self.shown]
            self.shown += new
            turn = upcoming(self.scenario, self.state, self.state.clock.at(self.now))
            assert turn is None or turn[0] > self.state.clock.at(self.now)

    @rule()
    def go_on(self):
        waiting = bool(self.state.open)
        if self.move(moves.Continue()):
            assert not waiting
            new = [name for name in self.state.released if name not in self.shown]
            assert len(new) == (0 if self.state.phase == "ended" else 1)
            self.shown += new

    @rule()
    def undo(self):
        if self.move(moves.Undo()):
            gone = self.shown.pop()
            assert gone not in self.state.released
            assert all(opened.by != gone for opened in self.state.opened.values())

    @rule(name=st.sampled_from(INJECTS))
    def hold(self, name):
        self.move(moves.Hold(name))

    @rule(name=st.sampled_from(DECISIONS), seat=st.sampled_from(SEATS), choice=st.sampled_from(OPTIONS))
    def vote(self, name, seat, choice):
        decision = self.scenario.decision(name)
        allowed = (
            self.state.phase == "running"
            and name in self.state.open
            and name not in self.state.closed
            and seat in self.scenario.voters(decision)
            and choice in {each.id for each in decision.options}
        )
        assert self.move(moves.Vote(name, seat, choice)) is allowed

    @rule(name=st.sampled_from(DECISIONS))
    def close(self, name):
        self.move(moves.CloseVote(name))

    @rule(name=st.sampled_from(DECISIONS), choice=st.sampled_from(OPTIONS))
    def settle(self, name, choice):
        if self.move(moves.Decide(name, choice, "lead")):
            assert name not in self.final
            self.final[name] = choice
            for effect in option(self.scenario.decision(name), choice).effects:
                assert effect.fact is None or effect.fact in self.state.facts

    @precondition(lambda self: len(self.log) > 25)
    @rule()
    def end(self):
        over = self.state.phase == "ended"
        assert self.move(moves.End()) is not over

    @invariant()
    def the_log_is_the_truth(self):
        assert replay(from_json(to_json(event)) for event in self.log) == self.state
        assert self.state.seq == len(self.log)

    @invariant()
    def the_state_agrees_with_what_people_remember(self):
        assert list(self.state.released) == self.shown
        assert {name: taken.option for name, taken in self.state.decided.items()} == self.final
        assert set(self.state.decided) <= set(self.state.closed) <= set(self.state.opened)
        assert all(name in self.state.opened for name in self.state.votes)
        assert not self.state.held & set(self.shown)

    @invariant()
    def exercise_time_never_goes_back(self):
        t = self.state.clock.at(self.now)
        assert [event.t for event in self.log] == sorted(event.t for event in self.log)
        assert t >= self.state.clock.passed >= self.last
        self.last = self.state.clock.passed


TestExercise = Exercise.TestCase
TestExercise.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
