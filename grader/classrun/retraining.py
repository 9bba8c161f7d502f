"""Train the networks of a class again after it was graded, one at a time, each in a process of its own."""

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
from grader.course.assignment import Assignment, Training
from grader.gradebook import add_flag, not_flagged
from grader.grading import Grader, load_grader
from grader.intake import (
    Candidate,
    IntakeError,
    Submission,
    SubmissionUnreadable,
    decode_submission,
    write_stage,
)
from grader.notebooks.retrain import NOT_REPEATED, TRAINED_AGAIN, Measured, measured_on, train_staged
from grader.plan import GradingPlan
from grader.progress import Progress, Trainings, TrainingState
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
    training = training_of(grader.assignment, grader.plan)
    measured = measured_on(training, grader.plan.data)
    watch = Watch(training.seconds)
    # A thread only waits for its box, which is a process: as many as there are cores keep these busy.
    with temporary_folder("frames-") as folder, ThreadPoolExecutor(jobs) as pool:
        try:
            for number, each in enumerate(candidates):
                frame = Path(folder, str(number))
                why_not = _read_into(frame, each, grader)
                train = partial(_train, grader, frame, each.id, training, watch, measured)
                watch.futures[each.id] = pool.submit(_keep, keep, each.id, why_not, train)
            while wait(watch.futures.values(), TOLD_SECONDS).not_done:
                progress(watch.state())
            progress(watch.state())
        except BaseException:  # hours may be left, and the pool would wait for all of them
            watch.over.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for future in watch.futures.values():
        future.result()


def training_of(assignment: Assignment, plan: GradingPlan) -> Training:
    """Return the assignment's training.

    Raises
    ------
    IntakeError
        It has none, or there is no data set.
    """
    training = assignment.notebooks.training
    if training is None:
        raise IntakeError(f"assignment {assignment.id} names no cell in [notebooks.training] to repeat")
    if plan.data is None:
        raise IntakeError("to train again, name the folder of the data set: --data FOLDER")
    return training


def train_again(
    grader: Grader,
    submission: Submission,
    training: Training,
    heard: Callable[[bytes], None] | None = None,
    measured: Measured | None = None,
) -> Flag:
    """Run the training cell of one submission in a box of its own; return what staff should know of it.

    Parameters
    ----------
    heard
        Told what the cell prints, as it comes.
    measured
        The grader's own images and labels; None for the notebook's.
    """
    try:
        with temporary_folder("stage-") as folder:
            Path(folder).chmod(0o755)  # the box runs as another user and must be able to enter
            stage = write_stage(submission, grader.release, Path(folder))
            return train_staged(stage, grader.notebook_plan, training, heard, measured)
    except SandboxError as error:
        return _not_trained(error)
    except CancelledError:
        raise
    except Exception:  # one that breaks the grader must not cost the others what came of theirs
        return _failed()


def _read_into(frame: Path, candidate: Candidate, grader: Grader) -> Flag | None:
    """Write the frame of a submission, in the one thread that may read; return why there is none."""
    try:
        frame.write_bytes(grader.reader.read(candidate))
    except (SubmissionUnreadable, SandboxError) as error:
        return _not_trained(error)
    except Exception:  # as above
        return _failed()
    return None


def _keep(keep: Keep, name: str, why_not: Flag | None, train: Callable[[], Flag]) -> None:
    keep(name, why_not or train())


def _train(
    grader: Grader, frame: Path, name: str, training: Training, watch: Watch, measured: Measured | None
) -> Flag:
    watch.began[name] = time.monotonic()
    submission = decode_submission(frame.read_bytes(), name)
    frame.unlink()
    return train_again(grader, submission, training, partial(watch.hear, name), measured)


def _not_trained(error: Exception) -> Flag:
    return Flag(NOT_REPEATED, f"The network was not trained again: {error}")


def _failed() -> Flag:
    return Flag(NOT_REPEATED, f"The grader failed on the training:\n{traceback.format_exc()}")
