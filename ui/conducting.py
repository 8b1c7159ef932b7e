"""Drawing the facilitator's console: what is on screen, who has voted, the log, who is here; and the small remote.

Every act carries how many events the screen showed, so that a double click or an old screen changes nothing.
"""

from datetime import timedelta

import streamlit as st

from domain.exercise.screens import Console, Happened, Tally
from domain.span import moment
from services.live import conduct, plan, play
from services.live.watch import Conducting
from ui import following_up, parts, places, playing, seated, session
from ui.components import Face, announce
from ui.words import local, plain

LOG = 12
"""Lines of the log before the fold."""

KINDS = {
    "planned": "Planned", "seated": "Sat down", "left": "Left", "handed_over": "Handed over", "started": "Started",
    "paused": "Paused", "resumed": "Goes on", "speed_set": "Speed", "skipped": "Skipped ahead", "released": "Sent",
    "improvised": "Improvised", "nudged": "Reminded", "withdrawn": "Taken back", "held": "Held", "freed": "Freed",
    "opened": "Asked", "voted": "Voted", "vote_extended": "Vote extended", "vote_closed": "Vote closed",
    "decided": "Decided", "established": "Fact", "counted": "People counted", "judged": "Risk judged",
    "observed": "Noted", "drafted": "Draft", "ended": "Ended",
}  # fmt: skip
TONES: dict[str, parts.Tone] = {"decided": "info", "established": "good", "withdrawn": "warn", "paused": "warn"}


def faces(view: Console) -> list[Face]:
    """Clocks of votes that close by themselves."""
    return [
        Face(
            "A vote closes",
            view.moment - view.t + each.closes,
            window=each.closes - each.opened,
            note=each.decision.ask,
        )
        for each in view.tallies
        if each.closes is not None and not each.closed
    ]


def badges(shown: Conducting) -> None:
    """How it stands, in one line."""
    view, code = shown.console, plan.shown_code(shown.seen.live.code)
    stands = {"running": f"Running ×{view.speed:g}", "planned": "Not started", "ended": "Over"}
    tone: parts.Tone = "good" if view.phase == "running" else "warn"
    parts.exercise(
        parts.Badge(stands.get(view.phase, "Paused"), tone, "clock"),
        parts.Badge(f"{len(shown.here)} of {len(shown.people)} here", icon="people"),
        *([parts.Badge(f"Code {code}", icon="lock")] if code else []),
    )


def pace(shown: Conducting) -> None:
    """Pause or go on; undo."""
    number, view = shown.seen.live.id, shown.console
    if view.phase == "running":
        st.button("Pause", key="pause", icon=":material/pause:", shortcut="Alt+P",
                  on_click=session.act, args=(conduct.pause, number, view.seq))  # fmt: skip
    elif view.phase == "paused":
        st.button("Go on", key="resume", icon=":material/play_arrow:", shortcut="Alt+P", type="primary",
                  on_click=session.act, args=(conduct.resume, number, view.seq))  # fmt: skip


def undo(shown: Conducting) -> None:
    """The bar that takes back what was sent last, for as long as that is possible."""
    number, view = shown.seen.live.id, shown.console
    if view.phase not in {"running", "paused"} or not view.undoable:
        return
    last = next((each.title for each in view.messages if each.id == view.undoable), "the last message")
    with parts.actions("undo"):
        parts.note(f"Sent last: {last}", icon="check")
        st.button("Undo", key="undo", icon=":material/undo:", shortcut="Alt+Z",
                  on_click=session.act, args=(conduct.undo, number, view.undoable, view.seq))  # fmt: skip


def on_screen(view: Console) -> None:
    """What everybody sees now."""
    parts.note("On every screen now")
    seated.newest(view.messages, view.taken)
    if not view.messages:
        parts.prose(view.setting)


def votes(shown: Conducting) -> None:
    """Open votes: who has voted what, who is silent, and what can be done about it."""
    for tally in shown.console.tallies:
        with parts.card(f"vote-{tally.decision.id}", tone="info"):
            parts.heading(tally.decision.ask, 3)
            _counts(tally)
            if tally.closed:
                _record(shown, tally)
            else:
                silent(shown, tally)
                _closing(shown, tally)


def _counts(tally: Tally) -> None:
    cast = len(tally.ballots)
    state = "closed" if tally.closed else f"closes {moment(tally.closes)}" if tally.closes is not None else "open"
    parts.note(f"{cast} of {cast + len(tally.silent)} voted · {state} · a prepared team is done {moment(tally.until)}")
    lines = []
    for option in tally.decision.options:
        voters = [each for each in tally.ballots if each.option == option.id]
        said = [f"{each.title}: “{each.reason}”" for each in voters if each.reason]
        lines.append((option.text, len(voters), ", ".join(each.title for each in voters), said))
    parts.votes(lines)


def silent(shown: Conducting, tally: Tally) -> None:
    """Seats that have not voted, each with a button to remind it."""
    number, view = shown.seen.live.id, shown.console
    if not tally.silent:
        parts.note("Everybody has voted.", icon="check")
        return
    with parts.actions(f"silent-{tally.decision.id}"):
        for place in tally.silent:
            who = shown.seen.names.get(place.player, place.title)
            st.button(plain(f"Nudge {place.title} ({who})"), key=f"nudge-{tally.decision.id}-{place.id}",
                      icon=":material/notifications:", on_click=session.act,
                      args=(conduct.nudge, number, place.id, view.seq))  # fmt: skip


