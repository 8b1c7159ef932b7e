"""Drawing an exercise: the clocks, the message on the table, the vote, what a decision leads to, the log.

It draws what a View holds and nothing else; a View holds only what the seat may see.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import streamlit as st

from domain.channel import CHANNELS
from domain.exercise import Clock
from domain.exercise.view import Ask, Ballot, Message, Taken, View
from domain.regime.words import STATUS, VERIFIED
from domain.scenario import Dial, Scenario
from domain.span import moment
from services.exercises import Offer, Run, Screen
from services.live import plan
from services.live.plan import Mine
from ui import parts, places
from ui.components import Face, announce, clock

STANDS = {"not_started": "Not owed yet", "running": "Running", "late": "Overdue", "met": "Done"}

_FACES = 4


# ── choosing ──────────────────────────────────────────────────────────────────────────────────────────────────


def offer(found: Offer, start: Callable[[str], None]) -> None:
    """One scenario in the list: what it is, and the button that fits."""
    scenario = found.scenario
    with parts.card(f"offer-{found.slug}"):
        played = [parts.Badge(f"Played {found.played} ×", "good", "check")] if found.played else []
        parts.badges(
            parts.Badge(f"{scenario.minutes} min", icon="clock"),
            parts.Badge(f"{len(scenario.decisions)} decisions", icon="exercise"),
            *played,
        )
        parts.heading(scenario.title)
        parts.prose(scenario.summary)
        if found.open is not None:
            parts.go(places.EXERCISE.file, "Continue", key=f"continue-{found.slug}", query={"id": str(found.open)})
            return
        with st.expander("Choose your seat and the variant"):
            titles = {seat.id: seat.title for seat in scenario.seats}
            lead = list(titles).index(scenario.leads)
            st.selectbox("You play", list(titles), lead, key=f"seat-{found.slug}", format_func=lambda s: titles[s])
            for dial in scenario.dials:
                _dial(found.slug, dial)
        label = "Play" if not found.played else "Play again"
        st.button(label, type="primary", on_click=start, args=(found.slug,), key=f"start-{found.slug}")


def _dial(slug: str, dial: Dial) -> None:
    labels = {"": "Surprise me", **{value.id: value.label for value in dial.values}}
    st.selectbox(dial.label, list(labels), key=f"dial-{slug}-{dial.id}", format_func=lambda value: labels[value])


def wishes(slug: str, scenario: Scenario) -> tuple[str | None, dict[str, str]]:
    """The seat and the dials that were chosen in the list."""
    chosen = {dial.id: st.session_state.get(f"dial-{slug}-{dial.id}", "") for dial in scenario.dials}
    return st.session_state.get(f"seat-{slug}"), {name: value for name, value in chosen.items() if value}


def runs(found: Sequence[Run]) -> None:
    """The person's finished exercises."""
    over = [run for run in found if run.exercise.ended_at is not None]
    if not over:
        return
    parts.heading("Your debriefs")
    for run in over:
        assert run.exercise.ended_at is not None
        when = parts.local(run.exercise.ended_at)
        parts.row(
            places.DEBRIEF.file,
            run.title,
            right=f"{when.day} {when:%B %Y, %H:%M}",
            icon="log",
            query={"id": str(run.exercise.id)},
            key=f"run-{run.exercise.id}",
        )


# ── playing ───────────────────────────────────────────────────────────────────────────────────────────────────


def until(owed: Clock) -> str:
    """The limit of a duty in words, in the calendar in which it is counted."""
    due, limit = owed.deadline.due, owed.regime.duty(owed.owed.duty).limit
    if due is None:
        return "without undue delay"
    if limit is not None and limit.unit == "hours":
        return f"by {due:%a} {due.day} {due:%b, %H:%M}"
    if owed.regime.duty(owed.owed.duty).with_duty is not None:
        return "with the notice to the people"
    return f"by the end of {due:%a} {due.day} {due:%b}, {owed.regime.zone.rsplit('/', 1)[-1].replace('_', ' ')}"


