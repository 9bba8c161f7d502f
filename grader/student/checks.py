"""What public checks are written with: the marks of the hidden ones, and demands on a student's own work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.checking.expectations import assert_matches, assert_unchanged, results, unpacked
from grader.checking.failures import Blocked, Failed, Inconclusive, NotImplementedYet
from grader.checking.marks import beyond, part
from grader.instruments.patterns import FILTER_AXES, IMAGE_AXES
from grader.instruments.timing import Speed, TimingPlan, measure
from grader.student.gradients import assert_gradient_fits

__all__ = [
    "FILTER_AXES",
    "IMAGE_AXES",
    "Blocked",
    "Failed",
    "Inconclusive",
    "NotImplementedYet",
    "Speed",
    "TimingPlan",
    "assert_gradient_fits",
    "assert_matches",
    "assert_unchanged",
    "beyond",
    "measure",
    "part",
    "results",
    "run_backward",
]


def run_backward(
    forward: Callable[[], object],
    backward: Callable[[Any], object],
    count: int,
    *,
    needs: str,
    documented: object = None,
) -> tuple[object, ...]:
    """Return the gradients of a backward pass on the cache of the student's own forward pass.

    Parameters
    ----------
    forward, backward
        Runs the forward pass; runs the backward pass on a cache.
    count
        How many gradients there are.
    needs
        Name of the forward pass.
    documented
        The cache that the docstring describes, for a forward pass that gives none.

    Raises
    ------
    Blocked
        The forward pass is not written, and the backward pass failed without its cache.
    """
    value = unpacked(forward())
    cache = value[1] if isinstance(value, tuple) and len(value) > 1 else None
    written = isinstance(value, tuple) and value[0] is not None
    try:
        gradients = backward(documented if cache is None else cache)
    except Exception as error:
        if written:
            raise
        raise Blocked(f"This needs {needs}, which is not written yet.") from error
    return results(gradients, count, "The backward pass") if count > 1 else (gradients,)
