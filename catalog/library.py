"""The content of the app: every file of content/ and quizzes/ as values, and the problems they have.

A broken file never hides a good one, and never replaces its own last good version.
"""

import gc
import hashlib
import logging
import os
import re
import stat
import threading
import time
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from catalog.between import references, together
from catalog.checks import alone, hosts
from catalog.file import File
from catalog.kinds import KINDS, ORGANISATION, Kind
from catalog.problem import Problem
from catalog.read import MAX_BYTES, TOP, Read, read
from catalog.shape import shape
from domain.drill import ReportDrill, SpotDrill
from domain.lesson import Lesson
from domain.module import Module
from domain.organisation import Organisation
from domain.quiz import Quiz
from domain.regime import Regime
from domain.scenario import Rehearsal, Scenario

_log = logging.getLogger("muster.content")
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FOLDERS: Final = {kind.folder: kind for kind in KINDS}
_TOPS: Final = ("content", "quizzes")


@dataclass(frozen=True, slots=True)
class State:
    """How the app stands with one file."""

    file: str
    kind: str
    slug: str
    use: Literal["good", "kept", "absent"]  # kept: broken or gone, the last good version is in use
    since: datetime | None = None  # when that was noticed, for kept and absent


@dataclass(frozen=True, slots=True)
class Catalog:
    """Content as values, by slug: the stem of the file's name. References between them always resolve."""

    modules: Mapping[str, Module] = field(default_factory=dict)
    lessons: Mapping[str, Lesson] = field(default_factory=dict)
    quizzes: Mapping[str, Quiz] = field(default_factory=dict)
    drills: Mapping[str, SpotDrill | ReportDrill] = field(default_factory=dict)
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    rehearsals: Mapping[str, Rehearsal] = field(default_factory=dict)
    regimes: Mapping[str, Regime] = field(default_factory=dict)
    organisation: Organisation | None = None
    problems: tuple[Problem, ...] = ()
    states: tuple[State, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)  # file → SHA-256 of the version in use
    texts: Mapping[str, str] = field(default_factory=dict)  # scenario slug → the text of the version in use


