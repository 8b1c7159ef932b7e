"""Somebody who plays the small scenario alone, for tests of what comes after it."""

from datetime import timedelta

from domain import solo
from domain.exercise import replay, variant
from domain.review import review
from tests.domain import small

MINUTE = timedelta(minutes=1)


class Alone:
    """Somebody who plays alone, with a watch."""

    def __init__(self, seat: str = "lead", size: str = "small", leash=None):
        file = small.scenario()
        self.now = small.NOW
        self.seat = seat
        opening = solo.begin(
            file, seat=seat, player="1", seed=5, dials={"size": size}, now=self.now, speed=1, leash=leash
        )
        self.log = list(opening)
        self.scenario = variant(file, {"size": size})

    @property
    def state(self):
        return replay(self.log)

    def on(self):
        self.log += solo.go_on(self.scenario, self.state, self.now)

    def settle(self, decision, choice, minutes=1, vote=None):
        self.now += minutes * MINUTE
        said = {"seat": self.seat, "decision": decision, "now": self.now}
        self.log += solo.vote(self.scenario, self.state, option=vote or choice, reason="", **said)
        self.log += solo.decide(self.scenario, self.state, option=choice, why="", **said)

    def debrief(self):
        return review(self.scenario, small.regimes(), self.state, tuple(self.log))


def played(**choices):
    table = Alone()
    for decision, choice in (("close", "block"), ("tell", "now"), ("improve", "mend")):
        table.settle(decision, choices.get(decision, choice))
        table.on()
    assert table.state.phase == "ended"
    return table
