"""The audit trail: every sign-in, refusal and administrative act, newest first."""

import json

import streamlit as st

from services import trail
from ui import parts, session, words

app, me = session.here()
parts.title("Audit", "Who did what, when and from where. Entries are only ever added.")
older = session.number("before")

with st.container(horizontal=True, vertical_alignment="bottom"):
    action = st.selectbox("What", ["", *trail.actions(app, me)], format_func=lambda a: a or "Everything", key="action")
    find = st.text_input("Who or from where", key="words", placeholder="Part of an e-mail or network address")
entries = trail.entries(app, me, action=action, words=find, before=older)

if not entries:
    parts.empty("Nothing of this kind was noted.", sample="Sign-ins, refusals and changes to accounts appear here.")
else:
    rows = [
        (
            f"{words.local(entry.at):%d %b %Y %H:%M:%S}",
            entry.actor or "–",
            entry.action,
            entry.subject,
            ", ".join(f"{k}: {v if isinstance(v, str) else json.dumps(v)}" for k, v in entry.detail.items()),
            entry.address,
        )
        for entry in entries
    ]
    parts.table(("When", "Who", "What", "About", "More", "From"), rows, caption="Audit trail", hide_caption=True)


def turn(to: int | None) -> None:
    st.query_params.pop("before", None)
    if to is not None:
        st.query_params["before"] = str(to)


with parts.actions("audit"):
    if older is not None:
        st.button("Newest", on_click=turn, args=(None,))
    if len(entries) == trail.PAGE:
        st.button("Older", on_click=turn, args=(entries[-1].id,))
