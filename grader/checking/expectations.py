"""What a check may demand of an answer, each ending in a typed failure that says what came out instead."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from grader.checking.failures import Blocked, Evidence, Failed, NotImplementedYet
from grader.instruments.arrays import relative_error
from grader.instruments.compare import Comparison, Grade, compare
from grader.instruments.gradient import GradientPlan, GradientVerdict, directional_check
from grader.instruments.tolerances import FLOAT64, tolerance_for
from grader.sandbox.errors import FATAL, SubmissionError

_PAIR = 2

MOST_RESULTS = 10
"""No function of an assignment has more results; a list of more is no list of results."""

MOST_EXCESS = 1000
"""Largest ratio of entries between an answer that is kept and the right one: a mistake in shapes stays below."""


NUMBERS = "biuf"
"""Kinds of arrays that hold real numbers."""

MOST_ENTRIES = 2**25
"""Entries of the largest array that lists become: 256 MiB of float64, as much as a reply may hold."""

FARTHEST = 1.05
"""A variance divided by one less than the count of its pixels lies farther than the batch's own, by less than this."""


class Away(ABC):
    """What stays in the box and is not a value here; `Remote` is one. A student's own checks meet none."""

    __slots__ = ()

    @abstractmethod
    def __getitem__(self, key: str | int) -> Any:
        """Return an item of it."""

    @abstractmethod
    def value(self) -> Any:
        """Bring it whole out of the box."""


class Restarted(Protocol):
    """What begins anew, with a fresh worker; `Student` does."""

    def restart(self) -> None:
        """Forget everything so far."""


def assert_matches(actual: object, expected: Any, what: str = "output", axes: tuple[str, ...] = ()) -> None:
    """Demand that `actual` is `expected`, up to rounding.

    Parameters
    ----------
    actual
        What the submission answered.
    expected
        The right answer, a number, an array of any shape, or nested lists that make one.
    what
        How the message names the answer, such as ``"output"`` or ``"dx"``.
    axes
        What the message calls each axis, such as `IMAGE_AXES`.

    Raises
    ------
    NotImplementedYet
        The answer is None, as a stub's is.
    Failed
        The answer differs; the failure carries the comparison.
    TypeError
        What is expected is no number, array or list.
    """
    if actual is None:
        raise NotImplementedYet(f"What came back as the {what} is None: this part is not written yet.")
    expected = as_array(expected)
    if not isinstance(expected, int | float | complex | np.ndarray | np.generic):
        raise TypeError(f"{type(expected).__name__} is expected, no number or array: use assert_same")
    expected = np.asarray(expected)
    actual = as_array(actual, expected.shape)
    if not _TOLD.get() and _far_off(actual, expected):
        raise Failed(f"{what}: The result does not match.", evidence=Evidence(actual, expected))
    if isinstance(actual, Away | tuple | list | dict):
        with witnessed(actual):
            raise Failed(
                f"What came back as the {what} is not an array or a number: compare what is returned, "
                "and in which order, with the docstring."
            )
    comparison = compare(actual, expected, axes=axes)
    if comparison.grade is not Grade.RIGHT:
        raise Failed(f"{what}: {comparison.reason}", evidence=evidence_of(actual, expected, comparison, axes))


_TOLD: ContextVar[bool] = ContextVar("told", default=True)


@contextmanager
def unread() -> Iterator[None]:
    """Say no more than that an answer is wrong, for as long as the block runs: what it looks like takes longest."""
    before = _TOLD.set(False)
    try:
        yield
    finally:
        _TOLD.reset(before)


def _far_off(actual: object, expected: NDArray[Any]) -> bool:
    """Whether a comparison can only come to wrong values, which is all that matters where nobody reads its words."""
    if not isinstance(actual, np.ndarray) or actual.dtype.kind not in "fiu" or actual.shape != expected.shape:
        return False
    if not actual.size or expected.dtype.kind not in NUMBERS or not np.isfinite(actual).all():
        return False
    error = relative_error(actual.astype(np.float64, copy=False), expected.astype(np.float64, copy=False))
    return float(error.max()) > tolerance_for(actual, FLOAT64).near


