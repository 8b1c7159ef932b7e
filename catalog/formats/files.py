"""An imported scenario as files: YAML as an author would have written it, and never over a file that is there."""

from pathlib import Path
from typing import Any, Final

import yaml

from catalog.formats.draft import Imported, Unreadable

_HEAD: Final = (
    "# yaml-language-server: $schema=../schemas/{kind}.json\n"
    "# Imported from {source}. Texts that begin with `To write:` are yours to write; `manage.py lint scenario {slug}` lists them.\n"
)


class _Plain(yaml.SafeDumper):
    """YAML without anchors: content files have none."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


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


def dump(data: dict[str, Any]) -> str:
    """The data as YAML that our own reader reads back as it was."""
    return yaml.dump(data, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)
