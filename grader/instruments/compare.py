"""Compare an array with the right one, and make the sentence a student reads when they differ."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import permutations

import numpy as np

from grader.instruments.arrays import Array, Float, NotNumbers, plain_array, relative_error, shape_words
from grader.instruments.patterns import NO_PATTERN, Pattern, find_pattern, transposed_pattern
from grader.instruments.tolerances import FLOAT64, Tolerance, tolerance_for

MOST_AXES_PERMUTED = 5
"""Axes up to which a wrong shape is tried in every order of its axes: 120 comparisons at most."""


class Grade(StrEnum):
    """How an answer compares; see `Tolerance` for where the lines are."""

    RIGHT = "right"
    NEAR = "near"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing two arrays showed.

    Attributes
    ----------
    grade
        Right, near or wrong.
    reason
        One or two sentences for the student. They hold shapes, dtypes, indices and simple ratios; never an
        entry of the hidden input or of the expected array.
    worst_index
        Where the error is largest; None when the arrays could not be compared entry by entry.
    worst_error
        The largest `relative_error`; infinite when there is none to measure.
    pattern
        What the error looks like; `NO_PATTERN` when unsure.
    tolerance
        By which it was judged: that of the result's own precision where it is coarser than the one asked for.
    error_map
        The relative error of every entry, for figures; None when the shapes differ.
    """

    grade: Grade
    reason: str
    worst_index: tuple[int, ...] | None = None
    worst_error: float = math.inf
    pattern: Pattern = NO_PATTERN
    tolerance: Tolerance = FLOAT64
    error_map: Float | None = field(default=None, compare=False, repr=False)

    @property
    def right(self) -> bool:
        """Whether the grade is `Grade.RIGHT`."""
        return self.grade is Grade.RIGHT


def compare(
    actual: object,
    expected: object,
    tolerance: Tolerance = FLOAT64,
    *,
    scale: float | None = None,
    axes: tuple[str, ...] = (),
) -> Comparison:
    """Compare `actual`, which may be anything at all, with the array `expected`.

    Parameters
    ----------
    actual
        What the submission returned.
    expected
        The right answer: an array or a number, finite, real.
    tolerance
        The lines for float64 results. Lower-precision results are judged by their own, never tighter.
    scale
        Natural size of the terms that add up to an entry, for expected values that cancel, such as a bias
        gradient of three entries; the RMS of `expected` when None.
    axes
        What each axis is called in sentences, such as `IMAGE_AXES`; numbered when empty.

    Raises
    ------
    ValueError
        `expected` is not a finite real array: a fault of the reference or of the check's input.
    """
    wanted = _expected_array(expected)
    got = plain_array(actual)
    if isinstance(got, NotNumbers):
        return Comparison(Grade.WRONG, got.reason)
    if got.shape != wanted.shape:
        return _wrong_shape(got, wanted, tolerance, axes)
    reason = _wrong_kind(got, wanted)
    if reason:
        return Comparison(Grade.WRONG, reason)
    return _by_value(got, wanted.astype(np.float64, copy=False), tolerance_for(got, tolerance), scale, axes)


def compare_any(
    actual: object,
    accepted: Iterable[object],
    tolerance: Tolerance = FLOAT64,
    *,
    scale: float | None = None,
    axes: tuple[str, ...] = (),
) -> Comparison:
    """Compare with several right answers and return the best comparison; the first of equals.

    For results that a docstring leaves open, such as where max pooling sends the gradient of a tie.

    Raises
    ------
    ValueError
        `accepted` is empty, or holds an array that `compare` refuses.
    """
    found = [compare(actual, each, tolerance, scale=scale, axes=axes) for each in accepted]
    if not found:
        raise ValueError("compare_any needs at least one accepted answer")
    order = list(Grade)
    return min(found, key=lambda each: (order.index(each.grade), each.worst_error))


def _expected_array(expected: object) -> Array:
    wanted = plain_array(expected)
    if isinstance(wanted, NotNumbers) or wanted.dtype.kind == "c":
        raise ValueError(
            "the expected value must be a real array or number; correct the reference or the check"
        )
    if not np.isfinite(wanted).all():
        raise ValueError("the expected array holds NaN or infinity; choose an input the reference can handle")
    return wanted


