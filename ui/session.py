"""Who is here, and how a page acts: the one bridge from a script run to the services.

The gate names the session; what it may do is read from the database on every run and in every callback.
"""

import threading
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st

from domain.people import Person
from domain.refusal import NotSaved, Refused
from services import accounts
from services.app import App
from ui.words import plain

P = ParamSpec("P")
R = TypeVar("R")

_SAID = "said"
_TOLD = "told"
_ADDRESS = "address"
_apps: list[App] = []
_run = threading.local()


def use(app: App) -> None:
    """Serve pages from this App; called once when the process starts."""
    _apps[:] = [app]


def here() -> tuple[App, Person]:
    """The App and the person at the browser, as the frame of this run found them."""
    found: tuple[App, Person] | None = getattr(_run, "found", None)
    return found or arrive()


def arrive() -> tuple[App, Person]:
    """The App and the person at the browser, as the database has them now; sends strangers to sign in."""
    # A run has a thread to itself, but a thread may have had a run before: forget first, whatever happens next.
    _run.found = None
    app = _apps[0]
    sid = st.user.get("sid")
    person = accounts.person_of_session(app, int(str(sid))) if sid else None
    if person is None:
        st.logout()  # the gate answers with the sign-in page
        st.stop()
    _run.found = (app, person)
    return app, person


def act(service: Callable[Concatenate[App, Person, P], R], *args: P.args, **kwargs: P.kwargs) -> R | None:
    """Call a service in a callback; a refusal becomes a sentence on the next draw, and None is returned."""
    try:
        app, me = arrive()
        return service(app, me, *args, **kwargs)
    except (Refused, NotSaved) as refusal:
        st.session_state[_SAID] = str(refusal)
        return None


def answers() -> bool:
    """Whether the database answers again."""
    try:
        accounts.person_of_session(_apps[0], sid())
    except NotSaved:
        return False
    return True


def number(name: str) -> int | None:
    """The number that the address has under this name; None when it is none that a row could have."""
    text = st.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def sid() -> int:
    """The number of the session that this browser is signed in with."""
    return int(str(st.user["sid"]))


def tell(sentence: str) -> None:
    """Say on the next draw that an act is done; call it in a callback after `act` came back."""
    st.session_state[_TOLD] = sentence


def said() -> None:
    """Show what the last act was refused with, or what was done, once."""
    if sentence := st.session_state.pop(_TOLD, None):
        st.success(plain(sentence))
    if sentence := st.session_state.pop(_SAID, None):
        st.warning("\n\n".join(map(plain, sentence.splitlines())))


def address(page: str) -> None:
    """Put into the address bar what a link to another thing on the same page has asked for.

    Streamlit draws that thing, leaves the old address standing, and sends it with the next click: the person would
    be thrown back to where they came from. Nothing is sent while the address stays, or the way back would fill up.
    """
    asked = (page, st.query_params.to_dict())
    before = st.session_state.get(_ADDRESS)
    st.session_state[_ADDRESS] = asked
    if before is not None and before != asked and before[0] == page:
        st.query_params.from_dict(asked[1])
