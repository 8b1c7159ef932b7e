"""Asking a question and explaining its answer, the same wherever questions are asked."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from domain.attempts import Again
from domain.drill import Artefact
from domain.grade import Feedback, Line
from domain.organisation import FormField
from domain.present import Shown
from domain.report import ReportResult
from domain.source import Source
from domain.spot import SpotResult
from ui import parts, places
from ui.components import artefact, flagged, match, matched, order, ordered, tick, ticked
from ui.filling import fields, filled
from ui.words import local


def sources_of(sources: Sequence[Source], cites: Sequence[str]) -> None:
    """Where this is written, and when somebody last looked; nothing when nothing is cited."""
    if text := cited(sources, cites):
        parts.note(text, icon="book")


def cited(sources: Sequence[Source], cites: Sequence[str]) -> str:
    """The sources that are cited, in words."""
    found = [source for source in sources if source.id in cites]
    return "; ".join(f"{s.title} (checked {s.checked.day} {s.checked:%B %Y})" for s in found)


def ask(shown: Shown, key: str, answer: Callable[[dict[str, Any], bool], None]) -> None:
    """Draw the ways to answer; `answer(response, sure)` is called before the next run.

    One right answer is one press. Where an answer has several parts, they are sent together.
    """
    unsure = f"{key}-unsure"

    def sure() -> bool:
        return not st.session_state.get(unsure, False)

    if shown.kind in {"single", "true_false"}:
        choices = [(str(n), text) for n, text in enumerate(shown.options)]
        parts.options(choices, lambda choice: answer({"choice": int(choice)}, sure()), key=key)
        st.checkbox("I am not sure", key=unsure, on_change="ignore")
        return
    with st.form(f"{key}-form", border=False):
        if shown.kind == "multiple":
            tick(shown.options, key=f"{key}-parts")
        elif shown.kind == "ordering":
            order(shown.options, key=f"{key}-parts")
        elif shown.kind == "matching":
            match(shown.lefts, shown.options, key=f"{key}-parts")
        elif shown.sheet is not None:
            artefact(shown.sheet, key=f"{key}-parts")
        else:
            fields(shown, f"{key}-parts")
        st.checkbox("I am not sure", key=unsure)
        st.form_submit_button(
            "Answer", type="primary", on_click=lambda: answer(_response(shown, f"{key}-parts"), sure())
        )


def _response(shown: Shown, key: str) -> dict[str, Any]:
    if shown.kind == "multiple":
        return {"choices": list(ticked(key, len(shown.options)))}
    if shown.kind == "ordering":
        return {"order": list(ordered(key, len(shown.options)))}
    if shown.kind == "matching":
        return {"rights": list(matched(key, len(shown.lefts), len(shown.options)))}
    if shown.sheet is not None:
        return {"flags": list(flagged(key, shown.sheet))}
    return filled(shown, key)


def _lines(lines: Sequence[Line], off: str = "") -> str:
    """A list of what could be answered; with the word for what is not right, each is marked."""

    def mark(line: Line) -> str:
        return "" if not off else "✓ " if line.right else f"{off}: "

    return "\n".join(f"- **{mark(line)}{parts.plain(line.text)}** {line.why}".rstrip() for line in lines)


def explain(said: Feedback, key: str) -> AbstractContextManager[DeltaGenerator]:
    """The feedback box, to put buttons in: what was taken and why, the better answer, the rule."""
    one = len(said.taken) == 1 and not said.given
    kind: Literal["right", "partly", "not_yet"] = (
        "right" if said.grade.right else "partly" if said.grade.y > 0 else "not_yet"
    )
    better = ""
    if said.better:
        first = said.better[0]
        single = len(said.better) == 1
        better = f"**{parts.plain(first.text)}** {first.why}" if single else "\n" + _lines(said.better)
    return parts.feedback(
        kind,
        said.taken[0].why if one else _lines(said.taken, said.off),
        taken=said.taken[0].text if one else said.given,
        better=better,
        key=key,
    )


def more(said: Feedback, sources: Sequence[Source]) -> None:
    """The other answers and the rule, for whoever wants them."""
    if said.others or said.rule:
        text = "\n\n".join(part for part in (_lines(said.others), said.rule or "") if part)
        parts.folded("The other answers and the rule" if said.others else "The rule", text, cited(sources, said.cites))


def coached(result: ReportResult) -> None:
    """A judged report: how soon, how complete, and each field with what the coach looked for."""
    took = round(result.took.total_seconds() / 60)
    worth = "prompt" if result.promptness == 1 else f"worth {result.promptness:.0%} this late"
    parts.figures(
        parts.Figure("Time to report", f"{took} min", worth, "good" if result.promptness == 1 else "warn"),
        parts.Figure("Facts", f"{result.quality:.0%}", "of what the incident team needs"),
    )
    for field in result.fields:
        with parts.card(field.field, tone="good" if field.worth == 1 else "warn"):
            checks = "\n".join(
                f"- :material/check_circle: {parts.plain(check.name)}"
                if check.good
                else f"- :material/lightbulb: **{parts.plain(check.name)}** {check.why}"
                for check in field.checks
            )
            given = parts.plain(field.given) or "*Nothing.*"
            st.markdown(f"**{parts.plain(field.label)}**\n\n{given}\n\n{checks}\n\n*A good report says:* {field.model}")


def form_field(field: FormField, draft: str, key: str, keep: Callable[[], None]) -> None:
    """One field of the company's form; `keep` is called when it was changed."""
    if field.kind == "choice":
        texts = {choice.id: choice.text for choice in field.choices}
        ids = list(texts)
        index = ids.index(draft) if draft in ids else None
        st.radio(field.label, ids, index, key=key, format_func=lambda choice: texts[choice], on_change=keep)
    elif field.kind == "text":
        st.text_area(field.label, draft, key=key, on_change=keep, max_chars=4000)
    else:
        st.text_input(field.label, draft, key=key, on_change=keep, max_chars=200)
    parts.note(field.help)


