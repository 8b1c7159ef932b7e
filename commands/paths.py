"""Printing what playing by machine found: as tables for people, as JSON for programs."""

import json
from dataclasses import asdict

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from domain.exercise import Regimes
from domain.machine import Played, Way, play_all, play_sample
from domain.review import MEANING
from domain.scenario import Scenario, option

_ORDER = ("met", "late", "running", "not_owed")


def run(scenario: Scenario, regimes: Regimes, *, sample: int | None, seed: int) -> Played:
    """Play all of it, or a sample, with a progress bar on standard error. Raises Refused when it is too large."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Playing", total=None)

        def told(done: int, whole: int) -> None:
            bar.update(task, completed=done, total=whole)

        if sample is None:
            return play_all(scenario, regimes, told=told)
        return play_sample(scenario, regimes, sample, seed, told=told)


def as_json(found: Played) -> str:
    """Everything that was found."""
    return json.dumps(asdict(found), ensure_ascii=False, indent=1)


def show(console: Console, scenario: Scenario, found: Played) -> None:
    """Everything that was found, in words."""
    console.rule("Played by machine")
    how = "every way, each once" if found.exact else f"a sample, seed {found.seed}"
    console.print(
        Text(f"{found.ways:,} ways: {how}. Shares are those of a table that picks options and dials at random.")
    )
    labels = {f"{owed.regime}/{owed.duty}": owed.label for owed in scenario.duties}
    table = Table("Duty", "Met", "Late", "Running", "Not owed", title="Deadlines")
    for duty, shares in found.duties.items():
        table.add_row(labels[duty], *(_percent(shares.get(standing, 0)) for standing in _ORDER))
    if found.duties:
        console.print(table)
    table = Table("Objective", *MEANING, "–", title="Objectives")
    for objective in scenario.objectives:
        shares = found.objectives[objective.id]
        table.add_row(objective.text, *(_percent(shares.get(rating, 0)) for rating in (*MEANING, "none")))
    console.print(table)
    for name, way in (("Best", found.best), ("Worst", found.worst)):
        _way(console, scenario, name, way)
    steps = ", ".join(f"{covered} of 6 in {_percent(share)}" for covered, share in found.steps.items())
    console.print(Text(f"Steps exercised: {steps}. Mean worth of decisions: {found.worth:.2f}."))
    kept = {inject.id for inject in scenario.injects if inject.by_hand}
    for kind, shares_ in (("Inject", found.injects), ("Fact", found.facts)):
        if never := [name for name, share in shares_.items() if share == 0 and name not in kept]:
            console.print(Text(f"{kind}s that never came: {', '.join(never)}."))
    if kept:
        console.print(Text(f"Only the facilitator sends: {', '.join(sorted(kept))}."))
    for alike in found.alike:
        if alike.whole:
            console.print(Text(f"`{alike.decision}` never matters for what comes next, only for its own rating."))
        else:
            console.print(
                Text(f"`{alike.decision}`: {' and '.join(alike.options)} lead to the same, but for the rating.")
            )


def _way(console: Console, scenario: Scenario, name: str, way: Way) -> None:
    dials = ", ".join(f"{dial}={value}" for dial, value in way.dials.items())
    late = [duty for duty, standing in way.duties.items() if standing == "late"]
    table = Table("Decision", "Taken", "Rating", title=f"{name} way: worth {way.worth:.2f}, {len(late)} duties late")
    for decision, choice in way.choices:
        taken = option(scenario.decision(decision), choice)
        table.add_row(scenario.decision(decision).ask, taken.text, taken.rating)
    console.print(table)
    if dials:
        console.print(Text(f"Dials: {dials}"))


def _percent(share: float) -> str:
    return f"{share:.0%}" if share in {0.0, 1.0} or 0.005 <= share <= 0.995 else "<1%" if share < 0.5 else ">99%"
