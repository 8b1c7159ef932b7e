"""The after-action report: made from the log alone, every claim tied to an event, names only as given."""

from datetime import UTC, date, datetime

from domain.action import Action, Finding
from domain.after_action import after_action
from domain.exercise import variant
from domain.hot_wash import Card
from domain.skills import Skill
from tests.domain import small
from tests.domain.alone import Alone, played

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def report(table, **options):
    options.setdefault("names", {})
    return after_action(
        variant(small.scenario(), table.state.dials), small.regimes(), table.state, table.log, digest="d", **options
    )


def test_every_claim_rests_on_an_event_of_the_log():
    found = report(played())
    known = {entry.number for entry in found.log}
    claims = [*found.duties, *found.objectives, *found.decisions, *found.remarks]
    assert claims
    for claim in claims:
        assert set(claim.events) <= known, claim
    assert all(decision.events for decision in found.decisions)


def test_the_same_log_gives_the_same_report():
    table = played()
    assert report(table) == report(table)


def test_a_late_duty_is_called_late_and_counts_against_the_answer():
    table = Alone()
    table.settle("close", "block")
    table.on()
    table.settle("tell", "later")
    while table.state.phase != "ended":
        if table.state.open:
            table.settle(table.state.open[0], "mend")
        table.on()
    late = report(table)
    assert [duty.result for duty in late.duties if not duty.good]
    assert late.answer.split(" of ")[0] < late.answer.split(" of ")[1].split()[0]


def test_without_names_nobody_is_named():
    table = played()
    player = next(player for player in table.state.players.values() if player not in {"bot", ""})
    named = report(table, names={player: "Ada Alder"})
    assert "Ada Alder" in dict(named.table).values()
    assert "Ada Alder" not in repr(report(table))


def test_cards_are_grouped_by_question_with_most_dots_first():
    cards = [Card(n, n % 2, f"card {n}", observer=False, dots=n, mine=False, dotted=False) for n in range(4)]
    found = report(played(), cards=cards).cards
    assert [[card.id for card in group] for _, group in found] == [[2, 0], [3, 1]]


def test_findings_come_with_their_actions():
    finding = Finding(1, 1, Skill.CUSTOMERS, "", "The letter came late.", (1,), "Sam", AT)
    action = Action(1, 1, "A template", 7, "Ada Alder", date(2026, 12, 1), "high", "Play again", "open", None, None, "")
    assert report(played(), findings=[(finding, [action])]).findings == ((finding, (action,)),)
