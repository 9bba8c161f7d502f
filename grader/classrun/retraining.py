"""Run again the cell in which a student trained their network, and compare what it reaches with what was saved."""

from __future__ import annotations

import re
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from grader.classrun.open import ClassRun
from grader.classrun.progress import Progress, Trainings, TrainingState
from grader.course.assignment import Training
from grader.gradebook import add_flag, not_flagged
from grader.grading import Grader, load_grader
from grader.intake import (
    Candidate,
    IntakeError,
    SubmissionUnreadable,
    prepare_contents,
    read_contents,
    write_stage,
)
from grader.notebooks.retrain import NOT_REPEATED, TRAINED_AGAIN, train_staged
from grader.results import Flag
from grader.sandbox import SandboxError
from grader.sandbox.scratch import temporary_folder

Keep = Callable[[str, Flag], None]
"""Given each candidate's id and what came of its training, as soon as it has come, in any thread."""

TOLD_SECONDS = 0.5
"""How often is told how far the trainings are."""

_EPOCH = re.compile(r"epoch\s+(\d{1,4})\s*/\s*(\d{1,4})", re.IGNORECASE)


@dataclass
class Watch:
    """When each training began and how far it is; written by the threads, read by the one that waits for them."""

    limit: float
    began: dict[str, float] = field(default_factory=dict)
    epochs: dict[str, str] = field(default_factory=dict)
    futures: dict[str, Future[None]] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def hear(self, name: str, piece: bytes) -> None:
        """Note the last epoch in what a training prints; it is shown, and nothing depends on it.

        Raises
        ------
        CancelledError
            All is over; the training ends here, with its box.
        """
        if self.over.is_set():
            raise CancelledError
        for found in _EPOCH.finditer(piece.decode("utf-8", "replace")):
            self.epochs[name] = f"epoch {found[1]} of {found[2]}"

    def state(self) -> Trainings:
        """Return how many have ended, and how far each is that has begun and not ended."""
        now = time.monotonic()
        under_way = tuple(
            TrainingState(name, now - at, self.limit, self.epochs.get(name, ""))
            for name, at in self.began.items()
            if not self.futures[name].done()
        )
        return Trainings(sum(each.done() for each in self.futures.values()), len(self.futures), under_way)


def retrain_class(run: ClassRun, jobs: int, progress: Progress) -> None:
    """Train the networks again of all that have a result and were not trained again yet, and keep what comes."""
    gradings = run.gradings()
    candidates = {gradings[sha256]: each for sha256, each in run.wanted.items() if sha256 in gradings}
    names = {candidates[id].id: id for id in not_flagged(run.book, candidates, TRAINED_AGAIN)}

    def keep(name: str, flag: Flag) -> None:
        add_flag(run.book, names[name], flag)

    train_networks([candidates[id] for id in names.values()], load_grader(run.plan), jobs, progress, keep)


def train_networks(
    candidates: Iterable[Candidate], grader: Grader, jobs: int, progress: Progress, keep: Keep
) -> None:
    """Train the candidates' networks again, `jobs` at a time, and tell every half second how far they are.

    Raises
    ------
    IntakeError
        The assignment has no training to repeat, or there is no data set to repeat it with.
    """
    training = training_of(grader)
    watch = Watch(training.seconds)
    # A thread only waits for its box, which is a process: as many as there are cores keep these busy.
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for each in candidates:
                watch.futures[each.id] = pool.submit(_one, grader, each, training, watch, keep)
            while wait(watch.futures.values(), TOLD_SECONDS).not_done:
                progress(watch.state())
            progress(watch.state())
        except BaseException:  # hours may be left, and the pool would wait for all of them
            watch.over.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for future in watch.futures.values():
        future.result()


def training_of(grader: Grader) -> Training:
    """Return the assignment's training.

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


def train_again(
    grader: Grader,
    candidate: Candidate,
    training: Training,
    heard: Callable[[bytes], None] | None = None,
) -> Flag:
    """Run the training cell of one submission in a box of its own; return what staff should know of it.

    Parameters
    ----------
    heard
        Told what the cell prints, as it comes.
    """
    try:
        contents = read_contents(candidate, grader.assignment)
        submission = prepare_contents(contents, grader.assignment, grader.release)
        with temporary_folder("stage-") as folder:
            Path(folder).chmod(0o755)  # the box runs as another user and must be able to enter
            stage = write_stage(submission, grader.release, Path(folder))
            return train_staged(stage, grader.notebook_plan, training, heard)
    except (SubmissionUnreadable, SandboxError) as error:
        return Flag(NOT_REPEATED, f"The network was not trained again: {error}")
    except CancelledError:
        raise
    except Exception:  # one that breaks the grader must not cost the others what came of theirs
        return Flag(NOT_REPEATED, f"The grader failed on the training:\n{traceback.format_exc()}")


def _one(grader: Grader, candidate: Candidate, training: Training, watch: Watch, keep: Keep) -> None:
    watch.began[candidate.id] = time.monotonic()
    keep(candidate.id, train_again(grader, candidate, training, partial(watch.hear, candidate.id)))
