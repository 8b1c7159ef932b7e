"""Live exercises as services: planned, joined, run, played, watched, and nobody shown what is not theirs."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db import live as rows
from db import people, sessions
from db import tables as t
from domain.hot_wash import STAGES
from domain.people import Person, Role
from domain.refusal import Forbidden, Refused
from services import accounts, hot_wash
from services.accounts import Browser, TooMany
from services.app import App
from services.live import clockwork, conduct, join, plan, play, watch
from tests import factories

SLUG = "results-page"
AT_HOME = Browser("192.0.2.7")


@dataclass
class Setting:
    """An exercise with its lobby open, and whoever is in it."""

    app: App
    number: int
    code: str
    robin: Person  # runs it
    seats: dict[str, Person]

    def seq(self) -> int:
        return watch.facilitator(self.app, self.robin, self.number).console.seq

    def console(self):
        return watch.facilitator(self.app, self.robin, self.number).console

    def view(self, seat: str):
        shown = watch.player(self.app, self.seats[seat], self.number).view
        assert shown is not None
        return shown

    def vote(self, seat: str, decision: str, option: str, reason: str = "because"):
        seen = self.view(seat).seq
        return play.vote(self.app, self.seats[seat], self.number, decision, option, reason, seat=seat, seen=seen)


def guest(app: App, code: str, name: str, browser: Browser = AT_HOME) -> Person:
    return join.as_guest(app, code, name, browser).person


def laid(app: App, *seats: str, start: bool = True, **options) -> Setting:
    """An exercise run by Robin with guests on the seats."""
    robin = factories.person(app, Role.SECURITY, name="Robin")
    number = plan.plan(app, robin, SLUG, key="k")
    code = plan.open_lobby(app, robin, number)
    people_at = {}
    for seat in seats:
        person = guest(app, code, f"Guest {seat}")
        join.take(app, person, number, seat)
        people_at[seat] = person
    if start:
        conduct.start(app, robin, number, **options)
        clockwork.tick(app)
    return Setting(app, number, code, robin, people_at)


def first_vote(setting: Setting, clock) -> str:
    """Time passes until a decision is open; its id."""
    for _ in range(500):
        if setting.console().tallies:
            return str(setting.console().tallies[0].decision.id)
        clock.forward(minutes=1)
        clockwork.tick(setting.app)
    raise AssertionError("nothing is ever asked")


def seated_voter(setting: Setting, decision: str) -> str:
    script = setting.console().tallies[0].decision
    return next(seat for seat in setting.seats if not script.seats or seat in script.seats)


# ── before ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_exercise_is_planned_once_however_often_the_button_is_pressed(app: App):
    robin = factories.person(app, Role.SECURITY)
    assert plan.plan(app, robin, SLUG, key="a") == plan.plan(app, robin, SLUG, key="a")
    assert plan.plan(app, robin, SLUG, key="b") != plan.plan(app, robin, SLUG, key="a")
    with pytest.raises(Forbidden):
        plan.plan(app, factories.person(app), SLUG, key="c")


def test_a_guest_comes_in_by_code_and_sees_their_own_exercise_alone(app: App):
    ours, theirs = laid(app, "lead"), laid(app, "it")
    ann = ours.seats["lead"]
    assert ann.roles == {Role.GUEST}
    assert [mine.live.id for mine in plan.mine(app, ann)] == [ours.number]
    assert ours.view("lead").seat.id == "lead"
    for look in (watch.player, watch.observer, watch.wall, watch.versions, watch.part):
        with pytest.raises(Forbidden):
            look(app, ann, theirs.number)
    for screen in (watch.observer, watch.wall, watch.facilitator):
        with pytest.raises(Forbidden):
            screen(app, ann, ours.number)
    from services import exercises, learning

    for service in (exercises.mine, learning.path, accounts.my_sessions):
        with pytest.raises(Forbidden):
            service(app, ann)


def test_a_guest_is_no_account_in_any_list_and_cannot_be_made_one(app: App):
    setting = laid(app, "lead")
    from services import people as staff

    assert [each.name for each in staff.everyone(app, setting.robin)] == ["Robin"]
    for roles in ({Role.SECURITY}, {Role.GUEST}):
        with pytest.raises(Refused, match="Guests come by the code"):
            staff.change(app, setting.robin, setting.seats["lead"].id, roles=frozenset(roles), team_id=None)


@pytest.mark.parametrize("typed", ["{code}", "{lower}", " {dashed} ", "{spaced}"])
def test_a_code_is_read_however_it_is_typed(app: App, typed: str):
    setting = laid(app)
    code = setting.code
    shown = typed.format(code=code, lower=code.lower(), dashed=plan.shown_code(code), spaced=f"{code[:4]} {code[4:]}")
    assert guest(app, shown, "Ann").name == "Ann"


def test_codes_cannot_be_tried_out(app: App, clock):
    setting = laid(app)
    assert len(setting.code) == 8
    assert set(setting.code) <= set(plan.ALPHABET)
    elsewhere = Browser("192.0.2.99")
    for _ in range(join.TRIES):
        with pytest.raises(Refused, match="lets nobody in"):
            guest(app, "AAAAAAAA", "Eve", elsewhere)
    with pytest.raises(TooMany):
        guest(app, setting.code, "Eve", elsewhere)
    assert guest(app, setting.code, "Ann").name == "Ann"
    clock.forward(minutes=16)
    assert guest(app, setting.code, "Bea", elsewhere).name == "Bea"


def test_a_code_is_good_from_the_lobby_to_the_end(app: App):
    robin = factories.person(app, Role.SECURITY)
    number = plan.plan(app, robin, SLUG, key="k")
    code = plan.open_lobby(app, robin, number)
    assert plan.open_lobby(app, robin, number) == code
    other = plan.new_code(app, robin, number)
    with pytest.raises(Refused, match="lets nobody in"):
        guest(app, code, "Ann")
    ann = guest(app, other, "Ann")
    assert guest(app, other, "ann").name == "ann (2)"
    conduct.end(app, robin, number)
    with pytest.raises(Refused, match="lets nobody in"):
        guest(app, other, "Bea")
    assert watch.player(app, ann, number).seen.live.status == "ended"
    for stage in STAGES[:-1]:
        hot_wash.go_on(app, robin, number, stage)
    with pytest.raises(Forbidden):
        watch.player(app, ann, number)


def test_a_guests_session_ends_with_the_hot_wash_and_when_they_are_removed(app: App):
    setting = laid(app)
    ann, bea = (join.as_guest(app, setting.code, name, AT_HOME) for name in ("Ann", "Bea"))
    assert accounts.principal(app, ann.token) is not None
    plan.remove(app, setting.robin, setting.number, ann.person.id)
    assert accounts.principal(app, ann.token) is None
    assert accounts.principal(app, bea.token) is not None
    conduct.end(app, setting.robin, setting.number)
    for stage in STAGES[:-1]:
        assert accounts.principal(app, bea.token) is not None
        hot_wash.go_on(app, setting.robin, setting.number, stage)
    assert accounts.principal(app, bea.token) is None


def test_who_has_an_account_joins_as_themselves(app: App):
    setting = laid(app)
    kim = factories.person(app, name="Kim")
    assert join.enter(app, kim, setting.code, AT_HOME) == setting.number
    assert join.enter(app, kim, setting.code, AT_HOME) == setting.number
    assert watch.player(app, kim, setting.number).view is None
    assert ("lead", "Incident lead") in watch.player(app, kim, setting.number).free
    join.take(app, kim, setting.number, "lead")
    with pytest.raises(Refused, match="Kim sits there"):
        join.take(app, guest(app, setting.code, "Ann"), setting.number, "lead")


def test_the_facilitator_seats_moves_and_removes_people(app: App):
    setting = laid(app, "lead", "it")
    plan.seat(app, setting.robin, setting.number, setting.seats["lead"].id, "player", "comms")
    assert setting.view("lead").seat.id == "comms"
    plan.seat(app, setting.robin, setting.number, setting.seats["it"].id, "player", "comms")
    parts = {guest.member.name: (guest.member.part, guest.member.seat) for guest in _people(setting)}
    assert parts == {
        "Robin": ("facilitator", ""),
        "Guest lead": ("deputy", "comms"),
        "Guest it": ("player", "comms"),
    }
    plan.remove(app, setting.robin, setting.number, setting.seats["it"].id)
    places = {place.id: place.player for place in setting.console().places}
    assert places["comms"] == places["it"] == places["lead"] == ""
    with pytest.raises(Refused, match="not in the security team"):
        plan.seat(app, setting.robin, setting.number, factories.person(app).id, "facilitator")
    with pytest.raises(Refused, match="Hand it over first"):
        plan.remove(app, setting.robin, setting.number, setting.robin.id)


def _people(setting: Setting):
    return plan.lobby(setting.app, setting.robin, setting.number).people


def test_a_guest_of_another_exercise_cannot_be_seated_here(app: App):
    ours, theirs = laid(app), laid(app, "lead")
    with pytest.raises(Forbidden):
        plan.seat(app, ours.robin, ours.number, theirs.seats["lead"].id, "player", "lead")


# ── during ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_due_comes_by_itself_once(app: App, clock):
    setting = laid(app, "lead")
    sent = len(setting.console().messages)
    clock.forward(hours=2)
    assert clockwork.tick(app) == 1
    assert clockwork.tick(app) == 0
    names = [message.id for message in setting.console().messages]
    assert len(names) > sent
    assert len(set(names)) == len(names)


def test_a_held_inject_waits_and_a_paused_exercise_stands(app: App, clock):
    setting = laid(app, "lead")
    following = setting.console().following.inject.id
    conduct.hold(app, setting.robin, setting.number, following, setting.seq())
    clock.forward(hours=3)
    clockwork.tick(app)
    assert following not in {message.id for message in setting.console().messages}
    conduct.pause(app, setting.robin, setting.number, setting.seq())
    t = setting.console().t
    clock.forward(hours=3)
    assert clockwork.tick(app) == 0
    assert setting.console().t == t
    with pytest.raises(Refused, match="paused"):
        conduct.release(app, setting.robin, setting.number, following, setting.seq())


def test_a_vote_is_blind_until_it_is_closed_then_the_lead_decides(app: App, clock):
    setting = laid(app, "lead", "it", "privacy", "comms", "care", "exec")
    decision = first_vote(setting, clock)
    asked = setting.console().tallies[0].decision
    voters = asked.seats or tuple(setting.seats)
    options = [option.id for option in asked.options]
    setting.vote(voters[0], decision, options[0], "SECRET-REASON")
    other = voters[1]
    ask = next(ask for ask in setting.view(other).asks if ask.id == decision)
    assert (ask.voted, ask.voters, ask.ballots) == (1, len(voters), ())
    assert "SECRET-REASON" not in repr(setting.view(other))
    wall = watch.wall(app, setting.robin, setting.number)
    assert "SECRET-REASON" not in repr(wall)
    assert {place.id for place in setting.console().tallies[0].silent} == set(voters[1:])
    conduct.close_vote(app, setting.robin, setting.number, decision, setting.seq())
    assert "SECRET-REASON" in repr(setting.view(other).asks)
    with pytest.raises(Refused, match="closed by Robin a moment ago"):
        setting.vote(other, decision, options[0])
    with pytest.raises(Refused, match="writes down what the team decides"):
        play.decide(app, setting.seats["comms"], setting.number, decision, options[0], "", seat="comms")
    play.decide(app, setting.seats["lead"], setting.number, decision, options[0], "we talked", seat="lead")
    with pytest.raises(Refused, match="Decided by Guest lead a moment ago"):
        conduct.decide(app, setting.robin, setting.number, decision, options[0])
    assert setting.view(other).taken[0].why == "we talked"


def test_a_timed_vote_closes_by_itself_and_can_be_extended(app: App, clock):
    setting = laid(app, "lead", timed=True)
    decision = first_vote(setting, clock)
    tally = setting.console().tallies[0]
    assert tally.closes == tally.opened + tally.decision.within
    later = tally.closes + timedelta(minutes=5)
    conduct.extend(app, setting.robin, setting.number, decision, later, setting.seq())
    clock.moment += tally.closes - setting.console().t
    clockwork.tick(app)
    seat = seated_voter(setting, decision)
    setting.vote(seat, decision, tally.decision.options[0].id)
    clock.moment += later - setting.console().t
    with pytest.raises(Refused, match="closed"):  # at that instant, whether anybody has looked at the clock or not
        setting.vote(seat, decision, tally.decision.options[1].id)
    clockwork.tick(app)
    assert next(each for each in setting.console().tallies if each.decision.id == decision).closed


def test_improvised_messages_reach_whom_they_are_for_and_nobody_else(app: App):
    setting = laid(app, "lead", "it")
    for _ in range(2):  # a double click
        conduct.improvise(
            app, setting.robin, setting.number, "form-1", title="A call", text="ONLY-FOR-IT", seats=("it",)
        )
    assert "ONLY-FOR-IT" not in repr(setting.view("lead"))
    assert "ONLY-FOR-IT" not in repr(watch.wall(app, setting.robin, setting.number))
    assert [message.text for message in setting.view("it").messages].count("ONLY-FOR-IT") == 1
    last = setting.console().undoable
    conduct.undo(app, setting.robin, setting.number, last, setting.seq())
    assert "ONLY-FOR-IT" not in repr(setting.view("it"))


def test_two_facilitators_do_not_undo_what_they_have_not_seen(app: App):
    setting = laid(app, "lead")
    ada = factories.person(app, Role.SECURITY, name="Ada")
    plan.seat(app, setting.robin, setting.number, ada.id, "facilitator")
    seen, last = setting.seq(), setting.console().undoable
    following = setting.console().following.inject.id
    conduct.release(app, ada, setting.number, following, seen)
    with pytest.raises(Refused, match="Sent by Ada a moment ago"):
        conduct.release(app, setting.robin, setting.number, following, seen)
    with pytest.raises(Refused, match="sent or taken back by Ada a moment ago"):
        conduct.undo(app, setting.robin, setting.number, last, seen)


def test_a_double_click_is_one_act_and_the_same_act_later_is_another(app: App):
    setting = laid(app, "lead")
    seen, following = setting.seq(), setting.console().following.inject.id
    first = conduct.release(app, setting.robin, setting.number, following, seen)
    again = conduct.release(app, setting.robin, setting.number, following, seen)
    assert (first.key, again.again) == (again.key, True)
    conduct.undo(app, setting.robin, setting.number, following, setting.seq())
    conduct.release(app, setting.robin, setting.number, following, setting.seq())
    assert following in {message.id for message in setting.console().messages}


def test_a_handover_leaves_the_giver_watching(app: App):
    setting = laid(app, "lead")
    ada = factories.person(app, Role.SECURITY, name="Ada")
    with pytest.raises(Refused, match="somebody else of the security team"):
        plan.hand_over(app, setting.robin, setting.number, factories.person(app).id)
    plan.hand_over(app, setting.robin, setting.number, ada.id)
    assert watch.part(app, setting.robin, setting.number).part == "observer"
    with pytest.raises(Forbidden):
        conduct.pause(app, setting.robin, setting.number, 0)
    conduct.pause(app, ada, setting.number, watch.facilitator(app, ada, setting.number).console.seq)


def test_a_late_joiner_sees_every_inject_released_so_far_and_no_notes_of_others(app: App, clock):
    setting = laid(app, "lead", "it")
    clock.forward(hours=2)
    clockwork.tick(app)
    play.note(app, setting.seats["it"], setting.number, "MY-OWN-NOTE", "n1")
    plan.remove(app, setting.robin, setting.number, setting.seats["it"].id)
    late = guest(app, setting.code, "Late")
    join.take(app, late, setting.number, "it")
    setting.seats["late"] = late
    shown = setting.view("late")
    assert [m.id for m in shown.messages] == [m.id for m in setting.view("lead").messages]
    assert "MY-OWN-NOTE" not in repr(shown)
    assert "MY-OWN-NOTE" not in repr(setting.console())


def test_a_deputy_acts_only_while_the_holder_is_not_here(app: App, clock):
    setting = laid(app, "lead", "it")
    deputy = guest(app, setting.code, "Deputy")
    plan.seat(app, setting.robin, setting.number, deputy.id, "deputy", "lead")
    decision = first_vote(setting, clock)
    seat = "lead"
    option = setting.console().tallies[0].decision.options[0].id
    lead = setting.seats["lead"]
    clockwork.still_here(app, {(setting.number, lead.id)})
    assert not watch.player(app, deputy, setting.number).acts
    with pytest.raises(Refused, match="Guest lead is here"):
        play.vote(app, deputy, setting.number, decision, option, "", seat=seat, seen=0)
    clock.forward(seconds=46)
    assert watch.player(app, deputy, setting.number).acts
    play.vote(app, deputy, setting.number, decision, option, "", seat=seat, seen=0)
    with pytest.raises(Refused, match="sit elsewhere"):
        play.vote(app, deputy, setting.number, decision, option, "", seat="it", seen=0)


def test_an_observation_is_tied_to_what_prompted_it_and_may_rate_an_objective(app: App):
    setting = laid(app, "lead")
    eva = factories.person(app, name="Eva")
    plan.seat(app, setting.robin, setting.number, eva.id, "observer")
    screen = watch.observer(app, eva, setting.number).watch
    about = screen.room.messages[0].id
    objective = screen.objectives[0].id
    play.observe(app, eva, setting.number, "They hesitated.", "o1", about=about, objective=objective, rating="S")
    (seen,) = watch.observer(app, eva, setting.number).watch.observations
    assert (seen.about, seen.rating) == (about, "S")
    with pytest.raises(Refused, match="not come up"):
        play.observe(app, eva, setting.number, "x", "o2", about=setting.console().following.inject.id)
    with pytest.raises(Forbidden):
        play.observe(app, setting.seats["lead"], setting.number, "x", "o3")
    assert "They hesitated" not in repr(setting.view("lead"))


def test_a_nudge_is_seen_by_its_seat_until_it_has_voted(app: App, clock):
    setting = laid(app, "lead", "it", "privacy")
    decision = first_vote(setting, clock)
    seat = seated_voter(setting, decision)
    conduct.nudge(app, setting.robin, setting.number, seat, setting.seq())
    assert [name for name in setting.seats if setting.view(name).nudged] == [seat]
    setting.vote(seat, decision, setting.console().tallies[0].decision.options[0].id)
    assert not setting.view(seat).nudged


# ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_shown_becomes_evidence_of_each_by_their_own_vote(app: App, clock):
    setting = laid(app)
    kim, lee, eva = (factories.person(app, name=name) for name in ("Kim", "Lee", "Eva"))
    plan.seat(app, setting.robin, setting.number, kim.id, "player", "lead")
    plan.seat(app, setting.robin, setting.number, lee.id, "player", "it")
    plan.seat(app, setting.robin, setting.number, eva.id, "observer")
    ann = guest(app, setting.code, "Ann")
    join.take(app, ann, setting.number, "privacy")
    decision = first_vote(setting, clock)
    option = setting.console().tallies[0].decision.options[0].id
    play.vote(app, kim, setting.number, decision, option, "", seat="lead", seen=0)
    conduct.close_vote(app, setting.robin, setting.number, decision, setting.seq())
    conduct.decide(app, setting.robin, setting.number, decision, option, by="lead")
    conduct.end(app, setting.robin, setting.number)
    with app.db.read() as connection:
        e = t.evidence.c
        kinds = {
            who.name: sorted(
                (row.kind, row.weight)
                for row in connection.execute(select(e.kind, e.weight).where(e.person_id == who.id).distinct())
            )
            for who in (kim, lee, eva, ann, setting.robin)
        }
    assert kinds["Kim"] == [("team", 0.5), ("vote", 1.0)]
    assert kinds["Eva"] == [("team", 0.25)]
    assert kinds["Ann"] == kinds["Robin"] == []
    assert set(kinds["Lee"]) <= {("team", 0.5)}
    from services import exercises

    assert exercises.debrief(app, kim, setting.number).votes == {decision: option}
    assert [run.exercise.id for run in exercises.mine(app, kim)] == [setting.number]


def test_saying_how_sure_one_is_goes_with_the_vote_and_may_be_said_anew(app: App, clock):
    setting = laid(app, "lead", "it", "privacy", "comms", "care", "exec")
    decision = first_vote(setting, clock)
    asked = setting.console().tallies[0].decision
    seat, option = seated_voter(setting, decision), asked.options[0].id
    for sure in (None, True, False):
        play.vote(app, setting.seats[seat], setting.number, decision, option, "", seat=seat, seen=0, sure=sure)
        assert next(ask for ask in setting.view(seat).asks if ask.id == decision).my_sure is sure


def test_acting_in_a_live_exercise_as_if_alone_is_refused(app: App):
    from services import exercises

    setting = laid(app)
    kim = factories.person(app)
    plan.seat(app, setting.robin, setting.number, kim.id, "player", "lead")
    for act in (
        lambda: exercises.screen(app, kim, setting.number),
        lambda: exercises.go_on(app, kim, setting.number, setting.seq()),
        lambda: exercises.stop(app, kim, setting.number),
    ):
        with pytest.raises(Forbidden):
            act()
    assert setting.console().phase == "running"


def test_every_change_has_a_version_and_players_hear_only_of_what_they_see(app: App, clock):
    setting = laid(app, "lead", "it")

    def count() -> tuple[int, int]:
        with app.db.read() as connection:
            found = rows.versions(connection, [setting.number])[setting.number]
        return found.version, found.shown

    decision = first_vote(setting, clock)
    version, shown = count()
    setting.vote(seated_voter(setting, decision), decision, setting.console().tallies[0].decision.options[0].id)
    assert count() == (version + 1, shown)
    conduct.close_vote(app, setting.robin, setting.number, decision, setting.seq())
    assert count() == (version + 2, version + 2)


def test_a_recorded_run_replays_the_same_after_its_file_was_edited(app: App, clock):
    from services import scripts
    from services.live import table

    setting = laid(app, "lead")
    clock.forward(hours=2)
    clockwork.tick(app)
    before = setting.console()
    library = app.library.current
    edited = {SLUG: library.scenarios[SLUG].model_copy(update={"title": "Another story", "injects": ()})}
    original = library.scenarios
    try:
        object.__setattr__(library, "scenarios", edited)
        scripts._scripts.clear()
        table._known.clear()
        assert setting.console() == before
        assert plan.plan(app, setting.robin, SLUG, key="new", title="") != setting.number
    finally:
        object.__setattr__(library, "scenarios", original)


def test_leaving_frees_the_seat_and_signs_a_guest_out(app: App):
    setting = laid(app, "lead")
    join.leave(app, setting.seats["lead"], setting.number)
    with app.db.read() as connection:
        assert (
            connection.scalar(select(func.count()).select_from(t.session).where(t.session.c.revoked_at.is_(None))) == 0
        )
        person = people.find(connection, setting.seats["lead"].id)
        assert person is not None
        assert not person.active
        assert sessions.of_person(connection, person.id, app.now(), timedelta(hours=1)) == ()
    assert {place.id: place.player for place in setting.console().places}["lead"] == ""
