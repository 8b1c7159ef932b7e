"""Own readiness in plain words: the answer, what to practise, why a number is what it is, what fades when."""

from collections.abc import Sequence
from datetime import datetime

from domain.readiness.model import days
from domain.readiness.rollup import CRITICAL
from domain.readiness.standing import TARGET, Status
from services.practice import Practice
from services.readiness import Moved, Own, OwnSkill
from ui import parts, places

COMPUTED = """Each answer moves an estimate of how likely you handle a typical task of a skill: cold, without help and \
without guessing. An answer moves it more the less we expected it, and less the surer we were.

- The **bar** is the range in which you are with 80 % probability, the **mark** in it our best guess, the **line** the \
target of 75 %.
- **Ready** means that we are at least 80 % sure you reach the target. What you do not practise fades towards *unknown*, \
slower the longer you have kept it up. Waiting never raises a number.
- Only answers count: in quizzes, drills and exercises. Reading a lesson counts for nothing, and what you have seen \
before counts a third.
- You alone see this page. Managers see your status in a skill, never an answer."""


def day(at: datetime) -> str:
    """A day as a person writes it."""
    here = parts.local(at)
    return f"{here.day} {here:%B %Y}"


def answer(own: Own) -> tuple[str, str]:
    """The headline of the page and the line under it."""
    critical = [found for found in own.skills if found.skill in CRITICAL]
    names = " and ".join(found.skill.label for found in critical)
    ends = [found.until for found in critical if found.until is not None]
    # The worst of them gives the headline, so that is the one it names.
    missing = " and ".join(found.skill.label for found in critical if found.now.status is own.overall.status)
    title = {
        Status.READY: f"You are ready until {day(min(ends))}" if ends else "You are ready",
        Status.REFRESH: f"Time to refresh {missing}",
        Status.UNCERTAIN: f"Nearly there: {missing}",
        Status.NOT_ASSESSED: f"Not known yet: {missing}",
        Status.GAP: f"{missing} needs practice",
    }[own.overall.status]
    asked = sum(found.now.status is not Status.NOT_ASSESSED for found in own.skills)
    lead = f"Everybody must hold {names}. You were asked enough about {asked} of {len(own.skills)} skills to say something."
    return title, lead


def needed(own: Own) -> OwnSkill | None:
    """The skill to practise next: what everybody must hold first, then what is furthest from its target."""
    worst = (Status.GAP, Status.NOT_ASSESSED, Status.UNCERTAIN, Status.REFRESH)
    must = [f for f in own.skills if f.practice and f.skill in CRITICAL and f.now.status is not Status.READY]
    if must:
        return min(must, key=lambda f: (worst.index(f.now.status), f.now.meets))
    rest = [f for f in own.skills if f.practice and f.now.status is not Status.READY]
    return min(rest, key=lambda f: (f.now.status is Status.NOT_ASSESSED, f.now.meets), default=None)


def practise(found: Practice, *, key: str, quiet: bool = False) -> None:
    """The link to something that practises a skill."""
    place = places.KINDS.get(found.kind, places.EXERCISE)
    query = {"slug": found.slug} if found.kind in places.KINDS else None
    icon = "next" if quiet else "arrow"
    label = f"{found.title} · {found.minutes} min"
    parts.go(place.file, label if quiet else f"Practise: {label}", query=query, key=key, icon=icon, quiet=quiet)


def skill(found: OwnSkill, moved: Sequence[Moved], now: datetime) -> None:
    """One skill that is known: status, number, interval, until when, and why."""
    with parts.card(found.skill.value):
        until = f"ready until {day(found.until)}" if found.until else ""
        parts.span(found.skill.label, found.now, target=TARGET, note=until)
        parts.prose("\n".join(f"- {line}" for line in reasons(found, moved, now)))
        if found.practice is not None:
            practise(found.practice, key=f"practise-{found.skill.value}", quiet=True)


def reasons(found: OwnSkill, moved: Sequence[Moved], now: datetime) -> list[str]:
    """Why the number is what it is, as sentences in Markdown; what moves it by less than a point is left out."""
    lines = []
    newest = next((each for each in moved if each.skill is found.skill), None)
    if newest is not None:
        lines.append(
            f"“{parts.plain(newest.title)}”: {result(newest.y).lower()}, we expected "
            f"{parts.percent(newest.expected)}. {_points(newest.points)}"
        )
    points = {part.name: part.points for part in found.parts}
    here, everywhere = points.get("Your answers in this skill", 0.0), points.get("Your answers in all skills", 0.0)
    if round(here):
        lines.append(f"All your {found.now.n} answers here: {_points(here)}")
    if round(everywhere):
        lines.append(f"Your answers in all skills: {_points(everywhere)}")
    faded = points.get("Faded since then", 0.0) + points.get("Time since you practised", 0.0)
    if found.now.last is not None and round(faded):
        ago = int(days(found.now.last, now))
        when = "today" if ago == 0 else "yesterday" if ago == 1 else f"{ago} days ago"
        lines.append(f"Last practised {when}: {_points(faded)} (fading)")
    return lines or [f"{found.now.n} answers so far, as we expected them."]


def _signed(points: float) -> str:
    """Points with their sign, the minus as it is set in print."""
    rounded = round(points)
    return f"+{rounded}" if rounded > 0 else f"−{-rounded}" if rounded else "±0"


def _points(points: float) -> str:
    return f"**{_signed(points)}**"


def result(y: float) -> str:
    """How an answer came out, without shaming anybody."""
    return "Right" if y >= 0.99 else "Partly right" if y > 0.3 else "Not yet"


def unknown(several: Sequence[OwnSkill]) -> None:
    """Skills that nobody can say anything about, each with what would change that."""
    for found in several:
        place = places.KINDS.get(found.practice.kind, places.EXERCISE) if found.practice else places.HOME
        slugged = found.practice is not None and found.practice.kind in places.KINDS
        parts.row(
            place.file,
            found.skill.label,
            sub=found.skill.promise,
            right=f"{found.now.n} of 3 answers" if found.now.n else "Never asked",
            icon="todo",
            query={"slug": found.practice.slug} if found.practice and slugged else None,
            key=f"unknown-{found.skill.value}",
        )


def fades(own: Own) -> None:
    """What ends when, soonest first; nothing when nothing is held."""
    held = sorted((found.until, found.skill) for found in own.skills if found.until is not None)
    gone = [found.skill for found in own.skills if found.now.status is Status.REFRESH]
    if not held and not gone:
        return
    parts.heading("What fades when")
    moments = [
        parts.Moment("Faded", f"{each.label} was ready. A few answers bring it back.", "", "warn") for each in gone
    ]
    moments += [
        parts.Moment(day(until), f"{each.label} holds until then if you do nothing.", "", "good")
        for until, each in held
    ]
    parts.timeline(moments, caption="What fades when")


def lately(moved: Sequence[Moved]) -> None:
    """What moved readiness lately, newest first."""
    if not moved:
        return
    parts.heading("What moved it lately")
    rows = [
        [
            f"{parts.local(m.at):%d\N{NO-BREAK SPACE}%b\N{NO-BREAK SPACE}%Y}",
            m.skill.label,
            m.title,
            result(m.y),
            parts.percent(m.expected),
            _signed(m.points),
        ]
        for m in moved
    ]
    parts.table(
        ["When", "Skill", "What", "You", "We expected", "Points"], rows, caption="Newest first", hide_caption=True
    )
