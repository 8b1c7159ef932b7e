"""Looking: what each kind of member may see of a live exercise now, and who may be told that something has changed.

Nobody is shown what is not theirs: a player gets the view of their seat, the room what everybody has been shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from db import live
from db.live import Live, Member, Versions
from domain.channel import CHANNELS
from domain.exercise import Console, Room, View, Watch, console, room, view, watch
from domain.exercise.view import Desk, Message, desk, messages
from domain.people import Person, Role
from domain.refusal import Forbidden
from domain.run_sheet import in_order
from domain.scenario import Scenario
from domain.span import moment
from services import scripts
from services.app import App
from services.authority import GUESTS_TOO, permits, unguarded
from services.live import table
from services.live.table import EVERYBODY, FACILITATOR, PRESENT, SEATED, STAFF

DEPUTY: frozenset[live.Part] = frozenset({"deputy"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What goes with every screen: the exercise, who looks, and how people are called by their number."""

    live: Live
    me: Member
    names: Mapping[str, str]
    held: tuple[str, ...] = ()  # messages that stand on it, as `news` names them; those who are told none need not say

    @property
    def version(self) -> int:
        """What the screen shows, for the component that waits for more."""
        return self.live.version if self.me.part in STAFF else self.live.shown


@dataclass(frozen=True, slots=True)
class Playing:
    """A player's screen. Without a seat there is no view, only seats to choose from."""

    seen: Seen
    view: View | None
    free: tuple[tuple[str, str], ...]  # seats that nobody holds: id and title
    acts: bool  # whether they act for the seat now: a deputy does not while its holder is here
    leads: bool  # whether the seat speaks for the team


@dataclass(frozen=True, slots=True)
class Conducting:
    """The facilitator's screen."""

    seen: Seen
    console: Console
    here: frozenset[str]  # numbers of the people who have a screen open
    people: tuple[Member, ...]
    scenario: Scenario  # the variant that is played
    order: tuple[str, ...]  # injects that can come in it, as they are met
    desk: tuple[Desk, ...]  # letters as they stand


@dataclass(frozen=True, slots=True)
class Observing:
    """The evaluator's screen."""

    seen: Seen
    watch: Watch


@dataclass(frozen=True, slots=True)
class Projecting:
    """The screen on the wall."""

    seen: Seen
    room: Room
    waiting: tuple[str, ...]  # names of people who have come and have no seat yet


@dataclass(frozen=True, slots=True)
class Newest:
    """The last message that a seat was sent, as words to show until the screen is drawn again.

    What only this seat reads in it and what is attached come with the drawing.
    """

    id: str
    at: str
    channel: str
    sender: str
    title: str
    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What is new for whom in an exercise that has come this far; who is not in it has been sent nothing."""

    version: int
    newest: Mapping[int, Newest]  # by the number of a person who holds a seat or stands in for one
    players: int  # who may have a screen open


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look at the exercise found."""

    at: table.Table
    seen: Seen
    everybody: tuple[Member, ...]
    here: frozenset[int]  # who has a screen open; asked for only where it matters


def _look(
    app: App, actor: Person, exercise_id: int, parts: frozenset[live.Part], *, presence: frozenset[live.Part] = DEPUTY
) -> _Look:
    with app.db.read() as connection:
        at = table.at(app, connection, actor, exercise_id, parts)
        everybody = table.everybody(app, connection, at.live)
        asked = at.member.part in presence
        here = live.present(connection, exercise_id, app.now() - PRESENT) if asked else frozenset[int]()
    names = {str(member.person_id): member.name for member in everybody}
    return _Look(at, Seen(at.live, at.member, names), everybody, here)


@permits(*GUESTS_TOO)
def part(app: App, actor: Person, exercise_id: int) -> Member:
    """What the person is in this exercise, so that a page knows which screen is theirs. Raises Forbidden."""
    return table.read(app, actor, exercise_id, EVERYBODY).member


