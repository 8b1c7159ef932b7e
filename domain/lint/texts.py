"""What the words of a scenario give away, repeat, or still lack."""

import re
from collections.abc import Iterator
from typing import Any, Final

from domain.scenario import Scenario
from domain.scenario_checks import Finding, Path

LONGER: Final = 1.25
"""From how many times the length of the next option on the right one gives itself away."""

UNWRITTEN: Final = "To write:"
"""How a text begins that an import could only guess."""

_REPEATED: Final = 0.75
_WORD: Final = re.compile(r"\w+")


def look(scenario: Scenario) -> Iterator[Finding]:
    """L310 to L312 and L320."""
    yield from _longest(scenario)
    yield from _idle(scenario)
    yield from _repeated(scenario)
    yield from _unwritten((), scenario.model_dump(mode="json", exclude_defaults=True))


def _longest(scenario: Scenario) -> Iterator[Finding]:
    for n, decision in enumerate(scenario.decisions):
        ranked = sorted(decision.options, key=lambda option: len(option.text))
        last, before = ranked[-1], ranked[-2]
        if last.rating == "P" and len(last.text) >= LONGER * len(before.text):
            yield (
                ("decisions", n, "options", decision.options.index(last), "text"),
                "L310",
                f"The right option of `{decision.id}` is by far the longest: shorten it, or say more in the others.",
            )


def _idle(scenario: Scenario) -> Iterator[Finding]:
    for n, inject in enumerate(scenario.injects):
        if not (inject.asks or inject.effects or inject.expected or inject.red_herring):
            said = (
                f"The inject `{inject.id}` asks, changes and expects nothing: say in `expected` what a good team does."
            )
            yield ("injects", n), "L311", said


def _repeated(scenario: Scenario) -> Iterator[Finding]:
    for n, inject in enumerate(scenario.injects):
        public = {word.lower() for text in (inject.title, inject.text, *inject.lines) for word in _WORD.findall(text)}
        for seat, text in inject.private.items():
            words = [word.lower() for word in _WORD.findall(text)]
            if len(words) >= 4 and sum(word in public for word in words) >= _REPEATED * len(words):
                yield (
                    ("injects", n, "private", seat),
                    "L312",
                    f"What only `{seat}` learns from `{inject.id}` stands in the text that everybody reads.",
                )


def _unwritten(path: Path, data: Any) -> Iterator[Finding]:
    if isinstance(data, str):
        if data.startswith(UNWRITTEN):
            yield path, "L320", f"Still to be written: {data.removeprefix(UNWRITTEN).strip() or 'this text'}"
    elif isinstance(data, list):
        for n, part in enumerate(data):
            yield from _unwritten((*path, n), part)
    elif isinstance(data, dict):
        for key, part in data.items():
            yield from _unwritten((*path, key), part)
