"""Find the one pattern that explains an error, or stay silent."""

from __future__ import annotations

import numpy as np

from grader.instruments.arrays import Float
from grader.instruments.places import PLACES
from grader.instruments.vocabulary import NO_PATTERN, Case, Pattern
from grader.instruments.wholes import CONSTANTS, ORDERS, PER_INDEX

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
