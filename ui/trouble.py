"""What a person sees when a page fails, and what the operator finds in the log under the same number.

No path, query or secret reaches the browser.
"""

import secrets

import streamlit as st
import structlog

from domain.refusal import NotSaved, Refused

log = structlog.get_logger()


def on_script_error(error: Exception) -> bool:
    """Draw one sentence in place of the page, and log what happened."""
    if isinstance(error, (Refused, NotSaved)):
        st.warning(str(error))
        return True
    number = secrets.token_hex(4)
    log.error("page failed", number=number, exc_info=error)
    st.error(
        f"This page stopped working (number {number}). What was saved stays saved. Reload the page; if it happens "
        "again, give this number to your security team."
    )
    return True


def warm_up() -> None:
    """Load what the first page would otherwise wait for."""
    import pandas as pd  # noqa: F401
    import plotly.graph_objects  # noqa: F401

    import ui.parts  # noqa: F401
