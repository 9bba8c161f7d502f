"""Unusual interpolation."""

import numpy as np
from scipy import linalg

from grader.bank import variant


@variant(replaces="spline")
def spline_by_second_derivatives(x, y, at):
    """The second derivatives at the points are solved for, and each piece is made of them."""
    h, n = np.diff(x), len(x)
    bands, right = np.zeros((3, n)), np.zeros(n)
    bands[1] = 1.0
    bands[1, 1:-1] = 2 * (h[:-1] + h[1:])
    bands[0, 2:], bands[2, :-2] = h[1:], h[:-1]
    right[1:-1] = 6 * np.diff(np.diff(y) / h)
    m = linalg.solve_banded((1, 1), bands, right)
    k = np.clip(np.searchsorted(x, at, side="right") - 1, 0, n - 2)
    left, after, width = at - x[k], x[k + 1] - at, h[k]
    a, b = y[k] / width - m[k] * width / 6, y[k + 1] / width - m[k + 1] * width / 6
    values = (m[k] * after**3 + m[k + 1] * left**3) / (6 * width) + a * after + b * left
    return values, (m[k + 1] * left**2 - m[k] * after**2) / (2 * width) - a + b


@variant(replaces="chebyshev")
def chebyshev_sorted(a, b, n):
    """The points are made one by one and sorted at the end."""
    return sorted(a + (b - a) * (1 + np.cos(np.pi * (k + 0.5) / n)) / 2 for k in range(n))
