"""How far a result may be from the right one: the tolerance of each precision, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grader.instruments.arrays import Array


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Where right ends and where near ends, as `relative_error`.

    Attributes
    ----------
    right
        Largest error that rounding explains.
    near
        Largest error that looks like a small constant (a dropped eps), not like another formula. Near is
        not right.
    """

    right: float
    near: float


FLOAT64 = Tolerance(right=2e-6, near=1e-3)
"""For float64 results. Twice the worst error of right layers that compute inside in float32 and return
float64 (1.0e-6 in 3,000 random convolutions and batch norms), so that they stay right. A dropped eps of 1e-3
makes 5e-5 to 8e-4 on inputs of standard deviation 4 to 1, and one of 1e-5 makes 8e-6 at deviation 1: near."""

FLOAT32 = Tolerance(right=1e-5, near=1e-3)
"""For float32 results. Ten times the worst error of a single layer in float32, because networks stack layers;
still five times below a dropped eps of 1e-3 at standard deviation 4."""

FLOAT16 = Tolerance(right=2e-6, near=2e-2)
"""For float16 results. They keep three digits, so they are near at best: no exercise asks for half precision.
"""

STRICT = Tolerance(right=1e-9, near=1e-3)
"""For questions about the last digits, such as whether a default eps of 1e-5 is there at all. It refuses
right answers that pass through float32, so it is for advice and not for points."""


def tolerance_for(got: Array, tolerance: Tolerance) -> Tolerance:
    """Return `tolerance`, or that of the result's own precision where that is coarser."""
    if got.dtype.kind != "f" or got.dtype.itemsize >= np.dtype(np.float64).itemsize:
        return tolerance
    own = FLOAT32 if got.dtype.itemsize == np.dtype(np.float32).itemsize else FLOAT16
    return Tolerance(max(own.right, tolerance.right), max(own.near, tolerance.near))
