"""What becomes of a group when nothing is done, what would move it, and what may be told of groups."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.readiness.model import NOBODY, NOTHING, Answered, General, Shared, SkillState, learn
from domain.readiness.outlook import WEEKS, Lever, fading, lever
from domain.readiness.rollup import CRITICAL, SMALLEST, Counts, count, hidden, open_groups, overall, together
from domain.readiness.standing import Standing, Status, standing
from domain.skills import Skill

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
Known = tuple[General, dict[Skill, SkillState]]


def practised(seed: int, rounds: int, ability: float) -> Known:
    """Somebody who answered five questions of each critical skill, `rounds` times, two weeks apart, until yesterday."""
    chance = random.Random(seed)
    general, skills = NOBODY, dict[Skill, SkillState]()
    for number in range(rounds):
        at = NOW - timedelta(days=1 + 14 * (rounds - 1 - number))
        for skill in CRITICAL:
            for item in range(5):
                y = float(chance.random() < ability)
                answered = Answered(f"{skill}-{number}-{item}", y, at + timedelta(minutes=item))
                step = learn(general, skills.get(skill, NOTHING), answered, Shared())
                general, skills[skill] = step.general, step.skill
    return general, skills


def ready(people: list[Known], at: datetime) -> int:
    """The slow way: everybody's overall status at that moment."""
    found = [{s: standing(g, k.get(s, NOTHING), at, Shared()) for s in Skill} for g, k in people]
    return sum(overall(each).status is Status.READY for each in found)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 6), st.floats(0.5, 1.0)), max_size=6))
def test_the_forecast_is_what_everybodys_status_will_be_and_only_falls(several: list[tuple[int, int, float]]) -> None:
    people = [practised(*each) for each in several]
    counts = fading(people, NOW, Shared())
    assert len(counts) == WEEKS + 1
    assert list(counts) == sorted(counts, reverse=True)
    assert list(counts) == [ready(people, NOW + timedelta(weeks=week)) for week in range(WEEKS + 1)]


def test_those_who_kept_it_up_last_longer_but_not_for_ever() -> None:
    once, often = fading([practised(1, 1, 1.0)], NOW, Shared()), fading([practised(1, 6, 1.0)], NOW, Shared())
    assert once[0] == often[0] == 1
    assert sum(once) < sum(often)
    assert fading([practised(1, 1, 1.0)], NOW, Shared(), weeks=60)[-1] == 0


def stands(spot: Status, report: Status) -> dict[Skill, Standing]:
    return {
        skill: Standing(status, 0.5, 0.4, 0.6, 0.5, 5, NOW)
        for skill, status in ((Skill.SPOT, spot), (Skill.REPORT, report))
    }


def test_the_lever_is_what_most_people_lack_alone() -> None:
    group = [
        stands(Status.READY, Status.REFRESH),
        stands(Status.READY, Status.GAP),
        stands(Status.UNCERTAIN, Status.READY),
        *[stands(Status.UNCERTAIN, Status.NOT_ASSESSED)] * 5,
    ]
    assert lever(group) == Lever(Skill.REPORT, people=2, lacking=7)
    assert lever([stands(Status.READY, Status.READY)] * 9) is None
    assert lever([stands(Status.GAP, Status.GAP)]) == Lever(Skill.SPOT, people=0, lacking=1)


def test_doing_what_the_lever_says_makes_that_many_people_ready() -> None:
    group = [stands(a, b) for a in Status for b in Status]
    found = lever(group)
    assert found is not None
    better = [{**each, found.skill: stands(Status.READY, Status.READY)[found.skill]} for each in group]
    before, after = (sum(overall(each).status is Status.READY for each in several) for several in (group, better))
    assert after - before == found.people


@given(st.dictionaries(st.integers(1, 6), st.integers(0, 12), min_size=1), st.sets(st.integers(1, 6)))
def test_no_sums_that_are_told_leave_fewer_than_five_people_by_subtraction(
    sizes: dict[int, int], secret: set[int]
) -> None:
    whole = open_groups(sizes, sizes, secret)
    alone = [team for team in sizes if open_groups(sizes, {team} - secret, secret)]
    for team in alone:
        assert sizes[team] >= SMALLEST
        assert team not in secret or {t for t, n in sizes.items() if n} == {team}
    if whole is not None:
        assert sum(sizes[team] for team in whole) >= SMALLEST
        # What is left of the whole when every team that is told alone is taken away.
        left = sum(sizes[team] for team in whole if team not in alone)
        assert left == 0 or left >= SMALLEST


def test_a_small_team_is_not_told_and_takes_the_next_one_with_it() -> None:
    sizes = {1: 52, 2: 34, 3: 26, 4: 4}
    assert hidden(sizes) == {3, 4}
    assert open_groups(sizes, {4}) is None
    assert open_groups(sizes, {3}) is None
    assert open_groups(sizes, {2}) == frozenset({2})
    assert open_groups(sizes, sizes) == frozenset({1, 2, 3, 4})


def test_two_small_teams_that_grew_since_are_left_out_of_the_day_on_which_they_were_four_people() -> None:
    # Team 3 and 4 hide each other today; on that day there were four people in both.
    assert open_groups({1: 30, 3: 2, 4: 2}, {1, 3, 4}, {3, 4}) == frozenset(
        {1, 3, 4}
    )  # and with them team 1 is hidden alone
    assert open_groups({1: 30, 3: 2, 4: 2}, {1}, {3, 4}) is None


def test_counts_add_up() -> None:
    several = [count([(Status.READY, 0.9), (Status.GAP, 0.2)]), count([(Status.NOT_ASSESSED, None)]), Counts()]
    assert together(several) == count([(Status.READY, 0.9), (Status.GAP, 0.2), (Status.NOT_ASSESSED, None)])
