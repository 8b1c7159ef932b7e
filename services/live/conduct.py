"""Running a live exercise: what the facilitator can do, each act once and against the newest state.

`seen` is how many events the screen showed on which somebody acted: with it a double click is one act, and an act
after something else has happened is another.
"""

from datetime import timedelta

from db.receipts import Receipt
from domain.channel import Channel
from domain.exercise import FACILITATOR as BY_FACILITATOR
from domain.exercise import Move, moves
from domain.people import Person, Role
from domain.refusal import Refused
from services.app import App
from services.authority import permits
from services.live.table import act


def _one(app: App, actor: Person, exercise_id: int, key: str, move: Move, **payload: object) -> Receipt:
    return act(app, actor, exercise_id, key, payload, lambda _table, _connection: [move])


@permits(Role.SECURITY)
def start(app: App, actor: Person, exercise_id: int, *, speed: float = 1.0, timed: bool = False) -> Receipt:
    """Let the clock run; when `timed`, votes close by themselves after the time the scenario allows."""
    return _one(app, actor, exercise_id, "start", moves.Start(speed, timed=timed), speed=speed, timed=timed)


@permits(Role.SECURITY)
def pause(app: App, actor: Person, exercise_id: int, seen: int) -> Receipt:
    """Stop the clock, and with it everything that comes by itself."""
    return _one(app, actor, exercise_id, f"pause:{seen}", moves.Pause())


@permits(Role.SECURITY)
def resume(app: App, actor: Person, exercise_id: int, seen: int) -> Receipt:
    """Let the clock run again."""
    return _one(app, actor, exercise_id, f"resume:{seen}", moves.Resume())


@permits(Role.SECURITY)
def set_speed(app: App, actor: Person, exercise_id: int, speed: float, seen: int) -> Receipt:
    """Let the clock run faster or slower: once to sixty times as fast as ours."""
    if not 1 <= speed <= 60:
        raise Refused("The clock runs once to sixty times as fast as ours.")
    return _one(app, actor, exercise_id, f"speed:{seen}:{speed:g}", moves.SetSpeed(speed))


@permits(Role.SECURITY)
def skip(app: App, actor: Person, exercise_id: int, to: timedelta, seen: int) -> Receipt:
    """Jump ahead to an exercise time; what is due by then comes at once."""
    return act(
        app,
        actor,
        exercise_id,
        f"skip:{seen}",
        {"to": to.total_seconds()},
        lambda _table, _connection: [moves.Skip(to), moves.Advance()],
    )


@permits(Role.SECURITY)
def release(app: App, actor: Person, exercise_id: int, inject: str, seen: int) -> Receipt:
    """Send an inject now, due or not."""
    return _one(app, actor, exercise_id, f"release:{inject}:{seen}", moves.Release(inject))


@permits(Role.SECURITY)
def hold(app: App, actor: Person, exercise_id: int, inject: str, seen: int) -> Receipt:
    """Keep an inject back until it is sent by hand or freed."""
    return _one(app, actor, exercise_id, f"hold:{inject}:{seen}", moves.Hold(inject))


@permits(Role.SECURITY)
def free(app: App, actor: Person, exercise_id: int, inject: str, seen: int) -> Receipt:
    """Let a held inject come by itself again."""
    return _one(app, actor, exercise_id, f"free:{inject}:{seen}", moves.Free(inject))


@permits(Role.SECURITY)
def undo(app: App, actor: Person, exercise_id: int, inject: str, seen: int) -> Receipt:
    """Take back what was sent last, if that is still `inject`."""
    if not inject:
        raise Refused("Nothing has been sent yet.")
    return _one(app, actor, exercise_id, f"undo:{inject}:{seen}", moves.Undo(inject))


@permits(Role.SECURITY)
def improvise(
    app: App,
    actor: Person,
    exercise_id: int,
    key: str,
    *,
    title: str,
    text: str,
    channel: Channel = "twist",
    sender: str = "",
    seats: tuple[str, ...] = (),
) -> Receipt:
    """Send something that the script does not know, to all seats or to some; `key` is the form's own."""
    move = moves.Improvise(channel, sender, title, text, seats)
    return _one(app, actor, exercise_id, f"improvise:{key}", move, title=title, text=text, seats=seats)


@permits(Role.SECURITY)
def nudge(app: App, actor: Person, exercise_id: int, seat: str, seen: int) -> Receipt:
    """Remind a seat that the table waits for it."""
    return _one(app, actor, exercise_id, f"nudge:{seat}:{seen}", moves.Nudge(seat))


@permits(Role.SECURITY)
def extend(app: App, actor: Person, exercise_id: int, decision: str, until: timedelta, seen: int) -> Receipt:
    """Let an open vote run until this exercise time, and close by itself then."""
    move = moves.Extend(decision, until)
    return _one(app, actor, exercise_id, f"extend:{decision}:{seen}", move, until=until.total_seconds())


@permits(Role.SECURITY)
def close_vote(app: App, actor: Person, exercise_id: int, decision: str, seen: int) -> Receipt:
    """End a vote and show it to everybody."""
    return _one(app, actor, exercise_id, f"close:{decision}:{seen}", moves.CloseVote(decision))


@permits(Role.SECURITY)
def decide(
    app: App, actor: Person, exercise_id: int, decision: str, option: str, *, by: str = "", why: str = ""
) -> Receipt:
    """Write down what the team has decided, which seat said so (nobody in particular when empty), and why."""
    move = moves.Decide(decision, option, by or BY_FACILITATOR, why)
    return _one(app, actor, exercise_id, f"decide:{decision}", move, option=option)


@permits(Role.SECURITY)
def establish(app: App, actor: Person, exercise_id: int, fact: str) -> Receipt:
    """Establish a fact by hand: the team did something that no option of the script says."""
    return _one(app, actor, exercise_id, f"fact:{fact}", moves.Establish(fact))


@permits(Role.SECURITY)
def end(app: App, actor: Person, exercise_id: int, why: str = "") -> Receipt:
    """End the exercise for everybody; what it says about each of them becomes evidence."""
    return _one(app, actor, exercise_id, "end", moves.End(why.strip() or "Ended by the facilitator."))
