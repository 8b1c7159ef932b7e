"""Readiness for whoever may see it: people see their own with every reason, managers see counts and statuses.

Privacy holds here, not in the pages: no single answer leaves, groups under five are hidden, and what could be found
by subtraction is hidden with them.
"""

import csv
import io
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from db import attempts, behaviour, evidence
from db.engine import Connection
from db.evidence import Member
from domain.people import Person, Role
from domain.readiness.model import NOBODY, NOTHING, General, Shared, SkillState, learn
from domain.readiness.outlook import WEEK, Lever, fading, lever
from domain.readiness.rollup import (
    CRITICAL,
    SMALLEST,
    WEIGHTS,
    Counts,
    Overall,
    count,
    hidden,
    open_groups,
    overall,
    together,
)
from domain.readiness.standing import TARGET, Part, Standing, Status, ready_until, reasons, standing
from domain.refusal import Forbidden
from domain.skills import Skill
from services import practice
from services.app import App
from services.authority import ANYONE, permits, unguarded
from services.kept import kept
from services.practice import Practice

TREND = timedelta(days=182)
"""The trend goes this far back."""
SOON = timedelta(days=5)
"""Readiness that ends within this is worth a refresher today."""
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
    title: str = ""
    """What it was, as the person saw it."""

    @property
    def points(self) -> float:
        """By how many points of a hundred it moved readiness."""
        return 100 * (self.after - self.before)


@dataclass(frozen=True, slots=True)
class OwnSkill:
    """A person's own skill with its reasons."""

    skill: Skill
    now: Standing
    until: datetime | None
    parts: tuple[Part, ...]
    practice: Practice | None = None
    """What would practise it, the longest ago first."""


@dataclass(frozen=True, slots=True)
class Refresher:
    """A skill that everybody must hold and that fades: until when it holds, None when it has faded already."""

    skill: Skill
    until: datetime | None
    practice: Practice


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
    known: bool = True
    """Whether there is a number at all."""
    refresher: Refresher | None = None


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
    lever: Lever | None
    trend: tuple[tuple[date, Counts], ...]
    forecast: tuple[tuple[date, int], ...]
    """Verified ready today and week by week, if nobody practises."""


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


@permits(*ANYONE)
def summary(app: App, actor: Person) -> Summary:
    """Own readiness in one line."""
    now = app.now()
    with app.db.read() as connection:
        shared = evidence.latest_offsets(connection)
        general, skills = evidence.states(connection, actor.id)
        done = _practised(connection, actor.id)
    found = _standings(general, skills, now, shared)
    whole = overall(found)
    if whole.p is None:
        sentence = "A first quiz and a drill tell more than any number would."
        return Summary("Not assessed yet", 0.0, sentence, known=False)
    weak = min((s for s in found if found[s].n), key=lambda s: (found[s].meets, s))
    strong = max((s for s in found if found[s].n), key=lambda s: (found[s].meets, s))
    sentence = f"{strong.label} is your strength." if strong is not weak else ""
    if found[weak].status is not Status.READY:
        sentence += f" {weak.label} would gain most from practice."
    refresher = None
    for skill in CRITICAL:
        until = ready_until(general, skills.get(skill, NOTHING), now, shared)
        faded = found[skill].status is Status.REFRESH or (until is not None and until - now < SOON)
        how = practice.best(app.content(), skill, done) if faded and refresher is None else None
        refresher = Refresher(skill, until, how) if how is not None else refresher
    title = f"{whole.status.words} · {100 * whole.coverage:.0f}\N{NO-BREAK SPACE}% of skills asked"
    known = whole.status is not Status.NOT_ASSESSED
    return Summary(title, whole.p, sentence.strip(), known=known, refresher=refresher)


def _practised(connection: Connection, person_id: int) -> dict[tuple[str, str], datetime]:
    """When the person last took up what."""
    return {(a.kind, a.slug): a.started_at for a in attempts.of_person(connection, person_id)}


@permits(*ANYONE)
def own(app: App, actor: Person) -> Own:
    """The person's own readiness: each skill with interval, reasons and end, and what moved it lately."""
    now = app.now()
    with app.db.read() as connection:
        shared = evidence.latest_offsets(connection)
        general, skills = evidence.states(connection, actor.id)
        moved = _moved(app, connection, actor.id)
        done = _practised(connection, actor.id)
    found = _standings(general, skills, now, shared)
    return Own(
        overall(found),
        tuple(
            OwnSkill(
                skill,
                found[skill],
                ready_until(general, skills.get(skill, NOTHING), now, shared),
                reasons(general, skills.get(skill, NOTHING), now, shared),
                practice.best(app.content(), skill, done),
            )
            for skill in sorted(Skill, key=lambda s: -WEIGHTS[s])
        ),
        moved,
    )


def _moved(app: App, connection: Connection, person_id: int) -> tuple[Moved, ...]:
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
        moved = Moved(answered.at, past.skill, answered.item, past.kind, answered.y, step.expected, before, after)
        effects.append(moved)
        if answered.y > 0.5 and answered.weight > 0:
            right.add(answered.item)
    content = app.content()
    recent = reversed(effects[-RECENT:])
    return tuple(replace(moved, title=practice.title(content, moved.kind, moved.item)) for moved in recent)


