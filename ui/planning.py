"""Drawing how a live exercise is planned and opened: the list, the form, seats and people, the code, the start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from domain.people import Person
from domain.scenario import Dial, Scenario
from services.app import App
from services.live import conduct, paper, plan, watch
from services.live.plan import PARTS, Lobby, Mine, Part
from services.live.watch import Seen
from ui import conducting, following_up, parts, places, session
from ui.run_sheet import SPEEDS
from ui.words import local, plain

STATUS: dict[str, tuple[str, parts.Tone]] = {
    "planned": ("Planned", "plain"),
    "lobby": ("Lobby open", "info"),
    "running": ("Running", "good"),
    "paused": ("Paused", "warn"),
    "ended": ("Over", "plain"),
}


@dataclass(frozen=True, slots=True)
class Planning:
    """What the plan page shows."""

    seen: Seen
    lobby: Lobby
    others: Sequence[Person]  # who could be invited
    link: str


def read(app: App, me: Person, number: int) -> Planning:
    """Everything for the plan page."""
    url = urlsplit(st.context.url or "http://localhost")
    link = paper.link(app, me, number, f"{url.scheme}://{url.netloc}")
    shown = watch.facilitator(app, me, number)
    return Planning(shown.seen, plan.lobby(app, me, number), plan.candidates(app, me, number), link)


def when(moment: datetime | None) -> str:
    """A date as whoever reads it would say it."""
    if moment is None:
        return "No date yet"
    here = local(moment)
    return f"{here:%A} {here.day} {here:%B %Y, %H:%M}"


def _aware(naive: datetime | None) -> datetime | None:
    """A date and time that was typed, in the time zone of the browser it was typed in."""
    if naive is None:
        return None
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ValueError, ZoneInfoNotFoundError):
        zone = ZoneInfo("UTC")
    return naive.replace(tzinfo=zone)


# ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────


def each(mine: Mine) -> None:
    """One live exercise of the person, and the way on that fits."""
    number, query = mine.live.id, {"exercise": str(mine.live.id)}
    words, tone = STATUS[mine.live.status]
    with parts.card(f"live-{number}", tone=tone):
        parts.badges(
            parts.Badge(words, tone, "clock"),
            parts.Badge(when(mine.live.planned_for), icon="calendar"),
            parts.Badge(mine.seat or PARTS[mine.part], icon="people"),
        )
        parts.heading(mine.live.title)
        if mine.part != "facilitator":
            parts.go(places.LIVE.file, "Open", key=f"open-{number}", query=query)
        elif mine.live.status == "ended":
            conducting.after(number, str(number))
        else:
            running = mine.live.status in {"running", "paused"}
            with parts.actions(f"live-{number}"):
                parts.go(places.CONSOLE.file, "Console", key=f"console-{number}", query=query, quiet=not running)
                parts.go(places.PLAN.file, "Seats and lobby", key=f"plan-{number}", query=query, quiet=running)


def form(scenarios: dict[str, Scenario], done: Callable[[int], None]) -> None:
    """Plan a new one; `done` gets its number."""
    slug = st.selectbox("Scenario", list(scenarios), key="scenario", format_func=lambda s: plain(scenarios[s].title))
    if slug is None:
        return
    scenario = scenarios[slug]
    parts.prose(scenario.summary)
    parts.note(f"About {scenario.table_minutes} minutes at the table, {len(scenario.seats)} seats.", icon="clock")
    for dial in scenario.dials:
        _dial(slug, dial)
    st.text_input("Title (the scenario's own when empty)", key="title", max_chars=200)
    st.datetime_input("Date and time, in your time zone", None, key="when", format="YYYY-MM-DD")
    st.number_input("Seed (the same number draws the same variant; drawn when empty)", 0, 2**31 - 1, None, key="seed")

    def keep() -> None:
        state = st.session_state
        dials = {dial.id: state.get(f"dial-{slug}-{dial.id}") or "" for dial in scenario.dials}
        number = session.act(
            plan.plan,
            slug,
            key=following_up.once("plan"),
            title=state.get("title") or "",
            planned_for=_aware(state.get("when")),
            dials={name: value for name, value in dials.items() if value},
            seed=state.get("seed"),
        )
        if number is not None:
            following_up.spent("plan")
            done(number)

    st.button("Plan it", type="primary", key="plan-it", on_click=keep)


def _dial(slug: str, dial: Dial) -> None:
    labels = {"": "Drawn by the seed", **{value.id: value.label for value in dial.values}}
    key = f"dial-{slug}-{dial.id}"
    st.selectbox(plain(dial.label), list(labels), key=key, format_func=lambda value: plain(labels[value]))


# ── one of them ───────────────────────────────────────────────────────────────────────────────────────────────


def facts(shown: Planning) -> None:
    """What is being played, and when; both can be changed."""
    at = shown.lobby
    words, tone = STATUS[at.live.status]
    parts.exercise(
        parts.Badge(words, tone, "clock"),
        *(parts.Badge(f"{name}: {value}") for name, value in at.dials),
        parts.Badge(f"Seed {at.live.seed}"),
    )

    def keep() -> None:
        title, date = st.session_state.get("new-title") or "", _aware(st.session_state.get("new-when"))
        if session.act(plan.change, at.live.id, title=title, planned_for=date) is None:
            session.tell("The title and the date are kept.")

    with st.expander("Title and date", key="title-and-date"), st.form("change", border=False):
        st.text_input("Title", at.live.title, key="new-title", max_chars=200)
        there = local(at.live.planned_for).replace(tzinfo=None) if at.live.planned_for else None
        st.datetime_input("Date and time, in your time zone", there, key="new-when", format="YYYY-MM-DD")
        st.form_submit_button("Keep", on_click=keep)
    for line in at.scenario.notes:
        parts.note(line, icon="info")


def code(shown: Planning) -> None:
    """The lobby: closed with one button, open with the code, the picture and the link."""
    live = shown.lobby.live
    if live.status == "ended":
        conducting.after(live.id, "plan")
        return
    if not live.code:
        parts.note("Nobody can come in yet. Open the lobby when people are about to arrive.")
        st.button("Open the lobby", type="primary", key="open", on_click=session.act, args=(plan.open_lobby, live.id))
        return
    picture(live.id, live.code, live.version)
    parts.note(f"Or open {shown.link}")
    parts.note("Colleagues come in with their account, guests with a name. The code is good until the end.")
    st.button("Another code", key="new-code", type="tertiary", on_click=session.act, args=(plan.new_code, live.id))


def picture(number: int, secret: str, version: int) -> None:
    """The code to come in by, for people and for cameras."""
    spoken = plan.shown_code(secret)
    st.html(
        f'<p class="m-code">{spoken}</p><img class="m-picture" src="/live/{number}/code.svg?v={version}" '
        f'alt="QR code of the address to join at, with the code {spoken}">'
    )


def windows(number: int) -> None:
    """The other screens, each in a window of its own."""
    links = (("room", "Room screen"), ("remote", "Remote for a phone"), ("watch", "Evaluator"))
    st.html(
        '<p class="m-links">'
        + "".join(
            f'<a class="m-link" href="/{path}?exercise={number}" target="_blank">{label}</a>' for path, label in links
        )
        + "</p>",
        width="content",
    )


def start(number: int, scenario: Scenario) -> None:
    """Let the clock run."""
    speeds = tuple(sorted({*SPEEDS, scenario.speed}))

    def begin() -> None:
        state = st.session_state
        session.act(conduct.start, number, speed=state.get("speed") or 1.0, timed=bool(state.get("timed")))

    with parts.card("start"):
        parts.heading("Start")
        with st.form("start", border=False):
            st.selectbox("Speed of the exercise clock", speeds, 0, key="speed", format_func=lambda s: f"× {s:g}")
            st.checkbox("Votes close by themselves after the time a prepared team needs", key="timed")
            st.form_submit_button("Start the exercise", type="primary", on_click=begin)


def people(shown: Planning) -> None:
    """Who is expected, who is here, and one form to seat, move and remove."""
    at, number = shown.lobby, shown.lobby.live.id
    titles = {seat.id: seat.title for seat in at.scenario.seats}
    parts.heading("Seats and people")
    rows = []
    for guest in at.people:
        member = guest.member
        stands = "here" if guest.here else "not here"
        name = f"{member.name} (guest)" if member.guest else member.name
        rows.append((name, PARTS[member.part], titles.get(member.seat, "–"), stands))
    parts.table(("Who", "As", "Seat", "Is"), rows, caption="People of this exercise", hide_caption=True)
    free = ", ".join(titles[seat] for seat in at.free)
    parts.note(f"Free seats: {free}" if free else "Every seat is taken.", icon="people")
    names = {guest.member.person_id: guest.member.name for guest in at.people}
    names |= {person.id: f"{person.name} · {person.email}" for person in shown.others}

    def keep() -> None:
        state = st.session_state
        part: Part = state.get("part") or "player"
        session.act(plan.seat, number, state.get("who") or 0, part, state.get("chair") or "")

    def drop() -> None:
        session.act(plan.remove, number, st.session_state.get("who") or 0)

    if at.live.status == "ended":
        return
    with st.form("people", border=True):
        st.selectbox("Who", list(names), None, key="who", format_func=lambda n: plain(names[n]),
                     placeholder="Type a name")  # fmt: skip
        st.selectbox("As", list(PARTS), 0, key="part", format_func=lambda p: PARTS[p])
        chairs = {"": "None yet, or not needed", **titles}
        st.selectbox("Seat", list(chairs), 0, key="chair", format_func=lambda c: plain(chairs[c]))
        with parts.actions("people"):
            st.form_submit_button("Invite or move", type="primary", on_click=keep)
            st.form_submit_button("Take out", on_click=drop)
    parts.note("Observers rate objectives. A second facilitator must be of the security team. Who sits on a taken seat "
               "takes it over; whoever held it becomes its deputy.")  # fmt: skip
