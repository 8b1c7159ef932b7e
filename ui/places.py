"""Where the pages are: the router and every link name them from here."""

from copy import copy
from dataclasses import dataclass
from functools import cache

import streamlit as st

from domain.people import Role


@dataclass(frozen=True, slots=True)
class Place:
    """A page file and its address; the folder of the file says who may see it."""

    folder: str
    name: str
    title: str
    icon: str
    listed: bool = True
    narrow: bool = False
    """Set to the width of a text: for reading and answering."""
    guests: bool = False
    """Open to guests of an exercise too; all else is closed to them."""

    @property
    def file(self) -> str:
        """The page file, as seen from ui/frame.py."""
        return f"../pages/{self.folder}/{self.name}.py"

    @property
    def url(self) -> str:
        """The path in the address bar."""
        return self.name.replace("_", "-")

    def open_to(self, roles: frozenset[Role]) -> bool:
        """Whether somebody with these roles may see it."""
        if Role.GUEST in roles:
            return self.guests
        return self.folder == "anyone" or Role(self.folder) in roles


HOME = Place("employee", "home", "Home", ":material/home:")
MODULE = Place("employee", "module", "Module", ":material/school:", listed=False, narrow=True)
LESSON = Place("employee", "lesson", "Lesson", ":material/school:", listed=False, narrow=True)
QUIZ = Place("employee", "quiz", "Quiz", ":material/quiz:", listed=False, narrow=True)
SPOT = Place("employee", "spot", "Spot drill", ":material/phishing:", listed=False, narrow=True)
REPORT = Place("employee", "report", "Report drill", ":material/campaign:", listed=False, narrow=True)
EXERCISE = Place("employee", "exercise", "Exercise", ":material/groups:", narrow=True)
DEBRIEF = Place("anyone", "debrief", "Debrief", ":material/groups:", listed=False)
READINESS = Place("employee", "readiness", "My readiness", ":material/monitoring:")
DUTIES = Place("employee", "duties", "What if it happened now?", ":material/gavel:")
TEAM = Place("manager", "team", "Team readiness", ":material/monitoring:")
CONTENT = Place("security", "content", "Content", ":material/library_books:")
PEOPLE = Place("security", "people", "People", ":material/group:")
AUDIT = Place("security", "audit", "Audit", ":material/receipt_long:")
ORGANISATION = Place("security", "organisation", "Everyone’s readiness", ":material/monitoring:")
LIVE = Place("anyone", "live", "Live exercise", ":material/groups:", listed=False, narrow=True, guests=True)
WATCH = Place("anyone", "watch", "Watching an exercise", ":material/visibility:", listed=False, guests=True)
ROOM = Place("anyone", "room", "Room screen", ":material/tv:", listed=False, guests=True)
EXERCISES = Place("security", "exercises", "Live exercises", ":material/groups:")
PLAN = Place("security", "plan", "Plan", ":material/groups:", listed=False)
CONSOLE = Place("security", "console", "Console", ":material/tune:", listed=False)
REMOTE = Place("security", "remote", "Remote", ":material/tune:", listed=False, narrow=True)
HOT_WASH = Place("anyone", "hot_wash", "Hot wash", ":material/groups:", listed=False, narrow=True, guests=True)
FINDINGS = Place("security", "findings", "Findings", ":material/flag:", listed=False)
PAPER_RUN = Place("security", "paper_run", "Typed in from paper", ":material/edit_note:", listed=False)
REGISTER = Place("security", "register", "Actions", ":material/task_alt:")
ACTIONS = Place("employee", "actions", "My actions", ":material/task_alt:", listed=False, narrow=True)
CHECK = Place("employee", "check", "One-minute check", ":material/quiz:", listed=False, narrow=True)
BREACH = Place("anyone", "breach", "Report a real breach", ":material/siren:", listed=False, narrow=True)
"""Not in the list: it stands in the header of every page."""
ACCOUNT = Place("anyone", "account", "Account", ":material/account_circle:", narrow=True)

PLACES = (
    HOME, MODULE, LESSON, QUIZ, SPOT, REPORT, EXERCISE, DEBRIEF, READINESS, DUTIES, ACTIONS, CHECK,
    TEAM, ORGANISATION, EXERCISES, PLAN, CONSOLE, REMOTE, REGISTER, FINDINGS, PAPER_RUN, CONTENT, PEOPLE, AUDIT,
    LIVE, WATCH, ROOM, HOT_WASH, BREACH, ACCOUNT,
)  # fmt: skip

KINDS = {"lesson": LESSON, "quiz": QUIZ, "spot": SPOT, "report": REPORT}
"""Which page shows which kind of step."""


@cache
def _page(place: Place, *, first: bool) -> st.Page:
    return st.Page(
        place.file,
        title=place.title,
        icon=place.icon,
        url_path=place.url,
        default=first,
        visibility="visible" if place.listed else "hidden",
    )


def page_of(place: Place, *, first: bool) -> st.Page:
    """The place as the router takes it, for one run.

    Making one asks the disk where its file is; every click needs all of them, so they are made once and copied.
    """
    return copy(_page(place, first=first))
