"""The patterns an error can have: their names, their words, and what a detector is given to look at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from grader.instruments.arrays import CANCELLED, Float, relative_error

IMAGE_AXES = ("image", "channel", "row", "column")
FILTER_AXES = ("filter", "channel", "row", "column")

FEWEST_FOR_A_FIT = 3
"""Entries from which one fitted number that explains them all is no accident; below, it must be simple."""

LARGEST_SIMPLE = 4096
"""Largest whole factor worth naming: a batch, a channel count, the pixels of an image."""


class PatternKind(StrEnum):
    """What an error looks like."""

    NONE = "none"
    ALL_ZERO = "all_zero"
    ALL_EQUAL = "all_equal"
    CONSTANT_FACTOR = "constant_factor"
    CONSTANT_OFFSET = "constant_offset"
    TRANSPOSED = "transposed"
    FLIPPED = "flipped"
    SHIFTED = "shifted"
    PERMUTED = "permuted"
    REORDERED = "reordered"
    ONE_ENTRY = "one_entry"
    ONE_INDEX = "one_index"
    BORDERS_ONLY = "borders_only"
    MISSING_REGION = "missing_region"
    FACTOR_PER_INDEX = "factor_per_index"
    OFFSET_PER_INDEX = "offset_per_index"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern found in an error.

    Attributes
    ----------
    kind
        Which one.
    phrase
        A clause for the student, without its full stop; empty for `NO_PATTERN`.
    axis, index
        Where along the array, for the kinds that have a place.
    factor
        ``actual / expected`` where that is one simple number.
    """

    kind: PatternKind
    phrase: str = ""
    axis: int | None = None
    index: int | None = None
    factor: float | None = None


NO_PATTERN = Pattern(PatternKind.NONE)


@dataclass(frozen=True, slots=True)
class Case:
    """The arrays every detector looks at."""

    actual: Float
    expected: Float
    wrong: NDArray[np.bool_]
    right: float
    axes: tuple[str, ...]

    def explained_by(self, candidate: Float) -> bool:
        """Whether `candidate` is what was returned, up to rounding."""
        # No scale of an array exceeds its largest entry. Measured against that, one entry refutes most candidates,
        # for a small part of what the whole comparison costs.
        largest = float(np.abs(candidate).max())
        room = self.right * (largest if largest >= CANCELLED else 1.0)
        if abs(self.actual.flat[0] - candidate.flat[0]) > room:
            return False
        return bool(np.all(relative_error(self.actual, candidate) <= self.right))

    @property
    def varies(self) -> bool:
        """Whether the right values differ at all; where they do not, many relations fit and none is told."""
        return bool(np.any(self.expected != self.expected.flat[0]))

    def axis_name(self, axis: int) -> str:
        """Name `axis` in a sentence."""
        return self.axes[axis] if len(self.axes) == self.actual.ndim else f"axis {axis}"

    def unit(self, axis: int) -> str:
        """Name one slice along `axis`, as in "each channel"."""
        return self.axes[axis] if len(self.axes) == self.actual.ndim else f"index of axis {axis}"

    def place(self, axis: int, index: int) -> str:
        """Name one index of `axis`, as in "channel 2"."""
        name = self.axis_name(axis)
        return f"{name} {index}" if len(self.axes) == self.actual.ndim else f"index {index} of {name}"


def transposed_pattern(order: tuple[int, ...], axes: tuple[str, ...]) -> Pattern:
    """Return the pattern of an array whose axes stand in `order`."""
    named = len(axes) == len(order)
    said = ", ".join(axes[each] if named else str(each) for each in order)
    return Pattern(PatternKind.TRANSPOSED, f"the values are right but the axes stand in the order ({said})")


def simple_factor(factor: float, right: float) -> float | None:
    """Return the whole number or reciprocal that `factor` is, or None."""
    size = abs(factor)
    if not np.isfinite(size) or size == 0.0:
        return None
    whole = size if size >= 1.0 else 1.0 / size
    if round(whole) > LARGEST_SIMPLE or abs(whole - round(whole)) > right * whole:
        return None
    return float(np.sign(factor) * (round(whole) if size >= 1.0 else 1.0 / round(whole)))


def factor_phrase(factor: float) -> str:
    """Say ``actual = factor * expected`` in words; `factor` is whole or the reciprocal of a whole number."""
    size = abs(factor)
    times = {1.0: "", 2.0: "twice ", 0.5: "half "}.get(size)
    if times is None:
        times = f"{size:.0f} times " if size > 1 else f"1/{1 / size:.0f} of "
    sign = "with the opposite sign" if factor < 0 else ""
    if not times:
        return "every entry has the opposite sign"
    return f"every entry is {times}the right value{' ' + sign if sign else ''}"
