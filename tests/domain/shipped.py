"""The content that ships with Muster, read as the domain's values."""

from functools import cache
from pathlib import Path

from catalog.read import read
from catalog.shape import shape
from domain.regime import Regime

CONTENT = Path(__file__).resolve().parent.parent.parent / "content"
REHEARSALS = sorted((CONTENT / "rehearsals").glob("*.yaml"))
SCENARIOS = sorted((CONTENT / "scenarios").glob("*.yaml"))


def load(path, kind):
    value, found = shape(read(path.read_bytes(), path.name), kind, path.name)
    assert found == ()
    return value


@cache
def regimes():
    return {path.stem: load(path, Regime) for path in (CONTENT / "regimes").glob("*.yaml")}
