"""A report drill: the company's own form, kept while it is written, judged field by field."""

import streamlit as st

from domain.refusal import Refused
from services import drills
from ui import answering, parts, places, session
from ui.components import announce
from ui.flagging import flag

app, me = session.here()
slug = st.query_params.get("slug", "")


def begin() -> None:
    """The timer starts with this."""
    session.act(drills.begin, slug)


try:
    view = drills.report_drill(app, me, slug)
except Refused:
    drill = app.content().drills.get(slug)
    if drill is None:
        raise
    note = "Something happens, and you report it in the company’s own form. How soon you report counts too."
    answering.start(drill.title, drill.summary, note, begin)
    st.stop()

attempt, drill, form = view.attempt, view.drill, view.organisation.report_form


def typed() -> dict[str, str]:
    """The form as it stands."""
    return {field.id: st.session_state.get(f"r-{attempt.id}-{field.id}") or "" for field in form}


def keep() -> None:
    """Keep what is written so far."""
    session.act(drills.keep_draft, attempt.id, typed())


def send() -> None:
    """Send the report."""
    session.act(drills.send_report, attempt.id, typed())


parts.title(drill.title, drill.clock)
parts.exercise()
parts.prose(drill.situation)
if view.result is None:
    parts.heading("Your report")
    for field in form:
        answering.form_field(field, attempt.draft.get(field.id, ""), f"r-{attempt.id}-{field.id}", keep)
    with parts.actions("send"):
        st.button("Send the report", type="primary", on_click=send, icon=":material/send:")
        st.page_link(places.HOME.file, label="Leave", icon=":material/close:")
else:
    answering.coached(view.result)
    answering.sources_of(drill.sources, drill.cites)
    parts.saved(view.receipt)
    flag("report", slug, "report")
    answering.after(begin)
    announce(f"Report sent. {view.result.quality:.0%} of the facts.", token=f"r-{attempt.id}")
