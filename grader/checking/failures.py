"""How a check ends early: as an exception that carries an outcome, what to tell whom, and where the answer is wrong.

CheckStopped
├── Failed             the answer is wrong
├── NotImplementedYet  the stub still stands, or the function is nowhere to be found
├── Blocked            what the check needs is missing or broken, so it cannot speak about this part
├── Inconclusive       the measurement could not decide; never costs points
├── Waits              only a person can decide: the part is in the total, and has no points until somebody did
├── NotGraded          this machine cannot grade the part, or a layout may come without it
└── Tampered           the answer tries to score without solving
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from grader.instruments.arrays import NotNumbers, plain_array
from grader.instruments.compare import Comparison
from grader.results import ErrorMap, Outcome, WorstEntry

LEVEL_BOUNDS = (1e-4, 1e-2, 1e-1, 1.0)
"""Upper relative error of levels 1 to 4; level 5 is anything above, and what is not a number.

They part what mistakes part: a dropped eps (below 1e-4), a wrong statistic or constant (percents), and
an entry that is simply another number.
"""

MOST_WORST = 5
"""Entries that staff are shown, the worst first."""

MAX_ROWS = 24
MAX_COLUMNS = 32
"""Most cells drawn; the planes of the assignment's own checks fit without merging."""


class CheckStopped(Exception):
    """A check that ended without passing.

    Parameters
    ----------
    message
        For the student: one or two sentences without hidden inputs, expected values or exception text.
    staff_note
        For staff only.
    """

    outcome: ClassVar[Outcome]

    def __init__(self, message: str, staff_note: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.staff_note = staff_note


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a failed comparison saw; diagnosis reads it and it never leaves the grading process.

    Attributes
    ----------
    actual
        The submission's answer, shape and dtype as it came.
    expected
        The right answer.
    comparison
        Where and in which pattern the two differ; None where that is not for a report.
    axes
        What each axis is called; empty where they have no names.
    """

    actual: object
    expected: NDArray[Any]
    comparison: Comparison | None = None
    axes: tuple[str, ...] = ()

    def error_map(self) -> ErrorMap | None:
        """Show where the answer is wrong, by the tolerance that it was judged by; None where shapes differ."""
        errors = self.comparison.error_map if self.comparison else None
        if errors is None or self.comparison is None:
            return None
        return locate_errors(errors, self.comparison.tolerance.right, self.axes or None)

    def worst(self) -> tuple[WorstEntry, ...]:
        """Return the entries that are furthest off, beyond the tolerance; none where shapes differ."""
        errors = self.comparison.error_map if self.comparison else None
        got = plain_array(self.actual)
        if errors is None or self.comparison is None or isinstance(got, NotNumbers):
            return ()
        if not errors.shape == got.shape == self.expected.shape:
            return ()
        sizes = np.where(np.isnan(errors), np.inf, np.abs(errors)).ravel()
        places = np.argsort(-sizes, kind="stable")[:MOST_WORST]
        return tuple(
            _entry(tuple(map(int, np.unravel_index(at, errors.shape))), self.expected.flat[at], got.flat[at])
            for at in places
            if sizes[at] > self.comparison.tolerance.right
        )


def _entry(index: tuple[int, ...], expected: Any, got: Any) -> WorstEntry:
    with np.errstate(all="ignore"):
        difference = np.subtract(got, expected, dtype=np.result_type(got, expected, np.float64))
    where = ", ".join(map(str, index)) if index else "the number"
    return WorstEntry(where, f"{expected:.6g}", f"{got:.6g}", f"{difference:+.3g}")


class Failed(CheckStopped):
    """The answer is wrong; `evidence` says where and how when arrays were compared."""

    outcome = Outcome.FAILED

    def __init__(self, message: str, staff_note: str = "", evidence: Evidence | None = None) -> None:
        super().__init__(message, staff_note)
        self.evidence = evidence


class NotImplementedYet(CheckStopped):
    """The stub still stands, or the function is nowhere to be found."""

    outcome = Outcome.NOT_IMPLEMENTED


class Blocked(CheckStopped):
    """What the check needs is missing or broken."""

    outcome = Outcome.BLOCKED


class Inconclusive(CheckStopped):
    """The measurement could not decide."""

    outcome = Outcome.INCONCLUSIVE


class Waits(CheckStopped):
    """Only a person can decide; the part waits for one."""

    outcome = Outcome.INCONCLUSIVE


class NotGraded(CheckStopped):
    """This machine cannot grade the part, or the submission's layout may come without it."""

    outcome = Outcome.NOT_GRADED


class Tampered(CheckStopped):
    """The answer tries to score without solving."""

    outcome = Outcome.TAMPERED


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
