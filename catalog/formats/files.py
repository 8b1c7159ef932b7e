"""An imported scenario or quiz as files: YAML as an author would have written it, and never over a file that is there."""

from pathlib import Path
from typing import Any, Final

import yaml

from catalog.formats.bank import Imported as ImportedQuiz
from catalog.formats.bank import line
from catalog.formats.draft import Imported, Unreadable
from catalog.read import is_typed

_HEAD: Final = (
    "# yaml-language-server: $schema=../schemas/{kind}.json\n"
    "# Imported from {source}. Texts that begin with `To write:` are yours to write; `manage.py lint scenario {slug}` lists them.\n"
)


_QUIZ_HEAD: Final = (
    "# yaml-language-server: $schema=../content/schemas/quiz.json\n"
    "# Imported from {source}. Texts that begin with `To write:` are yours to write; `manage.py check` lists them.\n"
)
_MAX_LISTED: Final = 100
"""How many notes stand at the top of a file; all of them are printed."""


class _Plain(yaml.SafeDumper):
    """YAML without anchors: content files have none."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """A text, in quotes where YAML 1.2 would read something else; PyYAML itself knows 1.1 only."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if is_typed(text) else None)


_Plain.add_representer(str, _text)


def save(imported: Imported, root: Path, slug: str, source: str) -> list[str]:
    """Write scenario and rehearsal under `root`, and name them. Raises Unreadable when one is there already."""
    wanted = {
        f"content/scenarios/{slug}.yaml": ("scenario", imported.scenario),
        f"content/rehearsals/{slug}.yaml": ("rehearsal", imported.rehearsal),
    }
    for file in wanted:
        if (root / file).exists():
            raise Unreadable(f"{file} is already there; nothing was written. Choose another --slug.")
    for file, (kind, data) in wanted.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        head = _HEAD.format(kind=kind, source=source, slug=slug)
        (root / file).write_text(head + dump(data), encoding="utf-8")
    return list(wanted)


def save_quiz(imported: ImportedQuiz, root: Path, slug: str, source: str) -> list[str]:
    """Write the quizzes under `root`, the review list at the top of the first, and name them."""
    names = [slug if number == 1 else f"{slug}-{number}" for number in range(1, len(imported.quizzes) + 1)]
    files = [f"quizzes/{name}.yaml" for name in names]
    for file in files:
        if (root / file).exists():
            raise Unreadable(f"{file} is already there; nothing was written. Choose another --slug.")
    (root / "quizzes").mkdir(parents=True, exist_ok=True)
    review = [f"# {note}\n" for note in imported.notes[:_MAX_LISTED]]
    if len(imported.notes) > _MAX_LISTED:
        review.append(f"# … and {len(imported.notes) - _MAX_LISTED} more, which were printed at the import.\n")
    for number, (file, data) in enumerate(zip(files, imported.quizzes, strict=True)):
        head = _QUIZ_HEAD.format(source=line(source)) + "".join(review if number == 0 else ())
        (root / file).write_text(head + dump(data), encoding="utf-8")
    return files


def dump(data: dict[str, Any]) -> str:
    """The data as YAML that our own reader reads back as it was."""
    return yaml.dump(data, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)
