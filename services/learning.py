"""What an employee does in modules: follow the path, read lessons, predict, answer quizzes, flag a problem.

Every answer is in the database, with what was shown, before the function returns; doing it twice changes nothing.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from db import attempts, flags, receipts
from db.attempts import Attempt
from db.engine import Connection
from db.receipts import Receipt
from domain import grade as grading
from domain import present
from domain.attempts import Again
from domain.grade import Feedback
from domain.lesson import Lesson, Predict, Screen
from domain.module import Module, counts
from domain.people import Person
from domain.present import Shown
from domain.quiz import Question, Quiz
from domain.refusal import Forbidden, Refused
from services import evidence
from services.app import App
from services.attempts import again, allow, results
from services.authority import ANYONE, permits

AGAIN = 0.35
"""Evidence weight of an item somebody has seen before: the why was read, so it tells less."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do in a module."""

    kind: str  # lesson, quiz, spot, report
    slug: str
    title: str
    minutes: int
    done: bool
    started: bool


@dataclass(frozen=True, slots=True)
class ModuleState:
    """A module as one person stands in it."""

    slug: str
    module: Module
    steps: tuple[Step, ...]
    due_on: date | None
    result: float | None  # best share of points in the quiz

    @property
    def done(self) -> bool:
        """Whether every step is done."""
        return all(step.done for step in self.steps)

    @property
    def started(self) -> bool:
        """Whether anything was begun."""
        return any(step.done or step.started for step in self.steps)

    @property
    def next(self) -> Step | None:
        """The first step that is not done."""
        return next((step for step in self.steps if not step.done), None)

    @property
    def minutes(self) -> int:
        """Minutes that are left."""
        return sum(step.minutes for step in self.steps if not step.done)


@dataclass(frozen=True, slots=True)
class LessonView:
    """The screen of a lesson that a person is on."""

    slug: str
    lesson: Lesson
    place: int
    screen: Screen
    chosen: int | None  # what they predicted here
    ended: bool


@dataclass(frozen=True, slots=True)
class QuizView:
    """The question of an attempt that is on screen: open, or answered with its feedback."""

    attempt: Attempt
    quiz: Quiz
    shown: Shown | None
    feedback: Feedback | None
    receipt: Receipt | None
    result: tuple[float, float] | None  # points and out of, once finished
    again: Again = field(default_factory=Again)  # once finished


def _missing(what: str) -> Refused:
    return Refused(f"This {what} is not available at the moment. Your security team can see why on the content page.")


