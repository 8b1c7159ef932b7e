"""HTML as other tools keep their texts → the Markdown that content holds, and back into the little XHTML that QTI needs.

Scripts and styles are dropped, pictures and players are told by their alternative text; nothing is ever fetched.
"""

import re
from html import escape, unescape
from typing import Final

_HTML: Final = re.compile(r"</?[A-Za-z][^<>]*>|<!--|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_BLOCKS: Final = frozenset((
    "address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figure", "figcaption", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
))  # fmt: skip
_SILENT: Final = frozenset(("script", "style", "head", "template"))
_PICTURES: Final = frozenset(("img", "audio", "video", "object", "embed", "iframe", "svg", "math", "canvas"))
_MARKS: Final = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "tt": "`"}


_TOKEN: Final = re.compile(
    r"<!--|<(/?)([A-Za-z][A-Za-z0-9:.-]{0,30})(?![A-Za-z0-9:.-])([^<>]{0,4000})>|<[!?][^<>]{0,4000}>"
)
"""A tag, or what begins a comment. No text makes it look at a character more than a few times, unlike html.parser."""

_ATTRIBUTE: Final = re.compile(r"""([A-Za-z-]{1,30})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")


class _Teller:
    """Collects the text of HTML."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.lost: list[str] = []
        self.silent = 0
        self.links: list[str] = []
        self.told = 0  # texts so far that are not blank
        self.marked: list[tuple[str, int, int]] = []  # open emphasis: its tag, its place, and what was told before it

    def feed(self, html: str) -> None:
        """Tell all of it."""
        at = 0
        while found := _TOKEN.search(html, at):
            self._say(html[at : found.start()])
            at = found.end()
            if found.group() == "<!--":
                end = html.find("-->", at)
                at = end + 3 if end >= 0 else len(html)
                self.lost += ["all that stands behind a comment that is never closed"] if end < 0 else []
            elif found[2]:
                tag = found[2].lower()
                if found[1]:
                    self._close(tag)
                else:
                    self._open(
                        tag, {a[0].lower(): unescape(a[1] or a[2] or a[3]) for a in _ATTRIBUTE.findall(found[3])}
                    )
        self._say(html[at:])

    def _open(self, tag: str, given: dict[str, str]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag in _PICTURES:
            alt = " ".join(given.get("alt", "").split())
            self.lost.append(f"<{tag}>{f' “{alt}”' if alt else ''}")
        elif tag in _MARKS:
            self.marked.append((tag, len(self.parts), self.told))
            self.parts.append(_MARKS[tag])
        elif tag == "a":
            address = given.get("href", "").strip()
            good = re.fullmatch(r"(?:https?://|mailto:)[^\s()<>]+", address)
            self.links.append(address if good else "")
            self.parts.append("[" if good else "")
            if address and not good:
                self.lost.append(f"the link to {address[:60]}")
        else:
            self._break(tag)

    def _break(self, tag: str) -> None:
        if tag in {"br", "tr"}:
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in {"td", "th"}:
            self.parts.append(" | ")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")

    def _close(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _MARKS:
            self._unmark(tag)
        elif tag == "a" and self.links:
            address = self.links.pop()
            self.parts.append(f"]({address})" if address else "")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")

    def _unmark(self, tag: str) -> None:
        """End emphasis that is open, and take back emphasis of nothing."""
        if self.marked and self.marked[-1][0] == tag:
            _, place, before = self.marked.pop()
            if self.told == before:
                self.parts[place] = ""
            else:
                self.parts.append(_MARKS[tag])

    def _say(self, text: str) -> None:
        if not self.silent:
            self.told += bool(text.strip())
            self.parts.append(unescape(re.sub(r"[ \t\r\n]+", " ", text)))


def to_markdown(html: str) -> tuple[str, list[str]]:
    """The text of HTML as Markdown, and what of it was lost."""
    teller = _Teller()
    teller.feed(html)
    text = "\n".join(line.strip() for line in "".join(teller.parts).replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip(), teller.lost


def is_html(text: str) -> bool:
    """Whether a text of unknown format holds tags or entities."""
    return _HTML.search(text) is not None


def to_xhtml(text: str) -> str:
    """Markdown as paragraphs of XHTML. Its signs stay as they are, so that nothing changes on the way back."""
    paragraphs = (escape(part, quote=False).replace("\n", "<br/>") for part in text.split("\n\n"))
    return "".join(f"<p>{part}</p>" for part in paragraphs)
