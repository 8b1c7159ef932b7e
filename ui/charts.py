"""Charts of readiness over time, as ECharts options: plain values, cheap to make, drawn in the browser.

Colour is never alone: past and outlook differ in line and name too, every chart says its point in words.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from domain.readiness.rollup import Counts
from ui.words import percent

BLUE, ORANGE = "#0072B2", "#D55E00"
LIGHT_BLUE, LIGHT_ORANGE = "#56B4E9", "#E69F00"


def _dark() -> bool:
    return st.context.theme.type == "dark"


def _line(name: str, points: Sequence[tuple[date, float]], colour: str, *, dashed: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "type": "line",
        "data": [[day.isoformat(), round(100 * share, 1)] for day, share in points],
        "showSymbol": False,
        "symbolSize": 8,
        "lineStyle": {"width": 3, "color": colour, "type": "dashed" if dashed else "solid"},
        "itemStyle": {"color": colour},
        "emphasis": {"disabled": True},
    }


def outlook(
    trend: Sequence[tuple[date, Counts]], forecast: Sequence[tuple[date, int]], people: int, goal: float, *, key: str
) -> None:
    """Share verified ready so far, and what is left of it when nobody practises, with the goal across."""
    past = [(day, counts.share) for day, counts in trend]
    ahead = [(day, ready / people) for day, ready in forecast] if people else []
    blue, orange = (LIGHT_BLUE, LIGHT_ORANGE) if _dark() else (BLUE, ORANGE)
    ink, line = ("#E6EDF3", "#3A4A5A") if _dark() else ("#0C151E", "#C9D3DC")
    text = {"color": ink, "fontSize": 14}
    so_far = _line("Verified ready", past, blue)
    so_far["markLine"] = {
        "silent": True,
        "symbol": "none",
        "data": [{"yAxis": round(100 * goal)}],
        "lineStyle": {"color": ink, "type": "dotted", "width": 2},
        "label": {**text, "formatter": f"Goal {percent(goal)}", "position": "insideStartTop"},
    }
    option = {
        "animation": False,
        "textStyle": {"fontFamily": "Atkinson Hyperlegible Next"},
        "grid": {"left": 48, "right": 16, "top": 40, "bottom": 32},
        "legend": {"top": 0, "left": 0, "textStyle": text, "itemWidth": 34, "selectedMode": False},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "time",
            "axisLabel": {**text, "hideOverlap": True},
            "axisLine": {"lineStyle": {"color": line}},
            "splitLine": {"show": False},
        },
        "yAxis": {
            "type": "value",
            "min": 0,
            "max": 100,
            "interval": 20,
            "axisLabel": {**text, "formatter": "{value} %"},
            "splitLine": {"lineStyle": {"color": line}},
        },
        "series": [so_far, _line("If nobody practises", ahead, orange, dashed=True)],
    }
    st.echarts_chart(option, height=320, key=key, alt=told(past, ahead, goal))


def told(past: Sequence[tuple[date, float]], ahead: Sequence[tuple[date, float]], goal: float) -> str:
    """The point of the outlook in words."""
    said = []
    if past:
        said.append(f"Verified ready went from {percent(past[0][1])} on {_day(past[0][0])} to {percent(past[-1][1])}")
    if ahead:
        said.append(f"if nobody practises, {percent(ahead[-1][1])} are left on {_day(ahead[-1][0])}")
    return "; ".join([*said, f"the goal is {percent(goal)}"]) + "."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
