"""What the papers say in common, and people's text as any paper can hold it."""

import unicodedata

from domain.after_action import AfterAction
from domain.hot_wash import Card
from domain.span import moment

BADGE = "EXERCISE – not real"
LEGAL = "Training material, not legal advice."


def clean(text: str) -> str:
    """Text without control characters, half surrogates and non-characters, which no paper can show."""
    return "".join(
        letter
        for letter in text
        if letter in "\n\t" or (unicodedata.category(letter) not in {"Cc", "Cs"} and ord(letter) & 0xFFFE != 0xFFFE)
    )


def facts(report: AfterAction) -> list[tuple[str, str]]:
    """The head of a report: name and value."""
    return [
        ("Played on", f"{report.played_on:%d %B %Y, %H:%M} UTC, for {report.lasted}"),
        ("Story time", f"{moment(report.ended)} at the end"),
        ("Variant", "; ".join(f"{label}: {value}" for label, value in report.dials) or "none"),
        ("Seed", str(report.seed)),
        ("Script", report.digest[:16]),
        *report.table,
    ]


def said(card: Card) -> str:
    """Who said it, as far as anybody is told, and what the table made of it."""
    dots = f"{card.dots} dot{'s' if card.dots != 1 else ''}" if card.dots else ""
    return ", ".join(part for part in ("observer" if card.observer else "", dots) if part)
