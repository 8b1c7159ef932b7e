"""Drawing the run sheet: one primary button for what comes next, everything else behind a line; and what is not in it."""

from datetime import timedelta
from typing import Literal

import streamlit as st

from domain.channel import CHANNELS
from domain.exercise.screens import Row
from domain.run_sheet import said
from domain.span import moment
from services.live import conduct, plan
from services.live.watch import Conducting
from ui import following_up, parts, places, session
from ui.words import plain

STANDS = {"held": "Held", "next": "Next", "due": "Due now", "later": "Later", "waiting": "Waits"}
SPEEDS = (1.0, 2.0, 6.0, 12.0, 30.0, 60.0)
JUMPS = {"15 minutes": 15, "1 hour": 60, "4 hours": 240, "12 hours": 720, "1 day": 1440}


def rows(shown: Conducting) -> list[Row]:
    """Injects that can come in this variant, as they are met."""
    by_id = {row.inject.id: row for row in shown.console.sheet}
    # Whatever was sent is in the list, also when nobody could have known that it might come.
    sent = [row.inject.id for row in shown.console.sheet if row.standing == "sent" and row.inject.id not in shown.order]
    return [by_id[name] for name in (*sent, *shown.order)]


def next_up(shown: Conducting) -> Row | None:
    """What the primary button sends: what comes by itself next, else the first that waits."""
    if shown.console.following is not None:
        return shown.console.following
    waiting = [row for row in rows(shown) if row.standing in {"waiting", "due", "later"}]
    return next((row for row in waiting if not row.inject.contingency), None)


def _when(row: Row) -> str:
    return moment(row.t) if row.t is not None else STANDS.get(row.standing, "")


def send_next(shown: Conducting, level: Literal[2, 3] = 3) -> None:
    """The one primary action; `level` is that of its heading."""
    row, view = next_up(shown), shown.console
    if row is None:
        parts.note("Nothing is left in the script. Improvise, or end the exercise.", icon="check")
        return
    with parts.card("next", tone="good"):
        parts.note(f"Next · {_when(row)} · {CHANNELS[row.inject.channel]} · {row.inject.sender}", icon="next")
        parts.heading(row.inject.title, level)
        parts.prose(plain(row.inject.text))
        if row.standing == "next" and view.phase == "running":
            parts.note(f"Comes by itself {moment(row.t or timedelta())}.")
        if row.inject.when is not None and row.standing == "waiting":
            parts.note(f"Waits until {said(row.inject.when, shown.scenario)}.")
        args = (conduct.release, shown.seen.live.id, row.inject.id, view.seq)
        st.button("Send next inject", key="send-next", type="primary", width="stretch", shortcut="Alt+N",
                  icon=":material/send:", on_click=session.act, args=args)  # fmt: skip


def sheet(shown: Conducting) -> None:
    """What was sent last, and what is next."""
    parts.heading("Run sheet")
    sent = [row for row in rows(shown) if row.standing == "sent"]
    with st.container(key="sheet-sent"):
        moments = [parts.Moment(moment(row.t or timedelta()), row.inject.title, tone="good") for row in sent[-3:]]
        if moments:
            parts.timeline(moments, caption="Sent last")
    with st.container(key="sheet-next"):
        send_next(shown)


def rest(shown: Conducting) -> None:
    """What is still to come, and what is kept in reserve."""
    found, following = rows(shown), next_up(shown)
    with st.container(key="sheet-later", gap="small"):
        parts.heading("Later", 3)
        for row in found:
            if row.standing != "sent" and not row.inject.contingency and row is not following:
                _later(shown, row)
    with st.container(key="sheet-reserve", gap="small"):
        spare = [row for row in found if row.standing != "sent" and row.inject.contingency]
        if spare:
            parts.heading("In reserve", 3)
        for row in spare:
            _later(shown, row)


def _later(shown: Conducting, row: Row) -> None:
    inject, number, seq = row.inject, shown.seen.live.id, shown.console.seq
    held = "Held · " if row.standing == "held" else ""
    with st.expander(plain(f"{held}{_when(row)} · {inject.title}"), key=f"row-{inject.id}"):
        parts.note(f"{CHANNELS[inject.channel]} · {inject.sender}")
        parts.prose(plain(inject.text))
        if inject.when is not None:
            parts.note(f"Waits until {said(inject.when, shown.scenario)}.", icon="clock")
        for line in inject.expected:
            parts.note(f"A good team: {line}", icon="check")
        with parts.actions(f"row-{inject.id}"):
            st.button("Send now", key=f"send-{inject.id}", on_click=session.act,
                      args=(conduct.release, number, inject.id, seq))  # fmt: skip
            if row.standing == "held":
                st.button("Let it come by itself", key=f"free-{inject.id}", on_click=session.act,
                          args=(conduct.free, number, inject.id, seq))  # fmt: skip
            elif not inject.by_hand:
                st.button("Hold it", key=f"hold-{inject.id}", on_click=session.act,
                          args=(conduct.hold, number, inject.id, seq))  # fmt: skip


