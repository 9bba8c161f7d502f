"""Look at what a notebook's code left in its box: numbers, and how good a trained network is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.checking.weights import Weights
from grader.course.assignment import Training, path_steps
from grader.sandbox import Handle, StudentError, SubmissionError, Worker

_BATCH = 500
_NOTEBOOK = "__main__"
_MATRIX = 2

Array = NDArray[np.generic]


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


def value_at(worker: Worker, path: str) -> object:
    """Return the value at `path` in the notebook's variables, or a `Handle` of it.

    Raises
    ------
    SubmissionError
        There is none.
    """
    name, steps = path_steps(path)
    value: object = worker.resolve(_NOTEBOOK, name)
    for kind, key in steps:
        if not isinstance(value, Handle):
            raise StudentError("TypeError", f"{path} leads through a plain value", "", "")
        value = worker.get_attribute(value, str(key)) if kind == "attribute" else worker.get_item(value, key)
    return value


def number_at(worker: Worker, path: str) -> float | None:
    """Return the number at `path`, None where there is something else.

    Raises
    ------
    SubmissionError
        There is nothing.
    """
    value = value_at(worker, path)
    value = worker.fetch(value) if isinstance(value, Handle) else value
    numeric = isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind in "fiu"
    plain = isinstance(value, float | int) and not isinstance(value, bool)
    try:
        return float(value) if numeric or plain else None  # type: ignore[arg-type]  # either kind of number
    except OverflowError:
        return None


def accuracies(training: Training, weights: Weights | None) -> Callable[[Worker], Accuracies]:
    """Return a look at the accuracies of the network just trained and of the one that was handed in.

    Scores come from the box and are compared with the labels here.
    """

    def look(worker: Worker) -> Accuracies:
        try:
            images, labels = (_array_at(worker, path) for path in (training.images, training.labels))
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