def _wrong_shape(got: Array, wanted: Array, tolerance: Tolerance, axes: tuple[str, ...]) -> Comparison:
    said = f"The result has {shape_words(got.shape, wanted.shape)} instead of {wanted.shape}"
    if sorted(got.shape) == sorted(wanted.shape) and got.ndim <= MOST_AXES_PERMUTED:
        order = _axis_order(got, wanted, tolerance_for(got, tolerance).right)
        if order is not None:
            pattern = transposed_pattern(order, axes)
            return Comparison(Grade.WRONG, f"{said}: {pattern.phrase}.", pattern=pattern)
        return Comparison(Grade.WRONG, f"{said}: the axes may be in another order.")
    if _squeezed(got.shape) == _squeezed(wanted.shape):
        fault = "has extra axes" if got.ndim > wanted.ndim else "lacks axes"
        return Comparison(Grade.WRONG, f"{said}: it {fault} of length 1.")
    if got.size == wanted.size:
        return Comparison(Grade.WRONG, f"{said}: it has as many entries, arranged otherwise.")
    return Comparison(Grade.WRONG, f"{said}.")


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(length for length in shape if length != 1)


def _axis_order(got: Array, wanted: Array, right: float) -> tuple[int, ...] | None:
    """Return the order of axes that makes `got` of `wanted`, or None."""
    if got.dtype.kind == "c" or not np.all(np.isfinite(got)):
        return None
    for order in permutations(range(wanted.ndim)):
        moved = wanted.transpose(order)
        if moved.shape == got.shape and _largest(relative_error(got.astype(np.float64), moved)) <= right:
            return order
    return None


def _wrong_kind(got: Array, wanted: Array) -> str:
    """Say why the dtype cannot be right; empty when values can decide.

    Integers are welcome where their values match. Booleans are not numbers, except where they are expected.
    """
    if got.dtype.kind == "c":
        return f"The result has dtype {got.dtype}: complex numbers have no place here."
    if got.dtype.kind == "b" and wanted.dtype.kind != "b":
        return "The result has dtype bool: it is a mask or a comparison, not values."
    return ""


def _by_value(
    got: Array, wanted: Float, tolerance: Tolerance, scale: float | None, axes: tuple[str, ...]
) -> Comparison:
    values = got.astype(np.float64, copy=False)
    error = relative_error(values, wanted, scale)
    if error.size == 0:
        return Comparison(
            Grade.RIGHT, "The result matches.", worst_error=0.0, tolerance=tolerance, error_map=error
        )
    index = tuple(int(each) for each in np.unravel_index(int(np.argmax(error)), error.shape))
    worst = float(error[index])
    judged = partial(Comparison, worst_index=index, worst_error=worst, tolerance=tolerance, error_map=error)
    if worst == math.inf and not np.all(np.isfinite(values)):
        return judged(Grade.WRONG, _not_finite(values, index))
    if worst <= tolerance.right:
        return judged(Grade.RIGHT, "The result matches.")
    if worst <= tolerance.near:
        return judged(Grade.NEAR, _near(got))
    pattern = find_pattern(values, wanted, error, tolerance.right, axes)
    return judged(Grade.WRONG, _wrong(got, wanted, index, pattern), pattern=pattern)


def _largest(error: Float) -> float:
    return float(np.max(error, initial=0.0))


def _not_finite(values: Float, index: tuple[int, ...]) -> str:
    bad = ~np.isfinite(values)
    what = "NaN" if np.any(np.isnan(values)) else "infinite values"
    where = f", first at index {index}" if values.ndim else ""
    return f"The result holds {what}: {int(np.sum(bad))} of {values.size} entries are not finite{where}."


def _near(got: Array) -> str:
    if got.dtype == np.float16:
        return "The result has dtype float16, which keeps three digits; compute in float64."
    return (
        "The result is close but not right: rounding does not explain the difference. "
        "Something small may be missing, fixed or of the wrong sign: an eps, or a bias whose values are small."
    )


def _wrong(got: Array, wanted: Float, index: tuple[int, ...], pattern: Pattern) -> str:
    if got.dtype.kind in "iu" and bool(np.any(wanted != np.round(wanted))):
        return f"The result has dtype {got.dtype}, which drops the digits behind the point."
    where = f" The error is largest at index {index}." if index else ""
    if pattern.phrase:
        return f"The result does not match: {pattern.phrase}.{where}"
    return f"The result does not match.{where}"
