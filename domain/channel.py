"""The ways by which a message can come to a table, and how people call them."""

from collections.abc import Mapping
from typing import Final, Literal

Channel = Literal[
    "mail", "call", "chat", "meeting", "log", "press", "social", "letter", "regulator", "police", "supplier", "twist"
]

CHANNELS: Final[Mapping[str, str]] = {
    "mail": "Mail",
    "call": "Call",
    "chat": "Chat",
    "meeting": "At the table",
    "log": "Log",
    "press": "Press",
    "social": "Social media",
    "letter": "Letter",
    "regulator": "Authority",
    "police": "Police",
    "supplier": "Supplier",
    "twist": "Twist",
}
