"""What people do, as steps of a tab: answer quizzes, turn the screens of a lesson.

Each step is one click and gives its name and how long it took.
"""

import json
import re
from collections.abc import Awaitable, Callable

from commands.tab import NotThere, Tab

Step = tuple[str, float]
Journey = Callable[[Tab], Awaitable[Step]]

_OPTION = re.compile(r"q-(\d+)-(.+)-0")
_PARTS = re.compile(r"q-(\d+)-(.+)-parts")


def question(tab: Tab) -> tuple[int, str] | None:
    """The attempt and the question that waits for an answer on a quiz page; None when none does."""
    for key in tab.held():
        if found := _OPTION.fullmatch(key) or _PARTS.fullmatch(key):
            return int(found[1]), found[2]
    return None


async def answer(tab: Tab) -> float:
    """Answer the question on screen with its first option, or with its parts in the order they lie there."""
    asked = question(tab)
    if asked is None:
        raise NotThere(f"no open question among {tab.held()}")
    stem = "q-{}-{}".format(*asked)
    if f"{stem}-parts" not in tab.held():
        return await tab.click(f"{stem}-0")
    data = tab.data(f"{stem}-parts")
    if "lefts" in data:
        held = {"picked": [n % len(data["rights"]) for n in range(len(data["lefts"]))]}
    elif "choices" in data:
        held = {"ticked": [0]}
    else:
        held = {"order": list(range(len(data["items"])))}
    tab.fill(f"{stem}-parts", json.dumps(held))
    return await tab.click("Answer")


async def quiz(tab: Tab) -> Step:
    """The next step in a quiz without end: begin, answer, continue, begin again."""
    if question(tab) is not None:
        return "answer", await answer(tab)
    buttons = tab.buttons()
    for label, name in (
        ("Continue", "continue"),
        ("See the result", "finish"),
        ("Another go", "begin"),
        ("Start", "begin"),
    ):
        if label in buttons:
            return name, await tab.click(label)
    raise NotThere(f"nothing to do in the quiz: {buttons} {tab.exceptions()}")


async def lesson(tab: Tab) -> Step:
    """The next step in a lesson without end: predict, continue, read again."""
    buttons = tab.buttons()
    for label in ("Continue", "Finish", "Read it again"):
        if label in buttons:
            return "lesson turn", await tab.click(label)
    options = [key for key in tab.held() if re.fullmatch(r".+-\d+-0", key)]
    if not options:
        raise NotThere(f"nothing to do in the lesson: {buttons} {tab.exceptions()}")
    return "predict", await tab.click(options[0])


def again(name: str) -> Journey:
    """Draw the page once more, as coming back to it does."""

    async def step(tab: Tab) -> Step:
        return name, await tab.run()

    return step


async def press(tab: Tab) -> Step:
    """Press the button of the empty page."""
    return "empty", await tab.click("again")
