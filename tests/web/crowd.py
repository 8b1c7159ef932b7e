"""People who answer a quiz as fast as they can, a file of what they were told, and the checker that holds it
against the database.

A person was told *Saved* when the page drew the feedback of exactly this answer; nothing else counts as told.
"""

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from websockets.exceptions import WebSocketException

from commands import journeys
from commands.tab import NotThere, SignedOut, Tab
from db import sessions
from db.tables import answer, evidence, receipt
from domain.people import Person
from domain.refusal import Refused
from services import accounts, learning
from services import evidence as learnt
from services.app import App
from tests import factories

SLUG = "report"
LOST = (SignedOut, OSError, WebSocketException, TimeoutError)
"""What a browser sees when the server is gone."""

Asked = tuple[int, str]
"""Attempt and item."""


def enter(app: App, person: Person) -> dict[str, str]:
    """The cookies of somebody signed in, without the second that a password takes."""
    token = secrets.token_urlsafe(32)
    app.db.write(
        lambda c: sessions.start(
            c,
            token_hash=accounts.secret_hash(token),
            person_id=person.id,
            now=app.now(),
            expires_at=app.now() + timedelta(hours=8),
            address="127.0.0.1",
            agent="crowd",
        )
    )
    return {"muster": token}


NOTHING: Asked = (0, "")
"""What is asked of somebody who is between two questions."""


def _alerts(tab: Tab) -> set[str]:
    """What the page says when something could not be done."""
    return {element.body for kind, element, _, _ in tab.elements.values() if kind == "alert"}


def told(tab: Tab, asked: Asked) -> bool:
    """Whether the page says that this answer is saved."""
    return "on-q-{}-{}".format(*asked) in tab.held() and tab.reads("Saved")


@dataclass
class Crowd:
    """Some people with a tab each. `play` until `stop`; `history` outlives the server and this process."""

    base: str
    cookies: Sequence[dict[str, str]]
    history: Path
    stopped: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    sentences: set[str] = field(default_factory=set)  # what pages said when they could not go on

    @classmethod
    def of(cls, app: App, base: str, size: int, history: Path) -> "Crowd":
        """New people of this App."""
        return cls(base, [enter(app, factories.person(app)) for _ in range(size)], history)

    def note(self, who: int, what: str, asked: Asked) -> None:
        """One line: invoke, ok, unsaid (what was pressed was not done), and what coming back showed: stored, open or else."""
        self.counts[what] += 1
        with self.history.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"who": who, "what": what, "attempt": asked[0], "item": asked[1]}) + "\n")

    async def play(self) -> None:
        """Answer until `stopped` and everybody knows what became of their last answer, through whatever happens."""
        async with asyncio.TaskGroup() as group:
            for who, cookies in enumerate(self.cookies):
                group.create_task(self._one(who, cookies))

    async def until(self, what: str, more: int, seconds: float = 60) -> None:
        """Wait until this was noted so many times more."""
        wanted = self.counts[what] + more
        async with asyncio.timeout(seconds):
            while self.counts[what] < wanted:  # noqa: ASYNC110 - a count, not an event
                await asyncio.sleep(0.01)

    async def _one(self, who: int, cookies: dict[str, str]) -> None:
        pending: list[Asked] = []
        while pending or not self.stopped:
            try:
                async with Tab(self.base, cookies, page="quiz", query=f"slug={SLUG}") as tab:
                    await tab.run()
                    self._look_back(who, tab, pending)
                    while not self.stopped:
                        await self._step(who, tab, pending)
                        self._look_back(who, tab, pending)
            except LOST:
                await asyncio.sleep(0.05)

    def _look_back(self, who: int, tab: Tab, pending: list[Asked]) -> None:
        """What became of an answer nobody confirmed, as the person sees it."""
        if not pending:
            return
        asked = pending[0]
        if told(tab, asked):
            self.note(who, "stored", asked)
        elif journeys.question(tab) == asked:
            self.note(who, "open", asked)
        else:
            return  # the page is not there yet
        pending.clear()

    async def _step(self, who: int, tab: Tab, pending: list[Asked]) -> None:
        asked = journeys.question(tab)
        try:
            if asked is None:
                await journeys.quiz(tab)
                # On a full disk somebody may get no further than the feedback of the last answer.
                if said := _alerts(tab):
                    self.sentences.update(said)
                    self.note(who, "unsaid", NOTHING)
                return
            self.note(who, "invoke", asked)
            pending[:] = [asked]
            await journeys.answer(tab)
            if told(tab, asked):
                self.note(who, "ok", asked)
                pending.clear()
            else:
                self.note(who, "unsaid", asked)
                await self._look_again(tab)
        except NotThere:
            await self._look_again(tab)

    async def _look_again(self, tab: Tab) -> None:
        """The page said something else than it should: remember what, and load it once more."""
        assert tab.exceptions() == []
        self.sentences.update(_alerts(tab))
        await asyncio.sleep(0.1)
        await tab.run()


def read(history: Path, *what: str) -> Iterator[Asked]:
    """The answers of these lines."""
    for line in history.read_text("utf-8").splitlines():
        entry = json.loads(line)
        if entry["what"] in what:
            yield entry["attempt"], entry["item"]


def check(app: App, history: Path) -> tuple[int, int]:
    """Nothing that was told is missing, nothing is there twice; how many were told, and how many stored without."""
    kept = select(answer.c.attempt_id, answer.c.item, func.count()).group_by(answer.c.attempt_id, answer.c.item)
    learnt_from = select(evidence.c.answer_id, func.count()).group_by(evidence.c.answer_id)
    with app.db.read() as connection:
        stored = {(row[0], row[1]): row[2] for row in connection.execute(kept)}
        numbers = list(connection.scalars(select(answer.c.id)))
        weighed = {row[0]: row[1] for row in connection.execute(learnt_from)}
        receipts = [row.result["answer"] for row in connection.execute(select(receipt.c.result))]
        sound = connection.scalar(text("PRAGMA integrity_check")) if app.db.sqlite else "ok"
    assert sound == "ok"
    said, asked = set(read(history, "ok", "stored")), set(read(history, "invoke"))
    assert said - stored.keys() == set(), "told, but not there"
    assert stored.keys() - asked == set(), "there, but never given"
    assert set(stored.values()) <= {1}, "there twice"
    assert weighed == dict.fromkeys(numbers, 1), "learnt from twice, or not at all"
    assert sorted(receipts) == sorted(numbers), "not exactly one receipt for each answer"
    assert learnt.replay(app)[1] == 0, "readiness is not what the answers give"
    return len(said), len(stored) - len(said)


async def come_back(app: App, crowd: Crowd) -> int:
    """Everybody opens the page again and must see what the database has; how many saw a stored answer."""
    seen = 0
    for cookies in crowd.cookies:
        whose = accounts.principal(app, cookies["muster"])
        assert whose is not None
        person = accounts.person_of_session(app, whose.sid)
        assert person is not None
        try:
            view = learning.quiz(app, person, SLUG)
        except Refused:  # never got as far as the first question
            view = None
        async with Tab(crowd.base, cookies, page="quiz", query=f"slug={SLUG}") as tab:
            await tab.run()
            assert tab.exceptions() == []
            if view is None or view.shown is None:
                assert ("Start" if view is None else "Another go") in tab.buttons()
                continue
            asked = (view.attempt.id, view.shown.id)
            assert told(tab, asked) is (view.feedback is not None)
            assert (journeys.question(tab) == asked) is (view.feedback is None)
            seen += view.feedback is not None
    return seen
