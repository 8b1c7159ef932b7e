"""What every export of a quiz shares: the question as one text, whys that are written, and what no format holds."""

from catalog.formats.draft import Note
from domain.lint.texts import UNWRITTEN
from domain.quiz import Numeric, Question, Quiz


def told(question: Question) -> str:
    """Situation, exhibit and question as paragraphs, the question last."""
    parts = [question.context] if question.context else []
    if question.exhibit:
        parts.append("\n".join((question.exhibit.label, *question.exhibit.lines)))
    unit = f" ({question.unit})" if isinstance(question, Numeric) and question.unit else ""
    return "\n\n".join((*parts, question.ask + unit))


def why(text: str) -> str:
    """A why, or nothing when it is still to be written."""
    return "" if text.startswith(UNWRITTEN) else text


def dropped(quiz: Quiz, *, draw: bool = True) -> list[Note]:
    """What no format of other tools can hold; `draw` says that the number of questions is among it."""
    rules = [name for name in ("attempts", "wait", "keep") if name in quiz.model_fields_set]
    lost = ", ".join(f"`{name}`" for name in (*(("draw",) if draw else ()), "pass_mark", *rules))
    notes = [Note("lost", "quiz", f"{lost}: set them where the quiz is used")]
    if quiz.sources:
        notes.append(Note("lost", "quiz", f"{len(quiz.sources)} sources, and what cites them"))
    for question in quiz.questions:
        if question.exhibit:
            notes.append(Note("guessed", question.id, "its exhibit is written as a paragraph"))
        if isinstance(question, Numeric) and question.unit:
            notes.append(Note("guessed", question.id, f"its unit, {question.unit}, is written behind the question"))
    return notes
