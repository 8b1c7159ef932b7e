"""One's own actions: what to mend by when, and the one-minute checks that wait."""

import streamlit as st

from services.actions import micro_injects, register
from services.actions.register import Line
from ui import following_up, parts, places, session

app, me = session.here()
lines, waiting = register.mine(app, me), micro_injects.waiting(app, me)
todo = sum(line.action.status == "open" for line in lines)
parts.title(
    f"{todo} actions to do" if todo != 1 else "One action to do",
    "What exercises showed, and what you said you would mend.",
)
for each in waiting:
    with parts.card(f"check-{each.id}"):
        parts.heading("A one-minute check")
        parts.note(f"From “{each.title}”: one message, one decision. It shows whether an action has worked.")
        parts.go(places.CHECK.file, "Take it", key=f"check-{each.id}", query={"id": str(each.id)})


def buttons(line: Line) -> None:
    """Done, or not after all."""
    number, status = line.action.id, line.action.status
    if status == "open":
        act = (register.done, number)
        st.button("It is done", key=f"done-{number}", type="primary", on_click=session.act, args=act)
    elif status == "done":
        act = (register.reopen, number)
        st.button("It is not done after all", key=f"open-{number}", on_click=session.act, args=act)


if not lines and not waiting:
    parts.empty("Nothing is yours to mend.", sample="Actions come from exercises that you or your team took part in.")
for line in lines:
    following_up.action(line, buttons)
