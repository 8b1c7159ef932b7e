"""The few things Streamlit has no widget for, each one element: artefacts, clocks, heatmap, announcer, answers.

Every text reaches the browser as text and is set as text; every value that comes back is checked here, because a
browser may send anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from domain.present import Passage, ShownArtefact
from domain.spot import Pin
from ui.components.packaged import held, mount
from ui.words import EXERCISE, percent

_KINDS = {
    "mail": "Mail",
    "sms": "Text message",
    "chat": "Chat",
    "login_alert": "Sign-in alert",
    "share_dialog": "Sharing dialog",
    "access_log": "Access log",
    "letter": "Letter",
    "transcript": "Phone call",
    "note": "Note",
}


def _indexes(value: object, size: int) -> tuple[int, ...]:
    """The valid, distinct indexes below `size` in whatever the browser sent, in its order."""
    if not isinstance(value, list):
        return ()
    found = (item for item in value if isinstance(item, int) and not isinstance(item, bool) and 0 <= item < size)
    return tuple(dict.fromkeys(found))


def _sheet(shown: ShownArtefact) -> dict[str, Any]:
    """The artefact for the browser: its lines, each a run of pieces of which some are numbered passages."""
    lines: list[list[dict[str, Any]]] = [[]]
    for passage in shown.body:
        for number, text in enumerate(passage.text.split("\n")):
            if number:
                lines.append([])
            if text:
                lines[-1].append(_piece(Passage(text, passage.clue)))
    return {
        "kind": shown.kind,
        "name": _KINDS.get(shown.kind, "Message"),
        "title": shown.title,
        "notice": EXERCISE,
        "head": [{"label": label, "pieces": [_piece(passage) for passage in text]} for label, text in shown.head],
        "body": lines,
    }


def _piece(passage: Passage) -> dict[str, Any]:
    return {"text": passage.text} if passage.clue is None else {"text": passage.text, "passage": passage.clue}


def _tappable(shown: ShownArtefact) -> dict[int, str]:
    """The words behind each number."""
    texts = (*(passage for _, text in shown.head for passage in text), *shown.body)
    return {passage.clue: passage.text for passage in texts if passage.clue is not None}


def flagged(key: str, shown: ShownArtefact) -> tuple[int, ...]:
    """What `artefact` holds under `key`, for a callback: the numbers of the passages flagged."""
    return tuple(sorted(_indexes(held(key, "flags"), len(_tappable(shown)))))


def artefact(shown: ShownArtefact, *, key: str) -> tuple[int, ...]:
    """Something to judge, its passages to be flagged; the numbers of those flagged so far.

    Inside an `st.form` flagging does not rerun the page; the form's button brings the flags along.
    """
    mount("artefact", key=key, data={**_sheet(shown), "flagged": list(flagged(key, shown))}, returns="flags")
    return flagged(key, shown)


def debrief(shown: ShownArtefact, pins: Sequence[Pin], *, key: str) -> None:
    """The same artefact with a numbered pin on every passage and the why of each; for after the verdict is stored."""
    outcomes = {(True, True): "hit", (True, False): "missed", (False, True): "alarm", (False, False): "fine"}
    words = _tappable(shown)
    told = [
        {"outcome": outcomes[pin.clue.real, pin.flagged], "why": pin.clue.why, "words": words[pin.number - 1]}
        for pin in sorted(pins, key=lambda pin: pin.number)
    ]
    mount("artefact", key=key, data={**_sheet(shown), "pins": told})


@dataclass(frozen=True, slots=True)
class Face:
    """One clock: time since `at` (elapsed) or time left until `at` (due), in exercise time.

    `window` is the whole span of a deadline, for the bar; `met` is when the duty was done.
    """

    label: str
    at: datetime
    kind: Literal["due", "elapsed"] = "due"
    window: timedelta | None = None
    note: str = ""
    met: datetime | None = None


def clock(
    faces: Sequence[Face], *, now: datetime, speed: float = 1.0, running: bool = True, still: str = "Paused", key: str
) -> None:
    """Clocks that tick in the browser: exercise time is `now` at this moment and passes `speed` times as fast as ours.

    `still` is the word shown while they do not run.
    """
    mount(
        "clock",
        key=key,
        data={
            "now": now.timestamp() * 1000,
            "speed": speed if running else 0,
            "still": still,
            "faces": [
                {
                    "label": face.label,
                    "kind": face.kind,
                    "at": face.at.timestamp() * 1000,
                    "window": face.window.total_seconds() * 1000 if face.window else None,
                    "met": face.met.timestamp() * 1000 if face.met else None,
                    "note": face.note,
                }
                for face in faces
            ],
        },
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the share that is ready (0…1), or None with the reason in `text` ("<5", "–")."""

    share: float | None
    text: str = ""
    coverage: str = ""
    people: int = 0
    known: bool = True
    """False where so few are assessed that the share says little: pale and hatched instead of a colour."""


