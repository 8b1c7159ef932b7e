"""Drawing what is only looked at: the evaluator's screen and the screen on the wall."""

from collections.abc import Callable

import streamlit as st

from domain.exercise.screens import Room
from domain.exercise.view import Ask
from domain.review import MEANING
from domain.span import moment
from services.live import plan
from services.live.watch import Observing, Projecting
from ui import parts, planning, playing, seated
from ui.components import Face, announce
from ui.words import plain

RATINGS = ("P", "S", "M", "U")


def _votes(room: Room) -> list[Face]:
    return [
        Face("The vote closes", room.moment - room.t + ask.closes, window=ask.closes - ask.opened, note=ask.ask)
        for ask in room.asks
        if ask.closes is not None and not ask.closed
    ]


def asked(ask: Ask) -> None:
    """A question as everybody may see it: how many have voted, and the votes only once they are closed."""
    parts.heading(ask.ask)
    if ask.closed:
        playing.ballots(ask.ballots, dict(ask.options))
        return
    parts.prose("\n".join(f"- {plain(text)}" for _, text in ask.options))
    parts.note(f"{ask.voted} of {ask.voters} have voted. The votes are shown when the vote is closed.")


def news(room: Room, number: int) -> None:
    """Say to a screen reader what has come."""
    said = f"New: {room.messages[-1].title}" if room.messages else ""
    announce(said, token=f"{number}-{room.phase}-{len(room.messages)}-{len(room.taken)}")


# ── the evaluator ─────────────────────────────────────────────────────────────────────────────────────────────


def public(shown: Observing) -> None:
    """What everybody at the table has been shown."""
    room = shown.watch.room
    seated.newest(room.messages, room.taken)
    if not room.messages:
        parts.prose(room.setting)
    for ask in room.asks:
        asked(ask)


def expected(shown: Observing) -> None:
    """What a good team does on what came last; earlier ones behind a line."""
    titles = {message.id: message.title for message in shown.watch.room.messages}
    found = [(name, lines) for name, lines in shown.watch.expected if lines]
    parts.heading("What a good team does now")
    if not found or found[-1][0] != (shown.watch.expected[-1][0] if shown.watch.expected else ""):
        parts.note("Nothing particular on what came last.")
    for name, lines in found[-1:]:
        parts.note(f"On “{titles.get(name, name)}”")
        parts.prose("\n".join(f"- {line}" for line in lines))
    if len(found) > 1:
        with st.expander("Earlier", key="earlier"):
            for name, lines in reversed(found[:-1]):
                parts.note(f"On “{titles.get(name, name)}”")
                parts.prose("\n".join(f"- {line}" for line in lines))


def rate(shown: Observing, keep: Callable[[], None]) -> None:
    """The quick form: an objective, a letter, a note, and what prompted it."""
    room = shown.watch.room
    objectives = {"": "None, just a note", **{each.id: each.text for each in shown.watch.objectives}}
    prompts = {message.id: f"{moment(message.t)} · {message.title}" for message in reversed(room.messages)}
    prompts |= {ask.id: f"Decision · {ask.ask}" for ask in room.asks}
    prompts |= {taken.id: f"Decision · {taken.ask}" for taken in room.taken}
    prompts[""] = "Nothing in particular"
    parts.heading("Rate and note")
    with st.form("rate"):
        st.selectbox("Objective", list(objectives), key="objective", format_func=lambda o: plain(objectives[o]))
        st.radio("Rating", RATINGS, None, key="rating", horizontal=True, format_func=lambda r: f"{r}: {MEANING[r]}")
        st.text_area("What did you see?", key="observation", max_chars=2000, height=80)
        st.selectbox("On what", list(prompts), key="about", format_func=lambda p: plain(prompts[p]))
        st.form_submit_button("Keep", type="primary", on_click=keep)


def own(shown: Observing) -> None:
    """What this evaluator has kept so far."""
    objectives = {each.id: each.text for each in shown.watch.objectives}
    parts.heading("Your notes so far")
    if not shown.watch.observations:
        parts.note("None yet. They go into the report.")
    points = []
    for each in reversed(shown.watch.observations):
        rating = f"{each.rating} · {objectives.get(each.objective, '')}. " if each.rating else ""
        points.append(parts.Moment(moment(each.t), f"{rating}{each.text}"))
    if points:
        parts.timeline(points, caption="Your notes, newest first")


# ── the wall ──────────────────────────────────────────────────────────────────────────────────────────────────


def wall(shown: Projecting) -> None:
    """Nothing to press, nothing to come: the clock, the newest message, votes once they are closed."""
    room, live = shown.room, shown.seen.live
    parts.title(live.title)
    parts.exercise(*([parts.Badge(seated.still(room.phase), "warn", "clock")] if room.phase != "running" else []))
    if room.phase == "planned":
        lobby(shown)
        return
    if room.phase == "ended":
        parts.prose("The exercise is over. The hot wash is on your own device.")
        return
    playing.strip(room, still=seated.still(room.phase), most=4, votes=_votes(room), every=False)
    left, right = st.columns([3, 2], gap="large")
    with left:
        seated.newest(room.messages, room.taken)
    with right:
        for ask in room.asks:
            asked(ask)
        if live.code:
            parts.note(f"Late? Join with {plan.shown_code(live.code)}")


def lobby(shown: Projecting) -> None:
    """Before it starts: how to come in, and who is expected."""
    live = shown.seen.live
    left, right = st.columns([3, 2], gap="large")
    with left:
        if live.code:
            parts.heading("Join with your phone")
            planning.picture(live.id, live.code, live.version)
        else:
            parts.prose("The lobby opens soon.")
    with right:
        rows = [(place.title, shown.seen.names.get(place.player, "") or "free") for place in shown.room.places]
        parts.table(("Seat", "Who"), rows, caption="Who is expected")
        if shown.waiting:
            parts.note(f"Without a seat yet: {', '.join(shown.waiting)}", icon="people")
