"""A live exercise on one's own device: choose a seat, read what comes, vote; whoever runs or watches it finds the way."""

import streamlit as st

from services.live import join, plan, play, watch
from services.live.table import SEATED
from services.live.watch import Playing
from ui import following_up, parts, places, playing, pushed, seated, session
from ui.components import announce

app, me = session.here()
own = plan.mine(app, me)
number = session.number("exercise") or next((each.live.id for each in own if each.live.status != "ended"), 0)
if not number and own:
    number = own[0].live.id
if not number:
    parts.title("Live exercise", "You are in no exercise. Ask whoever runs it for the code.")
    st.html('<a class="m-link" href="/join" target="_self">I have a code</a>')
    st.stop()
here = {"exercise": str(number)}
part = watch.part(app, me, number).part
if part not in SEATED:
    parts.title("Live exercise", f"You are {plan.PARTS[part].lower()} of this one.")
    parts.exercise()
    if part == "facilitator" and places.CONSOLE.open_to(me.roles):
        parts.go(places.CONSOLE.file, "Open the console", key="console", query=here)
    parts.go(places.WATCH.file, "Watch", key="watch", query=here, quiet=part == "facilitator")
    parts.go(places.ROOM.file, "Room screen", key="room", query=here, quiet=True)
    st.stop()


def draw(shown: Playing) -> None:
    """The screen of the person's seat."""
    view = shown.view
    if shown.seen.live.status == "ended":
        seated.over(shown)
        parts.go(places.HOT_WASH.file, "Go to the hot wash", key="wash", query=here)
        if places.DEBRIEF.open_to(me.roles):
            parts.go(places.DEBRIEF.file, "Your debrief", key="debrief", query={"id": str(number)}, quiet=True)
        return
    if view is None:
        seated.seats(shown, lambda seat: session.act(join.take, number, seat))
        announce("Choose your seat.", token=f"{number}-seats")
        return
    seat, seen = view.seat.id, view.seq

    def vote(decision: str, option: str, reason: str) -> None:
        sure = playing.sure(f"vote-{decision}")
        session.act(play.vote, number, decision, option, reason, seat=seat, seen=seen, sure=sure)

    def decide(decision: str, option: str, why: str) -> None:
        session.act(play.decide, number, decision, option, why, seat=seat)

    def draft(letter: str, text: str, version: int) -> None:
        session.act(play.draft, number, letter, text, seat=seat, version=version)

    def note() -> None:
        if session.act(play.note, number, st.session_state.get("note", ""), following_up.once("note")):
            following_up.spent("note")
            st.session_state["note"] = ""

    seated.screen(shown, view, seated.Acts(vote=vote, decide=decide, draft=draft, note=note))


pushed.pushed(number, watch.player, draw)
