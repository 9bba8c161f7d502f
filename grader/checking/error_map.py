"""Reduce an array of relative errors to an `ErrorMap`: where the error sits, in coarse levels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from grader.checking.failures import Evidence
from grader.results import ErrorMap

LEVEL_BOUNDS = (1e-4, 1e-2, 1e-1, 1.0)
"""Upper relative error of levels 1 to 4; level 5 is anything above, and what is not a number.

They part what mistakes part: a dropped eps (below 1e-4), a wrong statistic or constant (percents), and
an entry that is simply another number.
"""

MAX_ROWS = 24
MAX_COLUMNS = 32
"""Most cells drawn; the planes of the homework's own checks fit without merging."""


def map_of(evidence: Evidence | None) -> ErrorMap | None:
    """Show where an answer is wrong, by the tolerance that it was judged by; None where nothing was compared."""
    if evidence is None:
        return None
    comparison, axes = evidence.comparison, evidence.axes or None
    errors = comparison.error_map
    return None if errors is None else locate_errors(errors, comparison.tolerance.right, axes)


def locate_errors(
    relative: NDArray[np.floating], tolerance: float, axes: Sequence[str] | None = None
) -> ErrorMap | None:
    """Show where `relative` is large.

    Parameters
    ----------
    relative
        Absolute error divided by the scale of the expected array, of any rank; NaN and infinity are worst.
    tolerance
        Largest relative error that is right.
    axes
        One short name per axis; ``axis 0``, ``axis 1``, ... when left out.

    Returns
    -------
    ErrorMap or None
        ``None`` for an empty array and for one without an error: there is nothing to show.
    """
    errors = np.where(np.isnan(relative), np.inf, np.abs(relative))
    wrong = int(np.count_nonzero(errors > tolerance))
    if not wrong:
        return None
    worst = tuple(int(each) for each in np.unravel_index(int(np.argmax(errors)), errors.shape))
    plane = np.atleast_2d(errors[worst[:-2]])
    block = (-(-plane.shape[0] // MAX_ROWS), -(-plane.shape[1] // MAX_COLUMNS))
    names = axes if axes is not None else [f"axis {each}" for each in range(errors.ndim)]
    levels = _levels(_largest_of_blocks(plane, block), tolerance)
    return ErrorMap(
        shape=tuple(errors.shape),
        axes=tuple(names),
        worst=worst,
        block=block,
        levels=tuple(tuple(int(level) for level in row) for row in levels),
        wrong=wrong,
    )


def _largest_of_blocks(plane: NDArray[np.floating], block: tuple[int, int]) -> NDArray[np.floating]:
    """Return the largest entry of each block of `plane` (R, C); blocks at the far edges may be cut short."""
    rows = np.maximum.reduceat(plane, np.arange(0, plane.shape[0], block[0]), axis=0)
    largest: NDArray[np.floating] = np.maximum.reduceat(rows, np.arange(0, plane.shape[1], block[1]), axis=1)
    return largest


def _levels(errors: NDArray[np.floating], tolerance: float) -> NDArray[np.intp]:
    levels = 1 + np.searchsorted(LEVEL_BOUNDS, errors, side="left")
    return np.where(errors > tolerance, levels, 0)
