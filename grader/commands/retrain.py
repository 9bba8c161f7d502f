"""`invoke grade --retrain`: train the submitted networks again, with a bar that says how long it may still take."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from grader.classrun.retraining import train_again
from grader.course.notebook_rules import Training
from grader.grading import Grader, GradingPlan, load_grader
from grader.intake import Candidate, IntakeError
from grader.reporting.text import one_line
from grader.results import Flag

REDRAW_SECONDS = 0.5
QUIET_SECONDS = 60.0
"""Where there is no terminal, a line so often says that it goes on."""

_LONGEST_NAME = 40
_EPOCH = re.compile(r"epoch\s+(\d{1,4})\s*/\s*(\d{1,4})", re.IGNORECASE)


@dataclass
class Watch:
    """When each training began; written by the threads, read by the bar."""

    limit: float
    began: dict[str, float] = field(default_factory=dict)
    epochs: dict[str, str] = field(default_factory=dict)
    futures: dict[str, Future[None]] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def hear(self, name: str, piece: bytes) -> None:
        """Note the last epoch in what a training prints; a bar shows it, and nothing depends on it.

        Raises
        ------
        CancelledError
            All is over; the training ends here, with its box.
        """
        if self.over.is_set():
            raise CancelledError
        for found in _EPOCH.finditer(piece.decode("utf-8", "replace")):
            self.epochs[name] = f"epoch {found[1]} of {found[2]}, "

    def told(self, name: str, seconds: float) -> str:
        """Return how far a training is."""
        return f"{self.epochs.get(name, '')}{seconds / 60:.1f} of at most {self.limit / 60:.0f} minutes"

    def under_way(self) -> dict[str, float]:
        """Return the seconds of each training that has begun and not ended."""
        now = time.monotonic()
        return {name: now - at for name, at in self.began.items() if not self.futures[name].done()}

    def done(self) -> int:
        """Return how many have ended."""
        return sum(each.done() for each in self.futures.values())


def train_networks(
    candidates: Iterable[Candidate],
    plan: GradingPlan,
    jobs: int,
    console: Console,
    keep: Callable[[str, Flag], None],
) -> None:
    """Train the candidates' networks again.

    Parameters
    ----------
    keep
        Given each candidate's id and what came of its training, as soon as it has come, in any thread.

    Raises
    ------
    IntakeError
        The homework has no training to repeat, or there is no data set to repeat it with.
    """
    grader = load_grader(plan)
    training = training_of(grader)
    watch = Watch(training.seconds)
    # A thread only waits for its box, which is a process: as many as there are cores keep these busy.
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for each in candidates:
                watch.futures[each.id] = pool.submit(_one, grader, each, training, watch, keep)
            _show(watch, console)
        except BaseException:  # hours may be left, and the pool would wait for all of them
            watch.over.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for future in watch.futures.values():
        future.result()


def training_of(grader: Grader) -> Training:
    """Return the homework's training.

    Raises
    ------
    IntakeError
        It has none, or there is no data set.
    """
    training = grader.assignment.notebooks.training
    if training is None:
        raise IntakeError(
            f"assignment {grader.assignment.id} names no cell in [notebooks.training] to repeat"
        )
    if grader.plan.data is None:
        raise IntakeError("to train again, name the folder of the data set: --data FOLDER")
    return training


def _one(
    grader: Grader, candidate: Candidate, training: Training, watch: Watch, keep: Callable[[str, Flag], None]
) -> None:
    watch.began[candidate.id] = time.monotonic()
    keep(candidate.id, train_again(grader, candidate, training, partial(watch.hear, candidate.id)))


def _show(watch: Watch, console: Console) -> None:
    if console.is_terminal:
        _bars(watch, console)
        return
    while wait(watch.futures.values(), QUIET_SECONDS).not_done:
        for name, seconds in watch.under_way().items():
            console.print(Text(f"Training {_told(name)} again: {watch.told(name, seconds)}"))


def _bars(watch: Watch, console: Console) -> None:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[told]}", markup=False, style="dim"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        total = bar.add_task("Trained again", total=len(watch.futures), told="")
        tasks = {
            name: bar.add_task(_told(name), total=watch.limit, told="", visible=False)
            for name in watch.futures
        }
        while True:
            ended = not wait(watch.futures.values(), REDRAW_SECONDS).not_done
            bar.update(total, completed=watch.done(), told=f"{watch.done()} of {len(watch.futures)}")
            now = watch.under_way()
            for name, task in tasks.items():
                seconds = now.get(name, 0.0)
                told = watch.told(name, seconds)
                bar.update(task, completed=seconds, told=told, visible=name in now)
            if ended:
                return


def _told(name: str) -> str:
    return one_line(name, _LONGEST_NAME)
