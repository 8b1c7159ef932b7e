"""What a quiz's policy on attempts means for one person; enforced where an attempt begins."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from db import attempts
from db.attempts import Attempt
from db.engine import Connection
from domain import attempts as policy
from domain.attempts import Again
from domain.people import Person
from domain.quiz import Quiz
from domain.refusal import Refused
from services.app import App
from services.authority import unguarded


@unguarded("called by services that have authorised the person")
def again(app: App, connection: Connection, actor: Person, slug: str, quiz: Quiz) -> Again:
    """Whether the person may begin another attempt. Whoever is assigned the quiz anew has all attempts anew."""
    if quiz.attempts is None and quiz.wait is None:
        return Again()
    modules = app.content().modules
    given = [
        at
        for name, (_, at) in attempts.assignments(connection, actor.id).items()
        if name in modules and modules[name].quiz == slug
    ]
    ended = [
        each.finished_at
        for each in attempts.finished(connection, actor.id, "quiz", slug)
        if each.finished_at is not None and all(each.started_at >= at for at in given)
    ]
    return policy.again(quiz, ended, app.now())


@unguarded("called by services that have authorised the person")
def allow(app: App, connection: Connection, actor: Person, slug: str, quiz: Quiz) -> None:
    """Raises Refused with the reason when no further attempt may begin; an open one may always be gone on with."""
    latest = attempts.latest(connection, actor.id, "quiz", slug)
    if latest is None or latest.finished_at is None:
        return
    if sentence := again(app, connection, actor, slug, quiz).refusal(app.now()):
        raise Refused(sentence)


@unguarded("reads nothing but its arguments")
def results(
    quizzes: Mapping[str, Quiz], mine: Iterable[Attempt]
) -> tuple[dict[tuple[str, str], datetime], dict[str, float]]:
    """(when each kind and slug was passed, share of points in each quiz) of attempts, oldest first.

    The best attempt counts, or the last one where the quiz says so.
    """
    passed: dict[tuple[str, str], datetime] = {}
    share: dict[str, float] = {}
    for each in mine:
        if each.finished_at is None:
            continue
        name = (each.kind, each.slug)
        last = each.kind == "quiz" and each.slug in quizzes and quizzes[each.slug].keep == "last"
        if each.passed:
            passed[name] = each.finished_at
        elif last:
            passed.pop(name, None)
        if each.kind == "quiz" and each.points is not None and each.out_of:
            now = each.points / each.out_of
            share[each.slug] = now if last else max(share.get(each.slug, 0.0), now)
    return passed, share
