"""Evidence, the states learnt from it, calibrations and daily counts, as rows read back as values."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, delete, func, insert, select, update

from db.tables import calibration, calibration_item, evidence, person, person_state, skill_state, team, team_day
from domain.readiness.model import VERSION, Answered, Belief, General, Shared, SkillState
from domain.readiness.rollup import Counts
from domain.skills import Skill

OFFSETS = ("first", "warm", "gap", "repeat")

# What every answer runs is built once: building a statement costs as much as running it.
_PERSON: BindParameter[int] = bindparam("person")
_SKILL: BindParameter[str] = bindparam("skill_of")
_OFFSETS = select(calibration.c.offsets).where(calibration.c.id == bindparam("id"))
_ITEMS = select(calibration_item).where(calibration_item.c.calibration_id == bindparam("id"))
_NEWEST = (
    select(calibration.c.id, calibration.c.offsets, calibration_item.c.mean, calibration_item.c.var)
    .outerjoin_from(
        calibration,
        calibration_item,
        (calibration_item.c.calibration_id == calibration.c.id) & (calibration_item.c.item == bindparam("item_of")),
    )
    .order_by(calibration.c.id.desc())
    .limit(1)
)
_ADD = insert(evidence)
_RIGHT = (
    select(evidence.c.id)
    .where(
        evidence.c.person_id == _PERSON,
        evidence.c.item == bindparam("item_of"),
        evidence.c.y > 0.5,
        evidence.c.weight > 0,
    )
    .limit(1)
)
_GENERAL = select(person_state).where(person_state.c.person_id == _PERSON)
_SKILLS = select(skill_state).where(skill_state.c.person_id == _PERSON)
_OWN = skill_state.c
_BOTH = (
    select(
        *(person_state.c[name].label(f"general_{name}") for name in ("mean", "var", "at")),
        *(_OWN[name] for name in ("mean", "var", "stability", "n", "at")),
    )
    .outerjoin_from(person_state, skill_state, (_OWN.person_id == person_state.c.person_id) & (_OWN.skill == _SKILL))
    .where(person_state.c.person_id == _PERSON)
)
_NEW_GENERAL, _NEW_SKILL = insert(person_state), insert(skill_state)
_STATE: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in ("mean", "var", "at", "model_version")}
_SET_GENERAL = update(person_state).where(person_state.c.person_id == _PERSON).values(_STATE)
_SET_SKILL = (
    update(skill_state)
    .where(skill_state.c.person_id == _PERSON, skill_state.c.skill == _SKILL)
    .values({**_STATE, "stability": bindparam("stability"), "n": bindparam("n")})
)


@dataclass(frozen=True, slots=True)
class Past:
    """One row of evidence with the calibration that was used for it."""

    id: int
    person_id: int
    skill: Skill
    kind: str
    calibration_id: int
    answered: Answered

    def with_repeat(self, right: Collection[str]) -> Answered:
        """The evidence as it was learnt, given which items the person had got right by then."""
        return replace(self.answered, repeat=self.answered.item in right)


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a group with what is known of them."""

    id: int
    name: str
    team_id: int
    general: General
    skills: dict[Skill, SkillState]


# ── calibrations ──────────────────────────────────────────────────────────────────────────────────────────────


def latest_calibration(connection: Connection) -> int | None:
    """The id of the calibration in use, or None before the first evidence."""
    found = connection.execute(_NEWEST, {"item_of": ""}).first()
    return found.id if found else None


def newest_calibration(connection: Connection, item: str, now: datetime) -> tuple[int, Shared]:
    """The calibration in use: its id, and itself with the one item that is needed.

    The first one, of nothing but priors, is made when there is none.
    """
    row = connection.execute(_NEWEST, {"item_of": item}).first()
    if row is None:
        return add_calibration(connection, Shared(), now), Shared()
    return row.id, _shared(row.offsets, {} if row.mean is None else {item: Belief(row.mean, row.var)})


