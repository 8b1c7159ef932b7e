"""Who sees what of whose readiness, on both databases."""

import csv
import dataclasses
import io
from datetime import timedelta

import pytest

from domain.drill import ReportDrill, SpotDrill
from domain.people import Person, Role
from domain.readiness.rollup import Counts
from domain.readiness.standing import Status
from domain.refusal import Forbidden
from domain.skills import Skill
from services import behaviour, drills, evidence, readiness
from services.app import App
from tests import factories
from tests.conftest import FakeClock

CRITICAL = (Skill.SPOT, Skill.REPORT)


def ready(app: App, *people: Person) -> None:
    for who in people:
        for skill in CRITICAL:
            factories.practise(app, who, skill, *([1.0] * 6))


def crew(app: App, team: int, size: int) -> list[Person]:
    return [factories.person(app, team_id=team) for _ in range(size)]


@pytest.fixture
def sam(app: App) -> Person:
    return factories.person(app, Role.SECURITY)


# ── one's own ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_somebody_new_is_told_that_nothing_is_known(app: App) -> None:
    me = factories.person(app)
    assert readiness.summary(app, me).title == "Not assessed yet"
    seen = readiness.own(app, me)
    assert (seen.overall.status, seen.overall.p, seen.overall.coverage) == (Status.NOT_ASSESSED, None, 0.0)
    assert [skill.now.status for skill in seen.skills] == [Status.NOT_ASSESSED] * 8
    assert [skill.skill for skill in seen.skills][:2] == list(CRITICAL)
    assert seen.moved == ()


def test_people_see_every_answer_that_moved_their_number_newest_first(app: App, clock: FakeClock) -> None:
    me = factories.person(app)
    for number, y in enumerate((1.0, 0.0, 1.0, 1.0)):
        clock.forward(days=number)
        factories.practise(app, me, Skill.SPOT, y, item=f"i{number}")
    factories.practise(app, factories.person(app), Skill.SPOT, 0.0)
    seen = readiness.own(app, me)
    assert [(one.item, one.y) for one in seen.moved] == [("i3", 1.0), ("i2", 1.0), ("i1", 0.0), ("i0", 1.0)]
    assert all(0 < one.expected < 1 for one in seen.moved)
    assert seen.moved[2].after < seen.moved[2].before
    assert all(one.after > one.before for one in seen.moved if one.y)
    spot = next(skill for skill in seen.skills if skill.skill is Skill.SPOT)
    assert spot.now.p == seen.moved[0].after
    assert spot.now.n == 4


def test_readiness_ends_on_the_day_it_said_and_is_then_due_for_a_refresh(app: App, clock: FakeClock) -> None:
    me = factories.person(app)
    ready(app, me)
    until = [skill.until for skill in readiness.own(app, me).skills if skill.until]
    assert len(until) == len(CRITICAL)
    assert "Ready" in readiness.summary(app, me).title
    clock.moment = min(until)
    assert readiness.own(app, me).overall.status is Status.READY
    clock.forward(days=1)
    later = readiness.own(app, me)
    assert later.overall.status is Status.REFRESH
    assert sum(skill.until is not None for skill in later.skills) < len(CRITICAL)
    assert "Refresh due" in readiness.summary(app, me).title


# ── teams ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_manager_sees_their_own_teams_and_no_other(app: App, sam: Person) -> None:
    mine, other = factories.team(app, "Care"), factories.team(app, "Laboratory")
    people = crew(app, mine, 6)
    crew(app, other, 7)
    ready(app, *people[:2])
    boss = factories.person(app, Role.MANAGER, manages=frozenset({mine}))
    seen = readiness.board(app, boss)
    assert seen.teams == {mine: "Care"}
    assert (seen.whole.people, seen.whole.ready, seen.whole.not_assessed) == (6, 2, 4)
    assert {team for team, _ in seen.cells} == {mine}
    assert readiness.board(app, sam).whole.people == 13
    for number in (other, 9999):
        with pytest.raises(Forbidden):
            readiness.board(app, boss, number)
        with pytest.raises(Forbidden):
            readiness.behind(app, boss, number, Skill.SPOT)


