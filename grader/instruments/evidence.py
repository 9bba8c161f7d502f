"""What a check of a gradient is asked, and what it answers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from grader.instruments.compare import FLOAT64, Tolerance
from grader.instruments.locate import Location


class GradientVerdict(StrEnum):
    """What a consistency check showed.

    ``DEGENERATE`` means nothing could be learned: the derivative is zero along every direction and the
    gradient says so too. It is neither a pass nor a failure; choose another input.
    """

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    INCONCLUSIVE = "inconclusive"
    DEGENERATE = "degenerate"


@dataclass(frozen=True, slots=True)
class GradientPlan:
    """How hard to look.

    Attributes
    ----------
    directions
        Clean directions wanted. One misses an error that happens to be orthogonal to it; three do not.
    redraws
        How often directions that met kinks are replaced.
    first_step
        First step, in units of the input's spread. Small, because kinks are met in proportion to it, and
        float64 leaves room.
    tolerance
        What rounding in the gradient itself may amount to.
    required
        Largest error of a single entry, relative to the gradient's RMS, that a consistent gradient may hide.
        Where noise or kinks hide more, the verdict is inconclusive.
    locate
        Whether to look for a wrong entry, at about four evaluations per halving of the input.
    """

    directions: int = 3
    redraws: int = 3
    first_step: float = 1e-5
    tolerance: Tolerance = FLOAT64
    required: float = 0.5
    locate: bool = True


ORDINARY = GradientPlan()
"""How hard to look when nothing else is said."""


@dataclass(frozen=True, slots=True)
class GradientEvidence:
    """A verdict and the numbers behind it.

    Attributes
    ----------
    verdict
        See `GradientVerdict`.
    reason
        One or two sentences for the student, without hidden numbers.
    mismatch
        Largest disagreement between gradient and function, in tolerances; infinite for a gradient that could
        not be read.
    smallest_error
        The smallest error of a single entry that this check would have seen, relative to the gradient's RMS.
    directions
        Clean directions used.
    evaluations
        Calls of the function.
    factor
        ``claimed / measured`` where it is the same in every direction and not 1.
    location
        A wrong entry, when one was found.
    kinked
        Whether kinks, and neither noise nor rounding, limited what was seen.
    """

    verdict: GradientVerdict
    reason: str
    mismatch: float = 0.0
    smallest_error: float = math.inf
    directions: int = 0
    evaluations: int = 0
    factor: float | None = None
    location: Location | None = None
    kinked: bool = False
