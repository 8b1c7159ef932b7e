"""The evaluator's screen: what everybody sees, what a good team does about it, and a quick form for what one saw."""

import streamlit as st

from services.live import play, watch
from services.live.watch import Observing
from ui import following_up, parts, places, playing, pushed, seated, session, watching

app, me = session.here()
number = session.number("exercise") or 0
if not number:
    parts.title("Watching an exercise")
    parts.empty("Open it from the invitation, or by the code of the exercise.")
    st.stop()


def keep() -> None:
    """Keep a rating or a note, and clear the form once it is in the database."""
    state = st.session_state
    given = {name: state.get(name) or "" for name in ("about", "objective", "rating")}
    text = state.get("observation") or ""
    if session.act(play.observe, number, text, following_up.once("observation"), **given):
        following_up.spent("observation")
        state["observation"], state["rating"] = "", None


def draw(shown: Observing) -> None:
    """Two columns on a desk, one on a phone."""
    room, live = shown.watch.room, shown.seen.live
    head, body = (st.container(key=f"watch-{name}") for name in ("head", "body"))
    with head:
        parts.title(live.title)
        parts.exercise(parts.Badge(f"You watch as {shown.seen.me.name}", icon="people"))
        if room.phase == "ended":
            parts.prose("The exercise is over. Thank you for watching.")
            parts.go(places.HOT_WASH.file, "Hot wash", key="wash", query={"exercise": str(live.id)})
            if places.DEBRIEF.open_to(me.roles):
                parts.go(places.DEBRIEF.file, "Debrief", key="debrief", query={"id": str(live.id)}, quiet=True)
        else:
            playing.strip(room, still=seated.still(room.phase), most=4)
    with body:
        left, right = st.columns([3, 2], gap="large")
    with left:
        watching.public(shown)
    with right:
        form, rest = (st.container(key=f"watch-{name}") for name in ("form", "rest"))
        with rest:
            watching.own(shown)
            watching.expected(shown)
        with form:
            if room.phase != "ended":
                watching.rate(shown, keep)
    watching.news(room, live.id)


pushed.pushed(number, watch.observer, draw)
