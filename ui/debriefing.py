"""Drawing a debrief: the answer, deadlines and decisions on one time axis, and what each decision did.

Colour is never alone: every mark has its letter or word, and every chart a table beside it.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import plotly.graph_objects as go
import streamlit as st

from domain.exercise import Clock
from domain.exercise.view import Ballot
from domain.review import MEANING, Evidence, Review, Verdict, aligned, rated
from domain.scenario import Rating
from domain.skills import Skill
from domain.span import moment
from ui import parts
from ui.answering import sources_of
from ui.playing import rule, took, until
from ui.words import plain

COLOURS: dict[Rating, str] = {"P": "#009E73", "S": "#56B4E9", "M": "#E69F00", "U": "#D55E00"}
TONES: dict[Rating, parts.Tone] = {"P": "good", "S": "info", "M": "warn", "U": "bad"}
IN_TIME, LATE, OPEN = "#0072B2", "#D55E00", "#7A7A7A"


def _owed(review: Review) -> list[Clock]:
    return [owed for owed in review.clocks if owed.deadline.standing != "not_started"]


def _result(owed: Clock) -> tuple[str, parts.Tone]:
    """How a duty came out, in words."""
    deadline = owed.deadline
    if deadline.late_by is not None:
        return f"Done, {took(deadline.late_by)} late", "bad"
    if deadline.standing == "met":
        return "Done in time", "good"
    return ("Not done, overdue", "bad") if deadline.standing == "late" else ("Not done yet", "warn")


def answer(review: Review) -> tuple[str, str]:
    """The headline: how many duties were done in time, and the line under it."""
    owed = _owed(review)
    met = sum(c.deadline.standing == "met" and c.deadline.late_by is None for c in owed)
    text = f"{met} of {len(owed)} duties done in time" if owed else "No legal clock started"
    best = sum(verdict.better is None for verdict in review.verdicts)
    lead = f"{review.scenario.title}: {best} of {len(review.verdicts)} decisions could not have been better."
    return text, lead


def figures(review: Review) -> None:
    """The numbers of the debrief."""
    verdicts = review.verdicts
    mean = sum(verdict.worth for verdict in verdicts) / len(verdicts) if verdicts else 0.0
    late = sum(bool(verdict.overrun) for verdict in verdicts)
    letter = rated(mean)
    parts.figures(
        parts.Figure("Six steps", f"{review.covered} of 6", "exercised", "good" if review.covered == 6 else "warn"),
        parts.Figure("Decisions", letter if verdicts else "–", MEANING[letter] if verdicts else "none", TONES[letter]),
        parts.Figure("Took too long", str(late), "decisions", "warn" if late else "good"),
        parts.Figure("Story time", took(review.ended), "from the first sign to the end"),
    )
    for line in aligned(review.alignment):
        parts.note(line, icon="people")
    parts.prose(review.scenario.debrief.opening)


def deadlines(review: Review) -> None:
    """Deadlines and decisions on one axis, with the same as a table."""
    owed = _owed(review)
    parts.heading("Deadlines")
    if owed:
        st.plotly_chart(
            _chart(review, owed), width="stretch", key="gantt", alt=_alt(owed), config={"displayModeBar": False}
        )
    rows = []
    for each in review.clocks:
        started = each.deadline.started
        result = _result(each)[0] if started is not None else "Not owed"
        rows.append((each.owed.label, result, until(each) if started is not None else "–", rule(each)))
    parts.table(("Duty", "Result", "Limit", "Rule"), rows, caption="Duties of this exercise", hide_caption=True)
    parts.note("What was on its way when the exercise ended counts at the time at which it arrives. " + parts.LEGAL)


def _alt(owed: Sequence[Clock]) -> str:
    return "Deadlines: " + "; ".join(f"{each.owed.label}: {_result(each)[0].lower()}" for each in owed)


def _days(span: timedelta) -> float:
    return span.total_seconds() / 86_400


def _chart(review: Review, owed: Sequence[Clock]) -> go.Figure:
    starts = review.scenario.starts
    ends = [each.deadline.met - starts for each in owed if each.deadline.met is not None]
    last = _days(max([review.ended, *ends])) * 1.05 + 0.1
    figure = go.Figure()
    for each in reversed(owed):
        deadline = each.deadline
        assert deadline.started is not None
        begin = _days(deadline.started - starts)
        stop = _days(deadline.met - starts) if deadline.met is not None else last
        limit = _days(deadline.due - starts) if deadline.due is not None else None
        colour = OPEN if deadline.met is None and deadline.standing == "running" else IN_TIME
        split = stop if limit is None else min(stop, max(limit, begin))
        name = each.owed.label
        figure.add_bar(y=[name], x=[split - begin], base=[begin], orientation="h", marker_color=colour, width=0.5)
        if stop > split:
            pattern = {"shape": "/", "fgcolor": "#FFFFFF"}
            figure.add_bar(
                y=[name],
                x=[stop - split],
                base=[split],
                orientation="h",
                marker={"color": LATE, "pattern": pattern},
                width=0.5,
            )
        if limit is not None and limit <= last:
            figure.add_scatter(
                y=[name], x=[limit], mode="markers", marker={"symbol": "line-ns-open", "size": 22, "color": "#0C151E"}
            )
    for verdict in review.verdicts:
        letter = verdict.taken.rating
        figure.add_scatter(
            y=["Decisions"],
            x=[_days(verdict.t)],
            mode="markers+text",
            text=[letter],
            textfont={"color": "#0C151E", "size": 12},
            marker={"size": 22, "color": COLOURS[letter], "line": {"color": "#0C151E", "width": 1}},
            hovertext=[f"{verdict.decision.ask} {verdict.taken.text}"],
            hoverinfo="text",
        )
    figure.update_layout(
        barmode="overlay",
        showlegend=False,
        height=120 + 34 * len(owed),
        margin={"l": 0, "r": 10, "t": 10, "b": 40},
        xaxis={
            "title": "Days since the first sign; the black line is the limit",
            "range": [0, last],
            "fixedrange": True,
        },
        yaxis={"fixedrange": True, "automargin": True},
    )
    return figure


def timeline(review: Review) -> None:
    """Everything that happened, in order."""
    parts.heading("Timeline")
    moments = []
    for entry in review.timeline:
        at = f"{entry.moment:%a %H:%M} · {moment(entry.t)}"
        if entry.kind == "decision" and entry.rating is not None:
            moments.append(parts.Moment(at, f"{entry.text} ({entry.rating})", "Decision", TONES[entry.rating]))
        elif entry.kind == "inject":
            moments.append(parts.Moment(at, entry.text, entry.who))
        else:
            moments.append(parts.Moment(at, entry.text, "Fact" if entry.kind == "fact" else "", "info"))
    parts.timeline(moments, caption="Timeline of the exercise")


def verdict(review: Review, found: Verdict, mine: str | None, names: Mapping[str, str]) -> None:
    """One decision: what was taken, what it did, what would have been better; `names` has people by their seat."""
    rating = found.taken.rating
    with parts.card(f"verdict-{found.decision.id}", tone=TONES[rating]):
        parts.heading(found.decision.ask, 3)
        slow = [parts.Badge(f"{took(found.overrun)} over", "warn", "clock")] if found.overrun else []
        skills = [parts.Badge(skill.label) for skill in found.decision.skills]
        parts.badges(parts.Badge(f"{rating}: {MEANING[rating]}", TONES[rating]), *slow, *skills)
        said = f" “{found.why}”" if found.why else ""
        parts.note(f"{moment(found.t)} · The team decided: {found.taken.text}.{said}", icon="check")
        if mine is not None and mine != found.taken.id:
            own = next(option.text for option in found.decision.options if option.id == mine)
            parts.note(f"Your own vote was: {own}")
        parts.prose(found.taken.then)
        parts.prose(found.taken.why)
        for text, since in found.facts:
            parts.note(f"{moment(since)} · {text}", icon="flag")
        if found.better is not None:
            parts.prose(f"**Better: {found.better.text}.** {found.better.why}")
        with st.expander("All options and votes"):
            for option in found.decision.options:
                voters = ", ".join(_voter(b, names) for b in found.ballots if b.option == option.id)
                votes = f" Votes: {voters}." if voters else ""
                parts.prose(f"**{option.rating} · {option.text}.** {option.why}{votes}")
        best = found.better or found.taken
        sources_of(review.scenario.sources, (*found.taken.cites, *best.cites))


def _voter(cast: Ballot, names: Mapping[str, str]) -> str:
    name = names.get(cast.seat)
    called = f"{cast.title} ({plain(name)})" if name else cast.title
    return f"{called}: “{plain(cast.reason)}”" if cast.reason else called


def people(review: Review, names: Mapping[str, str]) -> None:
    """Who sat where; nothing when it was played alone."""
    if names:
        rows = [(seat.title, names.get(seat.id, "–")) for seat in review.scenario.seats]
        parts.heading("At the table")
        parts.table(("Seat", "Who"), rows, caption="Who sat where", hide_caption=True)


def steps(review: Review) -> None:
    """The six steps, which were exercised and how."""
    parts.heading("The six steps")
    rows = []
    for step in review.steps:
        letter = rated(step.worth) if step.worth is not None else None
        said = f"{letter}: {MEANING[letter]}" if letter is not None else "Not exercised"
        rows.append((f"{step.skill.step} {step.skill.label}", str(len(step.decisions)), said))
    parts.table(("Step", "Decisions", "How it went"), rows, caption="The six steps", hide_caption=True)
    parts.note("The steps are tracks, not an order: nothing here scores which came first.")


def objectives(review: Review) -> None:
    """What the exercise was to show, with its evidence."""
    parts.heading("Objectives")
    for shown in review.objectives:
        tone = TONES[shown.rating] if shown.rating is not None else "plain"
        with parts.card(f"objective-{shown.objective.id}", tone=tone):
            label = f"{shown.rating}: {MEANING[shown.rating]}" if shown.rating is not None else "Did not come up"
            parts.badges(parts.Badge(label, tone))
            parts.heading(shown.objective.text, 3)
            for line in shown.evidence:
                parts.note(line)


def learnt(found: Sequence[Evidence], part: str = "player") -> None:
    """What went into the person's readiness, and with which weight."""
    parts.heading("What this says about you")
    if not found:
        why = "you ran it." if part == "facilitator" else "no decision was taken while you sat at the table."
        parts.note(f"Nothing: {why}")
        return
    rows = []
    for skill in Skill:
        votes = [each for each in found if each.skill is skill and each.kind == "vote"]
        team = [each for each in found if each.skill is skill and each.kind == "team"]
        if votes or team:
            rows.append((skill.label, _mean(votes), _mean(team)))
    parts.table(("Skill", "Your votes", "The team's decisions"), rows, caption="Evidence by skill", hide_caption=True)
    if part == "observer":
        parts.note("You watched: each decision of the team counts a quarter of what a vote of your own would.")
        return
    parts.note(
        "Your blind votes count in full, the team's decisions by half. P counts 1, S 0.75, M 0.35, U 0; each overrun of a "
        "decision's own limit halves it. Playing a scenario again counts about a third."
    )


def _mean(found: Sequence[Evidence]) -> str:
    return parts.percent(sum(each.y for each in found) / len(found)) if found else "–"


def hot_wash(review: Review) -> None:
    """Questions for the table, and what the scenario was meant to teach."""
    lines = "\n".join(f"- {line}" for line in review.scenario.debrief.questions)
    parts.prose(lines)
    parts.heading("What this scenario teaches", 3)
    parts.prose("\n".join(f"- {line}" for line in review.scenario.debrief.lessons))
    if review.missed:
        with st.expander(f"{len(review.missed)} messages that did not come this time"):
            parts.prose("\n".join(f"- {title}" for title in review.missed))