@dataclass(frozen=True, slots=True)
class _Version:
    """A file as it was read once."""

    stamp: tuple[int, ...]
    settled: bool  # whether a later change would surely change the stamp
    raw: bytes
    digest: str
    file: File
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is on the disk now, and the version in use."""

    seen: _Version | None
    good: _Version | None = None
    since: datetime | None = None


def load(root: Path) -> Catalog:
    """All content under `root` (the folder that holds content/ and quizzes/), read once."""
    return Library(root).refresh()


class Library:
    """The last good content under `root`, read again in the background when files change."""

    def __init__(self, root: Path, every: float = 1.0) -> None:
        """`every` is the number of seconds between two looks at the disk; nothing is read before it is needed."""
        self.root = root
        self._every = every
        self._entries: Mapping[str, _Entry] = {}
        self._catalog: Catalog | None = None
        self._lock = threading.Lock()
        self._watched = False
        self._closed = threading.Event()

    @property
    def current(self) -> Catalog:
        """The content in use; costs nothing to read. The first reading loads it and starts the watch."""
        catalog = self._catalog
        if catalog is not None and self._watched:
            return catalog
        with self._lock:
            if not self._watched and not self._closed.is_set():
                self._watched = True
                watch = (weakref.ref(self), self._closed, self._every)
                threading.Thread(target=_watch, args=watch, name="content", daemon=True).start()
        return catalog or self.refresh()

    def close(self) -> None:
        """End the watch; what was read stays readable."""
        self._closed.set()

    def refresh(self) -> Catalog:
        """Look at the disk now, and read what has changed."""
        with self._lock:
            on_disk = _scan(self.root)
            entries = dict(self._entries)
            for file in entries.keys() - on_disk.keys():
                entries[file] = _Entry(None, entries[file].good, entries[file].since)
            with _in_bulk(len(on_disk) - len(self._entries)):
                for file, found in on_disk.items():
                    before = entries.get(file, _Entry(None))
                    if before.seen is None or not before.seen.settled or before.seen.stamp != found.stamp:
                        entries[file] = _Entry(_version(self.root, file, found, before.seen), before.good, before.since)
            if self._catalog is None or entries != self._entries:
                self._catalog, self._entries = _compose(entries, datetime.now(UTC))
            return self._catalog


@contextmanager
def _in_bulk(files: int) -> Iterator[None]:
    """Leave the garbage collector out while hundreds of files are read: all that is made is kept."""
    pause = files > 200 and gc.isenabled()
    if pause:
        gc.disable()
    try:
        yield
    finally:
        if pause:
            gc.enable()


def _watch(library: "weakref.ref[Library]", closed: threading.Event, every: float) -> None:
    """Refresh until the library is closed or nobody holds it any more."""
    while not closed.wait(every):
        held = library()
        if held is None:
            return
        try:
            held.refresh()
        except Exception:  # noqa: BLE001 - whatever it was
            # A watch that dies would go unnoticed, and every later change with it.
            _log.exception("Content could not be read again; what was in use stays in use.")
        del held


# ── the disk ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Found:
    """A YAML file on the disk; its kind is None when it lies in the wrong place."""

    path: str
    kind: Kind | None
    stamp: tuple[int, ...]


def _scan(root: Path) -> dict[str, _Found]:
    """Every YAML file under content/ and quizzes/, by its path from `root`."""
    found = {}
    for top in _TOPS:
        for folder, folders, names in os.walk(root / top):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            inside = Path(folder).relative_to(root).as_posix()
            for name in sorted(names):
                if name.startswith(".") or not name.endswith((".yaml", ".yml")):
                    continue
                file, path = f"{inside}/{name}", f"{folder}/{name}"
                kind = _FOLDERS.get(inside) if name.endswith(".yaml") else None
                found[file] = _Found(path, ORGANISATION if file == ORGANISATION.folder else kind, _stamp(path))
    return found


def _stamp(path: str) -> tuple[int, ...]:
    """What changes when a file changes."""
    try:
        seen = os.stat(path)  # noqa: PTH116 - two thousand of these a second
    except OSError:
        return ()
    return max(seen.st_mtime_ns, seen.st_ctime_ns), seen.st_size, seen.st_ino, seen.st_dev


def _version(root: Path, file: str, found: _Found, before: _Version | None) -> _Version:
    kind, stamp = found.kind, found.stamp
    # A file changed within the clock tick in which it was read would keep its stamp: look again until that is past.
    settled = bool(stamp) and time.time_ns() - stamp[0] > 2_000_000_000
    raw, problem = _bytes(root, found.path, file)
    digest = hashlib.sha256(raw).hexdigest()
    if before is not None and problem is None and before.digest == digest and before.file.value is not None:
        return _Version(stamp, settled, before.raw, digest, before.file, before.problems)
    stem = file.rpartition("/")[2].removesuffix(".yaml")
    if problem is None and (kind is None or not (_SLUG.fullmatch(stem) and len(stem) <= 64)):
        problem = Problem(file, 1, 1, "C111", _misplaced(file, kind))
    if problem is not None or kind is None:
        nothing = File(file, kind, stem, None, Read(None, TOP, ()))
        return _Version(stamp, settled, b"", digest, nothing, (problem,) if problem else ())
    data = read(raw, file)
    value, problems = shape(data, kind.type, file)
    this = File(file, kind, stem, value, data, hosts(kind, data) if value is not None else ())
    problems = (*problems, *alone(this))
    # From here on only places are needed: data and text would be held twice.
    kept = replace(this, read=replace(data, data=None, text=""))
    return _Version(stamp, settled, raw, digest, kept, problems)


def _bytes(root: Path, path: str, file: str) -> tuple[bytes, Problem | None]:
    """The file's bytes, one more than allowed at most; or why it is not read."""
    try:
        # realpath, because Path.resolve raises for a link to itself.
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
            return b"", Problem(file, 1, 1, "C110", "This link leads out of the content folder: copy the file instead.")
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return b"", Problem(file, 1, 1, "C110", "This is not a regular file.")
            return stream.read(MAX_BYTES + 1), None
    except OSError as error:
        return b"", Problem(file, 1, 1, "C110", f"The file cannot be read: {error.strerror or 'no access'}.")