def heatmap(
    rows: Sequence[tuple[str, str]],
    columns: Sequence[tuple[str, str]],
    cells: Mapping[tuple[str, str], Cell],
    *,
    caption: str,
    target: float = 0.8,
    selected: tuple[str, str] | None = None,
    key: str,
    on_select: Callable[[str, str], None] | None = None,
) -> tuple[str, str] | None:
    """A table of buttons coloured by share; the (row id, column id) just chosen, for this run only.

    A cell without a share is text, not a button: there is nothing behind it to look at.
    """

    def chosen(value: object) -> tuple[str, str] | None:
        if not (isinstance(value, list) and len(value) == 2 and all(type(index) is int for index in value)):
            return None
        if not (0 <= value[0] < len(rows) and 0 <= value[1] < len(columns)):
            return None
        found = (rows[value[0]][0], columns[value[1]][0])
        return found if found in cells and cells[found].share is not None else None

    def changed() -> None:
        found = chosen(held(key, "cell"))
        if found is not None and on_select is not None:
            on_select(*found)

    def draw(row: str, column: str) -> dict[str, Any]:
        cell = cells.get((row, column), Cell(None, "–"))
        if cell.share is None:
            return {"text": cell.text or "–", "coverage": cell.coverage}
        steps = (0.45, 0.6, target, 0.9)
        return {
            "text": cell.text or percent(cell.share),
            "coverage": cell.coverage,
            "step": sum(cell.share >= step for step in steps) if cell.known else "unknown",
            "below": cell.share < target,
        }

    data = {
        "caption": caption,
        "target": percent(target),
        "rows": [label for _, label in rows],
        "columns": [label for _, label in columns],
        "cells": [[draw(row, column) for column, _ in columns] for row, _ in rows],
        "selected": [
            next((index for index, (row, _) in enumerate(rows) if selected and row == selected[0]), -1),
            next((index for index, (column, _) in enumerate(columns) if selected and column == selected[1]), -1),
        ],
    }
    return chosen(mount("heatmap", key=key, data=data, returns="cell", on_change=changed))


def announce(text: str, *, focus: str = "", token: str, key: str = "announce") -> None:
    """Say `text` once per `token` to screen readers and move the focus.

    `focus` is the key of a container or card drawn in this run, or "title" for the page's h1. A pressed button
    vanishes with its run and takes the focus along; without this a keyboard user starts again at the top.
    """
    mount("announce", key=key, data={"text": text, "focus": focus, "token": token})


def ordered(key: str, size: int) -> tuple[int, ...]:
    """What `order` holds under `key`, for a callback, which runs before the page is drawn."""
    found = _indexes(held(key, "order"), size)
    return found if len(found) == size else tuple(range(size))


def order(items: Sequence[str], *, key: str, label: str = "Put these in order") -> tuple[int, ...]:
    """`items` to be moved with ▲▼; the present order as indexes into `items`. Use it inside an `st.form`."""
    data = {"items": list(items), "order": list(ordered(key, len(items))), "label": label}
    mount("order", key=key, data=data, returns="order")
    return ordered(key, len(items))


def live(exercise: int, version: int, held: Sequence[str] = (), *, key: str = "live") -> None:
    """Run the fragment that this stands in again whenever the exercise has come further than `version`.

    Draw it once, inside an `st.fragment` that reads the exercise afresh. Shows the newest message from the moment it
    is told until the fragment is drawn, unless it is one of those `held` by what is drawn; and, when the server cannot
    be reached, that it cannot.
    """
    data = {"url": f"/live/{exercise}/", "version": version, "held": list(held)}
    mount("live", key=key, data=data, returns="version")


def matched(key: str, lefts: int, rights: int) -> tuple[int | None, ...]:
    """What `match` holds under `key`, for a callback: for each left the index of its right, None while open."""
    value = held(key, "picked")
    if not isinstance(value, list) or len(value) != lefts:
        return (None,) * lefts
    return tuple(pick if type(pick) is int and 0 <= pick < rights else None for pick in value)


def match(
    lefts: Sequence[str], rights: Sequence[str], *, key: str, label: str = "Find what belongs together"
) -> tuple[int | None, ...]:
    """For each of `lefts` the index of the right that was chosen, None while nothing is. Use it inside an `st.form`."""
    picked = list(matched(key, len(lefts), len(rights)))
    data = {"lefts": list(lefts), "rights": list(rights), "picked": picked, "label": label}
    mount("match", key=key, data=data, returns="picked")
    return matched(key, len(lefts), len(rights))


def ticked(key: str, size: int) -> tuple[int, ...]:
    """What `tick` holds under `key`, for a callback: the indexes ticked, in their order."""
    return tuple(sorted(_indexes(held(key, "ticked"), size)))


def tick(choices: Sequence[str], *, key: str, label: str = "Choose all that apply") -> tuple[int, ...]:
    """Checkboxes as one element; the indexes ticked, in the order of `choices`. Use it inside an `st.form`."""
    data = {"choices": list(choices), "ticked": list(ticked(key, len(choices))), "label": label}
    mount("tick", key=key, data=data, returns="ticked")
    return ticked(key, len(choices))


__all__ = [
    "Cell",
    "Face",
    "announce",
    "artefact",
    "clock",
    "debrief",
    "flagged",
    "heatmap",
    "live",
    "match",
    "matched",
    "order",
    "ordered",
    "tick",
    "ticked",
]
