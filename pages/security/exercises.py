"""Live exercises: those of this person, and planning another."""

import streamlit as st

from services.live import plan
from ui import parts, places, planning, session

app, me = session.here()
if (number := st.session_state.pop("planned", None)) is not None:
    st.switch_page(places.PLAN.file, query_params={"exercise": str(number)})
found = plan.mine(app, me)
now = [each for each in found if each.live.status != "ended"]
over = [each for each in found if each.live.status == "ended"]
parts.title("Live exercises", "One scenario, several people, each on a device of their own; you run it.")
parts.exercise()
if not now:
    parts.empty(
        "Nothing is planned.", sample="Choose a scenario below; a first exercise needs about an hour and a half."
    )
for each in now:
    planning.each(each)


def planned(number: int) -> None:
    """Go to the new exercise's own page on the next run."""
    st.session_state["planned"] = number


with st.expander("Plan an exercise", expanded=not now):
    scenarios = dict(sorted(app.content().scenarios.items(), key=lambda item: item[1].title))
    if scenarios:
        planning.form(scenarios, planned)
    else:
        parts.empty("There is no scenario yet.", sample="They are files in content/scenarios.")
if over:
    parts.heading("Over")
for each in over:
    planning.each(each)
