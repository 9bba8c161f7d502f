"""Unusual ways through differential equations."""

import itertools

import numpy as np

from grader.bank import variant


@variant(replaces="euler")
def euler_by_component(f, y0, t):
    """Each component is stepped by itself, in lists."""
    y = [list(y0)]
    for before, after in itertools.pairwise(t):
        slope = f(before, np.array(y[-1]))
        y.append([value + (after - before) * each for value, each in zip(y[-1], slope, strict=True)])
    return np.array(y)


@variant(replaces="rk4")
def rk4_by_differences(f, y0, t):
    """The steps come from NumPy's differences, and the slopes are multiplied by them at once."""
    y = np.empty((t.size, np.size(y0)))
    y[0] = y0
    for k, h in enumerate(np.diff(t)):
        a = h * f(t[k], y[k])
        b = h * f(t[k] + 0.5 * h, y[k] + 0.5 * a)
        c = h * f(t[k] + 0.5 * h, y[k] + 0.5 * b)
        d = h * f(t[k + 1], y[k] + c)
        y[k + 1] = y[k] + (a + 2 * (b + c) + d) / 6
    return y


@variant(replaces="orders")
class orders_as_a_tuple:
    """The orders are a tuple of two numbers, measured with more steps."""

    orders = (1.010567, 4.001227)