# ── teams ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see of teams: their own, which of them are hidden, and which a question is about."""

    mine: Mapping[int, str]
    secret: frozenset[int]
    asked: frozenset[int]
    """All of them, or the one that was chosen; empty when that one is hidden."""
    sizes: Mapping[int, int]
    stamp: tuple[int, int, int]

    @property
    def key(self) -> tuple[Hashable, ...]:
        """Differs whenever an answer about these teams might."""
        return tuple(self.mine.items()), self.secret, self.asked, tuple(self.sizes.items()), self.stamp


@unguarded("called by services about whoever they have authorised")
def sight(connection: Connection, actor: Person, team_id: int | None) -> Sight:
    """What the person may see. Raises Forbidden for a team that is not theirs."""
    mine = evidence.team_names(connection, None if actor.has(Role.SECURITY) else actor.manages)
    if team_id is not None and team_id not in mine:
        raise Forbidden("There is no such team of yours.")
    # What must be hidden depends on all one can see, or two views would tell by subtraction what one hides.
    sizes = behaviour.sizes(connection, mine)
    secret = hidden(sizes)
    asked = frozenset(mine) if team_id is None else frozenset({team_id}) - secret
    return Sight(mine, secret, asked, sizes, behaviour.stamp(connection))


@permits(Role.MANAGER, Role.SECURITY)
def teams(app: App, actor: Person) -> Mapping[int, str]:
    """The teams the person may see, by name: all for the security team, their own for managers."""
    with app.db.read() as connection:
        return sight(connection, actor, None).mine


@permits(Role.MANAGER, Role.SECURITY)
def board(app: App, actor: Person, team_id: int | None = None) -> Board:
    """Readiness of one team, or of all that the person may see. Raises Forbidden for a team that is not theirs."""
    with app.db.read() as connection:
        seen = sight(connection, actor, team_id)
    return kept(app, ("board", team_id, seen.key), lambda: _board(app, seen, team_id))


def _board(app: App, seen: Sight, team_id: int | None) -> Board:
    now = app.now()
    with app.db.read() as connection:
        shared = evidence.latest_offsets(connection)
        members = evidence.members(connection, seen.asked)
        days = evidence.days(connection, seen.mine, "all", (now - TREND).date())
    found = {m.id: _standings(m.general, m.skills, now, shared) for m in members}
    cells, by_team, by_skill = _count(members, found)
    whole = count((overall(found[m.id]).status, overall(found[m.id]).p) for m in members)
    told = whole.people >= SMALLEST
    ahead = fading(((m.general, m.skills) for m in members), now, shared) if told else ()
    return Board(
        teams={t: name for t, name in seen.mine.items() if team_id in {None, t}},
        hidden=frozenset(t for t in seen.secret if team_id in {None, t}),
        whole=whole if told else Counts(),
        by_team={t: c for t, c in by_team.items() if t not in seen.secret},
        by_skill=by_skill if told else {},
        cells={key: c for key, c in cells.items() if key[0] not in seen.secret},
        weakest=_weakest(by_skill) if told else None,
        lever=lever(found.values()) if told else None,
        trend=_trend(days, seen) if told else (),
        forecast=tuple(((now + week * WEEK).date(), ready) for week, ready in enumerate(ahead)),
    )


def _trend(days: list[tuple[date, int, Counts]], seen: Sight) -> tuple[tuple[date, Counts], ...]:
    """Counts of the teams asked about by day; days on which so few people stood behind them that they tell are left out."""
    by_day: dict[date, dict[int, Counts]] = {}
    for day, team_id, counts in days:
        by_day.setdefault(day, {})[team_id] = counts
    found = []
    for day, teams_then in by_day.items():
        told = open_groups({t: c.people for t, c in teams_then.items()}, seen.asked, seen.secret)
        if told is not None:
            found.append((day, together(teams_then[t] for t in told)))
    return tuple(found)


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
        if team_id not in sight(connection, actor, team_id).asked:
            raise Forbidden("There is no such team of yours.")
        shared = evidence.latest_offsets(connection)
        people = evidence.members(connection, [team_id])
    rows = []
    for member in people:
        state = member.skills.get(skill, NOTHING)
        rows.append(Behind(member.name, standing(member.general, state, now, shared).status, state.at))
    order = (Status.GAP, Status.REFRESH, Status.UNCERTAIN, Status.NOT_ASSESSED, Status.READY)
    return tuple(sorted(rows, key=lambda row: (order.index(row.status), row.name)))


@permits(Role.MANAGER, Role.SECURITY)
def export(app: App, actor: Person, team_id: int | None = None) -> str:
    """The cells that the person may see as CSV (RFC 4180), safe to open in a spreadsheet."""
    seen = board(app, actor, team_id)
    text = io.StringIO()
    # Text is quoted: a spreadsheet that splits at semicolons would else find a formula in the middle of a name.
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(["team", "skill", "people", "ready", "refresh due", "uncertain", "gap", "not assessed"])
    for (team, skill), c in sorted(seen.cells.items(), key=lambda pair: (seen.teams[pair[0][0]], pair[0][1])):
        numbers = [c.people, c.ready, c.refresh, c.uncertain, c.gap, c.not_assessed]
        writer.writerow([safe_cell(seen.teams[team]), skill.label, *numbers])
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
        shared = evidence.latest_offsets(connection)
        people = evidence.members(connection, evidence.team_names(connection))
    found = {m.id: _standings(m.general, m.skills, now, shared) for m in people}
    cells, by_team, _ = _count(people, found)
    counts: dict[tuple[int, str], Counts] = {(t, skill.value): c for (t, skill), c in cells.items()}
    counts |= {(t, "all"): c for t, c in by_team.items()}
    app.db.write(lambda c: evidence.keep_day(c, now.date(), counts))
