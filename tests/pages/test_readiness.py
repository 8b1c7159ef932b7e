"""The readiness pages on Streamlit's test runner: the answer, the button that acts on it, the way back, the reasons."""

from datetime import timedelta

from streamlit.testing.v1 import AppTest

from db.engine import Connection
from domain.people import Person, Role
from domain.skills import Skill
from services import evidence, learning, readiness
from services.app import App
from tests import factories
from tests.pages.conftest import Browse
from ui import charts, places


def _html(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def _answers(app: App, person: Person, *skills: Skill) -> None:
    """Eight right answers in each skill, now."""
    slugs = {Skill.SPOT: "spot", Skill.REPORT: "report"}

    def work(connection: Connection) -> None:
        for skill in skills:
            for question in app.content().quizzes[slugs[skill]].questions[:8]:
                item = f"{slugs[skill]}/{question.id}"
                evidence.record(
                    connection, person_id=person.id, item=item, skill=skill, kind="quiz", y=1.0, guess=0.0, weight=1.0,
                    now=app.now(),
                )  # fmt: skip

    app.db.write(work)


def _team(app: App) -> tuple[Person, list[Person]]:
    team = factories.team(app, "Night shift")
    boss = factories.person(app, Role.MANAGER, manages=frozenset({team}))
    return boss, [factories.person(app, team_id=team) for _ in range(6)]


def test_the_title_is_the_answer_and_what_helps_most_is_one_press(app: App, browse: Browse) -> None:
    boss, people = _team(app)
    _answers(app, people[0], Skill.SPOT, Skill.REPORT)
    _answers(app, people[1], Skill.SPOT)
    at = browse(boss, places.TEAM)
    assert "Not ready yet: 1 of 6 verified ready" in _html(at)
    assert "Refreshing <strong>Report</strong> for 1 person would move it most" in _html(at)
    next(button for button in at.button if button.label == "Assign").click().run()
    assert not at.exception
    assert "6 people in Night shift have “Report it”" in _html(at)
    due = next(state.due_on for state in learning.path(app, people[2]) if state.slug == "report")
    assert due == app.now().date() + timedelta(days=14)
    at.button(key="undo").click().run()
    assert not at.exception
    assert next(state.due_on for state in learning.path(app, people[2]) if state.slug == "report") is None
    assert "Taken back" in at.success[0].value


def test_a_cell_opens_the_people_behind_it_and_a_team_can_be_chosen(app: App, browse: Browse) -> None:
    boss, people = _team(app)
    _answers(app, people[0], Skill.SPOT)
    at = browse(boss, places.TEAM)
    team = next(iter(readiness.teams(app, boss)))
    at.session_state["cell"] = (team, Skill.SPOT)
    at.run()
    assert not at.exception
    assert "Night shift · Spot" in _html(at)
    assert people[1].name in _html(at)
    at.session_state["cell"] = (999, Skill.SPOT)  # of a team that is not theirs
    at.selectbox(key="team").select_index(1).run()
    assert not at.exception
    assert "Night shift · Spot" not in _html(at)


def test_a_team_of_four_and_no_team_at_all_get_a_sentence(app: App, browse: Browse) -> None:
    team = factories.team(app)
    for _ in range(4):
        factories.person(app, team_id=team)
    at = browse(factories.person(app, Role.MANAGER, manages=frozenset({team})), places.TEAM)
    assert "Too few people to say" in _html(at)
    at = browse(factories.person(app, Role.MANAGER), places.TEAM)
    assert "You do not manage a team yet" in _html(at)


def test_own_readiness_says_why_in_words_and_what_to_practise(app: App, browse: Browse, clock) -> None:
    me = factories.person(app)
    at = browse(me, places.READINESS)
    assert "Not known yet: Spot and Report" in _html(at)
    _answers(app, me, Skill.SPOT, Skill.REPORT)
    clock.forward(days=4)
    at = browse(me, places.READINESS)
    html = _html(at)
    assert "You are ready until" in html
    assert "Last practised 4 days ago" in html
    assert "we expected" in html
    assert "What fades when" in html
    assert "spot/" not in html, "an item is called by its title"


def test_home_offers_the_refresher(app: App, browse: Browse, clock) -> None:
    me = factories.person(app, name="Kim Alder")
    _answers(app, me, Skill.SPOT, Skill.REPORT)
    clock.forward(days=40)
    assert "has faded" in _html(browse(me))


def test_a_real_breach_can_be_reported_from_every_page(app: App, browse: Browse) -> None:
    me = factories.person(app, *(set(Role) - {Role.GUEST}))
    for place in places.PLACES:
        at = browse(me, place)
        links = [link for link in at.get("page_link") if link.proto.label == "Report a real breach"]
        assert len(links) == 1, place.name


def test_the_outlook_says_its_point_in_words(app: App) -> None:
    today = app.now().date()
    said = charts.told([(today, 0.4)], [(today, 0.4), (today + timedelta(days=84), 0.1)], 0.8)
    assert "40\N{NO-BREAK SPACE}% on 2 November 2026" in said
    assert "10\N{NO-BREAK SPACE}% are left on 25 January 2027" in said
