"""Every page file for every role: the folder says who may see it, and the walk finds new files by itself."""

from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from db import people
from tests.conftest import ROOT
from tests.web import client
from tests.web.conftest import PEOPLE

PAGES = sorted((ROOT / "pages").rglob("*.py"))


def _address(page: Path) -> str:
    return page.stem.replace("_", "-")


def _may(name: str, page: Path) -> bool:
    return page.parent.name == "anyone" or page.parent.name in PEOPLE[name]


@pytest.mark.parametrize("name", PEOPLE)
def test_each_page_runs_for_whom_its_folder_says_and_for_nobody_else(server, browsers, name: str) -> None:
    assert PAGES
    with client.tab(server.url, client.cookie_line(browsers[name])) as tab:
        tab.run()
        offered = {_address(page) for page in PAGES if _may(name, page)}
        # Streamlit knows the first page by no name but the empty one.
        (first,) = offered - set(tab.pages)
        assert set(tab.pages) - offered == {""}
        for page in PAGES:
            tab.run("" if _address(page) == first else _address(page))
            assert tab.exceptions == [], page
            assert tab.not_found is not _may(name, page), (name, page)


@pytest.mark.parametrize("page", PAGES, ids=_address)
def test_a_stranger_asking_for_a_page_is_sent_to_sign_in(server, browsers, page: Path) -> None:
    answer = browsers["stranger"].get(f"/{_address(page)}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next=%2F{_address(page)}")


def test_pressing_buttons_that_were_never_shown_changes_nothing(server, browsers) -> None:
    with client.tab(server.url, client.cookie_line(browsers["security"])) as tab:
        tab.run("people", query=f"id={server.person_id('employee@northwind.example')}")
        buttons = [widget for widget in tab.widgets if widget.startswith("$$ID-")]
        assert buttons
    with server.db.read() as connection:
        before = people.everyone(connection)
    with client.tab(server.url, client.cookie_line(browsers["employee"])) as tab:
        tab.run()
        forged = BackMsg()
        for button in buttons:
            state = forged.rerun_script.widget_states.widgets.add()
            state.id, state.trigger_value = button, True
        tab.run("people", query="id=1", states=forged)
        assert tab.exceptions == []
        tab.run()
        assert "Good" in tab.texts
    with server.db.read() as connection:
        assert people.everyone(connection) == before
