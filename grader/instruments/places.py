"""Detect errors that sit in one place: an entry, an index of an axis, the borders, a region never filled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grader.instruments.vocabulary import Case, Pattern, PatternKind

WIDEST_BORDER = 3
"""Widest border looked for: the padding of the largest filter in use, 7 by 7."""

LEAST_COVERAGE = 0.2
"""Share of a slice that must be wrong before the slice is blamed and not its entries."""

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
        if not np.any(plane[width:-width, width:-width]):
            border = plane.size - (plane.shape[0] - 2 * width) * (plane.shape[1] - 2 * width)
            if np.count_nonzero(plane) < LEAST_COVERAGE * border:
                return None
            return Pattern(PatternKind.BORDERS_ONLY, _border_phrase(case, plane, width), index=width)
    return None


def _border_phrase(case: Case, plane: NDArray[np.bool_], width: int) -> str:
    sides = {
        "first rows": plane[:width, width:-width],
        "last rows": plane[-width:, width:-width],
        "first columns": plane[width:-width, :width],
        "last columns": plane[width:-width, -width:],
    }
    bad = [name for name, strip in sides.items() if np.any(strip)]
    which = "the border" if len(bad) in (0, len(sides)) else "the " + " and ".join(bad)
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