def evidence_of(
    actual: object, expected: NDArray[Any], comparison: Comparison, axes: tuple[str, ...] = ()
) -> Evidence | None:
    """Return what is kept of a comparison until the report is written; nothing of an answer far too large.

    Each of a submission's failed checks keeps its answer. An answer of many times the right size explains
    nothing, and a few dozen of them would take all of the grader's memory.
    """
    if np.size(actual) > MOST_EXCESS * expected.size:  # type: ignore[arg-type]  # compared, so a number or an array
        return None
    return Evidence(actual, expected, comparison, axes)


def assert_gradient_matches(
    actual: object,
    expected: NDArray[Any],
    what: str,
    axes: tuple[str, ...] = (),
    follows_own_forward: Callable[[NDArray[Any]], bool] | None = None,
) -> None:
    """Demand that `actual` is the gradient `expected`.

    A gradient that is near the right one (a dropped ``eps``, say) and exactly the gradient of the student's
    own forward pass is right: the forward pass has lost its points already. One that is far off gets no such
    credit, because a forward and a backward pass that share one mistake agree with each other as well.

    Parameters
    ----------
    follows_own_forward
        Whether a gradient is that of the student's own forward pass; called only for a near answer.
    """
    actual = as_array(actual, np.shape(expected))
    try:
        assert_matches(actual, expected, what, axes)
    except Failed as failure:
        comparison = failure.evidence.comparison if failure.evidence else None
        near = comparison is not None and comparison.grade is Grade.NEAR
        if near and follows_own_forward is not None and follows_own_forward(actual):  # type: ignore[arg-type]  # compared, so an array
            return
        raise


def is_gradient_of(
    forward: Callable[[NDArray[Any]], object],
    x: NDArray[Any],
    gradient: NDArray[Any],
    dout: NDArray[Any],
    rng: np.random.Generator,
    *,
    student: Restarted | None = None,
    right: Callable[[NDArray[Any]], object] | None = None,
) -> bool:
    """Return whether `gradient` is that of ``sum(dout * forward(x))``, by small steps along random directions.

    Parameters
    ----------
    student
        The student whose forward pass it is; it is then run in a fresh process, which does not know earlier answers.
    right
        The reference's forward pass. If the student's differs much from it, the answer is False.
    """
    if student is not None:
        student.restart()
    far = False

    def asked(value: NDArray[Any]) -> object:
        nonlocal far
        out = forward(value)
        if right is not None and not far:
            far = compare(as_array(out), np.asarray(right(value))).grade is Grade.WRONG
        return out

    evidence = directional_check(asked, x, gradient, dout, rng, plan=GradientPlan(locate=False))
    return evidence.verdict is GradientVerdict.CONSISTENT and not far


def assert_unchanged(actual: object, before: NDArray[Any], what: str) -> None:
    """Demand that a function left an array of the caller's as it was."""
    if compare(actual, before).grade is not Grade.RIGHT:
        raise Failed(
            f"The call changed {what}, which belongs to the caller.", evidence=Evidence(actual, before)
        )


@contextmanager
def witnessed(*answers: object) -> Iterator[None]:
    """Let known mistakes be recognised by these numbers and arrays if something in this block fails.

    Use it if the check compares no numbers or only zeros, because many mistakes then look the same. If the function
    draws random numbers, call `student.seed` first.

        with witnessed(params["W1"], params["b1"]):
            assert_matches(params["b1"], np.zeros(40), "b1")
    """
    try:
        yield
    except Failed as failure:
        each = [part for answer in answers for part in (answer if isinstance(answer, tuple) else (answer,))]
        numbers = [np.asarray(part) for part in each if isinstance(part, int | float | np.ndarray)]
        numbers = [part for part in numbers if part.dtype.kind in NUMBERS]
        if numbers:
            pieces = [piece for part in numbers for piece in (part.astype(float).ravel(), part.shape)]
            whole = np.concatenate([np.asarray(piece, dtype=float) for piece in pieces])
            shown = failure.evidence or Evidence(whole, np.zeros(whole.shape))
            failure.evidence = replace(shown, actual=whole, expected=np.zeros(whole.shape))
        raise


def require_written(value: object) -> None:
    """Demand that a call returned something: what does nothing changes nothing, and that earns no praise.

    Raises
    ------
    NotImplementedYet
        It returned None, or None first, as a stub does.
    """
    found = unpacked(value)
    if found is None or (isinstance(found, tuple) and found and found[0] is None):
        raise NotImplementedYet("The result is None: this part is not written yet.")