def start(title: str, summary: str, note: str, begin: Callable[[], None]) -> None:
    """The screen before a quiz or drill was ever begun."""
    parts.title(title, summary)
    parts.note(note)
    with parts.actions("start"):
        st.button("Start", type="primary", on_click=begin, icon=":material/arrow_forward:")
        st.page_link(places.HOME.file, label="Home", icon=":material/home:")


def after(begin: Callable[[], None], closed: str = "") -> None:
    """Where to go when a quiz or drill is done; `closed` says why there is no other go now."""
    if closed:
        parts.note(closed, icon="later")
    with parts.actions("after"):
        st.page_link(places.READINESS.file, label="See what it did to your readiness", icon=":material/monitoring:")
        if not closed:
            st.button("Another go", on_click=begin, key="again")
        st.page_link(places.HOME.file, label="Home", icon=":material/home:")


def closed(again: Again, now: datetime) -> str:
    """Why no attempt may begin now, with the moment in the reader's own time; when one may, what it brings."""
    when = f"from {local(again.at):%A, %-d %B, %H:%M}" if again.at else ""
    said = again.refusal(now, when)
    if not said:
        left = "" if again.left is None else f"{again.left} of {again.limit} attempts left. "
        parts.note(f"{left}Another go brings other questions.")
    return said


def judged(artefact: Artefact, result: SpotResult) -> AbstractContextManager[DeltaGenerator]:
    """The feedback box on a judged artefact, to put buttons in."""
    kind = {"breach": "A breach", "near_miss": "A near miss, worth reporting", "harmless": "Harmless"}
    taken = "You would report it." if result.reported else "You took it for harmless."
    why = f"{kind[artefact.verdict]}. {artefact.why} *{artefact.because}*"
    return parts.feedback("right" if result.grade.right else "not_yet", why, taken=taken, key="said")
