"""What teams do, for whoever may see it: how soon they report, what they spot, what is overdue.

A figure is shown when five people or more stand behind it, here and in what could be found by subtraction.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from db import behaviour as rows
from domain.people import Person, Role
from domain.readiness.rollup import open_groups
from domain.readiness.standing import d_prime
from services import programme
from services.app import App
from services.authority import permits
from services.kept import kept
from services.readiness import Sight, sight

LOOK_BACK = timedelta(days=90)
"""Drills count for this long."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Figures of the last LOOK_BACK; None where too few people stand behind one."""

    minutes_to_report: float | None
    reports: int
    spotted: tuple[int, int] | None  # hits, of things to report
    false_alarms: tuple[int, int] | None  # of harmless things
    d_prime: float | None
    overdue: int | None  # people
    people: int


@permits(Role.MANAGER, Role.SECURITY)
def figures(app: App, actor: Person, team_id: int | None = None) -> Behaviour:
    """Figures of one team, or of all that the person may see. Raises Forbidden for a team that is not theirs."""
    with app.db.read() as connection:
        seen = sight(connection, actor, team_id)
    return kept(app, ("behaviour", seen.key), lambda: _figures(app, seen))


def _figures(app: App, seen: Sight) -> Behaviour:
    now, sizes = app.now(), seen.sizes
    with app.db.read() as connection:
        judged = rows.spotting(connection, seen.mine, now - LOOK_BACK)
        reports = rows.report_times(connection, seen.mine, now - LOOK_BACK)
        late = programme.late(connection, app.content(), seen.mine, now)
    everybody = open_groups(sizes, seen.asked, seen.secret)
    spotters = _told([row.team_id for row in judged], seen)
    reporters = _told([team for team, _ in {(team, person) for team, person, _ in reports}], seen)
    mine = [row for row in judged if spotters and row.team_id in spotters]
    hits, signals = sum(row.hits for row in mine), sum(row.to_report for row in mine)
    alarms, noises = sum(row.false_alarms for row in mine), sum(row.harmless for row in mine)
    times = [minutes for team, _, minutes in reports if reporters and team in reporters]
    return Behaviour(
        minutes_to_report=median(times) if times else None,
        reports=len(times),
        spotted=(hits, signals) if signals else None,
        false_alarms=(alarms, noises) if noises else None,
        d_prime=d_prime(hits, signals, alarms, noises)[0] if signals and noises else None,
        overdue=sum(late[team] for team in everybody) if everybody else None,
        people=sum(sizes[team] for team in everybody) if everybody else 0,
    )


def _told(teams: Collection[int], seen: Sight) -> frozenset[int] | None:
    """The teams whose figure may be told, given one entry a person behind it."""
    return open_groups({team: sum(t == team for t in teams) for team in seen.mine}, seen.asked, seen.secret)
