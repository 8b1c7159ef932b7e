"""The command that plays a scenario in the terminal: by hand, by a rehearsal, by itself, or every way there is.

It reads content files only; nothing is written, and the same seed and answers give the same exercise.
"""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from catalog.library import Catalog, load
from commands import paths
from domain import bots, solo
from domain.exercise import Event, State, evolve, replay, variant, view
from domain.exercise.view import Ask, Message, View
from domain.refusal import Refused
from domain.rehearse import rehearse
from domain.review import MEANING, Review, review
from domain.scenario import Scenario
from domain.span import moment

app = typer.Typer(add_completion=False)

ROOT = Path(__file__).resolve().parent.parent

console = Console(highlight=False)


@app.command()
def play(
    slug: Annotated[str, typer.Argument(help="The scenario: the name of its file without .yaml.")],
    seed: Annotated[
        int, typer.Option(help="Draws the dials and the bots' votes; the same seed, the same exercise.")
    ] = 1,
    seat: Annotated[str, typer.Option(help="The seat you play; by default the one that leads.")] = "",
    dial: Annotated[list[str] | None, typer.Option(help="Set a dial: --dial size=wide. Repeat for more.")] = None,
    rehearsal: Annotated[
        str, typer.Option(help="Play this rehearsal instead, and say what came out differently.")
    ] = "",
    auto: Annotated[bool, typer.Option("--auto", help="Let a bot play your seat too.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Play every way through it by machine.")] = False,
    sample: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="… or so many ways, drawn from --seed.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="With --all or --sample: print one JSON object.")] = False,
    root: Annotated[Path, typer.Option(help="The folder that holds content/ and quizzes/.")] = ROOT,
) -> None:
    """Play a scenario alone, with bots on the other seats, and print its debrief."""
    content = load(root)
    scenario = content.scenarios.get(slug)
    if scenario is None:
        known = ", ".join(sorted(content.scenarios)) or "none"
        _stop(f"There is no scenario `{slug}` without problems. Known: {known}.")
    if every or sample is not None:
        _machine(content, scenario, None if every else sample, seed, as_json=as_json)
        return
    console.print("[bold red]EXERCISE – not real[/]")
    if rehearsal:
        _rehearse(content, slug, rehearsal)
        return
    dials = {name: value for name, _, value in (pair.partition("=") for pair in dial or ())}
    try:
        _by_hand(content, scenario, seat or scenario.leads, seed, dials, auto=auto)
    except Refused as refusal:
        _stop(str(refusal))
    except (EOFError, KeyboardInterrupt, typer.Abort):
        _stop("Stopped.")


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    sys.exit(1)


def _machine(content: Catalog, scenario: Scenario, sample: int | None, seed: int, *, as_json: bool) -> None:
    try:
        found = paths.run(scenario, content.regimes, sample=sample, seed=seed)
    except Refused as refusal:
        _stop(str(refusal))
    if as_json:
        typer.echo(paths.as_json(found))
    else:
        paths.show(console, scenario, found)


def _rehearse(content: Catalog, slug: str, name: str) -> None:
    own = {each: found for each, found in content.rehearsals.items() if found.scenario == slug}
    if name not in own:
        _stop(f"There is no rehearsal `{name}`. Known: {', '.join(sorted(own)) or 'none'}.")
    played = rehearse(content.scenarios[slug], content.regimes, own[name])
    _debrief(played.review)
    for difference in played.differences:
        console.print(f"[red]{difference}[/]")
    console.print("It came out as written." if not played.differences else "It did not come out as written.")
    sys.exit(1 if played.differences else 0)


def _by_hand(content: Catalog, scenario: Scenario, seat: str, seed: int, dials: dict[str, str], *, auto: bool) -> None:
    clock = _Clock(still=auto)
    log = solo.begin(scenario, seat=seat, player="you", seed=seed, dials=dials, now=clock.now())
    state = replay(log)
    played = variant(scenario, state.dials)
    _setting(view(played, content.regimes, state, seat, clock.now()))
    seen = 0
    while state.phase != "ended":
        screen = view(played, content.regimes, state, seat, clock.now())
        for message in screen.messages[seen:]:
            sender = f"{moment(message.t)} · {message.moment:%a %H:%M} · {message.channel} · {message.sender}"
            body = "\n".join(part for part in (message.text, *message.lines, *_attached(message)) if part)
            private = f"\n\nOnly you know: {message.private}" if message.private else ""
            console.print(Panel(Text(body + private), title=Text(message.title), subtitle=Text(sender), width=100))
        seen = len(screen.messages)
        _strip(screen)
        if screen.asks:
            ask = screen.asks[0]
            clock.thinks(played.decision(ask.id).within / 2 / played.speed)
            events = _turn(played, state, ask, seat, clock.now(), auto=auto)
        else:
            if not auto:
                typer.prompt("Enter to go on", default="", show_default=False)
            events = solo.go_on(played, state, clock.now())
        log = (*log, *events)
        state = _after(state, events)
    _debrief(review(played, content.regimes, state, log))


