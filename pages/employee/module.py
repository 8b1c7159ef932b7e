"""One module: what it is for, its steps, where the person stands."""

import streamlit as st

from services import learning
from ui import parts, places, session

app, me = session.here()
slug = st.query_params.get("slug", "")
state = next((s for s in learning.path(app, me) if s.slug == slug), None)
if state is None:
    parts.title("Module")
    parts.empty("There is no such module.")
    st.page_link(places.HOME.file, label="Back to home", icon=":material/home:")
    st.stop()

st.page_link(places.HOME.file, label="Home", icon=":material/arrow_back:")
parts.title(state.module.title)
parts.prose(state.module.summary)
parts.badges(
    *(parts.Badge(skill.label, "info", "shield") for skill in state.module.skills),
    parts.Badge("Done" if state.done else f"{state.minutes} min left", "good" if state.done else "plain", "clock"),
)
parts.heading("Steps")
for step in state.steps:
    parts.row(
        places.KINDS[step.kind].file,
        step.title,
        sub=places.KINDS[step.kind].title,
        right="Done" if step.done else "Started" if step.started else f"{step.minutes} min",
        icon="check" if step.done else "next" if step.started else "todo",
        query={"slug": step.slug},
        key=step.slug,
    )
