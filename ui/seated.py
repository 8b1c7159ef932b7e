"""Drawing a player's own screen: the clock that matters, what came last, the question, and everything so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from domain.exercise.view import Ask, Message, Taken, View
from domain.span import moment
from services.live.watch import Playing
from ui import desk, parts, playing
from ui.components import Face, announce

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Acts:
    """What can be done on the screen; each is called before the next drawing."""

    vote: Callable[[str, str, str], None]  # decision, option, reason
    decide: Callable[[str, str, str], None]
    draft: Callable[[str, str, int], None]
    note: Callable[[], None]


def seats(shown: Playing, take: Callable[[str], None]) -> None:
    """The lobby: free seats to choose from."""
    parts.title(shown.seen.live.title, "Choose your seat.")
    parts.exercise(parts.Badge(shown.seen.me.name, icon="people"))
    if not shown.free:
        parts.empty("Every seat is taken.", sample="The facilitator can give you one, or let you watch.")
    parts.options(shown.free, take, key="seat")


def still(phase: str) -> str:
    """Why the clock does not run."""
    return {"planned": "Not started yet", "ended": "Over"}.get(phase, "Paused")


def closing(view: View) -> list[Face]:
    """Clocks of votes that close by themselves."""
    return [
        Face("The vote closes", view.moment - view.t + ask.closes, window=ask.closes - ask.opened, note=ask.ask)
        for ask in view.asks
        if ask.closes is not None and not ask.closed
    ]


def screen(shown: Playing, view: View, acts: Acts) -> None:
    """All of it, in places that are always there: a field that somebody types into never moves."""
    places = [st.container(key=f"place-{name}") for name in ("top", "clock", "new", "ask", "desk", "more")]
    top, clock, new, ask, letters, more = places
    with top:
        parts.title(shown.seen.live.title)
        parts.exercise(
            parts.Badge(f"You are {view.seat.title}", icon="people"),
            *([parts.Badge(still(view.phase), "warn", "clock")] if view.phase != "running" else []),
        )
        if view.nudged:
            with st.container(key="m-card-warn-nudged", border=True):
                parts.note("The table waits for your vote.", icon="alarm")
        if not shown.acts:
            parts.note("You are a deputy: whoever holds this seat is here and acts for it.", icon="info")
    with clock:
        playing.strip(view, still=still(view.phase), most=2, votes=closing(view))
    with new:
        newest(view.messages, view.taken)
        if view.phase == "planned":
            brief(view)
            parts.note("It has not started yet. This page goes on by itself.")
    with ask:
        for each in view.asks:
            with st.container(key=f"ask-{each.id}"):
                _ask(shown, each, acts)
    with letters:
        desk.draft_desk(view.desk, acts.draft, key="d")
    with more:
        _more(view, acts)
    announce(_news(view), token=f"{shown.seen.live.id}-{_stand(view)}")


def newest(messages: Sequence[Message], taken: Sequence[Taken]) -> None:
    """What came last: a message, or what the team decided."""
    if taken and (not messages or taken[-1].t >= messages[-1].t):
        playing.outcome(taken[-1])
    elif messages:
        playing.message(messages[-1])


def _stand(view: View) -> str:
    closed = sum(ask.closed for ask in view.asks)
    return f"{view.phase}-{len(view.messages)}-{len(view.taken)}-{len(view.asks)}-{closed}-{view.nudged}"


def _news(view: View) -> str:
    if view.phase in {"paused", "ended"}:
        return "The exercise is paused." if view.phase == "paused" else "The exercise is over."
    if view.nudged:
        return "The table waits for your vote."
    if view.asks and view.asks[-1].closed:
        return "The votes are shown."
    if view.taken and (not view.messages or view.taken[-1].t >= view.messages[-1].t):
        return f"The team decided: {view.taken[-1].option}"
    return f"New: {view.messages[-1].title}" if view.messages else ""


def _ask(shown: Playing, ask: Ask, acts: Acts) -> None:
    parts.heading(ask.ask)
    if ask.context:
        parts.prose(ask.context)
    if ask.closed:
        playing.ballots(ask.ballots, dict(ask.options))
        if not (shown.leads and shown.acts):
            parts.note("Talk it over. Whoever leads, or the facilitator, writes down what the team decides.")
            return
        parts.note("You speak for the team. What does it decide?")
        _choose(ask, "decide", "Why (optional, shown in the debrief)", acts.decide)
    elif not ask.may_vote:
        parts.note("Your seat is not asked. You see the votes once everybody has voted.")
    elif not shown.acts:
        parts.note("Your seat votes by whoever holds it. You take over when they leave.")
    elif ask.mine is None:
        parts.note("Vote for yourself. Nobody at the table sees it until the vote is closed.")
        _choose(ask, "vote", "Your reason (optional, shown in the debrief)", acts.vote)
    else:
        parts.saved()
        said = f" “{ask.my_reason}”" if ask.my_reason else ""
        how = f" ({playing.in_words(sure=ask.my_sure)})" if ask.my_sure is not None else ""
        parts.note(f"You voted: {dict(ask.options)[ask.mine]}{how}{said}", icon="check")
        with st.expander("Change your vote"):
            _choose(ask, "vote", "Your reason (optional, shown in the debrief)", acts.vote)


def _choose(ask: Ask, what: str, label: str, act: Callable[[str, str, str], None]) -> None:
    reason = f"{what}-reason-{ask.id}"
    st.text_input(label, key=reason, placeholder="Because …", max_chars=LONGEST, on_change="ignore")
    if what == "vote":
        playing.sureness(f"vote-{ask.id}", before=ask.my_sure)
    parts.options(
        ask.options, lambda option: act(ask.id, option, st.session_state.get(reason) or ""), key=f"{what}-{ask.id}"
    )


def brief(view: View) -> None:
    """What everybody knows, and what this seat alone was told."""
    parts.prose(view.setting)
    parts.heading(f"You are {view.seat.title}")
    parts.note(f"Only you know: {view.seat.brief}", icon="lock")


def _more(view: View, acts: Acts) -> None:
    with st.expander("Your notes", key="notes"):
        parts.note("Nobody else reads them.", icon="lock")
        st.text_area("A note", key="note", max_chars=2000, height=80, on_change="ignore")
        st.button("Keep the note", key="keep-note", on_click=acts.note)
        for t, text in reversed(view.notes):
            parts.note(f"{moment(t)} · {text}")
    with st.expander(f"Messages so far ({len(view.messages)})", key="messages"):
        for message in reversed(view.messages):
            playing.message(message)
    with st.expander("The setting and your seat", key="setting"):
        brief(view)
        parts.note("At the table: " + ", ".join(place.title for place in view.places if place.player or place.bot))
    with st.expander("Log", key="log"):
        playing.log(view)


def over(shown: Playing) -> None:
    """The exercise has ended: where to go from here."""
    parts.title(shown.seen.live.title, "The exercise is over. Thank you.")
    parts.exercise()
    announce("The exercise is over.", token=f"{shown.seen.live.id}-over")
