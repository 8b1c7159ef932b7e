"""How fast it is: the real server under people who click, beside an empty page on the same launcher in the same run.

Absolute figures belong to the machine; the ratios are what we hold ourselves to. Everything stays on this machine.
"""

import asyncio
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from commands import clocks, crowd, journeys, writers
from commands.content import ROOT
from commands.journeys import Journey
from commands.launched import Launched
from commands.tab import Tab, sign_in
from db import people
from domain.people import Role
from services import app as services_app
from services import passwords
from services.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Measure speed, on this machine and in this run.")

PASSWORD = "a bench of fifty people"  # noqa: S105 - of a company that lives as long as the run
STEPS = 20_000
"""No loop takes more steps than this, whatever its clock says."""

ANSWER_RATIO = 4.0
FIRST_PAGE = 1.0
IDLE = 0.5
"""What we hold ourselves to: times the empty page, seconds, MiB a session."""


@dataclass(slots=True)
class Load:
    """What some people saw in some seconds, and what it cost the server."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seconds: float = 0.0
    cpu: float = 0.0

    def add(self, other: "Load") -> None:
        """Take another round in."""
        for name, times in other.took.items():
            self.took[name].extend(times)
        self.seconds += other.seconds
        self.cpu += other.cpu

    def p(self, name: str, share: float = 0.5) -> float:
        """The time that `share` of all steps of this name stayed under."""
        times = sorted(self.took[name])
        return times[min(len(times) - 1, int(share * len(times)))] if times else float("nan")

    def rows(self) -> list[dict[str, Any]]:
        """Each step with its figures, in milliseconds."""
        total = sum(len(times) for times in self.took.values())
        return [
            {
                "step": name,
                "count": len(times),
                "p50_ms": round(self.p(name) * 1000, 1),
                "p95_ms": round(self.p(name, 0.95) * 1000, 1),
                "per_second": round(len(times) / self.seconds, 1),
                "cpu_ms": round(self.cpu / total * 1000, 1),
            }
            for name, times in self.took.items()
        ]


def _company(data: Path, size: int) -> list[str]:
    """People to sign in as; the first holds every role."""
    data.mkdir(parents=True, exist_ok=True)
    muster = services_app.ready(Settings(data=data, DATABASE_URL=None))
    hashed, now = passwords.keep(PASSWORD), muster.now()
    emails = [f"bench{number}@northwind.example" for number in range(size)]

    def work(connection: Any) -> None:
        team = people.add_team(connection, "Bench")
        for number, email in enumerate(emails):
            people.add(
                connection,
                name=f"Bench {number}",
                email=email,
                roles=frozenset(Role) - {Role.GUEST} if number == 0 else frozenset({Role.EMPLOYEE}),
                now=now,
                team_id=team,
                manages_teams=frozenset({team} if number == 0 else ()),
                password_hash=hashed,
            )

    muster.db.write(work)
    muster.close()
    return emails


async def _sign_in(server: Launched, emails: Iterable[str]) -> list[dict[str, str]]:
    gate = asyncio.Semaphore(2)

    async def one(email: str) -> dict[str, str]:
        async with gate:
            return await asyncio.to_thread(sign_in, server.base, email, PASSWORD)

    return list(await asyncio.gather(*(one(email) for email in emails)))


async def _loop(server: Launched, tabs: Sequence[Tab], step: Journey, seconds: float) -> Load:
    """Everybody at once, each taking the next step as soon as the last one was drawn."""
    load, process = Load(), _process(server)
    before, begun = process.cpu_times(), time.perf_counter()

    async def one(tab: Tab) -> None:
        for _ in range(STEPS):
            if time.perf_counter() - begun > seconds:
                return
            name, took = await step(tab)
            load.took[name].append(took)

    await asyncio.gather(*(one(tab) for tab in tabs))
    after = process.cpu_times()
    load.seconds = time.perf_counter() - begun
    load.cpu = after.user + after.system - before.user - before.system
    return load


async def _turns(
    real: tuple[Launched, Sequence[Tab]], empty: tuple[Launched, Sequence[Tab]], seconds: float, rounds: int
) -> tuple[Load, Load]:
    """Quiz and empty page in turns, so that whatever else the machine does falls on both."""
    quiz, nothing = Load(), Load()
    for _ in range(rounds):
        nothing.add(await _loop(*empty, journeys.press, seconds))
        quiz.add(await _loop(*real, journeys.quiz, seconds))
    return quiz, nothing


async def _tabs(
    stack: AsyncExitStack, server: Launched, cookies: Sequence[dict[str, str]], page: str = "", query: str = ""
) -> list[Tab]:
    tabs = []
    for jar in cookies:
        tab = await stack.enter_async_context(Tab(server.base, jar, page=page, query=query))
        await tab.run()
        if problems := tab.exceptions():
            raise RuntimeError(f"/{page}?{query}: {problems}")
        tabs.append(tab)
    return tabs


def _process(server: Launched) -> Any:
    import psutil  # a tool of developers: servers do without it

    return psutil.Process(server.pid)


def _pss(server: Launched) -> float:
    """Memory of the server in MiB, shared pages counted by their share."""
    info = _process(server).memory_full_info()
    return float(getattr(info, "pss", info.uss)) / 2**20


async def _measure(folder: Path, users: int, seconds: float, rounds: int, idle: int) -> dict[str, Any]:
    emails = await asyncio.to_thread(_company, folder, max(users, idle))
    real = Launched(folder)
    empty = Launched(folder, command=("-m", "commands.empty"))
    found: dict[str, Any] = {"users": users, "rounds": rounds, "seconds": seconds}
    try:
        found["start_s"] = round(await asyncio.to_thread(real.start), 2)
        (cookies,) = await _sign_in(real, emails[:1])
        begun = time.perf_counter()
        async with Tab(real.base, cookies) as tab:
            await tab.run()
            found["first_page_s"] = round(time.perf_counter() - begun, 2)
        found["pss_start_mib"] = round(_pss(real), 1)
        await asyncio.to_thread(empty.start)

        others = await _sign_in(real, emails[1:])
        found["idle"] = await _idle(real, [cookies, *others][:idle])
        everybody = [cookies, *others][:users]
        slug = min(_quizzes(folder))
        async with AsyncExitStack() as stack:
            quiz = await _tabs(stack, real, everybody, "quiz", f"slug={slug}")
            nothing = await _tabs(stack, empty, everybody)
            one, one_empty = await _turns((real, quiz[:1]), (empty, nothing[:1]), seconds, rounds)
            many, many_empty = await _turns((real, quiz), (empty, nothing), seconds, rounds)
        found["one"] = [*one_empty.rows(), *one.rows()]
        found["many"] = [*many_empty.rows(), *many.rows()]
        found["answer_ratio_one"] = round(one.p("answer") / one_empty.p("empty"), 2)
        found["answer_ratio_many"] = round(many.p("answer") / many_empty.p("empty"), 2)
        found["pages"] = await _pages(real, cookies, folder, seconds / 2)
        found["pss_end_mib"] = round(_pss(real), 1)
    finally:
        real.stop()
        empty.stop()
    return found


def _quizzes(folder: Path) -> Iterable[str]:
    muster = services_app.build(Settings(data=folder, DATABASE_URL=None))
    try:
        return list(muster.content().quizzes)
    finally:
        muster.close()


async def _idle(server: Launched, cookies: Sequence[dict[str, str]]) -> dict[str, Any]:
    """What one more signed-in person costs who has opened the first page and does nothing."""
    warm = max(1, len(cookies) // 10)
    async with AsyncExitStack() as stack:
        await _tabs(stack, server, cookies[:warm])
        before = _pss(server)
        await _tabs(stack, server, cookies[warm:])
        await asyncio.sleep(1)
        after = _pss(server)
    return {"sessions": len(cookies), "mib_each": round((after - before) / max(1, len(cookies) - warm), 3)}


async def _pages(server: Launched, cookies: dict[str, str], folder: Path, seconds: float) -> list[dict[str, Any]]:
    """Other pages with one person."""
    muster = services_app.build(Settings(data=folder, DATABASE_URL=None))
    slug = min(muster.content().lessons)
    muster.close()
    rows = []
    for page, query, step in (
        ("", "", journeys.again("home")),
        ("lesson", f"slug={slug}", journeys.lesson),
        ("readiness", "", journeys.again("readiness")),
        ("team", "", journeys.again("team")),
    ):
        async with AsyncExitStack() as stack:
            tabs = await _tabs(stack, server, [cookies], page, query)
            rows += (await _loop(server, tabs, step, seconds)).rows()
    return rows


def _table(rows: Sequence[dict[str, Any]]) -> str:
    lines = [f"{'step':<14}{'count':>8}{'p50 ms':>10}{'p95 ms':>10}{'per s':>9}{'CPU ms':>9}"]
    lines += [
        f"{row['step']:<14}{row['count']:>8}{row['p50_ms']:>10}{row['p95_ms']:>10}{row['per_second']:>9}{row['cpu_ms']:>9}"
        for row in rows
    ]
    return "\n".join(lines)


def bars(found: dict[str, Any]) -> list[tuple[str, bool]]:
    """Each bar as a sentence, and whether it holds."""
    one, many = found["answer_ratio_one"], found["answer_ratio_many"]
    return [
        (f"answering, 1 person: {one} times the empty page (bar {ANSWER_RATIO:g})", one <= ANSWER_RATIO),
        (
            f"answering, {found['users']} people without pause: {many} times the empty page (bar {ANSWER_RATIO:g})",
            many <= ANSWER_RATIO,
        ),
        (
            f"first page after start-up: {found['first_page_s']} s (bar {FIRST_PAGE:g})",
            found["first_page_s"] <= FIRST_PAGE,
        ),
        (f"idle session: {found['idle']['mib_each']} MiB (bar {IDLE:g})", found["idle"]["mib_each"] < IDLE),
    ]


Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
def pages(
    users: Annotated[int, typer.Option(min=1, max=200, help="People who click at once, without a pause.")] = 50,
    seconds: Annotated[float, typer.Option(min=0.5, max=60, help="Length of one round.")] = 4.0,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="Rounds of each, in turns.")] = 3,
    idle: Annotated[int, typer.Option(min=10, max=500, help="Signed-in sessions that do nothing.")] = 100,
    as_json: Json = False,
) -> None:
    """Pages of the real server beside an empty page; exit 1 when a bar does not hold."""
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        found = asyncio.run(_measure(Path(folder), users, seconds, rounds, idle))
    held = bars(found)
    if as_json:
        typer.echo(json.dumps({**found, "bars": dict(held)}, indent=1))
    else:
        typer.echo(
            f"Start-up {found['start_s']} s. Memory {found['pss_start_mib']} MiB, at the end {found['pss_end_mib']} MiB."
        )
        for title, rows in (("1 person", "one"), (f"{users} people", "many"), ("1 person, other pages", "pages")):
            typer.echo(f"\n{title}\n{_table(found[rows])}")
        typer.echo("")
        for sentence, holds in held:
            typer.echo(f"{'held  ' if holds else 'MISSED'}  {sentence}")
    raise typer.Exit(0 if all(holds for _, holds in held) else 1)


@app.command()
def db(
    threads: Annotated[int, typer.Option(min=1, max=200, help="Writers at once.")] = 50,
    seconds: Annotated[float, typer.Option(min=0.5, max=60, help="Length of one round.")] = 4.0,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="Rounds of each, in turns.")] = 3,
    as_json: Json = False,
) -> None:
    """Our one writer on SQLite beside writers that wait for its lock; exit 1 when a bar does not hold."""
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        found = writers.compare(Path(folder), threads=threads, seconds=seconds, rounds=rounds)
    if as_json:
        typer.echo(json.dumps(found, indent=1))
    else:
        for name in ("naive", "ours"):
            row = found[name]
            typer.echo(
                f"{name:<6} {row['per_second']:>9} commits/s   p50 {row['p50_ms']} ms   longest {row['max_ms']} ms"
            )
        typer.echo(f"\nthroughput {found['throughput']} times (bar {writers.THROUGHPUT:g} or more)")
        typer.echo(f"longest wait {found['longest']} times (bar {writers.LONGEST:g} or less)")
    raise typer.Exit(0 if found["throughput"] >= writers.THROUGHPUT and found["longest"] <= writers.LONGEST else 1)


@app.command()
def live(
    players: Annotated[int, typer.Option(min=1, max=240, help="Players with a screen of their own.")] = 100,
    injects: Annotated[int, typer.Option(min=1, max=50, help="Messages that are sent.")] = 3,
    pause: Annotated[float, typer.Option(min=1, max=120, help="Seconds between two messages.")] = 10.0,
    processes: Annotated[int, typer.Option(min=1, max=4, help="Servers; more than one needs PostgreSQL.")] = 1,
    database: Annotated[str, typer.Option(help="An empty PostgreSQL database; SQLite when unset.")] = "",
    as_json: Json = False,
) -> None:
    """A live exercise with a room full of players, news pushed and looked for; exit 1 when a bar does not hold."""
    if processes > 1 and not database:
        raise typer.BadParameter("More than one server needs --database.")
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        found = asyncio.run(
            crowd.measure(
                Path(folder),
                players=players,
                injects=injects,
                pause=pause,
                processes=processes,
                database=database or None,
            )
        )
    held = crowd.bars(found)
    if as_json:
        typer.echo(json.dumps({**found, "bars": dict(held)}, indent=1))
    else:
        for way in ("pushed", "looked"):
            row = found[way]
            typer.echo(
                f"{way:<7} p50 {row['p50_s']} s   p95 {row['p95_s']} s   max {row['max_s']} s   "
                f"core {row['core']}   {row['ms_a_screen']} ms CPU a screen"
            )
        for sentence, holds in held:
            typer.echo(f"{'held  ' if holds else 'MISSED'}  {sentence}")
    raise typer.Exit(0 if all(holds for _, holds in held) else 1)


@app.command("duties")
def legal_clocks(
    rounds: Annotated[int, typer.Option(min=2, max=1000, help="How often.")] = 50, as_json: Json = False
) -> None:
    """Every duty of a breach in all US jurisdictions and ten countries; exit 1 when the bar does not hold."""
    found = clocks.measure(ROOT, rounds)
    if as_json:
        typer.echo(json.dumps(found, indent=1))
    else:
        typer.echo("{places} places, {rules} rules, {duties} duties, {owed} owed or open.".format(**found))
        typer.echo(
            "rules read in {read_ms} ms; first report {first_ms} ms, p50 {p50_ms} ms, longest {max_ms} ms".format(
                **found
            )
        )
        typer.echo(f"work of this process: {found['cpu_ms']} ms a report (bar {clocks.BAR_MS:g})")
    raise typer.Exit(0 if found["cpu_ms"] <= clocks.BAR_MS else 1)
