"""A quiz: one question at a time, its why after each answer, the result at the end."""

from typing import Any

import streamlit as st

from domain.attempts import terms
from domain.refusal import Refused
from services import learning
from ui import answering, parts, places, session
from ui.components import announce
from ui.flagging import flag

app, me = session.here()
slug = st.query_params.get("slug", "")


def begin() -> None:
    """Start, or go on where it was left."""
    session.act(learning.begin_quiz, slug)


try:
    view = learning.quiz(app, me, slug)
except Refused:
    quiz = app.content().quizzes.get(slug)
    if quiz is None:
        raise
    note = "Each answer is saved as you give it; you can leave and come back."
    answering.start(quiz.title, f"{quiz.draw} questions", f"{note} {terms(quiz)}".strip(), begin)
    st.stop()

attempt, quiz, shown, said = view.attempt, view.quiz, view.shown, view.feedback
place, total = attempt.place, len(attempt.draw)


def go_on() -> None:
    """Leave this question."""
    session.act(learning.next_question, attempt.id, place)


if view.result:
    points, out_of = view.result
    parts.title("Passed" if attempt.passed else "Not yet", quiz.title)
    parts.meter("Points", points / out_of if out_of else 0.0, target=quiz.pass_mark, note=f"{points:g} of {out_of:g}")
    parts.note("Only your first answer to a question counts as strong evidence.")
    answering.after(begin, answering.closed(view.again, app.now()))
    st.stop()

parts.progress(place + 1, total, places.HOME.file)
if shown is None:
    parts.title("This question was changed", "It is left out of your result.")
    st.button("Continue", type="primary", on_click=go_on)
    st.stop()

item = shown.id
key = f"q-{attempt.id}-{item}"
shown_at = st.session_state.setdefault(f"shown-{key}", app.now())


def answer(response: dict[str, Any], sure: bool) -> None:  # noqa: FBT001 - the form says which it is
    """Keep the answer."""
    session.act(learning.answer_quiz, attempt.id, item, response, sure=sure, shown_at=shown_at)


parts.question(shown.ask, context=shown.context or "", exhibit=shown.exhibit)
if said is None:
    answering.ask(shown, key, answer)
    announce(f"Question {place + 1} of {total}", focus="title", token=f"{key}-asked")
else:
    with answering.explain(said, "said"), parts.actions("turn"):
        label = "Continue" if place + 1 < total else "See the result"
        st.button(label, type="primary", on_click=go_on, key=f"on-{key}", shortcut="Alt+Enter")
        flag("quiz", slug, item)
    answering.more(said, quiz.sources)
    parts.saved(view.receipt)
    announce("Right." if said.grade.right else "Not yet.", focus="feedback-said", token=key)
