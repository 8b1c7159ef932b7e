"""A live exercise on a player's own device: choose a seat, read what comes, vote."""

import streamlit as st

from services.live import join, plan, play, watch
from ui import parts, session
from ui.components import live
from ui.words import plain

app, me = session.here()
own = plan.mine(app, me)
wanted = st.query_params.get("exercise", "")
number = int(wanted) if wanted.isdecimal() else own[0].live.id if own else 0


def vote(decision: str, seat: str, seen: int) -> None:
    option = st.session_state.get(f"option-{decision}")
    reason = st.session_state.get(f"reason-{decision}", "")
    session.act(play.vote, number, decision, option or "", reason, seat=seat, seen=seen)


@st.fragment
def screen() -> None:
    app, me = session.arrive()
    shown = watch.player(app, me, number)
    live(number, shown.seen.version)
    session.said()
    if shown.view is None:
        parts.title(shown.seen.live.title, "Choose your seat.")
        for seat, title in shown.free:
            st.button(plain(title), on_click=session.act, args=(join.take, number, seat), key=f"seat-{seat}")
        return
    view = shown.view
    parts.title(view.title, view.seat.title)
    st.caption("EXERCISE – not real")
    for ask in view.asks:
        st.subheader(plain(ask.ask))
        if ask.may_vote:
            st.radio("Your vote", [key for key, _ in ask.options], format_func=dict(ask.options).get, index=None,
                     key=f"option-{ask.id}")  # fmt: skip
            st.text_input("Why", key=f"reason-{ask.id}")
            st.button("Vote", on_click=vote, args=(ask.id, view.seat.id, view.seq), key=f"vote-{ask.id}")
        st.caption(f"{ask.voted} of {ask.voters} have voted" if not ask.closed else "The votes are shown.")
        for ballot in ask.ballots:
            st.text(f"{ballot.title}: {ballot.text} {ballot.reason}")
    for message in reversed(view.messages):
        st.subheader(plain(message.title))
        st.text("\n\n".join(part for part in (message.sender, message.text, *message.lines, message.private) if part))


if number:
    screen()
else:
    parts.title("Live exercise", "You are in no exercise. Ask whoever runs it for the code, and open /join.")
