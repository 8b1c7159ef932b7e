"""The part of a page that draws itself again when its exercise has come further: one fragment, one stream, no polling.

What somebody is typing stays: drawers put what comes and goes into containers that are always there, so that no field
changes its place on the page.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

import streamlit as st

from domain.people import Person
from domain.refusal import Away, Refused
from services.app import App
from services.live.watch import Seen
from ui import parts, places, session, trouble
from ui.components import live


class Pushed(Protocol):
    """A screen of services/live/watch.py."""

    @property
    def seen(self) -> Seen:
        """The exercise and how far this screen has come."""
        ...


S = TypeVar("S", bound=Pushed)


def pushed(exercise: int, read: Callable[[App, Person, int], S], draw: Callable[[S], None]) -> None:
    """Read, draw, and do both again on every news of the exercise; what may not be seen any more becomes a sentence."""

    @st.fragment(key=f"pushed-{exercise}")
    def part() -> None:
        app, me = session.arrive()
        with st.container(key="said", gap=None):
            session.said()
        try:
            shown = read(app, me, exercise)
        except Refused as refusal:
            # Somebody got another part or was taken out meanwhile: the page itself knows where they belong now.
            parts.title("Live exercise", str(refusal))
            parts.go(places.LIVE.file, "Look again", key="again", query={"exercise": str(exercise)})
            return
        except Away as away:
            trouble.wait(away)
            return
        live(exercise, shown.seen.version, shown.seen.held)
        draw(shown)

    part()