def add_calibration(connection: Connection, shared: Shared, now: datetime) -> int:
    """Keep a calibration; it is never changed afterwards."""
    offsets = {name: list(_pair(getattr(shared, name))) for name in OFFSETS}
    key = connection.execute(
        insert(calibration).values(at=now, model_version=VERSION, offsets=offsets)
    ).inserted_primary_key
    assert key is not None
    number = int(key[0])
    if shared.items:
        connection.execute(
            insert(calibration_item),
            [
                {"calibration_id": number, "item": item, "mean": belief.mean, "var": belief.var}
                for item, belief in shared.items.items()
            ],
        )
    return number


def _pair(belief: Belief) -> tuple[float, float]:
    return belief.mean, belief.var


def find_calibration(connection: Connection, calibration_id: int) -> Shared:
    """A calibration by id, with all items."""
    offsets = connection.scalar(_OFFSETS, {"id": calibration_id})
    assert offsets is not None
    rows = connection.execute(_ITEMS, {"id": calibration_id})
    return _shared(offsets, {row.item: Belief(row.mean, row.var) for row in rows})


def latest_offsets(connection: Connection) -> Shared:
    """The calibration in use without its items; nothing but priors before the first evidence."""
    row = connection.execute(_NEWEST, {"item_of": ""}).first()
    return _shared(row.offsets, {}) if row else Shared()


def _shared(offsets: dict[str, list[float]], items: dict[str, Belief]) -> Shared:
    first, warm, gap, repeat = (Belief(*offsets[name]) for name in OFFSETS)
    return Shared(first=first, warm=warm, gap=gap, repeat=repeat, items=items)


# ── evidence and states ───────────────────────────────────────────────────────────────────────────────────────


def add(
    connection: Connection,
    *,
    person_id: int,
    skill: Skill,
    kind: str,
    answered: Answered,
    calibration_id: int,
    answer_id: int | None,
    exercise_id: int | None,
) -> None:
    """Append one row of evidence."""
    connection.execute(
        _ADD,
        {
            "person_id": person_id,
            "item": answered.item,
            "skill": skill.value,
            "kind": kind,
            "y": answered.y,
            "guess": answered.guess,
            "weight": answered.weight,
            "prior": answered.prior,
            "at": answered.at,
            "answer_id": answer_id,
            "exercise_id": exercise_id,
            "calibration_id": calibration_id,
        },
    )


def got_right(connection: Connection, person_id: int, item: str) -> bool:
    """Whether the person has got this item right before."""
    return connection.scalar(_RIGHT, {"person": person_id, "item_of": item}) is not None


def state(connection: Connection, person_id: int, skill: Skill) -> tuple[General, SkillState]:
    """What is known of a person in general and in one skill."""
    row = connection.execute(_BOTH, {"person": person_id, "skill_of": skill.value}).first()
    if row is None:  # the general state comes with the first answer to anything
        return General(), SkillState()
    general = General(row.general_mean, row.general_var, row.general_at)
    return general, SkillState() if row.n is None else SkillState(row.mean, row.var, row.stability, row.n, row.at)


def states(connection: Connection, person_id: int) -> tuple[General, dict[Skill, SkillState]]:
    """What is known of a person in general and in every skill they were asked about."""
    general = connection.execute(_GENERAL, {"person": person_id}).first()
    rows = connection.execute(_SKILLS, {"person": person_id})
    return (
        General(general.mean, general.var, general.at) if general else General(),
        {Skill(r.skill): SkillState(r.mean, r.var, r.stability, r.n, r.at) for r in rows},
    )


def keep_state(connection: Connection, person_id: int, skill: Skill, general: General, own: SkillState) -> None:
    """Replace what is known of a person in general and in one skill."""
    values: dict[str, Any] = {
        "mean": general.mean,
        "var": general.var,
        "at": general.at,
        "model_version": VERSION,
    }
    if connection.execute(_SET_GENERAL, {"person": person_id, **values}).rowcount == 0:
        connection.execute(_NEW_GENERAL, {"person_id": person_id, **values})
    values = {
        "mean": own.mean,
        "var": own.var,
        "at": own.at,
        "model_version": VERSION,
        "stability": own.stability,
        "n": own.n,
    }
    if connection.execute(_SET_SKILL, {"person": person_id, "skill_of": skill.value, **values}).rowcount == 0:
        connection.execute(_NEW_SKILL, {"person_id": person_id, "skill": skill.value, **values})


