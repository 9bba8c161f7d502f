"""Find the one pattern that explains an error, or stay silent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, permutations

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


# --- one relation explains the error everywhere: a factor, an offset, a swap, another order ------------------------

MOST_AXES = 5
"""Arrays of more axes have too many orders to try them all."""

MOST_SLICES = 64
"""Longest axis along which slices are matched with each other, to keep the search cheap."""


def _constant(case: Case) -> Pattern | None:
    first = case.actual.flat[0]
    if not np.all(case.actual == first) or (case.actual.size < FEWEST_FOR_A_FIT and first != 0.0):
        return None
    if first == 0.0:
        return Pattern(PatternKind.ALL_ZERO, "every entry is zero")
    if not case.varies:
        return None
    return Pattern(PatternKind.ALL_EQUAL, "every entry is the same number")


def _fitted_factor(actual: Float, expected: Float) -> float:
    """Return the least-squares factor; 0 where there is none."""
    size = float(np.max(np.abs(expected)))
    if size == 0.0:
        return 0.0
    unit = expected / size
    return float(np.sum(actual * unit) / np.sum(unit * unit)) / size


def _constant_factor(case: Case) -> Pattern | None:
    factor = _fitted_factor(case.actual, case.expected)
    if factor == 0.0 or not np.isfinite(factor) or not case.explained_by(factor * case.expected):
        return None
    simple = simple_factor(factor, case.right)
    if simple is not None:
        return Pattern(PatternKind.CONSTANT_FACTOR, factor_phrase(simple), factor=simple)
    if np.count_nonzero(case.expected) < FEWEST_FOR_A_FIT or not case.varies:
        return None
    return Pattern(PatternKind.CONSTANT_FACTOR, "every entry is the right value times the same constant")


def _constant_offset(case: Case) -> Pattern | None:
    if case.actual.size < FEWEST_FOR_A_FIT or not case.varies:
        return None
    if not case.explained_by(case.expected + np.mean(case.actual - case.expected)):
        return None
    return Pattern(PatternKind.CONSTANT_OFFSET, "every entry is off by the same constant")


def _transposed(case: Case) -> Pattern | None:
    shape = case.actual.shape
    for one, other in combinations(range(case.actual.ndim), 2):
        if shape[one] == shape[other] > 1 and case.explained_by(case.expected.swapaxes(one, other)):
            names = f"{case.axis_name(one)} and {case.axis_name(other)}"
            return Pattern(PatternKind.TRANSPOSED, f"{names} are swapped", axis=one)
    return None


def _flipped(case: Case) -> Pattern | None:
    singles: list[tuple[int, ...]] = [(axis,) for axis in range(case.actual.ndim)]
    for flip in [*singles, *combinations(range(case.actual.ndim), 2)]:
        if case.explained_by(np.flip(case.expected, flip)):
            names = " and ".join(case.axis_name(axis) for axis in flip)
            return Pattern(PatternKind.FLIPPED, f"the entries run backwards along {names}", axis=flip[0])
    return None


def _shifted(case: Case) -> Pattern | None:
    for axis, length in enumerate(case.actual.shape):
        if length < FEWEST_FOR_A_FIT:
            continue
        for step in (1, -1):
            kept = [slice(None)] * case.actual.ndim
            kept[axis] = slice(1, None) if step > 0 else slice(None, -1)
            moved, there = np.roll(case.expected, step, axis)[tuple(kept)], case.actual[tuple(kept)]
            if np.any(moved != 0) and np.all(relative_error(there, moved) <= case.right):
                return Pattern(
                    PatternKind.SHIFTED, f"the entries are shifted by one along {case.axis_name(axis)}", axis
                )
    return None


def _permuted(case: Case) -> Pattern | None:
    for axis, length in enumerate(case.actual.shape):
        if not 1 < length <= MOST_SLICES or (case.actual.ndim == 1 and length > FEWEST_FOR_A_FIT):
            continue
        here, there = np.moveaxis(case.actual, axis, 0), np.moveaxis(case.expected, axis, 0)
        if _same_sums(here, there, case.right) and _same_slices(here, there, case.right):
            phrase = f"the entries are right but in another order along {case.axis_name(axis)}"
            return Pattern(PatternKind.PERMUTED, phrase, axis)
    return None


def _same_sums(here: Float, there: Float, right: float) -> bool:
    """Whether the slices' sums are the same numbers, which is quick to see and almost always decides."""
    sums, wanted = (np.sort(each.reshape(len(each), -1).sum(1)) for each in (here, there))
    room = 2.0 * right * float(np.max(np.abs(there).reshape(len(there), -1).sum(1)))
    return bool(np.all(np.abs(sums - wanted) <= room))


