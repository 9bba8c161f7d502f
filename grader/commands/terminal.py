"""What tasks print to: a console, a progress bar while work runs, and the table of a class at the end."""

from __future__ import annotations

import functools
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Concatenate, ParamSpec, TextIO

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress as Bars,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from grader.course.assignment import Assignment
from grader.progress import Notice, Progress, Step, Trainings, TrainingState
from grader.reporting.class_statistics import ClassTally
from grader.reporting.outcomes import NO_ISOLATION, flag_counts, isolation_words
from grader.reporting.standing import PartStanding, PartState
from grader.reporting.text import counted, listed, number, one_line
from grader.results import Refusal, SubmissionReport

P = ParamSpec("P")

NOTHING_DONE = 2
INTERRUPTED = 130

_LONGEST_ID = 40
_LONGEST_ERROR = 100
_LOSSES_SHOWN = 3
_PLAIN_WIDTH = 160
_PLAIN_STEPS = 20
"""Lines of progress printed where there is no terminal to redraw."""

LONG = 100
"""Pieces from which on a quick stage is worth a bar; fewer are done in no time."""

QUIET_SECONDS = 60.0
"""Where there is no terminal, a line so often says that a training goes on."""


def open_console(stream: TextIO | None = None) -> Console:
    """Return a console on `stream` (standard output by default), wide and plain when it is no terminal."""
    stream = sys.stdout if stream is None else stream
    width = None if stream.isatty() else _PLAIN_WIDTH
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)


def command(
    refused: int = NOTHING_DONE, interrupted: str = ""
) -> Callable[[Callable[Concatenate[Console, P], int]], Callable[P, int]]:
    """Give a command its console; what cannot be done as asked is one message and the exit code `refused`.

    Parameters
    ----------
    interrupted
        What is said when a person interrupts it, of a command that can go on where it was.
    """

    def decorate(run: Callable[Concatenate[Console, P], int]) -> Callable[P, int]:
        @functools.wraps(run)
        def with_console(*arguments: P.args, **named: P.kwargs) -> int:
            console = open_console()
            try:
                return run(console, *arguments, **named)
            except Refusal as error:
                console.print(Text(str(error), "red"))
                return refused
            except KeyboardInterrupt:
                if not interrupted:
                    raise
                console.print(Text(interrupted))
                return INTERRUPTED

        return with_console

    return decorate


def open_table(console: Console, *headings: str) -> Table:
    """Return a table with these columns; one whose heading ends with ``>`` holds numbers, aligned to the right."""
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else box.ASCII2, pad_edge=False)
    for heading in headings:
        name = heading.removesuffix(">")
        if name == heading:
            table.add_column(name, overflow="fold")
        else:
            table.add_column(name, justify="right", no_wrap=True)
    return table


class GradeTable:
    """What is said about a class at the end: one row per submission, then what the rows cannot say.

    Every cell is a `rich.text.Text` of cleaned text: an id neither styles the table nor steers the terminal.
    """

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self._tally = ClassTally(assignment)
        self._rows: list[tuple[Text, Text, Text, Text]] = []
        self._failed: list[str] = []
        self._not_graded: Counter[str] = Counter()
        self._reasons: dict[str, str] = {}
        self._bare = 0
        self._waiting = 0

    @property
    def failed(self) -> int:
        """How many submissions got no result."""
        return len(self._failed)

    def add(self, submission: SubmissionReport) -> None:
        """Add a submission's row."""
        parts = self._tally.add(submission)
        self._rows.append(_row(submission, parts))
        self._bare += submission.isolation == NO_ISOLATION
        self._waiting += bool(submission.waiting)
        if submission.error:
            self._failed.append(one_line(submission.id, _LONGEST_ID))
        for part in parts:
            if part.state is PartState.NOT_GRADED:
                self._not_graded[part.id] += 1
                self._reasons.setdefault(part.id, part.checks[0].message)

    def print(self, console: Console) -> None:
        """Print the table and the lines that close it."""
        table = open_table(console, "Submission", "Score>", "Lost points in", "Flags")
        for row in self._rows:
            table.add_row(*row)
        console.print(table)
        for line in self.closing_lines():
            console.print(Text(line))

    def closing_lines(self) -> list[str]:
        """Return what the table cannot say: the class in numbers, and what was not graded and why."""
        standing = self._tally.standing
        lines = [f"{counted(standing.count, 'submission')} of {one_line(self.assignment.title, _LONGEST_ID)}"]
        if standing.mean is not None and standing.median is not None:
            lines[0] += f", mean {standing.mean:.1f} %, median {standing.median:.1f} %"
        if self._failed:
            names = listed(self._failed, _LOSSES_SHOWN)
            lines.append(f"No result for {counted(len(self._failed), 'submission')}: {names}.")
        lines += (
            f"{one_line(part, _LONGEST_ID)} was not graded for {counted(times, 'submission')} "
            f"and is left out of the total. {one_line(self._reasons[part], _LONGEST_ERROR)}".rstrip()
            for part, times in self._not_graded.items()
        )
        if self._waiting:
            waits = "waits" if self._waiting == 1 else "wait"
            lines.append(
                f"{counted(self._waiting, 'submission')} {waits} for a person: numgrade review. "
                "What nobody has judged yet counts 0."
            )
        if self._bare:
            lines.append(
                f"GRADED WITHOUT ISOLATION: {counted(self._bare, 'submission')}. Do not publish these scores."
            )
        return lines


