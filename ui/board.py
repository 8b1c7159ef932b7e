"""The board of team readiness, the same for managers and for the security team.

The title is the answer, then why, then the button that helps most; figures, teams, skills and time follow.
"""

from datetime import timedelta

import streamlit as st

from domain.readiness.rollup import GOAL, Counts
from domain.readiness.standing import Status
from domain.skills import Skill
from services import behaviour, programme, readiness
from services.behaviour import Behaviour
from services.readiness import Board
from ui import charts, parts, session
from ui.components import Cell, heatmap

DUE = timedelta(days=14)
"""The due date that is offered."""
KNOWN = 0.2
"""A cell of which a smaller share is assessed says nothing about the rest."""
PERSON = ("Person", "Status", "Last practised")
FIRST = 10
HIDDEN = "Hidden, so that nobody can be singled out"


def draw() -> None:
    """The answer, what helps most, the figures, the teams, the heatmap, the people behind a cell, time, the export."""
    app, me = session.here()
    names = readiness.teams(app, me)
    if not names:
        parts.title("Team readiness")
        parts.empty(
            "You do not manage a team yet.", sample="The security team says on the page People who manages which."
        )
        return
    team = st.session_state.get("team")
    team = team if team in names else None
    seen = readiness.board(app, me, team)
    title, lead = answer(seen.whole)
    parts.title(title, lead)
    with st.container(horizontal=True, vertical_alignment="bottom", key="board-choice"):
        st.selectbox("Team", [0, *names], key="team", width=300, format_func=lambda t: names.get(t, "All teams"))
        st.download_button(
            "Export as CSV",
            lambda: readiness.export(app, me, team),
            "readiness.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    if seen.whole.people:
        _act(seen)
        _figures(seen, behaviour.figures(app, me, team))
    _teams(seen)
    if seen.cells:
        _skills(seen)
    if seen.trend or seen.forecast:
        _time(seen)
    _computed()


def answer(whole: Counts) -> tuple[str, str]:
    """The headline and the line under it."""
    if not whole.people:
        return (
            "Too few people to say",
            "Groups of fewer than five people are hidden, so that nobody can be singled out.",
        )
    verdict = "Ready" if whole.share >= GOAL else "Not ready yet"
    title = f"{verdict}: {whole.ready} of {whole.people} verified ready ({parts.percent(whole.share)})"
    open_ = whole.uncertain + whole.not_assessed
    more = []
    if open_:
        more.append(f"{open_} more may be, we have not asked them enough")
    if whole.refresh:
        more.append(f"{whole.refresh} were and need a refresher")
    if whole.gap:
        more.append(f"{whole.gap} show a gap")
    return title, "; ".join(more) + "." if more else "Everybody is."


# ── what helps most ───────────────────────────────────────────────────────────────────────────────────────────


def _act(seen: Board) -> None:
    """The reason, and the button that acts on it."""
    app, _ = session.here()
    modules = sorted(app.content().modules.items(), key=lambda pair: pair[1].order)
    if not modules:
        return
    lever = seen.lever
    skill = lever.skill if lever else seen.weakest or Skill.SPOT
    slugs = [slug for slug, _ in modules]
    fitting = next((n for n, (_, module) in enumerate(modules) if skill in module.skills), 0)
    teams = [t for t in seen.teams if t not in seen.hidden] or list(seen.teams)
    lacking = {t: c.people - c.ready for t in teams if (c := seen.cells.get((t, skill)))}
    most = max(lacking, key=lambda t: lacking[t], default=teams[0])
    with parts.card("act", tone="info"):
        parts.heading("What helps most")
        if lever and lever.people:
            parts.prose(
                f"Refreshing **{skill.label}** for {parts.people(lever.people)} would move it most: "
                "it is all that they lack to be verified ready."
            )
        elif lever:
            parts.prose(f"Start with **{skill.label}**: for {parts.people(lever.lacking)} it is not verified.")
        else:
            parts.prose(f"Nobody lacks what everybody must hold. **{skill.label}** is the weakest of the other skills.")
        titles = {slug: module.title for slug, module in modules}
        with st.form("assign", border=False):
            module, team, due, go = st.columns([3, 3, 2, 2], vertical_alignment="bottom")
            module.selectbox("Module", slugs, fitting, key=f"module-{skill}", format_func=lambda s: titles[s])
            team.selectbox("For", teams, teams.index(most), key=f"for-{most}", format_func=lambda t: seen.teams[t])
            due.date_input("Due", app.now().date() + DUE, min_value=app.now().date(), key="due", format="DD/MM/YYYY")
            go.form_submit_button(
                "Assign", type="primary", on_click=_assign, args=(f"module-{skill}", f"for-{most}"), width="stretch"
            )
        _undo(seen)


def _assign(module: str, team: str) -> None:
    held = st.session_state
    given = session.act(programme.give, held[module], held[team], held["due"])
    held["given"] = given


def _undo(seen: Board) -> None:
    """What the last press did, and the way back."""
    given = st.session_state.get("given")
    if given is None:
        return
    app, _ = session.here()
    title, team = app.content().modules[given.module].title, seen.teams.get(given.team_id, "the team")

    def back() -> None:
        if session.act(programme.take_back, given) is not None:
            st.session_state["given"] = None
            session.tell("Taken back.")

    if not given.people:
        parts.note(f"Nothing to do: everybody in {team} has “{title}” open, or passed it within a month.", icon="info")
        return
    with parts.actions("undo"):
        again = f", {len(given.again)} of them again" if given.again else ""
        due = f"{given.due_on.day} {given.due_on:%B}"
        parts.note(f"{parts.people(given.people)} in {team} have “{title}”{again}, due {due}.", icon="check")
        st.button("Undo", on_click=back, key="undo", icon=":material/undo:")


# ── figures and teams ─────────────────────────────────────────────────────────────────────────────────────────


def _figures(seen: Board, done: Behaviour) -> None:
    few = "fewer than five people so far"

    def rate(found: tuple[int, int] | None) -> tuple[str, str]:
        return (parts.percent(found[0] / found[1]), f"{found[0]} of {found[1]}") if found else ("–", few)

    whole, minutes = seen.whole, done.minutes_to_report
    spotted, alarms = rate(done.spotted), rate(done.false_alarms)
    late = "–" if done.overdue is None else str(done.overdue)
    parts.figures(
        parts.Figure("Verified ready", f"{whole.ready} / {whole.people}", f"at most {parts.percent(whole.most)}"),
        parts.Figure(
            "Median time to report",
            "–" if minutes is None else f"{minutes:.0f} min",
            few if minutes is None else f"{done.reports} drills",
        ),
        parts.Figure("Spotted in drills", spotted[0], f"{spotted[1]} worth reporting" if done.spotted else few),
        parts.Figure("False alarms", alarms[0], f"{alarms[1]} harmless ones" if done.false_alarms else few),
        parts.Figure("Overdue", late, "people", "bad" if done.overdue else "plain"),
    )
    parts.note("Drills of the last 90 days. Spotting counts only together with its false alarms.")


def _teams(seen: Board) -> None:
    parts.heading("Who is ready?")
    rows = [(name, None if t in seen.hidden else seen.by_team.get(t)) for t, name in seen.teams.items()]
    if len(rows) > 1 and seen.whole.people:
        rows.append(("All together", seen.whole))
    parts.status_bars(rows, caption="People of each team by status", hidden=HIDDEN)
    parts.note("Verified counts only who has shown it; at most counts everybody of whom the opposite is not known.")


# ── skills ────────────────────────────────────────────────────────────────────────────────────────────────────


def _pick(team: str, skill: str) -> None:
    st.session_state["cell"] = (int(team), Skill(skill))


def _skills(seen: Board) -> None:
    """The heatmap, and the people behind the cell that was chosen."""
    app, me = session.here()
    parts.heading("Where is the gap?")
    cells = {
        (str(team), skill.value): Cell(
            c.share, parts.percent(c.share), f"{parts.percent(c.coverage)} assessed", c.people, c.coverage >= KNOWN
        )
        if (c := seen.cells.get((team, skill)))
        else Cell(None, "–", "hidden")
        for team in seen.teams
        for skill in Skill
    }
    chosen = st.session_state.get("cell")
    chosen = chosen if chosen in seen.cells else None
    heatmap(
        [(str(team), name) for team, name in seen.teams.items()],
        [(skill.value, skill.label) for skill in Skill],
        cells,
        caption="Share verified ready, and the share assessed. Select a cell to see who is behind it.",
        target=GOAL,
        selected=(str(chosen[0]), chosen[1].value) if chosen else None,
        key="heat",
        on_select=_pick,
    )
    if chosen:
        team, skill = chosen
        counts = seen.cells[chosen]
        with parts.card("behind"):
            parts.heading(f"{seen.teams[team]} · {skill.label}", 3)
            waiting = [p for p in readiness.behind(app, me, team, skill) if p.status is not Status.READY]
            parts.note(f"{counts.ready} of {counts.people} are verified ready. {skill.promise}")
            table = [[p.name, p.status.words, _when(p.last)] for p in waiting]
            parts.table(PERSON, table[:FIRST], caption="Who is not verified ready, in need first")
            if len(table) > FIRST:
                with st.expander(f"{len(table) - FIRST} more"):
                    parts.table(
                        PERSON, table[FIRST:], caption="The others who are not verified ready", hide_caption=True
                    )


def _when(last: object) -> str:
    return _day(last) if last else "never"


# ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _time(seen: Board) -> None:
    """What has been, and what becomes of it when nothing is done."""
    parts.heading("Are we getting better?")
    people = seen.whole.people
    if seen.forecast:
        first, last = seen.forecast[0], seen.forecast[-1]
        parts.prose(
            f"If nobody practises, **{last[1]}** of the {first[1]} who are verified ready today still are on "
            f"{last[0].day} {last[0]:%B}: what is not used fades."
        )
    charts.outlook(seen.trend, seen.forecast, people, GOAL, key="outlook")
    with st.expander("The same as a table"):
        weekly = [row for n, row in enumerate(reversed(seen.trend)) if n == 0 or row[0].weekday() == 0][:12]
        rows = [
            [_day(day), str(c.ready), str(c.people), parts.percent(c.share), "counted"] for day, c in reversed(weekly)
        ]
        rows += [
            [_day(d), str(n), str(people), parts.percent(n / people), "if nobody practises"]
            for d, n in seen.forecast[1:]
        ]
        parts.table(["Day", "Verified ready", "People", "Share", ""], rows, caption="Verified ready by week")


def _day(day: object) -> str:
    return f"{day:%d\N{NO-BREAK SPACE}%b\N{NO-BREAK SPACE}%Y}"


def _computed() -> None:
    with st.expander("How is this computed?"):
        parts.prose(
            "Each answer moves an estimate of how likely a person handles a typical task of a skill, cold and without "
            "help. It fades towards *unknown* while nothing is practised.\n\n"
            "- **Verified ready**: we are at least 80 % sure that the person handles three of four typical tasks, in "
            "Spot and in Report, which everybody must hold.\n"
            "- **Refresh due**: was ready at the last answer, and is not any more.\n"
            "- **Uncertain**: the answers do not settle it yet. **Not assessed**: fewer than three answers.\n"
            "- **Gap**: we are at least 80 % sure that the target is missed.\n\n"
            "The unknown is never filled in: *at most* counts everybody but those with a gap. Reading a lesson counts "
            "for nothing, only answers do. Groups under five are hidden, and what would give them away by subtraction. "
            "You see statuses, never single answers; what only fades with time may be five minutes old."
        )
