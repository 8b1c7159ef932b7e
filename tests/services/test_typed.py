"""A paper run as a service: kept once, for the facilitator, never over what was played here, and all that follows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from db import tables as t
from db.receipts import Receipt
from domain.paper_run import Cast, PaperRun, Saw, Sent, Took
from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from domain.skills import Skill
from services import after_action, evidence, exercises, hot_wash
from services.actions import register
from services.app import App
from services.live import clockwork, conduct, plan, typed, watch
from tests import factories
from tests.conftest import START

SLUG = "results-page"
LASTED = timedelta(minutes=90)
RUN = PaperRun(
    (
        Took(1, "first-move", "T+8m", "convene", "lead", "We met at once.",
             (Cast("lead", "convene", sure=True), Cast("it", "convene", sure=False))),
        Saw(2, "Somebody read the plan aloud."),
    ),
    "T+2h",
)  # fmt: skip


@dataclass
class Paper:
    """A planned exercise with people on it, some days after it was played on paper."""

    app: App
    robin: Person
    kim: Person
    eva: Person
    number: int
    began: datetime

    def type_in(self, run: PaperRun = RUN, *, began: datetime | None = None, lasted: timedelta = LASTED) -> Receipt:
        return typed.type_in(self.app, self.robin, self.number, run, began=began or self.began, lasted=lasted)

    def status(self) -> str:
        return next(mine.live.status for mine in plan.mine(self.app, self.robin) if mine.live.id == self.number)

    def log(self) -> list[str]:
        with self.app.db.read() as connection:
            query = select(t.exercise_event.c.kind).where(t.exercise_event.c.exercise_id == self.number)
            return list(connection.scalars(query.order_by(t.exercise_event.c.seq)))


@pytest.fixture
def paper(app: App, clock) -> Paper:
    robin = factories.person(app, Role.EMPLOYEE, Role.SECURITY, name="Robin")
    kim, eva = factories.person(app, name="Kim"), factories.person(app, name="Eva")
    number = plan.plan(app, robin, SLUG, key="k", dials={"finder": "patient"})
    plan.seat(app, robin, number, kim.id, "player", "lead")
    plan.seat(app, robin, number, eva.id, "observer")
    clock.forward(days=3)
    return Paper(app, robin, kim, eva, number, START + timedelta(days=1))


def test_what_was_typed_in_is_over_and_has_all_that_an_exercise_has(paper: Paper):
    paper.type_in()
    assert paper.status() == "ended"
    looking = exercises.debrief(paper.app, paper.kim, paper.number)
    assert looking.votes == {"first-move": "convene"}
    assert [verdict.decision.id for verdict in looking.review.verdicts] == ["first-move"]
    assert looking.review.alignment.votes == 2
    report = after_action.after_action(paper.app, paper.robin, paper.number)
    assert (report.played_on, report.lasted) == (paper.began, "1h30m")
    assert [remark.by for remark in report.remarks] == ["Robin"]
    assert after_action.as_pdf(paper.app, paper.robin, paper.number).startswith(b"%PDF")
    assert after_action.as_docx(paper.app, paper.robin, paper.number).startswith(b"PK")
    hot_wash.write(paper.app, paper.kim, paper.number, 0, "Pens ran out", key="c")
    kept = register.find(
        paper.app, paper.robin, paper.number, skill=Skill.SECURE, text="It went well.", events=(1,), key="f"
    )
    assert kept.result["finding"]
    assert clockwork.tick(paper.app) == 0


def test_it_becomes_evidence_of_those_who_sat_and_watched_as_any_other(paper: Paper):
    paper.type_in()
    with paper.app.db.read() as connection:
        e = t.evidence.c
        kinds = {
            who.name: sorted(
                (row.kind, row.weight)
                for row in connection.execute(select(e.kind, e.weight).where(e.person_id == who.id).distinct())
            )
            for who in (paper.kim, paper.eva, paper.robin)
        }
    assert kinds == {"Kim": [("team", 0.5), ("vote", 1.0)], "Eva": [("team", 0.25)], "Robin": []}
    assert evidence.rebuilt(paper.app)[0].keys() == {paper.kim.id, paper.eva.id}


def test_it_is_kept_once_and_not_replaced(paper: Paper):
    first, again = paper.type_in(), paper.type_in()
    assert (first.at, again.again) == (again.at, True)
    log = paper.log()
    with pytest.raises(Refused, match="has not started"):
        paper.type_in(PaperRun((), "T+1h"))
    assert paper.log() == log
    with paper.app.db.read() as connection:
        query = select(t.audit.c.actor_id).where(t.audit.c.action == "exercise typed in")
        assert list(connection.scalars(query)) == [paper.robin.id]


def test_a_line_the_rules_refuse_keeps_nothing_and_can_be_mended(paper: Paper):
    before = paper.log()
    wrong = PaperRun((*RUN.lines, Took(4, "first-move", "T+9m", "wait"), Sent(5, "no-such", "1m")), "T+2h")
    with pytest.raises(typed.Unfit) as refused:
        paper.type_in(wrong)
    assert [problem[:6] for problem in refused.value.problems] == ["Line 4", "Line 5"]
    assert (paper.log(), paper.status()) == (before, "planned")
    paper.type_in()
    assert paper.status() == "ended"


def test_what_was_started_here_cannot_be_typed_over(paper: Paper):
    conduct.start(paper.app, paper.robin, paper.number)
    log = paper.log()
    with pytest.raises(Refused, match="was played in Muster"):
        paper.type_in()
    assert paper.log() == log
    assert watch.facilitator(paper.app, paper.robin, paper.number).console.phase == "running"


def test_only_its_facilitator_types_it_in(paper: Paper):
    strangers = [factories.person(paper.app, Role.SECURITY), paper.kim, paper.eva]
    for person in strangers:
        with pytest.raises(Forbidden):
            typed.to_type(paper.app, person, paper.number)
        with pytest.raises(Forbidden):
            typed.type_in(paper.app, person, paper.number, RUN, began=paper.began, lasted=LASTED)
    assert paper.status() == "planned"


@pytest.mark.parametrize(
    ("began", "lasted", "sentence"),
    [
        (START + timedelta(days=3), LASTED, "still to come"),
        (START, timedelta(), "how many minutes"),
        (START - timedelta(days=9), timedelta(days=3), "how many minutes"),
    ],
)
def test_it_was_played_before_now_and_took_its_time(paper: Paper, began, lasted, sentence):
    with pytest.raises(Refused, match=sentence):
        paper.type_in(RUN, began=began, lasted=lasted)
    assert paper.status() == "planned"


def test_observations_are_by_those_who_ran_or_watched(paper: Paper):
    with pytest.raises(Refused, match="facilitators and observers"):
        paper.type_in(PaperRun((Saw(1, "x", by=str(paper.kim.id)),), "T+1h"))
    paper.type_in(PaperRun((Saw(1, "x", by=str(paper.eva.id)),), "T+1h"))
    assert after_action.after_action(paper.app, paper.robin, paper.number).remarks[0].by == "Eva"


def test_an_exercise_typed_in_later_was_over_when_it_was_played(paper: Paper):
    paper.type_in()
    (run,) = (mine.live for mine in plan.mine(paper.app, paper.robin))
    assert run.ended_at == paper.began + LASTED
    assert run.code == ""


def test_the_sheet_is_that_of_the_planned_variant_with_whoever_may_have_seen_something(paper: Paper):
    shown = typed.to_type(paper.app, paper.robin, paper.number)
    assert [name for _, name in shown.watchers] == ["Robin", "Eva"]
    assert shown.rows[0].at == "T+0m"
    assert "first-move" in {row.decision.id for row in shown.rows if row.decision}