def _closing(shown: Conducting, tally: Tally) -> None:
    number, view, name = shown.seen.live.id, shown.console, tally.decision.id
    more = max(view.t, tally.closes or view.t) + timedelta(minutes=5) * view.speed
    label = "5 more minutes" if tally.closes is not None else "Close in 5 minutes"
    with parts.actions(f"closing-{name}"):
        close(shown, tally)
        st.button(label, key=f"extend-{name}", icon=":material/more_time:",
                  on_click=session.act, args=(conduct.extend, number, name, more, view.seq))  # fmt: skip


def close(shown: Conducting, tally: Tally) -> None:
    """End the vote and show it."""
    args = (conduct.close_vote, shown.seen.live.id, tally.decision.id, shown.console.seq)
    st.button("Close and show the votes", key=f"close-{tally.decision.id}", type="primary",
              icon=":material/how_to_vote:", on_click=session.act, args=args)  # fmt: skip


def _record(shown: Conducting, tally: Tally) -> None:
    number, name = shown.seen.live.id, tally.decision.id
    texts = {option.id: option.text for option in tally.decision.options}
    seats = {"": "Nobody in particular", **{place.id: place.title for place in shown.console.places}}

    def keep() -> None:
        chosen = st.session_state.get(f"decided-{name}") or ""
        by, why = st.session_state.get(f"by-{name}") or "", st.session_state.get(f"why-{name}") or ""
        session.act(conduct.decide, number, name, chosen, by=by, why=why)

    parts.note("The votes are on every screen. Write down what the team decides, or let the seat that leads do it.")
    with st.form(f"record-{name}", border=False):
        st.radio(
            "The team decides", list(texts), None, key=f"decided-{name}", format_func=lambda each: plain(texts[each])
        )
        st.selectbox("Who said it", list(seats), key=f"by-{name}", format_func=lambda each: seats[each])
        st.text_input("Why (shown in the debrief)", key=f"why-{name}", max_chars=500)
        st.form_submit_button("Record the decision", type="primary", on_click=keep)


def line(shown: Conducting, each: Happened) -> parts.Moment:
    """One line of the log."""
    kind = KINDS.get(each.kind, each.kind)
    who = shown.seen.names.get(each.actor, "")
    text = f"{kind}: {each.text}" if each.text else kind
    return parts.Moment(f"{local(each.at):%H:%M}", f"{text} · {moment(each.t)}", who, TONES.get(each.kind, "plain"))


def log(shown: Conducting) -> None:
    """The war-room log, newest first, and what the facilitator notices."""
    number, entries = shown.seen.live.id, shown.console.log

    def keep() -> None:
        text, about = st.session_state.get("noticed") or "", shown.console.messages
        last = about[-1].id if about else ""
        if session.act(play.observe, number, text, following_up.once("noticed"), about=last):
            following_up.spent("noticed")
            st.session_state["noticed"] = ""

    parts.heading("War-room log")
    with st.form("notice", border=False, enter_to_submit=True):
        st.text_input("What did you notice? Only those who run and watch see it.", key="noticed", max_chars=2000)
        st.form_submit_button("Note it", on_click=keep)
    parts.timeline([line(shown, each) for each in entries[:LOG]], caption="War-room log, newest first")
    if len(entries) > LOG:
        with st.expander(f"Earlier ({len(entries) - LOG})", key="earlier"):
            parts.timeline([line(shown, each) for each in entries[LOG:]], caption="Earlier in the log")


def people(shown: Conducting) -> None:
    """Who is in the room: seats first, with whoever holds them, then all others."""
    parts.heading("In the room")
    rows = []
    holders = set()
    for place in shown.console.places:
        holders.add(place.player)
        name = shown.seen.names.get(place.player, "")
        state = "–" if not name else "here" if place.player in shown.here else "away"
        rows.append((place.title, name or "free", state))
    for member in shown.people:
        if str(member.person_id) not in holders:
            part = plan.PARTS[member.part] if member.seat or member.part not in {"player", "deputy"} else "No seat yet"
            rows.append((part, member.name, "here" if str(member.person_id) in shown.here else "away"))
    parts.table(("Seat", "Who", "Is"), rows, caption="People in the room", hide_caption=True)


def over(shown: Conducting) -> None:
    """Where to go when it has ended."""
    number = shown.seen.live.id
    parts.prose("It has ended for everybody. Players see the way to the hot wash on their own screens.")
    after(number, "over")
    announce("The exercise is over.", token=f"{number}-over")


def after(number: int, key: str) -> None:
    """Ways on from a finished exercise."""
    with parts.actions(f"after-{key}"):
        query = {"exercise": str(number)}
        parts.go(places.HOT_WASH.file, "Hot wash", key=f"wash-{key}", query=query)
        parts.go(places.FINDINGS.file, "Findings and report", key=f"findings-{key}", query=query, quiet=True)
        parts.go(places.DEBRIEF.file, "Debrief", key=f"debrief-{key}", query={"id": str(number)}, quiet=True)


def strip(shown: Conducting, most: int) -> None:
    """The clocks."""
    view = shown.console
    playing.strip(view, still=seated.still(view.phase), most=most, votes=faces(view))


def news(shown: Conducting) -> None:
    """Say to a screen reader what has come."""
    view = shown.console
    said = f"Sent: {view.messages[-1].title}" if view.messages else ""
    announce(said, token=f"{shown.seen.live.id}-{len(view.messages)}")
