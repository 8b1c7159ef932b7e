"""First versions of content files: short, commented, and valid, so that an author starts from something that works.

A starter never overwrites: what is there stays as it is.
"""

from datetime import date
from pathlib import Path
from typing import Final

from catalog.kinds import BY_NAME, ORGANISATION
from catalog.read import read
from catalog.shape import shape
from domain.organisation import FormField, Organisation

_TEMPLATES: Final = Path(__file__).parent / "templates"

NEW: Final = ("module", "lesson", "quiz", "drill", "scenario")
"""Kinds that can be started."""


class NotStarted(Exception):  # noqa: N818 - an answer to the author
    """Why nothing was written, in one sentence."""


def start(root: Path, kind: str, slug: str, today: date, sort: str = "") -> list[str]:
    """Write the file of `kind` named `slug`, with the parts it cannot do without, and name what was written.

    `sort` chooses among drills: "spot" or "report".
    """
    wanted = _files(root, kind, slug, sort)
    first = next(iter(wanted))
    if (root / first).exists():
        raise NotStarted(f"{first} is already there; nothing was written.")
    written = []
    for file, text in wanted.items():
        path = root / file
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        title = slug.replace("-", " ")
        path.write_text(
            text.replace("SLUG", slug).replace("TITLE", title).replace("DATE", today.isoformat()), encoding="utf-8"
        )
        written.append(file)
    return written


def _files(root: Path, kind: str, slug: str, sort: str) -> dict[str, str]:
    """Path and template of each file, the one asked for first."""
    template = kind
    if kind == "drill":
        template = f"{sort or 'spot'}-drill"
    text = (_TEMPLATES / f"{template}.yaml").read_text(encoding="utf-8")
    if template == "report-drill":
        text += _judged(root)
    files = {f"{BY_NAME[kind].folder}/{slug}.yaml": text}
    if kind == "module":
        for part in ("lesson", "quiz", "drill"):
            files |= _files(root, part, slug, "")
    if kind == "scenario":
        files |= _files(root, "rehearsal", slug, "")
    return files


def _judged(root: Path) -> str:
    """One block for every field of the organisation's own form."""
    path = root / ORGANISATION.folder
    organisation = shape(read(path.read_bytes(), ORGANISATION.folder), Organisation, ORGANISATION.folder)[0]
    if organisation is None:
        raise NotStarted(f"A report drill needs the form of {ORGANISATION.folder}: mend that file first.")
    return "".join(_judge(field) for field in organisation.report_form)


def _judge(field: FormField) -> str:
    block = f"  - field: {field.id}\n"
    if field.kind == "choice":
        known = " ".join(choice.id for choice in field.choices)
        first = field.choices[0].id
        block += f'    model: "{first}"    # {known}\n    right: ["{first}"]\n'
    elif field.kind == "time":
        block += '    model: "16:50"\n    at: "16:50"      # when it was noticed\n'
    else:
        block += (
            "    model: What a good colleague would have written.\n"
            "    mentions:          # facts a good answer holds, found by any of the phrases\n"
            "      - name: the fact\n"
            "        any_of: [a phrase, another phrase]\n"
            f"        why: What the incident team does with this part of {field.id}.\n"
        )
    return block + f"    why: Why the incident team needs to know the {field.id}.\n"
