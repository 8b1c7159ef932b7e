"""ZIP packages of other tools, read into memory within bounds. Nothing is ever unpacked to a disk.

Also how ours are written: the same parts are always the same bytes.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from catalog.formats.draft import Unreadable

MAX_PARTS: Final = 2_000
MAX_UNPACKED: Final = 40 * 1024 * 1024
_WANTED: Final = (".xml", ".qti")


def is_archive(raw: bytes) -> bool:
    """Whether the bytes begin as a ZIP file does."""
    return raw[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def archive(raw: bytes, name: str) -> dict[str, bytes]:
    """The XML parts of a ZIP file by their names. Raises Unreadable with one sentence."""
    found: dict[str, bytes] = {}
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS:
                raise Unreadable(f"{name} holds more than {MAX_PARTS:,} parts.")
            for part in parts:
                if _astray(part):
                    raise Unreadable(f"{name} holds a part that leads out of its folder: {part.filename[:60]!r}.")
                if part.flag_bits & 1:
                    raise Unreadable(f"{name} is encrypted: export it without a password.")
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Unreadable(f"{name} unpacks to more than 40 MB.")
            for part in parts:
                if not part.filename.lower().endswith(_WANTED):
                    continue
                with package.open(part) as stream:
                    body = stream.read(left + 1)
                left -= len(body)
                if left < 0:
                    raise Unreadable(f"{name} unpacks to more than 40 MB.")
                found[part.filename] = body
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
        # RuntimeError also covers ways of packing that this Python does not know.
        raise Unreadable(f"{name} is not a ZIP file that can be read.") from None
    return found


def _astray(part: zipfile.ZipInfo) -> bool:
    """Whether a name would leave the folder it is unpacked into, or is a link."""
    name = part.orig_filename.replace("\\", "/")
    link = stat.S_ISLNK(part.external_attr >> 16)
    return link or name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/") or "\x00" in name


def pack(path: Path, parts: Mapping[str, str]) -> None:
    """Write a ZIP file whose bytes depend on nothing but its parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in parts.items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)
