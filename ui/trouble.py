"""What a person sees when a page fails, and what the operator finds in the log under the same number.

No path, query or secret reaches the browser.
"""

import secrets

import streamlit as st
import structlog

from domain.refusal import NotSaved, Refused
from ui import session
from ui.words import plain

log = structlog.get_logger()


def on_script_error(error: Exception) -> bool:
    """Draw one sentence in place of the page, and log what happened."""
    if isinstance(error, (Refused, NotSaved)):
        st.warning(plain(str(error)))
        return True
    number = secrets.token_hex(4)
    log.error("page failed", number=number, exc_info=error)
    st.error(
        f"This page stopped working (number {number}). What was saved stays saved. Reload the page; if it happens "
        "again, give this number to your security team."
    )
    return True


def wait(away: NotSaved) -> None:
    """Say that the database is away, in place of the page, and draw the page as soon as it is back."""
    log.warning("database away", error=str(away.__cause__ or away).partition("\n")[0])
    _wait(str(away), [])


@st.fragment(run_every=3.0)
def _wait(sentence: str, rounds: list[bool]) -> None:
    """Say it, and draw the page again as soon as the database is back. `rounds` has one entry per look."""
    st.warning(plain(sentence))
    # Not in the first round: that one belongs to the run that failed, which has no way to start another.
    if rounds and session.answers():
        st.rerun()
    rounds.append(True)


def warm_up() -> None:
    """Load what the first page would otherwise wait for."""
    import pandas as pd  # noqa: F401
    import plotly.graph_objects  # noqa: F401

    import ui.parts  # noqa: F401
