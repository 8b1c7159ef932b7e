"""What must hold inside one file beyond its shape: ids, citations, markup, and what makes content good.

Done once for each version of a file; nothing here knows any other file.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from catalog.file import File
from catalog.kinds import ORGANISATION, Kind
from catalog.problem import Problem
from catalog.read import Read
from catalog.shape import Path, near, place_at
from domain import scenario_checks
from domain.drill import SpotDrill
from domain.lesson import Lesson
from domain.lint.texts import UNWRITTEN
from domain.quiz import Quiz, Single, TrueFalse
from domain.regime import Regime, differences
from domain.scenario import Scenario

Lists = list[tuple[Path, list[Any]]]
Texts = list[tuple[Path, str]]


def alone(file: File) -> list[Problem]:
    """Problems that one file has by itself, once its shape is right."""
    if file.value is None:
        return []
    lists, texts = _parts(file.read.data)
    problems = [*_ids(file, lists), *_citations(file, lists), *_markup(file, texts)]
    match file.value:
        case Quiz():
            problems += [*_guessing(file, file.value), *_unwritten(file, texts)]
        case SpotDrill():
            problems += _harmless(file, file.value)
        case Lesson():
            problems += _length(file, file.value)
        case Scenario():
            problems += [file.problem(*finding) for finding in scenario_checks.problems(file.value)]
        case Regime():
            problems += _cases(file, file.value)
    return problems


def _cases(file: File, regime: Regime) -> Iterator[Problem]:
    """Worked examples of a rule come out as somebody who knows the law has written them."""
    try:
        for number, sentence in differences(file.slug, regime):
            yield file.problem(("cases", number), "C308", sentence)
    except OverflowError:
        yield file.problem(("cases",), "C308", "A moment of a case lies beyond the year 9999.")


def _parts(data: Any) -> tuple[Lists, Texts]:
    """Every list and every text of a file, with their paths, in reading order."""
    lists: Lists = []
    texts: Texts = []
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, part = waiting.pop()
        inner: list[tuple[Path, Any]] = []
        if isinstance(part, list):
            lists.append((path, part))
            steps: Iterable[tuple[str | int, Any]] = enumerate(part)
        else:
            steps = part.items() if isinstance(part, dict) else ()
        for step, value in steps:
            if isinstance(value, str):
                texts.append(((*path, step), value))
            elif isinstance(value, dict | list):
                inner.append(((*path, step), value))
        waiting += reversed(inner)
    return lists, texts


def _ids(file: File, lists: Lists) -> Iterator[Problem]:
    for path, data in lists:
        first: dict[str, int] = {}
        for number, item in enumerate(data):
            name = item.get("id") if isinstance(item, dict) else None
            if name is None:
                continue
            if name in first:
                line, _ = place_at(file.read.place, (*path, first[name], "id"))
                yield file.problem(
                    (*path, number, "id"), "C206", f"The id `{name}` is already taken in line {line}: choose another."
                )
            first.setdefault(name, number)


def _citations(file: File, lists: Lists) -> Iterator[Problem]:
    sources = getattr(file.value, "sources", None)
    if not isinstance(sources, tuple):
        return
    known = [source.id for source in sources]
    cited = set()
    for path, data in lists:
        if path and path[-1] == "cites":
            for number, name in enumerate(data):
                cited.add(name)
                if name not in known:
                    yield file.problem(
                        (*path, number), "C204", f"No source of this file has the id `{name}`.{near(name, known)}"
                    )
    for number, source in enumerate(sources):
        if source.id not in cited:
            yield file.problem(
                ("sources", number),
                "C205",
                f"Nothing cites the source `{source.id}`: cite it with `cites`, or remove it.",
            )
        if source.url is not None and not source.url.startswith(("https://", "http://")):
            yield file.problem(("sources", number, "url"), "C213", "An address starts with `https://`.")


_VERBATIM: Final = frozenset({"body", "head", "exhibit", "lines", "url"})
"""Fields that are shown as they are, never as Markdown."""

_TAG: Final = re.compile(r"</?[A-Za-z][^<>@]*>|<!--")
_LINK: Final = re.compile(r"\]\(\s*(?!https?://|mailto:|#|/)[a-zA-Z][\w+.-]*:")
_MARKED_UP: Final = re.compile(r"<[A-Za-z/!]|!\[|\]\(|\\[xuU]")
"""Without any of these in its text, a file holds no markup."""


def _markup(file: File, texts: Texts) -> Iterator[Problem]:
    if not _MARKED_UP.search(file.read.text):
        return
    for path, text in texts:
        if not _VERBATIM.isdisjoint(path):
            continue
        if found := _TAG.search(text):
            yield file.problem(path, "C213", f"HTML (`{found.group()[:20]}`) is not shown: write Markdown.")
        elif "![" in text:
            yield file.problem(path, "C213", "Images are not shown: describe what matters, or use an `exhibit`.")
        elif _LINK.search(text):
            yield file.problem(path, "C213", "A link leads to `https://…`, `mailto:…` or a page of the app.")


# None of these can take more than a few looks at a character, however long a word is.
_MAIL: Final = re.compile(r"(?<=\w)@((?:[\w-]+\.)+[a-z]{2,})", re.IGNORECASE)
_HOST: Final = re.compile(r"https?://((?:[\w-]+\.)+[a-z]{2,})", re.IGNORECASE)
_SHOP: Final = re.compile(r"(?<![\w@./-])((?:[\w-]+\.)+(?:com|net|org|info|biz|io|co|eu))\b(?![.-]\w)", re.IGNORECASE)
_RESERVED: Final = re.compile(r"(?:^|\.)(?:example|test|invalid|localhost|example\.(?:com|net|org))$", re.IGNORECASE)


def hosts(kind: Kind | None, read: Read) -> tuple[tuple[Path, str], ...]:
    """Names of hosts in invented text that somebody could own, with their places."""
    if kind is None or kind is ORGANISATION:
        return ()
    staged = kind.name in {"drill", "scenario"}
    cited = set() if _MAIL.search(read.text) else _cited(read.data)
    if cited.issuperset(_named(read.text, staged=staged)) and not re.search(r"\\[xuU]", read.text):
        return ()
    return tuple(
        (path, host)
        for path, text in _parts(read.data)[1]
        if "sources" not in path
        for host in _named(text, staged=staged)
    )


def _named(text: str, *, staged: bool) -> list[str]:
    found = _MAIL.findall(text)
    if staged:
        found += _HOST.findall(text) + _SHOP.findall(text)
    return [host.lower() for host in found if not _RESERVED.search(host)]


def _cited(data: Any) -> set[str]:
    sources = data.get("sources") if isinstance(data, dict) else None
    return {host.lower() for source in sources or () for host in _HOST.findall(str(source.get("url")))}


def _guessing(file: File, quiz: Quiz) -> Iterator[Problem]:
    """A quiz must not be passed by somebody who takes the longest option, or always says true."""
    singles = [question for question in quiz.questions if isinstance(question, Single)]
    luck = 0.0
    for question in singles:
        longest = max(len(option.text) for option in question.options)
        taken = [option.right for option in question.options if len(option.text) == longest]
        luck += sum(taken) / len(taken)
    if len(singles) >= 5 and luck > len(singles) / 2:
        yield file.problem(
            ("questions",),
            "C210",
            f"The longest option is right in {luck:.0f} of {len(singles)} questions: shorten right ones, or lengthen others.",
        )
    said = [question.answer for question in quiz.questions if isinstance(question, TrueFalse)]
    if len(said) >= 3 and len(set(said)) == 1:
        yield file.problem(("questions",), "C210", f"Every true-or-false statement here is {str(said[0]).lower()}.")


def _unwritten(file: File, texts: Texts) -> Iterator[Problem]:
    """Texts that an import left to the author."""
    for path, text in texts:
        if text.startswith(UNWRITTEN):
            yield file.problem(
                path, "C214", f"Still to be written: {text.removeprefix(UNWRITTEN).strip() or 'this text'}."
            )


def _harmless(file: File, drill: SpotDrill) -> Iterator[Problem]:
    harmless = sum(not artefact.to_report for artefact in drill.artefacts)
    share = harmless / len(drill.artefacts)
    if not 0.25 <= share <= 0.45:
        yield file.problem(
            ("artefacts",),
            "C208",
            f"{harmless} of {len(drill.artefacts)} artefacts are harmless: about a third should be (25 to 45 %).",
        )


def _length(file: File, lesson: Lesson) -> Iterator[Problem]:
    for number, screen in enumerate(lesson.screens):
        words = len(screen.text.split())
        if words > 60:
            yield file.problem(
                ("screens", number, "text"), "C211", f"{words} words on one screen: keep it to 60, or make two of it."
            )
