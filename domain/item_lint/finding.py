"""What the linter says about one place of one file."""

from dataclasses import dataclass
from typing import Any, Final

from domain.guess import words

Path = tuple[str | int, ...]

Finding = tuple[Path, str, str]
"""Path, code, message."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Options of which some are right: of a question of a quiz, or of a prediction in a lesson."""

    path: Path
    name: str
    ask: str
    options: tuple[Any, ...]

    @property
    def single(self) -> bool:
        """Whether exactly one is right."""
        return [bool(option.right) for option in self.options].count(True) == 1

    @property
    def right(self) -> str:
        """The text of the first right option."""
        return next(str(option.text) for option in self.options if option.right)


NEGATIONS: Final = frozenset(words("not no never none nobody nothing neither nor cannot without except"))


def negations(text: str) -> list[str]:
    """The words of a text that turn it round."""
    return [word for word in words(text) if word in NEGATIONS or word.endswith("n't")]
