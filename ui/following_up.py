"""Drawing findings and actions: forms, lists, and where each stands."""

import secrets
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import streamlit as st

from domain.action import PRIORITIES, Action, Status
from domain.skills import Skill
from services.actions import register
from services.actions.register import Line, Worklist
from ui import parts, session
from ui.words import plain

STANDS: dict[Status, tuple[str, parts.Tone]] = {
    "open": ("Open", "warn"),
    "done": ("Done, waits for its re-test", "info"),
    "verified": ("Closed by a re-test", "good"),
}
TONES: dict[str, parts.Tone] = {"high": "bad", "medium": "warn", "low": "plain"}


def once(name: str) -> str:
    """A key that stays the same until `spent`: what is sent twice with it is kept once."""
    return str(st.session_state.setdefault(f"key-{name}", secrets.token_hex(8)))


def spent(name: str) -> None:
    """The next thing sent under this name is another one."""
    st.session_state[f"key-{name}"] = secrets.token_hex(8)


def badges(action: Action, *, overdue: bool) -> None:
    """Where an action stands, whose it is, until when."""
    words, tone = STANDS[action.status]
    late = [parts.Badge("Overdue", "bad", "clock")] if overdue else []
    parts.badges(
        parts.Badge(words, tone),
        *late,
        parts.Badge(f"Due {action.due_on:%d %b %Y}", icon="clock"),
        parts.Badge(action.owner, icon="people"),
        parts.Badge(f"{action.priority} priority", TONES[action.priority]),
    )


def action(line: Line, buttons: Callable[[Line], None]) -> None:
    """One action with its finding, and what can be done about it."""
    with parts.card(f"action-{line.action.id}"):
        badges(line.action, overdue=line.overdue)
        parts.heading(line.action.text, 3)
        parts.note(f"{line.exercise} · {line.finding.skill.label}: {line.finding.text}", icon="flag")
        parts.note(f"Re-test: {line.action.retest}")
        if line.action.verified_by:
            parts.note(line.action.verified_by, icon="check")
        buttons(line)


def finding_form(exercise: int, found: Worklist) -> None:
    """Record a finding: from the log's own suggestions, or in one's own words."""

    def keep(skill: Skill, text: str, seat: str, events: Sequence[int], name: str) -> None:
        given = session.act(
            register.find, exercise, skill=skill, text=text, seat=seat, events=tuple(events), key=once(name)
        )
        if given:
            spent(name)
            session.tell("The finding is recorded.")

    def own() -> None:
        state = st.session_state
        keep(Skill(state["finding-skill"]), state["finding-text"], state["finding-seat"], (), "finding")

    if found.suggestions:
        parts.heading("The log suggests")
    for place, each in enumerate(found.suggestions):
        with parts.card(f"suggested-{place}"):
            parts.badges(parts.Badge(each.skill.label))
            parts.note(each.text)
            args = (each.skill, each.text, "", each.events, f"suggested-{place}-{each.text}")
            st.button("Record as a finding", key=f"suggest-{place}", on_click=keep, args=args)
    parts.heading("In your own words")
    with st.form("finding", clear_on_submit=True):
        st.text_area("What did the exercise show?", key="finding-text", max_chars=1000)
        st.selectbox("Skill", list(Skill), key="finding-skill", format_func=lambda skill: skill.label)
        titles = {"": "The whole table", **dict(found.seats)}
        st.selectbox("Whom it concerns", list(titles), key="finding-seat", format_func=lambda seat: titles[seat])
        st.form_submit_button("Record", on_click=own)


def action_form(finding_id: int, found: Worklist, today: date) -> None:
    """Give a finding an owner, a day and a re-test; or train the people it concerns."""
    name = f"act-{finding_id}"

    def give() -> None:
        state = st.session_state
        given = session.act(
            register.act,
            finding_id,
            text=state[f"{name}-text"],
            owner_id=state[f"{name}-owner"],
            due_on=state[f"{name}-due"],
            priority=state[f"{name}-priority"],
            retest=state[f"{name}-retest"],
            key=once(name),
        )
        if given:
            spent(name)
            session.tell("The action is given.")

    def train() -> None:
        count = session.act(register.train, finding_id, today + timedelta(days=14))
        if count is not None:
            session.tell(f"{count} people got the module, due in two weeks.")

    owners = dict(found.owners)
    with st.expander("Give an action"), st.form(name, clear_on_submit=True):
        st.text_input("What will be done", key=f"{name}-text", max_chars=1000)
        st.selectbox("Owner", list(owners), key=f"{name}-owner", format_func=lambda number: plain(owners[number]))
        st.date_input("Due", today + timedelta(days=30), key=f"{name}-due", min_value=today)
        st.segmented_control("Priority", PRIORITIES, default="medium", key=f"{name}-priority", required=True)
        st.text_input("How will we see that it worked?", key=f"{name}-retest", max_chars=1000)
        st.form_submit_button("Give it", type="primary", on_click=give)
    st.button("Train the people it concerns", key=f"{name}-train", on_click=train)
