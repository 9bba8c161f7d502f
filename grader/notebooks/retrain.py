"""Run again the cell in which a student trained their network, and compare what it reaches with what was saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.course.assignment import Training, path_steps
from grader.intake.stage import Stage
from grader.intake.weights import Weights
from grader.notebooks.box import NotebookPlan, open_box
from grader.notebooks.execute import CellRun, CellState, Wanted
from grader.notebooks.goals import Ran, value_at
from grader.notebooks.run import run_one, submitted_notebooks
from grader.results import Flag
from grader.sandbox import Handle, SubmissionError, Worker

REPEATED, DIFFERENT, NOT_REPEATED = "trained_again", "trained_otherwise", "not_trained_again"
"""Kinds of flags: it came out alike, it did not, or there was nothing to compare."""

TRAINED_AGAIN = frozenset({REPEATED, DIFFERENT, NOT_REPEATED})

_BATCH = 500
_MATRIX = 2

Array = NDArray[np.generic]
Measured = tuple[Array, Array]
"""Images and labels."""


@dataclass(frozen=True, slots=True)
class Accuracies:
    """Shares of the same images that two networks get right.

    Attributes
    ----------
    reached, saved
        Of the network just trained, and of the one that was handed in; None where it could not be measured.
    images
        How many there were.
    """

    reached: float | None
    saved: float | None
    images: int = 0


class _Unmeasurable(Exception):
    """Something is not what a network or its data should be."""


def train_staged(
    stage: Stage,
    plan: NotebookPlan,
    training: Training,
    heard: Callable[[bytes], None] | None = None,
    measured: Measured | None = None,
) -> Flag:
    """Run the training cell of a staged submission in a box of its own; return what staff should know of it.

    Parameters
    ----------
    heard
        Told what the cell prints, as it comes.
    measured
        The grader's own images and labels; None for the notebook's.

    Raises
    ------
    SandboxError
        There is no box.
    """
    plan = plan.with_goals(())
    notebooks = submitted_notebooks(stage, plan)
    if training.notebook not in notebooks:
        return Flag(NOT_REPEATED, f"The network was not trained again: {training.notebook} is missing.")
    weights = stage.submission.weights
    readable = None if weights is None or weights.problem else weights
    wanted = Wanted(training.seconds, accuracies(training, readable, measured), heard)
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


def measured_on(training: Training, folder: Path | None) -> Measured | None:
    """Return the grader's own images and labels; None where they are the notebook's.

    The support package that reads them has been imported with the solution.
    """
    if not training.data or folder is None:
        return None
    module, _, name = training.data.partition(":")
    data = getattr(import_module(module), name)(folder)
    # A copy: the whole data set may take gigabytes, and these go with a class.
    images, labels = (np.array(_step_down(data, path)) for path in (training.images, training.labels))
    return images, labels


def _step_down(value: Any, path: str) -> Any:
    for kind, key in path_steps(path)[1]:
        value = getattr(value, str(key)) if kind == "attribute" else value[key]
    return value


def accuracies(
    training: Training, weights: Weights | None, measured: Measured | None = None
) -> Callable[[Worker], Accuracies]:
    """Return a look at the accuracies of the network just trained and of the one that was handed in.

    Scores come from the box and are compared with the labels here.
    """

    def look(worker: Worker) -> Accuracies:
        try:
            images, labels = measured or (
                _array_at(worker, training.images),
                _array_at(worker, training.labels),
            )
            model = value_at(worker, training.model)
            reached = _accuracy(worker, model, images, labels)
        except (SubmissionError, _Unmeasurable):
            return Accuracies(None, None)
        return Accuracies(reached, _saved(worker, model, weights, images, labels), len(images))

    return look


def _array_at(worker: Worker, path: str) -> Array:
    value = value_at(worker, path)
    value = worker.fetch(value) if isinstance(value, Handle) else value
    if not isinstance(value, np.ndarray) or not value.size:
        raise _Unmeasurable(f"{path} is no array")
    return value


def _saved(
    worker: Worker, model: object, weights: Weights | None, images: Array, labels: Array
) -> float | None:
    if weights is None:
        return None
    try:
        return _accuracy(worker, _rebuilt(worker, model, weights), images, labels)
    except (SubmissionError, _Unmeasurable):
        return None


def _accuracy(worker: Worker, model: object, images: Array, labels: Array) -> float:
    if not isinstance(model, Handle):
        raise _Unmeasurable("there is no network")
    loss, right = worker.get_attribute(model, "loss"), 0
    for start in range(0, len(images), _BATCH):
        batch = images[start : start + _BATCH]
        scores = worker.call(loss, [batch])
        if not isinstance(scores, np.ndarray) or scores.ndim != _MATRIX or len(scores) != len(batch):
            raise _Unmeasurable("without labels, loss gives no scores")
        right += int(np.count_nonzero(np.argmax(scores, axis=1) == labels[start : start + _BATCH]))
    return right / len(images)


def _rebuilt(worker: Worker, model: object, weights: Weights) -> Handle:
    """Return the network that was handed in, of the class of `model` or of one beside it."""
    if not isinstance(model, Handle):
        raise _Unmeasurable("there is no network")
    own = worker.get_attribute(model, "__class__")
    if weights.class_name and worker.get_attribute(own, "__name__") != weights.class_name:
        own = worker.resolve(str(worker.get_attribute(own, "__module__")), weights.class_name)
    network = worker.call(own, [], weights.arguments)
    parameters = worker.get_attribute(network, "params")
    for name, values in weights.arrays.items():
        target, key = parameters, name
        if name.startswith("bn_params/"):
            _, index, key = name.split("/")
            target = worker.get_item(worker.get_attribute(network, "bn_params"), int(index))
        worker.set_item(target, key, values)
    if not isinstance(network, Handle):
        raise _Unmeasurable("the class gave no network")
    return network


def _cell(ran: Ran, training: Training) -> CellRun | None:
    merged, runs = ran
    pairs = zip(merged.cells, runs, strict=True)
    return next((run for each, run in pairs if each.cell.id == training.cell), None)


def _errors(outputs: Sequence[object]) -> list[str]:
    errors = [each for each in outputs if isinstance(each, dict) and each.get("output_type") == "error"]
    return [f"{each['ename']}: {each['evalue']}" for each in errors[-1:]]