def moved(before: NDArray[Any], after: object, target: NDArray[Any]) -> bool:
    """Whether each entry went from `before` towards `target` and not past it, as a running statistic does in a step.

    Start halfway between zero and the target: zeros, which keep still in any mode, then lie the other way.
    """
    if not isinstance(after, np.ndarray) or after.shape != before.shape or after.dtype.kind != "f":
        return False
    way = (after - before) / (target - before)
    return bool(np.all((way > 0) & (way < FARTHEST)))


def results(value: object, count: int, what: str) -> tuple[object, ...]:
    """Return the `count` results of a call; fail with a clear message if it has another number of them.

    `what` is the function's name, of which the message says how many values it must return. None alone counts as
    `count` times None: the stub of a function that returns nothing. A list counts as a tuple: who unpacks it cannot
    tell.
    """
    if value is None:
        return (None,) * count
    value = unpacked(value)
    if not isinstance(value, tuple) or len(value) != count:
        with witnessed(value):
            raise Failed(f"{what} must return {count} values, in the order its docstring gives.")
    return value


def unpacked(value: object) -> object:
    """Return the elements of a list that stays in the box, as a tuple; anything else as it is."""
    if isinstance(value, list):
        return tuple(value)
    if not isinstance(value, Away):
        return value
    elements: list[object] = []
    try:
        while len(elements) <= MOST_RESULTS:
            elements.append(value[len(elements)])
    except FATAL:
        raise
    except SubmissionError:  # past the end, or nothing that has elements
        return tuple(elements) if elements else value
    return value


def as_array(value: object, shape: tuple[int, ...] | None = None) -> object:
    """Return nested lists of numbers as the array that they make; anything else as it is.

    A tuple may be several results: it makes an array only of the `shape` that is asked for.
    """
    found = value
    if isinstance(value, Away):
        try:
            found = value.value()
        except FATAL:
            raise
        except SubmissionError:  # not made of plain values
            return value
    if isinstance(found, np.ndarray) and found.dtype.kind in NUMBERS:
        return found  # a tensor's
    if isinstance(found, tuple) and shape and len(found) == shape[0]:
        # What stands in it may have stayed in the box.
        found = tuple(as_array(each, shape[1:]) for each in found)
    if not isinstance(found, list | tuple):
        return value
    made = _shape_of(found)
    several = isinstance(found, tuple) and made != shape
    if made is None or several or math.prod(made) > MOST_ENTRIES:
        return value
    array = np.array(found)
    return array if array.dtype.kind in NUMBERS else value


def _shape_of(value: object) -> tuple[int, ...] | None:
    """Return the shape of the array that nested lists make; None where they make none of real numbers.

    It is found before NumPy sees the lists, because an array can be far larger than the lists that it is made of: among
    texts every entry takes as much as the longest, and one array may stand in a list many times.
    """
    if isinstance(value, list | tuple):
        shapes = set(map(_shape_of, value))
        inner = shapes.pop() if shapes else ()
        return None if shapes or inner is None else (len(value), *inner)
    if isinstance(value, np.ndarray | np.generic):
        return value.shape if value.dtype.kind in NUMBERS else None
    return () if type(value) in {bool, int, float} else None


def _with_arrays(value: object) -> object:
    value = unpacked(as_array(value))
    return tuple(map(as_array, value)) if isinstance(value, tuple) else value


def cache_of(forward: Callable[[], object], documented: object = None) -> object:
    """Return the cache that the student's own forward pass makes, whatever form it has.

    If that pass is missing or broken, return the cache that the docstring describes, if it describes one. If it
    returns the cache first and the output second, only the forward pass loses points for it.
    """
    try:
        value = unpacked(forward())
    except (SubmissionError, NotImplementedYet, Blocked):
        return documented
    if not isinstance(value, tuple) or len(value) < _PAIR:
        return documented
    output, cache, *_ = value
    if isinstance(output, Away) and isinstance(cache, np.ndarray):
        cache = output
    return documented if cache is None else cache


def run_backward(backward: Callable[[], object], cache: object, forward_name: str) -> object:
    """Run a backward pass; without a cache its errors are the forward pass's fault.

    Raises
    ------
    Blocked
        There was no cache and the backward pass failed on that.
    """
    try:
        return _with_arrays(backward())
    except FATAL:
        raise
    except SubmissionError as error:
        if cache is None:
            raise Blocked(f"This needs the cache of a working {forward_name}.", str(error)) from error
        raise
