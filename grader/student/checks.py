"""What public checks are written with: the marks of the hidden ones, and demands on a student's own work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checking.expectations import assert_matches, assert_unchanged, results, unpacked
from grader.checking.failures import Blocked, Evidence, Failed, Inconclusive, NotImplementedYet
from grader.checking.marks import beyond, part
from grader.instruments.compare import Grade, compare
from grader.instruments.gradient import GradientVerdict, directional_check
from grader.instruments.patterns import FILTER_AXES, IMAGE_AXES
from grader.instruments.timing import Speed, TimingPlan, measure

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

MOST_ENTRIES = 256
"""Entries up to which a wrong gradient is also worked out number by number, to show where it is wrong."""

STEP = 1e-5
"""Of those numeric derivatives: rounding and curvature then both stay near 1e-10 for values around one."""

Forward = Callable[[NDArray[Any]], object]


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
    forward
        Runs the forward pass.
    backward
        Runs the backward pass on a cache.
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


def assert_gradient_fits(
    forward: Forward,
    x: NDArray[Any],
    gradient: object,
    dout: NDArray[Any] | None,
    rng: np.random.Generator,
    *,
    what: str,
    needs: str,
    axes: tuple[str, ...] = (),
) -> None:
    """Demand that `gradient` is that of ``sum(dout * forward(x))``, by derivatives along random directions.

    Parameters
    ----------
    forward
        The student's forward pass as a function of `x` alone.
    x
        The input at which the gradient is taken.
    gradient
        The student's gradient there, in the shape of `x`.
    dout
        The upstream gradient, in the shape of the output; None for a loss.
    what
        How messages name the gradient.
    needs
        The function that `forward` calls, for the message where that is not written or broken.
    axes
        What the message calls each axis of `x`.

    Raises
    ------
    NotImplementedYet
        There is no gradient.
    Blocked
        The forward pass gives nothing to compare with.
    Failed
        Gradient and forward pass disagree.
    Inconclusive
        Nothing can be said.
    """
    if gradient is None:
        raise NotImplementedYet(f"{what} is None: this part is not written yet.")
    _demand_forward(forward, x, dout, needs)
    evidence = directional_check(forward, x, gradient, dout, rng)
    if evidence.verdict is GradientVerdict.INCONSISTENT:
        _show_where(forward, x, gradient, dout, what, axes)
        raise Failed(f"{what}: {evidence.reason}")
    if evidence.verdict is not GradientVerdict.CONSISTENT:
        raise Inconclusive(f"{what}: {evidence.reason}")


def _demand_forward(forward: Forward, x: NDArray[Any], dout: NDArray[Any] | None, needs: str) -> None:
    out = forward(x.copy())
    if out is None:
        raise Blocked(f"This compares the gradient with {needs}, which is not written yet.")
    wanted = () if dout is None else dout.shape
    if np.shape(np.asarray(out)) != wanted:
        raise Blocked(f"This compares the gradient with {needs}, whose output has not the right shape yet.")


def _show_where(
    forward: Forward,
    x: NDArray[Any],
    gradient: object,
    dout: NDArray[Any] | None,
    what: str,
    axes: tuple[str, ...],
) -> None:
    """Fail with the pattern of the difference between `gradient` and derivatives entry by entry, if it shows."""
    if x.size > MOST_ENTRIES:
        return
    numeric = numeric_gradient(forward, x, dout)
    if not np.all(np.isfinite(numeric)):
        return
    comparison = compare(gradient, numeric, axes=axes)
    if comparison.grade is not Grade.RIGHT:
        reason = comparison.reason.replace("The result", "The gradient")
        message = f"{what} does not fit your own forward pass. {reason}"
        raise Failed(message, evidence=Evidence(gradient, numeric, comparison, axes))


def numeric_gradient(forward: Forward, x: NDArray[Any], dout: NDArray[Any] | None) -> NDArray[Any]:
    """Return the derivative of ``sum(dout * forward(x))`` in each entry of `x`, by central differences."""
    weights = 1.0 if dout is None else dout
    result = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        ends = []
        for sign in (1, -1):
            moved = x.copy()
            moved[index] += sign * STEP
            ends.append(np.sum(weights * np.asarray(forward(moved))))
        result[index] = (ends[0] - ends[1]) / (2 * STEP)
    return result
