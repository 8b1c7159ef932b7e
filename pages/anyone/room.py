"""The screen on the wall: nothing to press and nothing that one seat alone may know."""

import streamlit as st

from services.live import watch
from services.live.watch import Projecting
from ui import parts, pushed, session, watching

app, me = session.here()
number = session.number("exercise")
if number is None:
    parts.title("Room screen")
    parts.empty("Open it from the console of an exercise.")
    st.stop()


def draw(shown: Projecting) -> None:
    """Large enough for the back row."""
    with st.container(key="m-wall"):
        watching.wall(shown)
    watching.news(shown.room, shown.seen.live.id)


pushed.pushed(number, watch.wall, draw)
