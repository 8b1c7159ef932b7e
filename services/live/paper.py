"""What a live exercise hands out: the invitation for calendars, and the code to join as a picture."""

from datetime import timedelta

from domain.people import Person, Role
from domain.refusal import Refused
from services.app import App
from services.authority import ANYONE, permits
from services.live import table
from services.live.plan import shown_code
from services.live.table import EVERYBODY, STAFF


def address(base: str, code: str) -> str:
    """Where a browser joins with this code."""
    return f"{base.rstrip('/')}/join?code={code}"


@permits(*ANYONE)
def invitation(app: App, actor: Person, exercise_id: int, base: str) -> bytes:
    """An .ics file with the exercise; the same exercise is the same entry when its date changes."""
    from icalendar import Alarm, Calendar, Event

    at = table.read(app, actor, exercise_id, EVERYBODY)
    if at.live.planned_for is None:
        raise Refused("This exercise has no date yet.")
    minutes = at.script.scenario.table_minutes
    there = f"{base.rstrip('/')}/live?exercise={exercise_id}"
    event = Event()
    event.add("uid", f"muster-exercise-{exercise_id}@{base.partition('://')[2].partition('/')[0].partition(':')[0]}")
    event.add("sequence", at.live.version)
    event.add("dtstamp", app.now())
    event.add("dtstart", at.live.planned_for)
    event.add("dtend", at.live.planned_for + timedelta(minutes=minutes))
    event.add("summary", f"EXERCISE: {at.live.title}")
    event.add("description", f"A tabletop exercise, not a real incident. Bring a phone or a laptop.\n{there}")
    event.add("url", there)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"EXERCISE: {at.live.title}")
    alarm.add("trigger", timedelta(minutes=-15))
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Muster//Exercises//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


@permits(*ANYONE)
def picture(app: App, actor: Person, exercise_id: int, base: str) -> str:
    """The address to join at as a QR code in SVG, for the lobby and the wall."""
    import segno

    at = table.read(app, actor, exercise_id, STAFF)
    if not at.live.code:
        raise Refused("Nobody can join by code now.")
    code = segno.make(address(base, at.live.code), error="m", micro=False)
    svg: str = code.svg_inline(
        scale=8, border=4, dark="#0C151E", light="#FFFFFF", title=f"Join with {shown_code(at.live.code)}", omitsize=True
    )
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


@permits(Role.SECURITY)
def link(app: App, actor: Person, exercise_id: int, base: str) -> str:
    """The address that people open to join."""
    at = table.read(app, actor, exercise_id, STAFF)
    return address(base, at.live.code) if at.live.code else ""
