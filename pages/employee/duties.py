"""What if it happened now? Who would have to be told of a breach, by when, and why."""

import streamlit as st

from services import duties
from ui import parts, session, what_if

app, me = session.here()
offered = duties.places(app, me)
parts.title("What if it happened now?", f"Who would have to be told, by when, and why. {parts.LEGAL}")
with st.container(border=True):
    people = what_if.people(offered)
    facts, ago = what_if.facts(offered)
what_if.show(duties.what_if(app, me, facts, ago, people))
