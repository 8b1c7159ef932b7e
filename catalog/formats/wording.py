"""Texts of a question bank as content holds them: within bounds, and begun with `To write:` where the source has none."""

from typing import Final

from catalog.formats.bank import Bank, brief, line, tidy
from catalog.formats.draft import to_write

WHY: Final = to_write("what this choice causes")


class Lost(Exception):  # noqa: N818 - an answer, not an error
    """Why a question cannot be taken, in half a sentence."""


class Wording:
    """Words of one question after the other; counts the texts that are yet to be written."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.where = ""
        self.unwritten = 0

    def prose(self, text: str) -> str:
        """Markdown of up to 6,000 characters."""
        whole = tidy(text)
        if len(whole) > 6000:
            self.bank.lost(self.where, f"the end of a text of {len(whole)} characters; 6,000 are kept")
            whole = tidy(whole[:5999]) + "…"
        return whole

    def line(self, text: str) -> str:
        """One line of up to 300 characters."""
        one = line(text)
        if len(one) > 300:
            self.bank.lost(self.where, f"the end of a text of {len(one)} characters; 300 are kept: {brief(one)}")
            one = one[:299].rstrip() + "…"
        return one

    def why(self, text: str, blank: str = WHY) -> str:
        """A why, or the placeholder for one."""
        found = self.prose(text)
        if not found or found == blank:
            self.unwritten += 1
        return found or blank
