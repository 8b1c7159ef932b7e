"""What makes a password acceptable, and how it is kept: argon2id, nothing else.

The rules are OWASP ASVS 5.0 V6.2: length counts, composition does not, and what everybody tries first is refused.
"""

import string
import unicodedata
from pathlib import Path

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from domain.refusal import Refused

SHORTEST = 8
ADVISED = 12
LONGEST = 200

# OWASP's first choice for argon2id. About 40 ms and 46 MiB for as long as it takes: callers bound how many run at once.
_HASHER = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=47104, parallelism=1),))
_NOBODY = _HASHER.hash("the hash that is checked when there is no account")

# What attackers try first comes in families: these roots with digits, years, symbols and look-alike letters.
_ROOTS = frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split())
_LOOKALIKE = str.maketrans("013457@$!+8", "oieastasitb")
_EDGES = string.digits + string.punctuation
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm")


def normal(password: str) -> str:
    """One form for what two keyboards type differently (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Refuse a password that is short, guessed first, or made of what it belongs to (name, e-mail address)."""
    password = normal(password)
    if len(password) < SHORTEST:
        raise Refused(f"A password needs at least {SHORTEST} characters; {ADVISED} or more are better.")
    if len(password) > LONGEST:
        raise Refused(f"A password can have {LONGEST} characters at most.")
    plain = password.casefold()
    if len(set(plain)) < 5 or _is_run(plain):
        raise Refused(
            "That password repeats itself or follows the keyboard. Three words that do not belong together do better."
        )
    if _root(plain) in _ROOTS or _root(plain.strip(_EDGES).translate(_LOOKALIKE)) in _ROOTS:
        raise Refused("That password is among those tried first. Three words that do not belong together do better.")
    for word in about:
        for part in word.casefold().replace("@", " ").replace(".", " ").split():
            if len(part) > 3 and part in plain and len(plain) - len(part) < SHORTEST:
                raise Refused("That password is mostly your name or address. Others know those too.")


def _root(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())


def _is_run(text: str) -> bool:
    return any(text in run or text in run[::-1] or text in run * 3 for run in _RUNS)


def keep(password: str) -> str:
    """The argon2id hash to store."""
    return _HASHER.hash(normal(password))


def matches(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Whether it is the password, and a fresh hash when the stored one is of old strength.

    Takes as long without a stored hash, so that the time does not tell who has an account.
    """
    if len(password) > LONGEST:
        password, stored = "", None
    right, renewed = _HASHER.verify_and_update(normal(password), stored or _NOBODY)
    return (right and stored is not None), renewed if stored is not None else None
