"""Run again the cell in which a student trained their network, and compare what it reaches with what was saved."""

from __future__ import annotations

import re
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from grader.checking.weights import Weights, WeightsUnreadable, read_weights
from grader.classrun.open import ClassRun
from grader.classrun.progress import Progress, Trainings, TrainingState
from grader.course.assignment import Training
from grader.gradebook import add_flag, not_flagged
from grader.grading import Grader, load_grader
from grader.intake import (
    Candidate,
    IntakeError,
    Stage,
    SubmissionUnreadable,
    prepare_contents,
    read_contents,
    write_stage,
)
from grader.notebooks.box import NotebookPlan, open_box
from grader.notebooks.execute import CellRun, CellState, Wanted
from grader.notebooks.goals import Ran
from grader.notebooks.inspect_network import Accuracies, accuracies
from grader.notebooks.run import run_one, submitted_notebooks
from grader.results import Flag
from grader.sandbox import SandboxError
from grader.sandbox.scratch import temporary_folder

REPEATED, DIFFERENT, NOT_REPEATED = "trained_again", "trained_otherwise", "not_trained_again"
"""Kinds of flags: it came out alike, it did not, or there was nothing to compare."""

TRAINED_AGAIN = frozenset({REPEATED, DIFFERENT, NOT_REPEATED})

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
            return _trained(grader, stage, training, heard)
    except (SubmissionUnreadable, SandboxError) as error:
        return Flag(NOT_REPEATED, f"The network was not trained again: {error}")
    except CancelledError:
        raise
    except Exception:  # one that breaks the grader must not cost the others what came of theirs
        return Flag(NOT_REPEATED, f"The grader failed on the training:\n{traceback.format_exc()}")


def _one(grader: Grader, candidate: Candidate, training: Training, watch: Watch, keep: Keep) -> None:
    watch.began[candidate.id] = time.monotonic()
    keep(candidate.id, train_again(grader, candidate, training, partial(watch.hear, candidate.id)))


def _trained(
    grader: Grader,
    stage: Stage,
    training: Training,
    heard: Callable[[bytes], None] | None,
) -> Flag:
    plan = _without_goals(grader.notebook_plan)
    notebooks = submitted_notebooks(stage, plan)
    if training.notebook not in notebooks:
        return Flag(NOT_REPEATED, f"The network was not trained again: {training.notebook} is missing.")
    wanted = Wanted(training.seconds, accuracies(training, _weights(stage)), heard)
    with open_box(stage, plan, training.seconds) as box:
        ran = run_one(
            box, stage, training.notebook, notebooks[training.notebook], plan, {training.cell: wanted}
        )
    return compared(_cell(ran, training), training)


def compared(run: CellRun | None, training: Training) -> Flag:
    """Say what the training cell reached, and how that fits what was handed in."""
    where = f"{training.notebook}, cell {training.cell}"
    if run is None or run.state is not CellState.RAN:
        note = "there is no such cell." if run is None else " ".join((run.note, *_errors(run.outputs)))
        return Flag(NOT_REPEATED, f"{where}: the training did not come to its end. {note}")
    found = run.found if isinstance(run.found, Accuracies) else Accuracies(None, None)
    if found.reached is None:
        return Flag(NOT_REPEATED, f"{where}: after it, {training.model} is no network that can be measured.")
    said = f"{where}: trained again, the network gets {found.reached:.1%} of {found.images} images right"
    if found.saved is None:
        return Flag(REPEATED, f"{said}; there are no saved weights that it could be compared with.")
    kind = DIFFERENT if abs(found.reached - found.saved) > training.tolerance else REPEATED
    return Flag(kind, f"{said}, the one handed in {found.saved:.1%}.")


def _without_goals(plan: NotebookPlan) -> NotebookPlan:
    rules = plan.assignment.notebooks.model_copy(update={"goals": ()})
    return replace(plan, assignment=plan.assignment.model_copy(update={"notebooks": rules}))


def _cell(ran: Ran, training: Training) -> CellRun | None:
    merged, runs = ran
    pairs = zip(merged.cells, runs, strict=True)
    return next((run for each, run in pairs if each.cell.id == training.cell), None)


def _weights(stage: Stage) -> Weights | None:
    try:
        return None if stage.weights is None else read_weights(stage.weights)
    except WeightsUnreadable:
        return None


def _errors(outputs: Sequence[object]) -> list[str]:
    errors = [each for each in outputs if isinstance(each, dict) and each.get("output_type") == "error"]
    return [f"{each['ename']}: {each['evalue']}" for each in errors[-1:]]
