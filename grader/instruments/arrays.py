"""Turn whatever a function returned into a plain array, and measure how far it is from the expected one."""

from __future__ import annotations

import builtins
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Float = NDArray[np.float64]

NUMBER_TYPES = frozenset({bool, int, float, complex, *np.sctypeDict.values()}) - {np.object_, np.void}
"""Exact types taken as numbers. A subclass is not: its operators may be the submission's own."""

CANCELLED = 1e-13
"""Largest entry below which an expected array counts as zero: what cancelling float64 terms of size one leave
(a few hundred roundings of 1.1e-16). A smaller array has no scale of its own to compare against."""

FLOAT32_DIGITS = 2.0**-24
FLOAT64_DIGITS = 2.0**-53


@dataclass(frozen=True, slots=True)
class NotNumbers:
    """Why a value is no array of numbers: one sentence, safe to show to the student."""

    reason: str


_MORE_AXES, _LONGER = 3, 20
"""How many axes more, and how many times longer ones, an answer can have by mistake."""


def plain_array(value: object) -> Array | NotNumbers:
    """Return `value` as a base-class ndarray with a numeric dtype, or say why it is none.

    Only the value's true type is asked, never its ``__class__`` or its operators, and subclasses of ndarray
    are stripped, so a submission's class cannot answer comparisons on its own behalf.
    """
    if value is None:
        return NotNumbers("The result is None: the answer was not written or not returned.")
    if not (issubclass(type(value), np.ndarray) or type(value) in NUMBER_TYPES):
        return NotNumbers(f"The result is {_kind_of(value)}, not an array or a number.")
    try:
        array = np.array(value, copy=True, subok=False)
    except (OverflowError, ValueError, TypeError):
        return NotNumbers("The result could not be read as an array.")
    if array.dtype.kind not in "biufc":
        return NotNumbers(
            f"The result is an array of dtype {array.dtype.kind!r}, which does not hold numbers."
        )
    return array


def _kind_of(value: object) -> str:
    """Name a built-in type; anything else could carry text of the submission's choosing."""
    name = type(value).__name__
    if getattr(builtins, name, None) is type(value):
        return f"a {name}"
    return "a Python object"


def shape_words(shape: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    """Return ``shape (2, 3)``, or for a shape that no usual mistake makes only what is wrong with it.

    A shape is chosen by the code that is judged, and a student reads it: with lengths of any size it could tell what
    the code was called with.
    """
    if len(shape) > len(wanted) + _MORE_AXES:
        return "far too many axes"
    if max(shape, default=0) > _LONGER * max(wanted, default=1):
        return "far too long axes"
    return f"shape {shape}"


def root_mean_square(values: Array) -> float:
    """Return the root mean square of `values`, without overflow; 0 for an empty array."""
    return _mean_size(np.abs(values))


def _mean_size(sizes: Array) -> float:
    """Return the root mean square of `sizes`, none of which is negative."""
    largest = float(sizes.max(initial=0))
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    shares = (sizes / largest).reshape(-1)
    return largest * math.sqrt(float(np.dot(shares, shares)) / shares.size)


def norm(values: Array) -> float:
    """Return the root of the sum of squares of `values`, without overflow."""
    return root_mean_square(values) * float(np.sqrt(values.size))


def natural_scale(expected: Float) -> float:
    """Return the size against which errors in `expected` are measured: its RMS, or 1 where it is all zero."""
    return _scale_of(np.abs(expected))


def _scale_of(sizes: Float) -> float:
    """Return the `natural_scale` of what has the sizes `sizes`."""
    return 1.0 if sizes.max(initial=0) < CANCELLED else _mean_size(sizes)


def relative_error(actual: Float, expected: Float, scale: float | None = None) -> Float:
    """Return ``|actual - expected| / max(|expected|, scale)``, entry by entry.

    Dividing by the entry alone would blame a right answer wherever large terms cancel to a small entry: the
    rounding of those terms is as large as they were. Dividing by the array's scale alone would be lenient
    where an entry is large. The larger of the two is what rounding is proportional to.

    Parameters
    ----------
    actual, expected
        float64 arrays of one shape; `expected` is finite.
    scale
        Natural size of the terms behind each entry; `natural_scale` of `expected` when None.

    Returns
    -------
    ndarray of float64
        Infinite where `actual` is NaN or infinite.
    """
    sizes = np.abs(expected)
    floor = _scale_of(sizes) if scale is None else scale
    with np.errstate(all="ignore"):
        error = np.abs(actual - expected) / np.maximum(sizes, floor)
    return np.where(np.isfinite(error), error, np.inf)


def digits(values: Array) -> float:
    """Return the unit roundoff `values` show: float32's where they all fit in float32, else float64's."""
    if values.dtype.itemsize <= np.dtype(np.float32).itemsize and values.dtype.kind == "f":
        return FLOAT32_DIGITS
    with np.errstate(over="ignore"):
        fits = values.size > 0 and bool(np.array_equal(values, values.astype(np.float32)))
    return FLOAT32_DIGITS if fits and bool(np.any(values != np.round(values))) else FLOAT64_DIGITS