@permits(*ANYONE)
def path(app: App, actor: Person) -> tuple[ModuleState, ...]:
    """All modules in order, as the person stands in them."""
    content = app.content()
    with app.db.read() as connection:
        progress = attempts.progress(connection, actor.id)
        mine = attempts.of_person(connection, actor.id)
        due = attempts.assignments(connection, actor.id)
    passed, best = results(content.quizzes, mine)
    begun = {(a.kind, a.slug): a.started_at for a in mine}

    def steps(name: str, module: Module) -> tuple[Step, ...]:
        given_at = due[name][1] if name in due else None
        found = []

        def practice(kind: str, slug: str, title: str, minutes: int) -> Step:
            done = counts(passed.get((kind, slug)), given_at)
            # What was done for an earlier assignment is neither done nor started for this one.
            return Step(kind, slug, title, minutes, done, counts(begun.get((kind, slug)), given_at))

        for slug in module.lessons:
            if lesson := content.lessons.get(slug):
                at = progress.get(slug)
                found.append(
                    Step("lesson", slug, lesson.title, lesson.minutes, bool(at and at.done_at), bool(at and at.screen))
                )
        present_drills = [(slug, content.drills[slug]) for slug in module.drills if slug in content.drills]
        found.extend(practice(drill.kind, slug, drill.title, drill.minutes) for slug, drill in present_drills)
        if quiz := content.quizzes.get(module.quiz):
            found.append(practice("quiz", module.quiz, quiz.title, max(2, quiz.draw // 2)))
        return tuple(found)

    return tuple(
        ModuleState(slug, module, steps(slug, module), due[slug][0] if slug in due else None, best.get(module.quiz))
        for slug, module in sorted(content.modules.items(), key=lambda pair: (pair[1].order, pair[0]))
    )


# ── lessons ───────────────────────────────────────────────────────────────────────────────────────────────────


def _lesson(app: App, slug: str) -> Lesson:
    lesson = app.content().lessons.get(slug)
    if lesson is None:
        raise _missing("lesson")
    return lesson


def _predict_body(slug: str, place: int, screen: Predict) -> dict[str, Any]:
    return {"kind": "predict", "slug": slug, "item": f"screen-{place}", "screen": screen.model_dump(mode="json")}


@permits(*ANYONE)
def lesson(app: App, actor: Person, slug: str) -> LessonView:
    """The screen the person is on; the first one after they have finished and come back."""
    value = _lesson(app, slug)
    with app.db.read() as connection:
        at = attempts.progress_in(connection, actor.id, slug)
        ended = at.screen >= len(value.screens)
        place = min(at.screen, len(value.screens) - 1)
        screen = value.screens[place]
        chosen = None
        if isinstance(screen, Predict):
            body = _predict_body(slug, place, screen)
            given = attempts.prediction(connection, actor.id, slug, body["item"], receipts.digest(body))
            chosen = given.response["choice"] if given else None
    return LessonView(slug, value, place, screen, chosen, ended)


@permits(*ANYONE)
def predict(app: App, actor: Person, slug: str, place: int, choice: int, shown_at: datetime) -> Receipt:
    """Keep a prediction. It is practice: it counts for nothing but itself."""
    value = _lesson(app, slug)
    screen = value.screens[place] if 0 <= place < len(value.screens) else None
    if not isinstance(screen, Predict) or not 0 <= choice < len(screen.options):
        raise Refused("That screen has changed. Please reload the page.")
    body = _predict_body(slug, place, screen)
    now = app.now()

    def work(connection: Connection) -> Receipt:
        def write() -> dict[str, Any]:
            answer_id, _ = attempts.add_answer(
                connection,
                person_id=actor.id,
                attempt_id=None,
                kind="predict",
                slug=slug,
                item=body["item"],
                skill=value.skill,
                response={"choice": choice},
                y=float(screen.options[choice].right),
                confidence=None,
                body=body,
                shown_at=shown_at,
                now=now,
            )
            return {"answer": answer_id}

        key = f"predict:{slug}:{receipts.digest(body)[:24]}"
        return receipts.once(connection, key, actor.id, {"choice": choice}, now, write)

    return app.db.write(work)


@permits(*ANYONE)
def turn(app: App, actor: Person, slug: str, to: int) -> None:
    """Go to another screen; past the last one the lesson is done, and 0 starts it again."""
    value = _lesson(app, slug)
    now = app.now()
    place = max(0, min(to, len(value.screens)))
    done_at = now if place == len(value.screens) else None
    app.db.write(lambda c: attempts.keep_progress(c, actor.id, slug, screen=place, done_at=done_at, now=now))


# ── quizzes ───────────────────────────────────────────────────────────────────────────────────────────────────


def _quiz(app: App, slug: str) -> Quiz:
    quiz = app.content().quizzes.get(slug)
    if quiz is None:
        raise _missing("quiz")
    return quiz


def own_attempt(connection: Connection, actor: Person, attempt_id: int, kind: str) -> Attempt:
    """The person's own attempt. Raises Forbidden for a missing one and for somebody else's alike."""
    found = attempts.find(connection, attempt_id)
    if found is None or found.person_id != actor.id or found.kind != kind:
        raise Forbidden("There is no such attempt of yours.")
    return found


@permits(*ANYONE)
def begin_quiz(app: App, actor: Person, slug: str) -> int:
    """The person's open attempt at the quiz, or a new one with questions drawn for it, if the quiz allows one."""
    quiz = _quiz(app, slug)
    seed, now = app.seeds(), app.now()
    draw = present.draw(seed, tuple(question.id for question in quiz.questions), quiz.draw)

    def work(connection: Connection) -> int:
        allow(app, connection, actor, slug, quiz)
        return attempts.begin(connection, actor.id, "quiz", slug, seed=seed, draw=draw, now=now).id

    return app.db.write(work)


def _question(quiz: Quiz, item: str) -> Question | None:
    return next((question for question in quiz.questions if question.id == item), None)


def _order(attempt: Attempt, question: Question) -> tuple[int, ...]:
    return present.order(attempt.seed, question.id, present.size(question))


@permits(*ANYONE)
def quiz(app: App, actor: Person, slug: str) -> QuizView:
    """The newest attempt as it stands, without anything unrevealed. Raises Refused when there is none yet."""
    value = _quiz(app, slug)
    with app.db.read() as connection:
        attempt = attempts.latest(connection, actor.id, "quiz", slug)
        if attempt is None:
            raise Refused("You have not started this quiz.")
        if attempt.finished_at is not None:
            result = (attempt.points or 0.0, attempt.out_of or 0.0)
            return QuizView(attempt, value, None, None, None, result, again(app, connection, actor, slug, value))
        question = _question(value, attempt.draw[attempt.place])
        given = attempts.answer_to(connection, attempt.id, attempt.draw[attempt.place])
    if question is None:  # taken out of the file while the attempt was open: it is skipped
        return QuizView(attempt, value, None, None, None, None)
    positions = _order(attempt, question)
    shown = present.show(question, positions)
    if given is None:
        return QuizView(attempt, value, shown, None, None, None)
    try:
        said = grading.feedback(question, positions, given.response)
    except Refused:  # the question was edited after the answer, which now fits nothing on offer
        return QuizView(attempt, value, None, None, None, None)
    receipt = Receipt(_key(attempt.id, question.id), given.answered_at, {})
    return QuizView(attempt, value, shown, said, receipt, None)


def _key(attempt_id: int, item: str) -> str:
    return f"answer:{attempt_id}:{item}"


@permits(*ANYONE)
def answer_quiz(
    app: App,
    actor: Person,
    attempt_id: int,
    item: str,
    response: dict[str, Any],
    *,
    sure: bool,
    shown_at: datetime,
) -> Receipt:
    """Keep an answer, grade it and learn from it, in one transaction. The first answer counts."""
    now = app.now()

    def work(connection: Connection) -> Receipt:
        attempt = own_attempt(connection, actor, attempt_id, "quiz")
        value = _quiz(app, attempt.slug)
        question = _question(value, item)
        if question is None or item not in attempt.draw:
            raise Refused("That question is not part of this attempt. Please reload the page.")
        positions = _order(attempt, question)
        worth = grading.grade(question, positions, response)

        def write() -> dict[str, Any]:
            if attempt.finished_at is not None:
                raise Refused("This attempt is finished. Start a new one to answer again.")
            skill = question.skill or value.skill
            body = {"kind": "quiz", "slug": attempt.slug, "question": question.model_dump(mode="json")}
            answer_id, cold = attempts.add_answer(
                connection,
                person_id=actor.id,
                attempt_id=attempt.id,
                kind="quiz",
                slug=attempt.slug,
                item=item,
                skill=skill,
                response=response,
                y=worth.y,
                confidence="sure" if sure else "not sure",
                body=body,
                shown_at=shown_at,
                now=now,
            )
            evidence.record(
                connection,
                person_id=actor.id,
                item=f"{attempt.slug}/{item}",
                skill=skill,
                kind="quiz",
                y=worth.y,
                guess=worth.guess,
                weight=1.0 if cold else AGAIN,
                now=now,
                answer_id=answer_id,
            )
            return {"answer": answer_id, "y": worth.y}

        return receipts.once(connection, _key(attempt_id, item), actor.id, response, now, write)

    return app.db.write(work)


@permits(*ANYONE)
def next_question(app: App, actor: Person, attempt_id: int, place: int) -> None:
    """Leave the question at `place`; after the last one the attempt is finished and has a result."""
    now = app.now()

    def work(connection: Connection) -> None:
        attempt = own_attempt(connection, actor, attempt_id, "quiz")
        if attempt.finished_at is not None or attempt.place != place:
            return  # a second click, or another tab was faster
        value = _quiz(app, attempt.slug)
        item = attempt.draw[place]
        if _question(value, item) is not None and attempts.answer_to(connection, attempt.id, item) is None:
            raise Refused("Answer this question first.")
        if place + 1 < len(attempt.draw):
            attempts.move(connection, attempt.id, place + 1)
            return
        points, count = attempts.total(connection, attempt.id)
        passed = count > 0 and points / count >= value.pass_mark
        attempts.finish(connection, attempt.id, points=points, out_of=float(count), passed=passed, now=now)

    app.db.write(work)


# ── flags ─────────────────────────────────────────────────────────────────────────────────────────────────────


@permits(*ANYONE)
def flag(app: App, actor: Person, kind: str, slug: str, item: str, note: str) -> Receipt:
    """Tell the security team that something in the content is wrong."""
    text = note.replace("\0", "").strip()  # PostgreSQL takes any character but this one
    if not text:
        raise Refused("Say in a few words what is wrong.")
    if len(text) > 1000:
        raise Refused("Please keep it under 1,000 characters.")
    now = app.now()
    payload = {"kind": kind[:20], "slug": slug[:64], "item": item[:64], "note": text}

    def work(connection: Connection) -> Receipt:
        def write() -> dict[str, Any]:
            return {"flag": flags.add(connection, person_id=actor.id, now=now, **payload)}

        key = f"flag:{receipts.digest(payload)[:32]}"
        return receipts.once(connection, key, actor.id, payload, now, write)

    return app.db.write(work)