def _face(owed: Clock, zone_of: datetime) -> Face:
    deadline, label = owed.deadline, owed.owed.label
    assert deadline.started is not None
    if deadline.due is None:
        if deadline.met is not None:
            return Face(label, deadline.met, "elapsed", note="since it was done")
        return Face(label, deadline.started, "elapsed", note="running; without undue delay")
    due = deadline.due.astimezone(zone_of.tzinfo)
    return Face(label, due, "due", due - deadline.started, until(owed), deadline.met)


class Telling(Protocol):
    """Any screen of an exercise that has the time and the clocks."""

    @property
    def t(self) -> timedelta:
        """Exercise time."""
        ...

    @property
    def moment(self) -> datetime:
        """The same in the story."""
        ...

    @property
    def speed(self) -> float:
        """How much faster than ours it passes."""
        ...

    @property
    def ticking(self) -> bool:
        """Whether it passes."""
        ...

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """The duties."""
        ...


def strip(view: Telling, *, still: str, most: int = _FACES, votes: Sequence[Face] = (), every: bool = True) -> None:
    """Exercise time and the clocks that matter most, ticking in the browser; with `every`, all of them behind a line.

    `still` is the word shown while they do not run; `votes` are clocks of open votes, and come first.
    """
    begun = [owed for owed in view.clocks if owed.deadline.started is not None]
    open_ = sorted(
        (owed for owed in begun if owed.deadline.standing != "met"),
        key=lambda owed: (owed.deadline.due is None, owed.deadline.due or owed.deadline.started),
    )
    done = [owed for owed in begun if owed.deadline.standing == "met"]
    shown = (open_ + done)[: most - 1]
    began = view.moment - view.t
    story = Face("Exercise time", began, "elapsed", note=f"it is {view.moment:%A, %H:%M}")
    faces = [story, *votes, *(_face(owed, view.moment) for owed in shown)]
    clock(faces, now=view.moment, speed=view.speed, running=view.ticking, still=still, key="clocks")
    if begun and every:
        with st.expander(f"All clocks ({len(begun)})"):
            duties(begun)


def duties(clocks: Sequence[Clock]) -> None:
    """Every duty with its state, its rule and how far that is verified."""
    rows = [(c.owed.label, STANDS[c.deadline.standing], until(c), rule(c)) for c in clocks]
    parts.table(("Duty", "Stands", "Limit", "Rule"), rows, caption="Duties that have begun", hide_caption=True)
    parts.note(parts.LEGAL)


def rule(owed: Clock) -> str:
    """The law behind a clock: citation, whether it is in force, what is disputed, how far it was checked."""
    regime = owed.regime
    status = STATUS[regime.status] + ("; parts are disputed or changing" if regime.disputed else "")
    checked = f"{VERIFIED[regime.verification]}, {regime.checked.day} {regime.checked:%B %Y}"
    return f"{regime.citation}; {status}; {checked}"


def message(seen: Message) -> None:
    """One inject, with what comes with it and what only this seat learns from it."""
    parts.inject(moment(seen.t), CHANNELS[seen.channel], seen.title, seen.text, sender=seen.sender, lines=seen.lines)
    for each in seen.attachments:
        parts.attachment(each.kind, each.head, each.body or "", each.lines)
    if seen.private:
        parts.note(f"Only you know: {seen.private}", icon="lock")


def invited(found: Sequence[Mine]) -> None:
    """The live exercises the person sits in that are not over, so that nobody needs a link to find their seat."""
    for mine in found:
        if mine.live.status != "ended":
            part = mine.seat or plan.PARTS[mine.part]
            stands = "Planned" if mine.live.status == "planned" else "Open now"
            parts.row(
                places.LIVE.file,
                mine.live.title,
                sub=f"Live, with others · {part}",
                right=stands,
                icon="people",
                query={"exercise": str(mine.live.id)},
                key=f"live-{mine.live.id}",
            )


