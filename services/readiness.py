"""Readiness for whoever may see it: people see their own with every reason, managers see counts and statuses.

Privacy holds here, not in the pages: no single answer leaves, groups under five are hidden, and what could be found
by subtraction is hidden with them.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from db import evidence
from db.engine import Connection
from db.evidence import Member
from domain.people import Person, Role
from domain.readiness.model import NOBODY, NOTHING, General, Shared, SkillState, learn
from domain.readiness.rollup import SMALLEST, WEIGHTS, Counts, Overall, count, hidden, overall, together
from domain.readiness.standing import TARGET, Part, Standing, Status, d_prime, ready_until, reasons, standing
from domain.refusal import Forbidden
from domain.skills import Skill
from services.app import App
from services.authority import ANYONE, permits, unguarded

LOOK_BACK = timedelta(days=90)
"""Behaviour figures look this far back."""
RECENT = 12
FORMULA = frozenset("=+-@\t\r\n\0＝＋－＠")
"""What makes a spreadsheet run a cell, when it comes first."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One piece of evidence and what it did: the expectation before, points of readiness before and after."""

    at: datetime
    skill: Skill
    item: str
    kind: str
    y: float
    expected: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class OwnSkill:
    """A person's own skill with its reasons."""

    skill: Skill
    now: Standing
    until: datetime | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """Everything readiness says of the person who asks."""

    overall: Overall
    skills: tuple[OwnSkill, ...]
    moved: tuple[Moved, ...]  # newest first


@dataclass(frozen=True, slots=True)
class Summary:
    """Own readiness in one line, for home."""

    title: str
    share: float
    sentence: str
    target: float = TARGET