def test_behind_a_cell_are_names_and_statuses_and_nothing_that_was_answered(app: App) -> None:
    team = factories.team(app)
    people = crew(app, team, 5)
    ready(app, people[0])
    factories.practise(app, people[1], Skill.SPOT, 0.0, 0.0, 0.0, 0.0)
    boss = factories.person(app, Role.MANAGER, manages=frozenset({team}))
    rows = readiness.behind(app, boss, team, Skill.SPOT)
    assert {field.name for row in rows for field in dataclasses.fields(row)} == {"name", "status", "last"}
    assert [row.status for row in rows] == [Status.GAP, *[Status.NOT_ASSESSED] * 3, Status.READY]
    assert (rows[0].name, rows[-1].name) == (people[1].name, people[0].name)
    with pytest.raises(Forbidden):
        readiness.behind(app, factories.person(app), team, Skill.SPOT)


def test_closed_accounts_are_in_no_count(app: App, sam: Person) -> None:
    from services import people as directory

    team = factories.team(app)
    people = crew(app, team, 7)
    directory.close(app, sam, people[0].id)
    assert readiness.board(app, sam).whole.people == 6
    assert people[0].name not in {row.name for row in readiness.behind(app, sam, team, Skill.SPOT)}


def test_a_small_team_is_hidden_with_its_next_smallest_sibling(app: App, sam: Person) -> None:
    tiny, next_, large = (factories.team(app) for _ in range(3))
    ready(app, *crew(app, tiny, 4))
    crew(app, next_, 6)
    crew(app, large, 9)
    seen = readiness.board(app, sam)
    assert seen.hidden == {tiny, next_}
    assert set(seen.by_team) == {team for team, _ in seen.cells} == {large}
    assert (seen.whole.people, seen.whole.ready) == (19, 4)
    # What is left after subtracting all that is open is never of fewer than five people.
    assert seen.whole.people - sum(c.people for c in seen.by_team.values()) >= 5
    for team in (tiny, next_):
        alone = readiness.board(app, sam, team)
        assert alone.whole == Counts()
        assert not alone.cells
        assert not alone.by_skill
        assert not alone.by_team
        with pytest.raises(Forbidden):
            readiness.behind(app, sam, team, Skill.SPOT)
    rows = list(csv.DictReader(io.StringIO(readiness.export(app, sam))))
    assert {row["people"] for row in rows} == {"9"}


def test_a_manager_of_one_small_team_sees_nothing_of_it(app: App, clock: FakeClock) -> None:
    tiny = factories.team(app)
    people = crew(app, tiny, 3)
    ready(app, *people)
    readiness.take_snapshot(app)
    boss = factories.person(app, Role.MANAGER, manages=frozenset({tiny}))
    seen = readiness.board(app, boss)
    assert seen.hidden == {tiny}
    assert seen.whole == Counts()
    assert (seen.cells, seen.by_skill, seen.by_team, seen.trend) == ({}, {}, {}, ())
    assert (seen.weakest, seen.lever, seen.forecast) == (None, None, ())
    told = behaviour.figures(app, boss)
    assert (told.minutes_to_report, told.spotted, told.d_prime) == (None, None, None)


def test_the_weakest_skill_is_one_that_somebody_was_asked_about(app: App, sam: Person) -> None:
    people = crew(app, factories.team(app), 5)
    assert readiness.board(app, sam).weakest is None
    ready(app, *people)
    assert readiness.board(app, sam).weakest in CRITICAL
    for who in people[:3]:
        factories.practise(app, who, Skill.SECURE, 0.0, 0.0, 0.0)
    seen = readiness.board(app, sam)
    assert seen.weakest is Skill.SECURE
    assert seen.by_skill[Skill.SECURE].gap == 3
    assert seen.by_skill[Skill.SECURE].not_assessed == 2


