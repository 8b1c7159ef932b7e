"""A lesson, one screen at a time; predictions first."""

import streamlit as st

from domain.lesson import Predict
from services import learning
from ui import parts, places, session
from ui.answering import sources_of
from ui.components import announce
from ui.flagging import flag

app, me = session.here()
slug = st.query_params.get("slug", "")
view = learning.lesson(app, me, slug)
screen, place, total = view.screen, view.place, len(view.lesson.screens)


def turn(to: int) -> None:
    """Go to another screen."""
    session.act(learning.turn, slug, to)


if view.ended:
    parts.title(f"Done: {view.lesson.title}", view.lesson.summary)
    module = next((s for s in learning.path(app, me) if slug in s.module.lessons), None)
    with parts.actions("after"):
        if module and module.next:
            step = module.next
            kind = places.KINDS[step.kind]
            parts.go(kind.file, f"Next: {step.title}", query={"slug": step.slug}, key="next")
        st.page_link(places.HOME.file, label="Home", icon=":material/home:")
        st.button("Read it again", on_click=turn, args=(0,), type="tertiary")
    st.stop()

shown_at = st.session_state.setdefault(f"shown-{slug}-{place}", app.now())
token = f"{slug}-{place}-{view.chosen}"


def predict(choice: str) -> None:
    """Keep the prediction; the telling follows."""
    session.act(learning.predict, slug, place, int(choice), shown_at)


parts.progress(place + 1, total, places.HOME.file)
parts.screen(screen.title, screen.text, screen.exhibit)
if isinstance(screen, Predict) and view.chosen is None:
    parts.heading(screen.ask, 2)
    parts.options([(str(n), option.text) for n, option in enumerate(screen.options)], predict, key=f"{slug}-{place}")
elif isinstance(screen, Predict) and view.chosen is not None:
    took = screen.options[view.chosen]
    better = "" if took.right else next(f"**{parts.plain(o.text)}** {o.why}" for o in screen.options if o.right)
    with parts.feedback(
        "right" if took.right else "not_yet",
        took.why,
        taken=took.text,
        better=better,
        rule=screen.then or "",
        key="said",
    ):
        pass
with parts.actions("turn"):
    if not isinstance(screen, Predict) or view.chosen is not None:
        label = "Finish" if place + 1 == total else "Continue"
        st.button(label, type="primary", on_click=turn, args=(place + 1,), key=f"on-{place}", shortcut="Alt+Enter")
    if place:
        st.button("Back", on_click=turn, args=(place - 1,), type="tertiary", key=f"back-{place}")
    flag("lesson", slug, f"screen-{place}")
sources_of(view.lesson.sources, screen.cites)
if view.chosen is not None:
    announce("Right." if took.right else "Not yet.", focus="feedback-said", token=token)
else:
    announce(f"Screen {place + 1} of {total}", focus="title", token=token)
