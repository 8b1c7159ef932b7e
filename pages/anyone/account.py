"""Your account: who you are here, where you are signed in, and the ways out."""

import streamlit as st

from domain.people import Person
from services import accounts
from services.app import App
from ui import parts, session, words

app, me = session.here()


def end(sid: int) -> None:
    session.act(accounts.end_session, sid)


def everywhere() -> None:
    if session.act(accounts.sign_out_everywhere) is not None:
        st.logout()


def browser(agent: str) -> str:
    """A browser as its user would call it, from what it says about itself."""
    names = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    systems = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac": "Mac"}
    name = next((name for mark, name in names.items() if mark in agent), "A browser")
    system = next((system for mark, system in (systems | {"Linux": "Linux"}).items() if mark in agent), "")
    return f"{name} on {system}" if system else name


def draw(app: App, me: Person) -> None:
    parts.title("Account", f"{me.name} · {me.email}")
    parts.badges(*(parts.Badge(role.value.capitalize(), icon="shield") for role in sorted(me.roles)))
    with parts.actions("account"):
        # A plain link in the same tab: the password form stands outside of Streamlit, and on purpose.
        st.html('<a class="m-link" href="/password" target="_self">Change password</a>')
        st.button("Sign out", key="out", on_click=st.logout)
    parts.heading("Where you are signed in")
    parts.note("Something you do not know? Sign it out, then change your password.")
    for known in accounts.my_sessions(app, me):
        here = known.id == session.sid()
        with parts.card(f"session-{known.id}"), st.container(horizontal=True, vertical_alignment="center"):
            with st.container():
                parts.heading(browser(known.agent) + (" · this one" if here else ""), 3)
                seen, since = words.local(known.seen_at), words.local(known.created_at)
                parts.note(f"From {known.address}, since {since:%d %b %H:%M}, last used {seen:%d %b %H:%M}")
            if not here:
                st.button("Sign out there", key=f"end-{known.id}", on_click=end, args=(known.id,), width="content")
    st.button("Sign out everywhere", key="everywhere", on_click=everywhere)
    hours = app.settings.session_hours
    parts.note(
        f"You are signed out after {hours} hours, or {app.settings.session_idle_minutes} minutes without a click."
    )


draw(app, me)