@dataclass(frozen=True, slots=True)
class Board:
    """Readiness of the teams somebody may see. A hidden team has no counts at all."""

    teams: Mapping[int, str]
    hidden: frozenset[int]
    whole: Counts
    by_team: Mapping[int, Counts]
    by_skill: Mapping[Skill, Counts]
    cells: Mapping[tuple[int, Skill], Counts]
    weakest: Skill | None
    minutes_to_report: float | None
    reports: int
    spotted: tuple[int, int]  # hits of things to report
    false_alarms: tuple[int, int]  # of harmless things
    d_prime: float | None
    trend: tuple[tuple[date, Counts], ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """A person behind a cell: their status, never an answer."""

    name: str
    status: Status
    last: datetime | None


def _standings(
    general: General, skills: Mapping[Skill, SkillState], now: datetime, shared: Shared
) -> dict[Skill, Standing]:
    return {skill: standing(general, skills.get(skill, NOTHING), now, shared) for skill in Skill}


def _shared(connection: Connection) -> Shared:
    number = evidence.latest_calibration(connection)
    return evidence.find_calibration(connection, number, "") if number is not None else Shared()


@permits(*ANYONE)
def summary(app: App, actor: Person) -> Summary:
    """Own readiness in one line."""
    now = app.now()
    with app.db.read() as connection:
        shared = _shared(connection)
        general, skills = evidence.states(connection, actor.id)
    found = _standings(general, skills, now, shared)
    whole = overall(found)
    if whole.p is None:
        return Summary("Not assessed yet", 0.0, "A first quiz and a drill tell more than any number would.")
    weak = min((s for s in found if found[s].n), key=lambda s: (found[s].meets, s))
    strong = max((s for s in found if found[s].n), key=lambda s: (found[s].meets, s))
    sentence = f"{strong.label} is your strength." if strong is not weak else ""
    if found[weak].status is not Status.READY:
        sentence += f" {weak.label} would gain most from practice."
    return Summary(f"{whole.status.words} · {whole.coverage:.0%} of skills asked", whole.p, sentence.strip())


@permits(*ANYONE)
def own(app: App, actor: Person) -> Own:
    """The person's own readiness: each skill with interval, reasons and end, and what moved it lately."""
    now = app.now()
    with app.db.read() as connection:
        shared = _shared(connection)
        general, skills = evidence.states(connection, actor.id)
        moved = _moved(connection, actor.id)
    found = _standings(general, skills, now, shared)
    return Own(
        overall(found),
        tuple(
            OwnSkill(
                skill,
                found[skill],
                ready_until(general, skills.get(skill, NOTHING), now, shared),
                reasons(general, skills.get(skill, NOTHING), now, shared),
            )
            for skill in sorted(Skill, key=lambda s: -WEIGHTS[s])
        ),
        moved,
    )


def _moved(connection: Connection, person_id: int) -> tuple[Moved, ...]:
    """The person's evidence replayed with its effects, newest first."""
    general, skills = NOBODY, dict[Skill, SkillState]()
    calibrations: dict[int, Shared] = {}
    right: set[str] = set()
    effects: list[Moved] = []
    for past in evidence.history(connection, person_id):
        if past.calibration_id not in calibrations:
            calibrations[past.calibration_id] = evidence.find_calibration(connection, past.calibration_id)
        shared, answered = calibrations[past.calibration_id], past.with_repeat(right)
        before = standing(general, skills.get(past.skill, NOTHING), answered.at, shared).p
        step = learn(general, skills.get(past.skill, NOTHING), answered, shared)
        general, skills[past.skill] = step.general, step.skill
        after = standing(general, step.skill, answered.at, shared).p
        effects.append(
            Moved(answered.at, past.skill, answered.item, past.kind, answered.y, step.expected, before, after)
        )
        if answered.y > 0.5 and answered.weight > 0:
            right.add(answered.item)
    return tuple(reversed(effects[-RECENT:]))


# ── teams ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _teams(connection: Connection, actor: Person) -> dict[int, str]:
    """The teams the person may see: all for the security team, their own for managers."""
    return evidence.team_names(connection, None if actor.has(Role.SECURITY) else actor.manages)


@permits(Role.MANAGER, Role.SECURITY)
def board(app: App, actor: Person, team_id: int | None = None) -> Board:
    """Readiness of one team, or of all that the person may see. Raises Forbidden for a team that is not theirs."""
    now = app.now()
    with app.db.read() as connection:
        mine = _teams(connection, actor)
        if team_id is not None and team_id not in mine:
            raise Forbidden("There is no such team of yours.")
        shared = _shared(connection)
        people = evidence.members(connection, mine)
        # What must be hidden depends on all one can see, or two views would tell by subtraction what one hides.
        secret = hidden(_sizes(people, mine))
        asked = {team_id} if team_id is not None else set(mine)
        shown = asked - secret if team_id is not None else asked
        spotted = evidence.spotting(connection, shown, now - LOOK_BACK) if shown else (0, 0, 0, 0)
        times = evidence.report_times(connection, shown, now - LOOK_BACK) if shown else []
        history = evidence.days(connection, mine, "all")
    members = [member for member in people if member.team_id in shown]
    found = {m.id: _standings(m.general, m.skills, now, shared) for m in members}
    cells, by_team, by_skill = _count(members, found)
    whole = count((overall(found[m.id]).status, overall(found[m.id]).p) for m in members)
    open_cells = {key: c for key, c in cells.items() if key[0] not in secret}
    hits, signals, alarms, noises = spotted
    small = whole.people < SMALLEST
    return Board(
        teams={t: name for t, name in mine.items() if t in asked},
        hidden=secret & asked,
        whole=Counts() if small else whole,
        by_team={t: c for t, c in by_team.items() if t not in secret},
        by_skill={} if small else by_skill,
        cells=open_cells,
        weakest=None if small else _weakest(by_skill),
        minutes_to_report=_median(times),
        reports=0 if small else len(times),
        spotted=(0, 0) if small else (hits, signals),
        false_alarms=(0, 0) if small else (alarms, noises),
        d_prime=d_prime(hits, signals, alarms, noises)[0] if signals and noises and not small else None,
        trend=() if small else _trend(history, shown, alone=team_id is not None),
    )


def _trend(
    history: Mapping[date, Mapping[int, Counts]], shown: set[int], *, alone: bool
) -> tuple[tuple[date, Counts], ...]:
    """Counts of the shown teams by day, without the days on which they would have been hidden: teams grow."""
    days = []
    for day, by_team in history.items():
        secret = hidden({t: c.people for t, c in by_team.items()}) if alone else frozenset[int]()
        counts = together(c for t, c in by_team.items() if t in shown - secret)
        if counts.people >= SMALLEST:
            days.append((day, counts))
    return tuple(days)


def _median(times: list[tuple[int, float]]) -> float | None:
    """The median of (person, minutes), unless so few people reported that it would tell of one of them."""
    return median(took for _, took in times) if len({who for who, _ in times}) >= SMALLEST else None


def _sizes(people: list[Member], teams: Mapping[int, str]) -> dict[int, int]:
    return {t: sum(member.team_id == t for member in people) for t in teams}


def _count(
    members: list[Member], found: Mapping[int, Mapping[Skill, Standing]]
) -> tuple[dict[tuple[int, Skill], Counts], dict[int, Counts], dict[Skill, Counts]]:
    teams: dict[int, list[int]] = {}
    for member in members:
        teams.setdefault(member.team_id, []).append(member.id)
    cells = {
        (t, skill): count((found[m][skill].status, found[m][skill].p) for m in ids)
        for t, ids in teams.items()
        for skill in Skill
    }
    totals = {m.id: overall(found[m.id]) for m in members}
    by_team = {t: count((totals[m].status, totals[m].p) for m in ids) for t, ids in teams.items()}
    by_skill = {s: count((found[m.id][s].status, found[m.id][s].p) for m in members) for s in Skill}
    return cells, by_team, by_skill


def _weakest(by_skill: Mapping[Skill, Counts]) -> Skill | None:
    """The skill with the smallest verified share among those that somebody was asked about."""
    asked = [skill for skill, counts in by_skill.items() if counts.assessed]
    return min(asked, key=lambda skill: (by_skill[skill].share, -by_skill[skill].gap), default=None)


@permits(Role.MANAGER, Role.SECURITY)
def behind(app: App, actor: Person, team_id: int, skill: Skill) -> tuple[Behind, ...]:
    """The people behind a cell with their status, those who need most first. Hidden teams tell nobody."""
    now = app.now()
    with app.db.read() as connection:
        mine = _teams(connection, actor)
        people = evidence.members(connection, mine)
        if team_id not in mine or team_id in hidden(_sizes(people, mine)):
            raise Forbidden("There is no such team of yours.")
        shared = _shared(connection)
    rows = []
    for member in people:
        if member.team_id == team_id:
            state = member.skills.get(skill, NOTHING)
            rows.append(Behind(member.name, standing(member.general, state, now, shared).status, state.at))
    order = (Status.GAP, Status.REFRESH, Status.UNCERTAIN, Status.NOT_ASSESSED, Status.READY)
    return tuple(sorted(rows, key=lambda row: (order.index(row.status), row.name)))


@permits(Role.MANAGER, Role.SECURITY)
def export(app: App, actor: Person) -> str:
    """The cells that the person may see as CSV (RFC 4180), safe to open in a spreadsheet."""
    seen = board(app, actor)
    text = io.StringIO()
    # Text is quoted: a spreadsheet that splits at semicolons would else find a formula in the middle of a name.
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(["team", "skill", "people", "ready", "refresh due", "uncertain", "gap", "not assessed"])
    for (team_id, skill), c in sorted(seen.cells.items(), key=lambda pair: (seen.teams[pair[0][0]], pair[0][1])):
        numbers = [c.people, c.ready, c.refresh, c.uncertain, c.gap, c.not_assessed]
        writer.writerow([safe_cell(seen.teams[team_id]), skill.label, *numbers])
    return text.getvalue()


@unguarded("a rule on text, without any data")
def safe_cell(text: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return "'" + text if text[:1] in FORMULA else text


@unguarded("run once a day by the server and by the command line")
def take_snapshot(app: App) -> None:
    """Keep today's counts of every team, for the trend. Doing it again today replaces them."""
    now = app.now()
    with app.db.read() as connection:
        shared = _shared(connection)
        people = evidence.members(connection, evidence.team_names(connection))
    found = {m.id: _standings(m.general, m.skills, now, shared) for m in people}
    cells, by_team, _ = _count(people, found)
    counts: dict[tuple[int, str], Counts] = {(t, skill.value): c for (t, skill), c in cells.items()}
    counts |= {(t, "all"): c for t, c in by_team.items()}
    app.db.write(lambda c: evidence.keep_day(c, now.date(), counts))