def forget_states(connection: Connection) -> None:
    """Drop all states, to be rebuilt from evidence."""
    connection.execute(delete(skill_state))
    connection.execute(delete(person_state))


def all_states(connection: Connection) -> tuple[dict[int, General], dict[tuple[int, Skill], SkillState]]:
    """Every stored state, to compare with a replay."""
    generals = {r.person_id: General(r.mean, r.var, r.at) for r in connection.execute(select(person_state))}
    skills = {
        (r.person_id, Skill(r.skill)): SkillState(r.mean, r.var, r.stability, r.n, r.at)
        for r in connection.execute(select(skill_state))
    }
    return generals, skills


def history(connection: Connection, person_id: int | None = None) -> Iterator[Past]:
    """Evidence in the order it was learnt, of one person or of all."""
    query = select(evidence).order_by(evidence.c.id)
    if person_id is not None:
        query = query.where(evidence.c.person_id == person_id)
    for row in connection.execute(query):
        yield Past(
            id=row.id,
            person_id=row.person_id,
            skill=Skill(row.skill),
            kind=row.kind,
            calibration_id=row.calibration_id,
            answered=Answered(row.item, row.y, row.at, row.guess, row.weight, row.prior),
        )


# ── groups ────────────────────────────────────────────────────────────────────────────────────────────────────


def team_names(connection: Connection, ids: Iterable[int] | None = None) -> dict[int, str]:
    """Teams by id, in order of name."""
    query = select(team.c.id, team.c.name).order_by(team.c.name)
    if ids is not None:
        query = query.where(team.c.id.in_(list(ids)))
    return {row.id: row.name for row in connection.execute(query)}


def members(connection: Connection, teams: Iterable[int]) -> list[Member]:
    """Active people of the teams with their states, in order of name."""
    where = and_(person.c.team_id.in_(list(teams)), person.c.active)
    people = {
        row.id: Member(
            row.id,
            row.name,
            row.team_id,
            General(row.mean, row.var, row.at) if row.mean is not None else General(),
            {},
        )
        for row in connection.execute(
            select(
                person.c.id, person.c.name, person.c.team_id, person_state.c.mean, person_state.c.var, person_state.c.at
            )
            .outerjoin_from(person, person_state, person.c.id == person_state.c.person_id)
            .where(where)
            .order_by(person.c.name, person.c.id)
        )
    }
    for row in connection.execute(select(skill_state).join_from(skill_state, person).where(where)):
        people[row.person_id].skills[Skill(row.skill)] = SkillState(row.mean, row.var, row.stability, row.n, row.at)
    return list(people.values())


# ── daily counts ──────────────────────────────────────────────────────────────────────────────────────────────


def keep_day(connection: Connection, day: date, counts: dict[tuple[int, str], Counts]) -> None:
    """Replace the counts of a day; keys are (team, skill or "all")."""
    connection.execute(delete(team_day).where(team_day.c.day == day))
    if counts:
        connection.execute(
            insert(team_day),
            [
                {
                    "day": day,
                    "team_id": team_id,
                    "skill": skill,
                    "people": c.people,
                    "ready": c.ready,
                    "refresh": c.refresh,
                    "uncertain": c.uncertain,
                    "gap": c.gap,
                    "not_assessed": c.not_assessed,
                    "sum_p": c.sum_p,
                }
                for (team_id, skill), c in counts.items()
            ],
        )


def latest_day(connection: Connection) -> date | None:
    """The day of the newest counts, or None."""
    found: date | None = connection.scalar(select(func.max(team_day.c.day)))
    return found


def days(
    connection: Connection, teams: Iterable[int], skill: str, since: date = date.min
) -> list[tuple[date, int, Counts]]:
    """Counts by day and team, oldest first."""
    t = team_day.c
    rows = connection.execute(
        select(team_day).where(t.team_id.in_(list(teams)), t.skill == skill, t.day >= since).order_by(t.day, t.team_id)
    )
    return [
        (r.day, r.team_id, Counts(r.people, r.ready, r.refresh, r.uncertain, r.gap, r.not_assessed, r.sum_p))
        for r in rows
    ]