def test_hits_and_false_alarms_are_told_apart_and_time_to_report_only_of_five(
    app: App, sam: Person, clock: FakeClock
) -> None:
    people = crew(app, factories.team(app), 6)
    spot = next(slug for slug, drill in sorted(app.content().drills.items()) if isinstance(drill, SpotDrill))
    report = next(slug for slug, drill in sorted(app.content().drills.items()) if isinstance(drill, ReportDrill))
    organisation = app.content().organisation
    assert organisation is not None
    fields = {f.id: f.choices[0].id if f.choices else "16:50, a mail" for f in organisation.report_form}
    for number, who in enumerate(people[:5]):
        if number == 4:
            assert behaviour.figures(app, sam).minutes_to_report is None
        attempt = drills.begin(app, who, report)
        clock.forward(minutes=number + 1)
        drills.send_report(app, who, attempt, fields)
    for who in people[:5] * 2:  # what is judged again is no first answer, and does not count here
        attempt = drills.begin(app, who, spot)
        for place, item in enumerate(drills.spot_drill(app, who, spot).attempt.draw):
            drills.judge(app, who, attempt, item, {"flags": [], "verdict": "report"}, shown_at=app.now())
            drills.next_artefact(app, who, attempt, place)
    tally = drills.spot_drill(app, people[0], spot).tally
    assert tally is not None
    seen = behaviour.figures(app, sam)
    assert seen.spotted == (5 * tally.to_report, 5 * tally.to_report)
    assert seen.false_alarms == (5 * tally.harmless, 5 * tally.harmless)
    assert seen.d_prime == pytest.approx(0, abs=1e-6)
    assert (seen.minutes_to_report, seen.reports) == (3, 5)
    clock.forward(days=91)
    later = behaviour.figures(app, sam)
    assert (later.spotted, later.reports, later.d_prime) == (None, 0, None)


# ── the trend ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_trend_has_one_count_a_day_and_the_newest_of_the_day(app: App, sam: Person, clock: FakeClock) -> None:
    people = crew(app, factories.team(app), 5)
    readiness.take_snapshot(app)
    ready(app, people[0])
    readiness.take_snapshot(app)
    clock.forward(days=2)
    ready(app, *people[1:3])
    readiness.take_snapshot(app)
    trend = readiness.board(app, sam).trend
    assert [(day, counts.ready, counts.people) for day, counts in trend] == [
        ((app.now() - timedelta(days=2)).date(), 1, 5),
        (app.now().date(), 3, 5),
    ]


def test_days_on_which_a_team_was_small_are_not_told_when_it_has_grown(app: App, sam: Person, clock: FakeClock) -> None:
    team, other = factories.team(app), factories.team(app)
    ready(app, *crew(app, team, 2))
    crew(app, other, 8)
    readiness.take_snapshot(app)
    clock.forward(days=1)
    crew(app, team, 5)
    readiness.take_snapshot(app)
    today = app.now().date()
    assert [day for day, _ in readiness.board(app, sam, team).trend] == [today]
    # Nor may they be found by subtracting the other team from all.
    assert [day for day, _ in readiness.board(app, sam, other).trend] == [today]
    assert [counts.people for _, counts in readiness.board(app, sam).trend] == [10, 15]


def test_a_number_on_the_trend_stays_as_it_was_whatever_happens_later(app: App, sam: Person, clock: FakeClock) -> None:
    people = crew(app, factories.team(app), 5)
    ready(app, *people)
    readiness.take_snapshot(app)
    before = readiness.board(app, sam).trend
    clock.forward(days=1)
    factories.practise(app, people[0], Skill.SPOT, *([0.0] * 9))
    evidence.fold(app)
    assert readiness.board(app, sam).trend == before


# ── export ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["=1+1", "+49 30", "-2", "@SUM(A1)", "＝1+1", 'Care "A", B', "ü; =1+1"])
def test_the_export_is_safe_in_a_spreadsheet(app: App, sam: Person, name: str) -> None:
    crew(app, factories.team(app, name), 5)
    told = readiness.export(app, sam)
    rows = list(csv.reader(io.StringIO(told)))
    assert rows[0] == ["team", "skill", "people", "ready", "refresh due", "uncertain", "gap", "not assessed"]
    assert len(rows) == 9
    for row in rows[1:]:
        assert row[0].lstrip("'") == name
        assert row[2:] == ["5", "0", "0", "0", "0", "5"]
        assert not any(cell[:1] in readiness.FORMULA for cell in row)
    # Also for programs that split at semicolons: a name stays in its quotes.
    assert all(line.startswith('"') for line in told.splitlines())


@pytest.mark.parametrize("text", ["\t=1", "\r=1", "\n=1", "\0=1", "＠x"])
def test_no_way_to_start_a_formula_is_left(text: str) -> None:
    assert readiness.safe_cell(text) == "'" + text
    assert readiness.safe_cell("Care =1") == "Care =1"
