"""Text files of other tools, read within bounds, in the encodings that they come in."""

from pathlib import Path

from catalog.formats.draft import Unreadable
from catalog.formats.sheets import content


def text_of(path: Path) -> str:
    """The text of a file with plain line ends. Raises Unreadable with one sentence."""
    raw = content(path)
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            return lines_of(raw.decode("utf-16"))
        except UnicodeDecodeError:
            raise Unreadable(f"{path.name} is not text.") from None
    if b"\x00" in raw:
        raise Unreadable(f"{path.name} is not text.")
    try:
        return lines_of(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return lines_of(raw.decode("cp1252", "replace"))


def lines_of(text: str) -> str:
    """The text with plain line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