def _same_slices(here: Float, there: Float, right: float) -> bool:
    order = [_matching_slice(each, there, right) for each in here]
    return sorted(order) == list(range(len(there)))


def _matching_slice(slice_: Float, candidates: Float, right: float) -> int:
    for index, candidate in enumerate(candidates):
        if np.all(relative_error(slice_, candidate) <= right):
            return index
    return -1


def _reordered(case: Case) -> Pattern | None:
    if case.actual.size <= FEWEST_FOR_A_FIT:
        return None
    if np.all(
        relative_error(np.sort(case.actual, axis=None), np.sort(case.expected, axis=None)) <= case.right
    ):
        how = ", as after a reshape that moved no axes" if _reshaped(case) else ""
        return Pattern(PatternKind.REORDERED, f"the values are right but stand in the wrong places{how}")
    return None


def _reshaped(case: Case) -> bool:
    """Whether a reshape explains the order, either of what lay in another order or into one that is moved then."""
    shape = case.expected.shape
    if len(shape) > MOST_AXES:
        return False
    return any(
        case.explained_by(case.expected.transpose(order).reshape(shape))
        or case.explained_by(
            case.expected.reshape([shape[axis] for axis in order]).transpose(np.argsort(order))
        )
        for order in permutations(range(len(shape)))
    )


def _per_index(case: Case) -> Pattern | None:
    for axis, length in enumerate(case.actual.shape):
        if length == 1 or case.actual.size < FEWEST_FOR_A_FIT * length:
            continue
        others = tuple(each for each in range(case.actual.ndim) if each != axis)
        if not np.all(
            np.any(case.expected != np.min(case.expected, axis=others, keepdims=True), axis=others)
        ):
            continue
        found = _offset_per_index(case, axis, others) or _factor_per_index(case, axis, others)
        if found is not None:
            return found
    return None


def _factor_per_index(case: Case, axis: int, others: tuple[int, ...]) -> Pattern | None:
    products = np.sum(case.actual * case.expected, axis=others, keepdims=True)
    squares = np.sum(case.expected**2, axis=others, keepdims=True)
    if np.any(squares == 0.0) or not case.explained_by(case.expected * products / squares):
        return None
    phrase = f"each {case.unit(axis)} is the right value times a constant of its own"
    return Pattern(PatternKind.FACTOR_PER_INDEX, phrase, axis)


def _offset_per_index(case: Case, axis: int, others: tuple[int, ...]) -> Pattern | None:
    offset = np.mean(case.actual - case.expected, axis=others, keepdims=True)
    if not case.explained_by(case.expected + offset):
        return None
    phrase = f"each {case.unit(axis)} is off by a constant of its own"
    return Pattern(PatternKind.OFFSET_PER_INDEX, phrase, axis)


CONSTANTS = (_constant, _constant_factor, _constant_offset)
"""One number explains the error."""

ORDERS = (_transposed, _flipped, _shifted, _permuted, _reordered)
"""The right values stand in the wrong places."""

PER_INDEX = (_per_index,)
"""One number per index of an axis explains the error."""


# --- the error sits in one place: an entry, an index of an axis, the borders, a region never filled ---------------

WIDEST_BORDER = 3
"""Widest border looked for: the padding of the largest filter in use, 7 by 7."""

LEAST_COVERAGE = 0.2
"""Share of a slice that must be wrong before the slice is blamed and not its entries."""

LEAST_INSIDE = 0.5
"""Entries inside over entries of the border, from which it says something that the inside is right."""

SPATIAL_AXES = 2


def _one_entry(case: Case) -> Pattern | None:
    if np.count_nonzero(case.wrong) != 1 or case.wrong.size == 1:
        return None
    return Pattern(PatternKind.ONE_ENTRY, "one entry is wrong and all others are right")