@contextmanager
def watching(console: Console) -> Iterator[Progress]:
    """Yield what shows on `console` how far a run is, for as long as the block runs."""
    with ExitStack() as bars:
        yield _Watcher(console, bars)


class _Watcher:
    """Draws one stage of a run after the other, and says between them what there is to say."""

    def __init__(self, console: Console, bars: ExitStack) -> None:
        self._console = console
        self._bars = bars
        self._step: Callable[[str], None] = lambda _name: None
        self._trainings: Callable[[Trainings], None] | None = None

    def __call__(self, event: Step | Notice | Trainings) -> None:
        match event:
            case Notice():
                self._console.print(Text(event.text, "yellow" if event.urgent else ""))
            case Step(done=0):
                self._bars.close()
                shown = progress(self._console, event.total, event.stage, LONG if event.quick else 0)
                self._step = self._bars.enter_context(shown)
            case Step():
                self._step(event.name)
            case Trainings():
                self._told(event)
        if isinstance(event, Step | Trainings) and event.done == event.total:
            self._bars.close()

    def _told(self, event: Trainings) -> None:
        if self._trainings is None:
            self._bars.close()
            self._trainings = self._bars.enter_context(_trainings(self._console))
        self._trainings(event)


@contextmanager
def _trainings(console: Console) -> Iterator[Callable[[Trainings], None]]:
    """Show how far each training is: a bar each, or a line now and then where there is no terminal."""
    if not console.is_terminal:
        yield _TrainingLines(console)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[words]}", markup=False, style="dim"),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        yield _TrainingBars(bars)


class _TrainingBars:
    """A bar for all trainings together, and one for each that is under way."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._whole = bars.add_task("Trained again", total=None, words="")
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, event: Trainings) -> None:
        words = f"{event.done} of {event.total}"
        self._bars.update(self._whole, total=event.total, completed=event.done, words=words)
        for gone in self._tasks.keys() - {each.name for each in event.under_way}:
            self._bars.remove_task(self._tasks.pop(gone))
        for each in event.under_way:
            if each.name not in self._tasks:
                name = one_line(each.name, _LONGEST_ID)
                self._tasks[each.name] = self._bars.add_task(name, total=each.limit, words="")
            self._bars.update(self._tasks[each.name], completed=each.seconds, words=training_words(each))


class _TrainingLines:
    """A line for each training that is under way, once a minute."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last = time.monotonic()

    def __call__(self, event: Trainings) -> None:
        if time.monotonic() - self._last < QUIET_SECONDS:
            return
        self._last = time.monotonic()
        for each in event.under_way:
            name = one_line(each.name, _LONGEST_ID)
            self._console.print(Text(f"Training {name} again: {training_words(each)}"))


def training_words(training: TrainingState) -> str:
    """Return how far a training is."""
    epoch = f"{training.epoch}, " if training.epoch else ""
    return f"{epoch}{training.seconds / 60:.1f} of at most {training.limit / 60:.0f} minutes"


@contextmanager
def progress(console: Console, total: int, what: str, least: int = 0) -> Iterator[Callable[[str], None]]:
    """Show how much of `total` is done; the block calls what it is given once per finished piece.

    Without a terminal it prints at most a line for every twentieth of the work.

    Parameters
    ----------
    least
        Of fewer pieces than this nothing is shown.
    """
    if total < least:
        yield lambda _name: None
    elif console.is_terminal:
        with _bar(console) as bar:
            task = bar.add_task(what, total=total, name="")
            yield lambda name: bar.update(task, advance=1, name=one_line(name, _LONGEST_ID))
    else:
        yield _plain_steps(console, total, what)


def _bar(console: Console) -> Bars:
    return Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}", markup=False, style="dim"),
        console=console,
        transient=True,
    )


def _plain_steps(console: Console, total: int, what: str) -> Callable[[str], None]:
    done = iter(range(1, total + 1))

    def step(name: str) -> None:
        at = next(done, total)
        if total and at * _PLAIN_STEPS // total > (at - 1) * _PLAIN_STEPS // total:
            console.print(Text(f"{what}: {at} of {total} ({one_line(name, _LONGEST_ID)})"))

    return step


def _row(submission: SubmissionReport, parts: Sequence[PartStanding]) -> tuple[Text, Text, Text, Text]:
    name = Text(one_line(submission.id, _LONGEST_ID))
    flags = _flags(submission)
    if submission.error:
        return (
            name,
            Text("no result", "bold red"),
            Text(one_line(submission.error, _LONGEST_ERROR), "red"),
            flags,
        )
    score = Text(f"{number(submission.score)} / {number(submission.max_score)}")
    lost = [_loss(each) for each in parts if _lost(each) > 0]
    waiting = sum(each.points for each in submission.waiting)
    told = [f"{number(waiting)} to be judged"] if waiting else []
    return name, score, Text("; ".join(filter(None, (listed(lost, _LOSSES_SHOWN), *told)))), flags


def _lost(part: PartStanding) -> float:
    return 0.0 if not part.judged else part.max_points - part.points


def _loss(part: PartStanding) -> str:
    return f"{one_line(part.id, _LONGEST_ID)} -{number(_lost(part))}"


def _flags(submission: SubmissionReport) -> Text:
    cell = Text()
    if submission.isolation == NO_ISOLATION:
        cell.append(isolation_words(NO_ISOLATION).upper(), "bold red")
    for flag in flag_counts(flag.kind for flag in submission.flags):
        cell.append(", " if cell else "")
        cell.append(
            flag.word if flag.count == 1 else f"{flag.word} x{flag.count}",
            "red" if flag.tone == "bad" else "yellow",
        )
    return cell
