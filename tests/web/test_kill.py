"""kill -9 in the middle of submissions: what people were told is there, nothing is there twice.

`MUSTER_KILL_ROUNDS=300` runs it for a night.
"""

import asyncio
import os
import random
from datetime import UTC, datetime
from pathlib import Path

from commands.launched import Launched
from services.app import App
from tests.web import crowd
from tests.web.crowd import Crowd

PEOPLE = 12
ANSWERS = 200
ROUNDS = int(os.environ.get("MUSTER_KILL_ROUNDS", "4"))


async def _rounds(server: Launched, people: Crowd, chance: random.Random) -> None:
    """Kill after a random number of answers and a random moment, start again on the same data."""
    playing = asyncio.create_task(people.play())
    try:
        killed = 0
        while killed < ROUNDS or people.counts["invoke"] < ANSWERS:
            await people.until("ok", chance.randint(20, 60))
            await asyncio.sleep(chance.uniform(0.0, 0.2))
            server.kill()
            killed += 1
            await asyncio.to_thread(server.start)
        await people.until("ok", PEOPLE)
    finally:
        people.stopped = True
        await asyncio.wait_for(playing, 40)


def test_killed_in_the_middle_of_submissions_it_loses_no_told_answer_and_keeps_none_twice(
    app: App, database_url: str, tmp_path: Path
) -> None:
    history = tmp_path / "history.jsonl"
    real = App(app.settings, app.db, app.library, clock=lambda: datetime.now(UTC))
    with Launched(tmp_path, DATABASE_URL=database_url) as server:
        people = Crowd.of(real, server.base, PEOPLE, history)
        asyncio.run(_rounds(server, people, random.Random()))
        _, untold = crowd.check(real, history)
        asyncio.run(crowd.come_back(real, people))
        assert people.counts["invoke"] >= ANSWERS
        # Killing only between answers would prove nothing.
        assert people.counts["stored"] + people.counts["open"] >= ROUNDS
        assert people.sentences == set()
        assert untold == 0, "stored, and the person who came back was not shown it"
        assert "Traceback" not in server.said()