def _misplaced(file: str, kind: Kind | None) -> str:
    if kind is not None:
        return "A file's name is lower case letters, digits and single hyphens: rename it."
    if file.endswith(".yml"):
        return "Content files end in `.yaml`: rename it."
    return f"Nothing reads this folder: files belong in {', '.join(sorted(_FOLDERS))}."


# ── what is used ──────────────────────────────────────────────────────────────────────────────────────────────


def _compose(entries: Mapping[str, _Entry], now: datetime) -> tuple[Catalog, Mapping[str, _Entry]]:
    """The catalog that the entries make, and the entries with the version each has in use.

    Parts come before wholes, so a whole whose new version names a part that cannot be used falls back with it.
    """
    seen = {file: entry.seen for file, entry in entries.items() if entry.seen is not None}
    problems = [problem for version in seen.values() for problem in version.problems]
    problems += together([version.file for version in seen.values()])
    refused = {problem.file for problem in problems if problem.blocks}
    in_use: dict[tuple[str, str], _Version] = {}
    after: dict[str, _Entry] = {}
    states = []
    for kind in (ORGANISATION, *KINDS):
        for file, entry in sorted(entries.items()):
            version = entry.seen or entry.good
            if version is None or version.file.kind is not kind:
                continue
            slug = version.file.slug
            candidates: Iterable[_Version | None] = (None if file in refused else entry.seen, entry.good)
            used = next((v for v in candidates if v is not None and _usable(v.file, in_use)), None)
            if used is not None:
                in_use[kind.name, slug] = used
            fresh = used is not None and used is entry.seen
            since = None if fresh else entry.since or now
            after[file] = _Entry(entry.seen, used or entry.good, since)
            states.append(State(file, kind.name, slug, "good" if fresh else "kept" if used else "absent", since))
    for kind in reversed(KINDS):  # wholes before parts: what is gone stays only while something in use needs it
        needed = {name for version in in_use.values() for name in references(version.file)}
        for file, entry in entries.items():
            if file in after and entry.seen is None and entry.good is not None and entry.good.file.kind is kind:
                name = (kind.name, entry.good.file.slug)
                if name not in needed:
                    in_use.pop(name, None)
                    del after[file]
    after |= {file: entry for file, entry in entries.items() if entry.seen and entry.seen.file.kind is None}
    told = tuple(sorted((state for state in states if state.file in after), key=lambda state: state.file))
    return _catalog(in_use, tuple(sorted(set(problems))), told), after


def _usable(file: File, in_use: Mapping[tuple[str, str], _Version]) -> bool:
    """Whether everything the file refers to is in use."""
    return file.value is not None and all(name in in_use for name in references(file))


def _catalog(
    in_use: Mapping[tuple[str, str], _Version], problems: tuple[Problem, ...], states: tuple[State, ...]
) -> Catalog:
    values: dict[str, Any] = {
        kind.plural: {slug: version.file.value for (name, slug), version in in_use.items() if name == kind.name}
        for kind in KINDS
    }
    organisation = in_use.get((ORGANISATION.name, ORGANISATION.name))
    return Catalog(
        **values,
        organisation=organisation.file.value if organisation else None,
        problems=problems,
        states=states,
        digests={version.file.path: version.digest for version in in_use.values()},
        texts={slug: v.raw.decode("utf-8-sig") for (kind, slug), v in in_use.items() if kind == "scenario"},
    )
