"""People and teams: who has an account, what they may do, and the end of it."""

import streamlit as st

from domain.people import Person, Role
from services import people
from ui import parts, places, session
from ui.words import plain

app, me = session.here()
teams, everyone = people.teams(app, me), people.everyone(app, me)
chosen = next((p for p in everyone if str(p.id) == st.query_params.get("id", "")), None)


def named(team: int | None) -> str:
    return teams.get(team or 0, "No team")


def state(person: Person) -> str:
    return f"{person.email} · {', '.join(sorted(person.roles)) or 'no role'} · {named(person.team_id)}"


def link(code: str | None, who: str) -> None:
    st.session_state["link"] = (who, code) if code else None


def renew(person: Person) -> None:
    link(session.act(people.invite, person.id), person.email)


def add() -> None:
    name, email, roles, team = (st.session_state[f"new_{field}"] for field in ("name", "email", "roles", "team"))
    link(session.act(people.add, name, email, frozenset(roles), team), email)


def add_team() -> None:
    if session.act(people.add_team, st.session_state["team_name"]):
        session.tell("The team is there.")


def change(person_id: int) -> None:
    roles, team, manages = (st.session_state[f"{name}{person_id}"] for name in ("roles", "team", "manages"))
    session.act(people.change, person_id, roles=frozenset(roles), team_id=team, manages=frozenset(manages))


if given := st.session_state.pop("link", None):
    st.success(f"Send this link to {plain(given[0])}. It works once, for seven days, and is shown only now.")
    st.code(f"{str(st.context.url or '').split('/people')[0]}/welcome?code={given[1]}", language=None, wrap_lines=True)

if chosen:
    parts.go(places.PEOPLE.file, "All people", quiet=True, key="back")
    parts.title(chosen.name, state(chosen) + ("" if chosen.active else " · account closed"))
    with st.form("change"):
        st.pills("Roles", people.ROLES, selection_mode="multi", default=sorted(chosen.roles), key=f"roles{chosen.id}")
        options = [None, *teams]
        st.selectbox("Team", options, options.index(chosen.team_id), format_func=named, key=f"team{chosen.id}")
        st.multiselect("Manages", list(teams), sorted(chosen.manages), format_func=named, key=f"manages{chosen.id}")
        st.form_submit_button("Save", type="primary", on_click=change, args=(chosen.id,))
    with parts.actions("person"):
        st.button("New password link", on_click=renew, args=(chosen,))
        st.button("Sign out everywhere", on_click=session.act, args=(people.sign_out, chosen.id))
        act, label = (people.close, "Close account") if chosen.active else (people.reopen, "Open account")
        st.button(label, on_click=session.act, args=(act, chosen.id))
else:
    parts.title("People", f"{sum(p.active for p in everyone)} accounts in {len(teams)} teams")
    with st.expander("Add a person"), st.form("add", clear_on_submit=True):
        st.text_input("Name", key="new_name")
        st.text_input("E-mail address", key="new_email")
        st.pills("Roles", people.ROLES, selection_mode="multi", default=[Role.EMPLOYEE], key="new_roles")
        st.selectbox("Team", [None, *teams], format_func=named, key="new_team")
        st.form_submit_button("Add and get the link", type="primary", on_click=add)
    with st.expander("Add a team"), st.form("add_team", clear_on_submit=True):
        st.text_input("Name", key="team_name")
        st.form_submit_button("Add team", on_click=add_team)
    wanted = st.text_input("Find", placeholder="Name, address, role or team").casefold()
    found = [p for p in everyone if wanted in f"{p.name} {state(p)}".casefold()]
    for person in found[:100]:
        sub = state(person) + ("" if person.active else " · closed")
        parts.row(places.PEOPLE.file, person.name, sub=sub, query={"id": str(person.id)}, key=f"p{person.id}")
    parts.note(f"{len(found)} found." + (" Type a part of the name to see fewer." if len(found) > 100 else ""))
