"""Drawing the sheet on which a facilitator types in what was played on paper, and reading it back as a value."""

from datetime import datetime, time, timedelta

import streamlit as st

from domain.paper_run import Cast, Known, Line, PaperRun, Row, Saw, Sent, Took
from domain.scenario import Decision, Scenario
from services.live.typed import Sheet
from ui import parts
from ui.words import local, plain

NOBODY = "Nobody in particular"


def when(shown: Sheet, now: datetime) -> None:
    """When it was played in our time, for how long, and when it ended in the story's."""
    told = shown.live.planned_for
    guess = local(min(told, now) if told else now)
    day, hour, minutes, ended = st.columns(4)
    day.date_input("Played on", guess.date(), key="day", format="YYYY-MM-DD")
    hour.time_input("From", guess.time().replace(second=0, microsecond=0) if told else time(10), key="hour")
    minutes.number_input("Minutes at the table", 1, 2880, shown.scenario.table_minutes, key="minutes")
    ended.text_input("Ended at", key="ended", placeholder="T+6h", help="In exercise time, as all times below.")


def began(now: datetime) -> datetime:
    """When it was played, in the time zone of the browser."""
    return datetime.combine(st.session_state["day"], st.session_state["hour"], tzinfo=local(now).tzinfo)


def lasted() -> timedelta:
    """How long the table sat."""
    return timedelta(minutes=st.session_state["minutes"] or 0)


def lines(shown: Sheet) -> None:
    """Injects and decisions in the order of the run sheet."""
    for row in shown.rows:
        if row.decision is None:
            _inject(row)
        else:
            _decision(row.line, row.decision, shown.scenario)


def _inject(row: Row) -> None:
    left, right = st.columns([1, 4], vertical_alignment="center")
    left.text_input(f"{row.line} · Sent at", row.at, key=f"at-{row.line}", placeholder="as in the script")
    with right:
        parts.heading(row.inject.title, 3)
        parts.note(" · ".join(part for part in (row.inject.sender, row.condition and f"if {row.condition}") if part))


def _decision(line: int, decision: Decision, scenario: Scenario) -> None:
    options = {option.id: option.text for option in decision.options}
    seats = {"": NOBODY, **{seat.id: seat.title for seat in scenario.seats}}
    with parts.card(f"line-{line}", tone="info"):
        parts.heading(decision.ask, 3)
        at, option, by = st.columns([1, 3, 1])
        at.text_input(f"{line} · Decided at", key=f"at-{line}", placeholder="not decided")
        option.selectbox("The team took", list(options), None, key=f"option-{line}", placeholder="Nothing",
                         format_func=lambda name: plain(options[name]))  # fmt: skip
        by.selectbox("Said by", list(seats), list(seats).index(scenario.leads), key=f"by-{line}",
                     format_func=lambda name: plain(seats[name]))  # fmt: skip
        st.text_input("Why", key=f"why-{line}", max_chars=300)
        with st.expander("Votes, if somebody wrote them down"):
            for seat in scenario.voters(decision):
                st.selectbox(plain(seats[seat]), list(options), None, key=f"vote-{line}-{seat}",
                             placeholder="Not noted", format_func=lambda name: plain(options[name]))  # fmt: skip


def more(shown: Sheet, facts: int, seen: int) -> None:
    """Facts that somebody established by hand, and what was observed; numbered on from the run sheet."""
    scenario, line = shown.scenario, len(shown.rows)
    texts = {fact.id: fact.text for fact in scenario.facts}
    parts.heading("Facts established by hand")
    parts.note("Only what no message and no decision of the script brings about.")
    for number in range(line + 1, line + facts + 1):
        at, what = st.columns([1, 4])
        at.text_input(f"{number} · From", key=f"at-{number}", placeholder="T+1h20m")
        what.selectbox("Fact", list(texts), None, key=f"fact-{number}", format_func=lambda name: plain(texts[name]))
    parts.heading("Observations")
    titles = {row.inject.id: row.inject.title for row in shown.rows}
    titles |= {row.decision.id: row.decision.ask for row in shown.rows if row.decision}
    aims = {objective.id: objective.text for objective in scenario.objectives}
    names = dict(shown.watchers)
    for number in range(line + facts + 1, line + facts + seen + 1):
        with parts.card(f"line-{number}"):
            at, text = st.columns([1, 4])
            at.text_input(f"{number} · Seen at", key=f"at-{number}", placeholder="the end")
            text.text_input("What was seen", key=f"text-{number}", max_chars=2000)
            about, aim, rating, by = st.columns([3, 3, 1, 2])
            about.selectbox("About", list(titles), None, key=f"about-{number}", format_func=lambda n: plain(titles[n]))
            aim.selectbox("Objective", list(aims), None, key=f"aim-{number}", format_func=lambda n: plain(aims[n]))
            rating.selectbox("Rated", ["P", "S", "M", "U"], None, key=f"rating-{number}")
            by.selectbox("By", list(names), key=f"by-{number}", format_func=lambda n: plain(names[n]))


def typed(shown: Sheet, facts: int, seen: int) -> PaperRun:
    """What stands on the sheet; lines that nobody touched are left out."""
    line = len(shown.rows)
    found: list[Line | None] = [_row(row, shown.scenario) for row in shown.rows]
    found += [_fact(number) for number in range(line + 1, line + facts + 1)]
    found += [_seen(number) for number in range(line + facts + 1, line + facts + seen + 1)]
    return PaperRun(tuple(each for each in found if each is not None), _said("ended"))


def _said(key: str) -> str:
    return str(st.session_state.get(key) or "").strip()


def _row(row: Row, scenario: Scenario) -> Line | None:
    line, at = row.line, _said(f"at-{row.line}")
    if row.decision is None:
        return Sent(line, row.inject.id, at) if at else None
    cast = {seat: _said(f"vote-{line}-{seat}") for seat in scenario.voters(row.decision)}
    votes = tuple(Cast(seat, option) for seat, option in cast.items() if option)
    option, why = _said(f"option-{line}"), _said(f"why-{line}")
    if not (at or option or why or votes):
        return None
    return Took(line, row.decision.id, at, option, _said(f"by-{line}"), why, votes)


def _fact(line: int) -> Known | None:
    at, fact = _said(f"at-{line}"), _said(f"fact-{line}")
    return Known(line, fact, at) if at or fact else None


def _seen(line: int) -> Saw | None:
    text, rating = _said(f"text-{line}"), st.session_state.get(f"rating-{line}")
    about, aim = _said(f"about-{line}"), _said(f"aim-{line}")
    if not (text or rating or about or aim):
        return None
    return Saw(line, text, _said(f"at-{line}"), _said(f"by-{line}"), about, aim, rating)