def improvise(shown: Conducting) -> None:
    """Something the script does not know, in ten seconds."""
    number = shown.seen.live.id
    titles = {place.id: place.title for place in shown.console.places}

    def send() -> None:
        state = st.session_state
        sent = session.act(
            conduct.improvise,
            number,
            following_up.once("improvise"),
            title=state.get("improvised-title") or "",
            text=state.get("improvised-text") or "",
            channel=state.get("improvised-channel") or "twist",
            seats=tuple(state.get("improvised-seats") or ()),
        )
        if sent:
            following_up.spent("improvise")
            state["improvised-title"] = state["improvised-text"] = ""
            state["improvised-seats"] = []

    parts.heading("Improvise an inject", 3)
    with st.form("improvise", border=False):
        channel, title = st.columns([1, 2])
        with channel:
            st.selectbox("Channel", list(CHANNELS), 1, key="improvised-channel", format_func=lambda c: CHANNELS[c])
        with title:
            st.text_input("Title", key="improvised-title", max_chars=300)
        st.text_input("Text", key="improvised-text", max_chars=2000)
        st.multiselect("Only for", list(titles), key="improvised-seats", format_func=lambda s: plain(titles[s]),
                       placeholder="Everybody")  # fmt: skip
        st.form_submit_button("Send it", on_click=send, icon=":material/add:")


def time_and_facts(shown: Conducting) -> None:
    """Speed, skipping ahead, facts that an option of the script does not say."""
    number, view, state = shown.seen.live.id, shown.console, st.session_state
    speed_key = f"speed-{view.speed:g}-{view.seq}"

    def pace() -> None:
        session.act(conduct.set_speed, number, state[speed_key], view.seq)

    def skip() -> None:
        session.act(conduct.skip, number, view.t + timedelta(minutes=JUMPS[state["jump"]]), view.seq)

    def establish() -> None:
        session.act(conduct.establish, number, state.get("fact") or "")

    known = sorted({*SPEEDS, view.speed})
    place = known.index(view.speed)
    st.selectbox("Speed of the clock", known, place, key=speed_key, format_func=_times, on_change=pace)
    if view.phase == "running":
        st.selectbox("Skip ahead", list(JUMPS), key="jump")
        st.button("Skip", key="skip", on_click=skip)
    established = {text for _, text in view.facts}
    facts = {fact.id: fact.text for fact in shown.scenario.facts if fact.text not in established}
    hint = "What no option of the script says"
    st.selectbox(
        "Establish a fact", list(facts), None, key="fact", format_func=lambda f: plain(facts[f]), placeholder=hint
    )
    st.button("Establish it", key="establish", on_click=establish)


def _times(speed: float) -> str:
    return f"× {speed:g}"


def hand_over(shown: Conducting) -> None:
    """Let somebody else run it, and end it."""
    number, state = shown.seen.live.id, st.session_state

    def give() -> None:
        session.act(plan.hand_over, number, state.get("heir") or 0)

    def end() -> None:
        session.act(conduct.end, number, state.get("ending-why") or "")

    others = {each.person_id: each.name for each in shown.people if not each.guest and each != shown.seen.me}
    if others:
        st.selectbox("Hand over to", list(others), None, key="heir", format_func=lambda n: plain(others[n]))
        st.button("Hand over", key="hand-over", on_click=give)
    parts.go(places.PLAN.file, "Seats and people", key="seats", quiet=True, query={"exercise": str(number)})
    with st.popover("End the exercise", key="ending", icon=":material/flag:"):
        parts.note("It ends for everybody and cannot be opened again. What was decided counts.")
        st.text_input("Why (optional)", key="ending-why", max_chars=300, on_change="ignore")
        st.button("End it for everybody", key="end", type="primary", on_click=end)


def drafts(shown: Conducting) -> None:
    """Letters on the desk as they stand."""
    if not shown.desk:
        return
    parts.heading("Drafts on the desk", 3)
    for letter in shown.desk:
        wrong = len(letter.examined.untrue)
        state = f"{letter.examined.missing} missing" + (f", {wrong} not true any more" if wrong else "")
        with st.expander(plain(f"{letter.title}: {state}"), key=f"desk-{letter.id}"):
            parts.note(f"By {letter.by}, version {letter.version}" if letter.by else "Nobody has written yet.")
            for line in letter.text.split("\n"):
                parts.note(line)