def ask(
    found: Ask,
    *,
    key: str,
    vote: Callable[[str, str, str], None],
    decide: Callable[[str, str, str], None],
) -> None:
    """The open decision: first the blind vote, then everybody's votes and the team's decision."""
    parts.heading(found.ask)
    if found.context:
        parts.prose(found.context)
    reason = f"{key}-reason-{found.closed}"
    names = dict(found.options)
    if not found.closed:
        if not found.may_vote:
            parts.note("Your seat is not asked. Hear what the others think.")
            st.button("Hear the others", type="primary", on_click=vote, args=(found.id, found.options[0][0], ""))
            return
        parts.note("Vote for yourself first. Nobody sees it until everybody has voted.")
        st.text_input(
            "Your reason (optional, shown in the debrief)", key=reason, placeholder="Because …", max_chars=300
        )
        sureness(key)
        parts.options(
            found.options,
            lambda choice: vote(found.id, choice, st.session_state.get(reason, "")),
            key=f"{key}-vote",
        )
        return
    ballots(found.ballots, names)
    parts.note("You speak for the team. What does it decide?")
    st.text_input("Why (optional, shown in the debrief)", key=reason, placeholder="Because …", max_chars=300)
    parts.options(
        found.options,
        lambda choice: decide(found.id, choice, st.session_state.get(reason, "")),
        key=f"{key}-decide",
    )


SURE = {"sure": True, "not sure": False}


def sureness(key: str, *, before: bool | None = None) -> None:
    """The tap that says how sure somebody is of their vote; leaving it is fine. `before` is what they said last."""
    st.segmented_control(
        "Are you sure? (optional)",
        list(SURE),
        default=in_words(sure=before) or None,
        key=f"{key}-sure",
        format_func=str.capitalize,
        on_change="ignore",
    )


def in_words(*, sure: bool | None) -> str:
    """What somebody said of their vote, in words; empty when nothing."""
    return next((words for words, value in SURE.items() if value is sure), "")


def _voter(cast: Ballot) -> str:
    return f"{cast.title} ({how})" if (how := in_words(sure=cast.sure)) else cast.title


def sure(key: str) -> bool | None:
    """What was tapped; None when nothing was."""
    return SURE.get(st.session_state.get(f"{key}-sure") or "")


def ballots(cast: Sequence[Ballot], names: dict[str, str]) -> None:
    """Votes that have been revealed, by option."""
    rows = []
    for option, text in names.items():
        voters = [ballot for ballot in cast if ballot.option == option]
        said = [f"{b.title}: “{b.reason}”" for b in voters if b.reason]
        rows.append((text, len(voters), ", ".join(map(_voter, voters)), said))
    parts.votes(rows)


def outcome(taken: Taken) -> None:
    """What the team has decided, and what it led to."""
    with parts.card("outcome", tone="info"):
        parts.note(f"{moment(taken.t)} · The team decided")
        parts.heading(taken.option)
        parts.prose(taken.then)


def log(view: View) -> None:
    """Everything so far, newest last."""
    entries = [(m.t, 0, parts.Moment(moment(m.t), m.title, CHANNELS[m.channel])) for m in view.messages]
    entries += [(t.t, 2, parts.Moment(moment(t.t), t.option, "Decision", "info")) for t in view.taken]
    entries += [(t, 1, parts.Moment(moment(t), text, "Fact", "good")) for t, text in view.facts]
    entries.sort(key=lambda entry: entry[:2])
    parts.timeline([entry[2] for entry in entries], caption="What happened so far")


def table(view: View) -> None:
    """The setting, the own brief, and who sits where."""
    parts.prose(view.setting)
    parts.prose(f"**{view.seat.title}.** {view.seat.brief}")
    others = ", ".join(place.title for place in view.places if place.bot)
    parts.note(f"Played by bots: {others}.", icon="people")


def focus(screen: Screen) -> None:
    """Tell screen readers what is new on the screen."""
    view = screen.view
    if screen.decided and view.taken:
        said = f"The team decided. {view.taken[-1].then}"
    elif view.asks and view.asks[0].closed:
        said = "Everybody has voted."
    else:
        said = f"New: {view.messages[-1].title}" if view.messages else ""
    announce(said, token=f"{screen.exercise.id}-{view.seq}")


def took(span: timedelta) -> str:
    """A length of time as a person says it."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes / 60:.0f} h" if minutes < 2880 else f"{minutes / 1440:.0f} days"