def _attached(message: Message) -> list[str]:
    """Attachments as plain lines: the head, then what it says."""
    told = []
    for each in message.attachments:
        told += [f"\n[{each.kind}]", *(f"{label}: {text}" for label, text in each.head), each.body or "", *each.lines]
    return told


class _Clock:
    """The real clock, or one that only moves when somebody thinks."""

    def __init__(self, *, still: bool) -> None:
        self._still = still
        self._at = datetime.now(UTC)

    def now(self) -> datetime:
        return self._at if self._still else datetime.now(UTC)

    def thinks(self, span: timedelta) -> None:
        self._at += span


def _turn(scenario: Scenario, state: State, ask: Ask, seat: str, now: datetime, *, auto: bool) -> tuple[Event, ...]:
    """Vote, see the votes, decide for the team."""
    decision = scenario.decision(ask.id)
    console.print(Text(ask.ask, style="bold"))
    if ask.context:
        console.print(Text(ask.context))
    likes = bots.opinion(decision, seat, state.seed)
    choice, reason = (likes.option, likes.reason) if auto else _choose(ask, "Your vote")
    voted = solo.vote(scenario, state, seat=seat, decision=ask.id, option=choice, reason=reason, now=now)
    after = _after(state, voted)
    texts = dict(ask.options)
    for vote in after.votes.get(ask.id, {}).values():
        said = f" – {vote.reason}" if vote.reason else ""
        console.print(Text(f"  {scenario.seat(vote.seat).title}: {texts[vote.option]}{said}"))
    choice, why = (likes.option, "") if auto else _choose(ask, "The team decides")
    decided = solo.decide(scenario, after, seat=seat, decision=ask.id, option=choice, why=why, now=now)
    taken = next(option for option in decision.options if option.id == choice)
    console.print(Text(f"→ {taken.text}: {taken.then}", style="cyan"))
    return (*voted, *decided)


def _choose(ask: Ask, label: str) -> tuple[str, str]:
    for number, (_, text) in enumerate(ask.options, 1):
        console.print(Text(f"  {number}  {text}"))
    number = 0
    while not 1 <= number <= len(ask.options):
        number = typer.prompt(f"{label} (1 to {len(ask.options)})", type=int)
    reason = typer.prompt("Because", default="", show_default=False)
    return ask.options[number - 1][0], reason


def _after(state: State, events: Iterable[Event]) -> State:
    for event in events:
        state = evolve(state, event)
    return state


def _setting(screen: View) -> None:
    console.print(Panel(Text(screen.setting), title=Text(screen.title), width=100))
    console.print(Text(f"You are {screen.seat.title}. {screen.seat.brief}"))


def _strip(screen: View) -> None:
    shown = [f"{moment(screen.t)}, {screen.moment:%a %H:%M}"]
    for owed in screen.clocks:
        deadline = owed.deadline
        if deadline.standing in {"running", "late"} and deadline.due is not None:
            shown.append(f"{owed.owed.label}: {deadline.standing}, {deadline.due:%a %d %b %H:%M}")
    console.print(Text(" | ".join(shown[:4]), style="dim"))


def _debrief(found: Review) -> None:
    console.rule("Debrief")
    table = Table("Duty", "Stands", "Due", "Done", title="Deadlines")
    for owed in found.clocks:
        deadline = owed.deadline
        stands = f"met, {deadline.late_by} late" if deadline.late_by else deadline.standing
        moments = [f"{at:%a %d %b %H:%M %Z}" if at else "–" for at in (deadline.due, deadline.met)]
        table.add_row(owed.owed.label, stands, *moments)
    console.print(table)
    table = Table("When", "Decision", "Taken", "Rating", "Better", title="Decisions")
    for verdict in found.verdicts:
        better = verdict.better.text if verdict.better else "–"
        table.add_row(moment(verdict.t), verdict.decision.ask, verdict.taken.text, verdict.taken.rating, better)
    console.print(table)
    for step in found.steps:
        console.print(Text(f"Step {step.skill.step} {step.skill.label}, decisions: {len(step.decisions)}"))
    for shown in found.objectives:
        rating = f"{shown.rating}, {MEANING[shown.rating].lower()}" if shown.rating else "did not come up"
        console.print(Text(f"{shown.objective.text} {rating}"))
    console.print(Text(f"Six steps exercised: {found.covered} of 6. Training material, not legal advice."))