def _one_index(case: Case) -> Pattern | None:
    best: tuple[float, int, int] | None = None
    for axis, length in enumerate(case.wrong.shape):
        counts = np.sum(np.moveaxis(case.wrong, axis, 0).reshape(length, -1), axis=1)
        bad = np.flatnonzero(counts)
        if length == 1 or bad.size != 1:
            continue
        coverage = float(counts[bad[0]]) / (case.wrong.size / length)
        if coverage >= LEAST_COVERAGE and (best is None or coverage > best[0]):
            best = coverage, axis, int(bad[0])
    if best is None:
        return None
    _, axis, index = best
    phrase = f"only {case.place(axis, index)} is wrong{_end(index, case.wrong.shape[axis])}{_unfilled(case)}"
    return Pattern(PatternKind.ONE_INDEX, phrase, axis, index)


def _end(index: int, length: int) -> str:
    if length > 2 and index in (0, length - 1):  # noqa: PLR2004 - of two, first and last say nothing
        return ", the first" if index == 0 else ", the last"
    return ""


def _unfilled(case: Case) -> str:
    """Say so when every wrong entry is zero."""
    return ", and was left at zero" if _left_at_zero(case) else ""


def _left_at_zero(case: Case) -> bool:
    return bool(np.all(case.actual[case.wrong] == 0.0))


def _borders_only(case: Case) -> Pattern | None:
    if case.wrong.ndim <= SPATIAL_AXES:
        return None
    plane = np.any(case.wrong, axis=tuple(range(case.wrong.ndim - SPATIAL_AXES)))
    for width in range(1, WIDEST_BORDER + 1):
        if min(plane.shape) <= 2 * width:
            return None
        inside = plane[width:-width, width:-width]
        border = plane.size - inside.size
        if not np.any(inside):
            if inside.size < LEAST_INSIDE * border or np.count_nonzero(plane) < LEAST_COVERAGE * border:
                return None
            return Pattern(PatternKind.BORDERS_ONLY, _border_phrase(case, plane, width), index=width)
    return None


def _border_phrase(case: Case, plane: NDArray[np.bool_], width: int) -> str:
    """Name the sides with an error, whole with their corners; the border where these do not hold every error."""
    all_but = slice(width, -width)
    sides = {
        "first rows": (slice(width), slice(None)),
        "last rows": (slice(-width, None), slice(None)),
        "first columns": (slice(None), slice(width)),
        "last columns": (slice(None), slice(-width, None)),
    }
    without_corners = [(rows, all_but) for rows, _ in list(sides.values())[:2]]
    without_corners += [(all_but, columns) for _, columns in list(sides.values())[2:]]
    bad = [name for name, strip in zip(sides, without_corners, strict=True) if np.any(plane[strip])]
    left = plane.copy()
    for name in bad:
        left[sides[name]] = False
    which = "the border" if np.any(left) or len(bad) == len(sides) else "the " + " and ".join(bad)
    wide = "one entry" if width == 1 else f"{width} entries"
    return f"only {which} of each image, {wide} wide, is wrong{_unfilled(case)}; the inside is right"


def _missing_region(case: Case) -> Pattern | None:
    if np.all(case.wrong) or not _left_at_zero(case):
        return None
    return Pattern(
        PatternKind.MISSING_REGION,
        "the wrong entries are all zero, as if never filled in; the others are right",
    )


PLACES = (_one_entry, _one_index, _borders_only, _missing_region)
"""From the smallest place to the largest."""


DETECTORS = (*CONSTANTS, *ORDERS, *PLACES, *PER_INDEX)
"""Simplest explanation first. Places come before a number per index, which one wrong channel fits too."""


def find_pattern(
    actual: Float, expected: Float, error: Float, right: float, axes: tuple[str, ...] = ()
) -> Pattern:
    """Return the first pattern that explains the whole error; `NO_PATTERN` when none does.

    Parameters
    ----------
    actual, expected
        Finite float64 arrays of one shape.
    error
        Their `relative_error`.
    right
        Largest error that counts as none.
    axes
        Names of the axes for the phrase; numbered when their count does not fit.
    """
    case = Case(actual, expected, error > right, right, axes)
    if not np.any(case.wrong):
        return NO_PATTERN
    with np.errstate(all="ignore"):  # entries may be huge; a candidate that overflows explains nothing
        found = (detector(case) for detector in DETECTORS)
        return next((each for each in found if each is not None), NO_PATTERN)
