"""*Flag a problem*, the same wherever content is shown."""

import streamlit as st

from services import learning
from ui import session


def flag(kind: str, slug: str, item: str) -> None:
    """A small form in a popover; what is written goes to the security team's queue."""
    key = f"flag-{kind}-{slug}-{item}"

    def send() -> None:
        if session.act(learning.flag, kind, slug, item, st.session_state.get(key, "")):
            st.toast("Thank you. Your security team will look at it.")

    # The form is made when it is asked for: it would be a third of what a page draws after every answer.
    box = st.popover("Flag a problem", icon=":material/flag:", type="tertiary", key=f"{key}-box", on_change="rerun")
    if box.open:
        with box, st.form(key + "-form", border=False):
            st.text_area("What is wrong with it?", key=key, max_chars=1000)
            st.form_submit_button("Send", on_click=send)
