"""The board of team readiness, the same for managers and for the security team."""

import streamlit as st

from domain.skills import Skill
from services import readiness
from ui import parts, session
from ui.components import Cell, heatmap


def draw() -> None:
    """The answer, the figures, the heatmap with coverage, the people behind a cell, the trend, the export."""
    app, me = session.here()
    seen = readiness.board(app, me)
    whole = seen.whole
    parts.title(
        f"{whole.ready} of {whole.people} verified ready", f"At most {whole.most:.0%} may be; the rest show a gap."
    )
    weak = seen.weakest.label if seen.weakest else "–"
    minutes = "–" if seen.minutes_to_report is None else f"{seen.minutes_to_report:.0f} min"
    parts.figures(
        parts.Figure("Weakest skill", weak),
        parts.Figure("Median time to report", minutes, f"{seen.reports} reports"),
        parts.Figure("Spotted in drills", f"{seen.spotted[0]} of {seen.spotted[1]}"),
        parts.Figure("False alarms", f"{seen.false_alarms[0]} of {seen.false_alarms[1]}"),
    )
    parts.heading("Where is the gap?")
    cells = {
        (str(team), skill.value): Cell(c.share, f"{c.share:.0%}", f"{c.coverage:.0%} assessed", c.people)
        if (c := seen.cells.get((team, skill)))
        else Cell(None, "<5", "hidden")
        for team in seen.teams
        for skill in Skill
    }
    rows = [(str(team), name) for team, name in seen.teams.items()]
    columns = [(skill.value, skill.label) for skill in Skill]
    chosen = st.session_state.get("cell")

    def pick(team: str, skill: str) -> None:
        st.session_state["cell"] = (team, skill)

    heatmap(rows, columns, cells, caption="Verified ready, and how many are assessed", key="heat", on_select=pick)
    if chosen and int(chosen[0]) in seen.teams and int(chosen[0]) not in seen.hidden:
        people = readiness.behind(app, me, int(chosen[0]), Skill(chosen[1]))
        table = [[p.name, p.status.words, f"{p.last:%d %b %Y}" if p.last else "never"] for p in people]
        caption = f"{seen.teams[int(chosen[0])]} · {Skill(chosen[1]).label}"
        parts.table(["Person", "Status", "Last practised"], table, caption=caption)
    if seen.trend:
        parts.heading("Are we getting better?")
        st.line_chart({"Verified ready": {day.isoformat(): counts.ready for day, counts in seen.trend}})
    st.download_button("Export as CSV", lambda: readiness.export(app, me), "readiness.csv", "text/csv")
