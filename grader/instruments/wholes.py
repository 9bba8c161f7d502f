"""Detect errors that one relation explains everywhere: a factor, an offset, a swap, another order."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np

from grader.instruments.arrays import Float, relative_error
from grader.instruments.vocabulary import (
    FEWEST_FOR_A_FIT,
    Case,
    Pattern,
    PatternKind,
    factor_phrase,
    simple_factor,
)

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
