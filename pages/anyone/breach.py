"""Report a real breach: the organisation's own channels, and what to do first."""

import streamlit as st

from ui import parts, places, session

app, me = session.here()
organisation = app.content().organisation
parts.title("Report a real breach", "This is not practice. Use one of these now; you do not have to be sure.")
if organisation is None:
    parts.empty("Your security team has not entered its channels yet. Tell them in person, now.")
    st.stop()
parts.heading(f"Channels of {organisation.name}")
parts.channels([(c.name, c.reach, c.hours, c.best_for) for c in organisation.channels])
parts.heading("First minutes")
parts.prose("\n".join(f"{n}. {parts.plain(step)}" for n, step in enumerate(organisation.first_steps, 1)))
parts.prose(organisation.promise)
if places.HOME.open_to(me.roles):
    st.page_link(places.HOME.file, label="Home", icon=":material/home:")
