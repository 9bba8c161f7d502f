"""`invoke check`, `invoke submit` and `invoke build`, as functions that return an exit code."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.results import Outcome
from grader.student.building import build_fast_layers
from grader.student.homework import Homework, HomeworkError
from grader.student.packing import pack
from grader.student.panel import headline, shown_words
from grader.student.readiness import problems
from grader.student.results import PublicResult, all_fine
from grader.student.session import CHECK_SECONDS, Run, run_public_checks

STOPPED = 130
"""What shells return for a program that was interrupted."""


def check(only: str = "", console: Console | None = None, seconds: float | str = CHECK_SECONDS) -> int:
    """Run the public checks, all or those of `only`, and print a table; 0 when all came out right."""
    console = console or Console()
    names = tuple(only.replace(",", " ").split())
    try:
        run = _run(Homework.load(), names, console, _some_seconds(seconds))
    except HomeworkError as error:
        return _refuse(console, str(error))
    _print_run(run, console)
    if run.interrupted:
        return STOPPED
    if not all_fine(run.results):
        first = next(each for each in run.results if not each.fine).part.partition(".")[0]
        if names != (first,):
            console.print(f"Go on with {first}, and look at it alone with: invoke check --only {first}")
        return 1
    console.print(
        "Grading uses further inputs than these checks, so read your code once more before you hand in."
    )
    return 0


def submit(*, anyway: bool = False, console: Console | None = None) -> int:
    """Run the public checks and pack the homework; refuse what was left undone unless `anyway`."""
    console = console or Console()
    try:
        homework = Homework.load()
        run = _run(homework, (), console)
    except HomeworkError as error:
        return _refuse(console, str(error))
    _print_run(run, console)
    if run.interrupted:
        return STOPPED
    found = problems(homework)
    for problem in found:
        console.print(Text(f"- {problem}", "yellow"))
    if found and not anyway:
        return _refuse(console, "Nothing was packed. Mend this, or hand in as it is: invoke submit --anyway")
    packed = pack(homework, run.results, datetime.now(UTC))
    console.print(Text(f"Packed {len(packed.files)} files into {packed.path.name}"))
    console.print(Text(f"sha256 {packed.sha256}"), soft_wrap=True)
    console.print(
        Text(f"{packed.receipt.name} lists them; keep it. Now upload the zip where your course asks for it.")
    )
    return 0


def build(console: Console | None = None) -> int:
    """Compile the fast layers; 1 when they could not be, and then nothing else is affected."""
    console = console or Console()
    try:
        with console.status("Compiling the fast layers"):
            built = build_fast_layers(Homework.load())
    except HomeworkError as error:
        return _refuse(console, str(error))
    console.print(Text(built.message, "" if built.done else "yellow"))
    return 0 if built.done else 1


def _run(homework: Homework, only: tuple[str, ...], console: Console, seconds: float = CHECK_SECONDS) -> Run:
    with console.status("Starting") as status:
        return run_public_checks(homework, only, lambda name: status.update(f"Checking {name}"), seconds)


def _some_seconds(asked: float | str) -> float:
    try:
        seconds = float(asked)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        raise HomeworkError(f"--seconds is {asked}; give how many a check may take, such as 60.")
    return seconds


def _refuse(console: Console, message: str) -> int:
    console.print(Text(message, "red"))
    return 1


def _print_run(run: Run, console: Console) -> None:
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column("check")
    table.add_column("result", no_wrap=True)
    table.add_column("seconds", justify="right")
    for family, checks in groupby(run.results, lambda each: each.part.partition(".")[0]):
        _add_family(table, family, tuple(checks))
    console.print(table)
    if run.interrupted:
        console.print(Text(f"Interrupted during {run.interrupted}.", "red"))
    console.print(Text(headline(run.results), "bold"))


def _add_family(table: Table, family: str, checks: tuple[PublicResult, ...]) -> None:
    """Add a row for each check, or a single one for what nobody has begun."""
    if all(each.outcome is Outcome.NOT_IMPLEMENTED for each in checks):
        title = Text.assemble((family, "bold"), f", {len(checks)} checks")
        table.add_row(title, Text(checks[0].words, "yellow"), f"{sum(each.seconds for each in checks):.2f}")
        return
    table.add_row(Text(family, "bold"), "", "")
    for each in checks:
        words = Text(shown_words(each), _colour(each))
        table.add_row(Padding(_told(each), (0, 0, 0, 2)), words, f"{each.seconds:.2f}")


def _told(result: PublicResult) -> Text:
    text = Text(result.title)
    if result.outcome not in {Outcome.PASSED, Outcome.NOT_IMPLEMENTED}:
        for line in result.judgement.message.splitlines():
            text.append(f"\n{line}", "dim")
        if result.printed:
            text.append(f"\nYour code printed: {result.printed}", "dim")
    return text


def _colour(result: PublicResult) -> str:
    if result.outcome is Outcome.PASSED:
        return "green"
    return "yellow" if result.fine or result.outcome is Outcome.NOT_IMPLEMENTED else "red"
