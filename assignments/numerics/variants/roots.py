"""Unusual ways to roots."""

import math

import numpy as np

from grader.bank import variant


@variant(replaces="bisect")
def bisect_recursive(f, a, b, tol=1e-10):
    """The bisection calls itself on the half that it keeps."""
    if f(a) * f(b) > 0:
        raise ValueError("no change of sign")
    middle = (a + b) / 2
    if b - a <= tol or f(middle) == 0:
        return middle
    half = (a, middle) if f(a) * f(middle) < 0 else (middle, b)
    return bisect_recursive(f, *half, tol)


@variant(replaces="bisect")
def bisect_counted(f, a, b, tol=1e-10):
    """The number of halvings is worked out before."""
    fa = f(a)
    if (fa < 0) is (f(b) < 0):
        raise ValueError("no change of sign")
    for _ in range(math.ceil(math.log2((b - a) / tol)) + 1):
        c = a + 0.5 * (b - a)
        fc = f(c)
        if (fa < 0) == (fc < 0):
            a, fa = c, fc
        else:
            b = c
    return a


@variant(replaces="newton")
def newton_as_a_list(f, df, x0, tol=1e-10, max_steps=50):
    """The iterates are a list, and the loop ends by the last two."""
    found = [x0, x0 - f(x0) / df(x0)]
    while abs(found[-1] - found[-2]) > tol and len(found) <= max_steps:
        x = found[-1]
        found.append(x - f(x) / df(x))
    return found


@variant(replaces="depth")
class depth_by_polynomial:
    """The depth is a root of a polynomial, found by NumPy."""

    depth = float(min(np.roots([1, -3, 0, 2.4]), key=lambda h: abs(h - 1)))
