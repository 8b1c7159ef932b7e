"""Receipts: a write that carries a key happens once, however often it is asked for.

The receipt is stored in the transaction of the write itself, so both exist or neither does.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from db.tables import receipt
from domain.refusal import Refused

_FIND = select(receipt).where(receipt.c.key == bindparam("full"))
_ADD = insert(receipt)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a write is in the database."""

    key: str
    at: datetime
    result: dict[str, Any]
    again: bool = False

    @property
    def number(self) -> str:
        """Six characters a person can read out."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:6]


def digest(body: Any) -> str:
    """The SHA-256 of a JSON value in canonical form."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def once(
    connection: Connection, key: str, person_id: int, payload: Any, now: datetime, work: Callable[[], dict[str, Any]]
) -> Receipt:
    """Do `work` unless this person's key was seen before; then return the receipt of that time.

    Raises Refused when the key was used for something else.
    """
    full = f"{person_id}:{key}"
    stamp = digest(payload)
    row = connection.execute(_FIND, {"full": full}).first()
    if row is not None:
        if row.payload != stamp:
            raise Refused(
                "This was already answered, in another tab perhaps. Your first answer is the one that counts."
            )
        return Receipt(key, row.at, row.result, again=True)
    result = work()
    connection.execute(_ADD, {"key": full, "person_id": person_id, "payload": stamp, "result": result, "at": now})
    return Receipt(key, now, result)