@permits(*GUESTS_TOO)
def player(app: App, actor: Person, exercise_id: int) -> Playing:
    """The screen of the person's seat."""
    found = _look(app, actor, exercise_id, SEATED)
    script, state, me = found.at.script, found.at.state, found.at.member
    free = tuple((seat.id, seat.title) for seat in script.scenario.seats if not state.players.get(seat.id))
    if not me.seat:
        return Playing(found.seen, None, free, acts=False, leads=False)
    holder = state.players.get(me.seat, "")
    shown = view(script.scenario, script.regimes, state, me.seat, app.now(), str(actor.id))
    acts = me.part == "player" or holder in {"", str(actor.id)} or holder not in {str(who) for who in found.here}
    seen = replace(found.seen, held=tuple(sent(message) for message in shown.messages))
    return Playing(seen, shown, free, acts, me.seat == script.scenario.leads)


@permits(Role.SECURITY)
def facilitator(app: App, actor: Person, exercise_id: int) -> Conducting:
    """The facilitator's console, and what the small remote is made of."""
    found = _look(app, actor, exercise_id, FACILITATOR, presence=FACILITATOR)
    scenario, state, now = found.at.script.scenario, found.at.state, app.now()
    return Conducting(
        seen=found.seen,
        console=console(scenario, found.at.script.regimes, state, found.at.log, now),
        here=frozenset(str(who) for who in found.here),
        people=found.everybody,
        scenario=scenario,
        order=tuple(inject.id for inject in in_order(scenario, state.dials)),
        desk=desk(scenario, state, None, state.clock.at(now)),
    )


@permits(*GUESTS_TOO)
def observer(app: App, actor: Person, exercise_id: int) -> Observing:
    """The evaluator's screen; facilitators may use it too."""
    found = _look(app, actor, exercise_id, STAFF)
    script = found.at.script
    return Observing(found.seen, watch(script.scenario, script.regimes, found.at.state, str(actor.id), app.now()))


@permits(*GUESTS_TOO)
def wall(app: App, actor: Person, exercise_id: int) -> Projecting:
    """The room's screen, for whoever runs or watches it."""
    found = _look(app, actor, exercise_id, STAFF)
    script = found.at.script
    waiting = tuple(member.name for member in found.everybody if member.part in SEATED and not member.seat)
    return Projecting(found.seen, room(script.scenario, script.regimes, found.at.state, app.now()), waiting)


@permits(*GUESTS_TOO)
def versions(app: App, actor: Person, exercise_id: int) -> tuple[Member, Versions]:
    """How far the exercise has come, for one of its members. Raises Forbidden."""
    found = looked(app, actor.id, exercise_id)
    if found is None:
        raise Forbidden(table.NOBODY)
    return found


@unguarded("the edge asks every two seconds for whoever the gate has just let in; the membership is looked up")
def looked(app: App, person_id: int, exercise_id: int) -> tuple[Member, Versions] | None:
    """The same in one question; None for whoever does not belong to the exercise."""
    with app.db.read() as connection:
        met = live.meet(connection, exercise_id, person_id)
    if met is None:
        return None
    exercise, member = met
    return member, Versions(exercise.version, exercise.shown, exercise.status)


def sent(message: Message) -> str:
    """What tells this message from all others of its exercise, also from itself taken back and sent again."""
    return f"{message.id}@{message.t / timedelta(seconds=1):.0f}"


@unguarded("the edge asks once for all screens it has open, and gives each person what is theirs")
def news(app: App, exercise_id: int) -> News:
    """The newest message of every seat, for whoever holds it; of one moment of the database. Raises Forbidden."""
    with app.db.read() as connection:
        exercise = live.find(connection, exercise_id)
        if exercise is None:
            raise Forbidden(table.NOBODY)
        _, state = table.read_log(app, connection, exercise, durable=True)
        everybody = table.everybody(app, connection, exercise)
        scenario = scripts.kept(connection, exercise.digest, state).scenario
    players = sum(member.part in SEATED for member in everybody)
    if exercise.status == "ended":  # the last screen has no messages
        return News(exercise.version, {}, players)
    found = {seat.id: _newest(messages(scenario, state, seat.id)) for seat in scenario.seats}
    held = [(member.person_id, found.get(member.seat)) for member in everybody if member.part in SEATED]
    return News(exercise.version, {person: newest for person, newest in held if newest is not None}, players)


def _newest(received: tuple[Message, ...]) -> Newest | None:
    """The last of the messages that a seat has received."""
    if not received:
        return None
    last = received[-1]
    return Newest(sent(last), moment(last.t), CHANNELS[last.channel], last.sender, last.title, last.text, last.lines)
