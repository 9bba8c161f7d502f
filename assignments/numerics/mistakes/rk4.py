"""Mistakes in the Runge-Kutta method."""

import itertools

import numpy as np

from grader.bank import mistake

WEIGHTS = (1 / 6, 1 / 3, 1 / 3, 1 / 6)


def stepped(
    f, y0, t, *, weights=WEIGHTS, places=(0, 0.5, 0.5, 1), ways=(0, 0.5, 0.5, 1), before=(0, 0, 1, 2)
):
    """Step by four slopes, each taken at a place along the step, a way along one of the slopes before."""
    y = [np.asarray(y0, dtype=float)]
    for start, end in itertools.pairwise(t):
        h, slopes = end - start, [0.0]
        for place, way, each in zip(places, ways, before, strict=True):
            slopes.append(f(start + place * h, y[-1] + way * h * slopes[each + (way > 0)]))
        y.append(y[-1] + h * sum(weight * k for weight, k in zip(weights, slopes[1:], strict=True)))
    return np.array(y)


@mistake("rk4", "orders")
def rk4_equal_weights(f, y0, t):
    """All four slopes have the same weight: the two in the middle of the step count twice as much as those at its
    ends.
    """
    return stepped(f, y0, t, weights=(0.25, 0.25, 0.25, 0.25))


@mistake("rk4", "orders")
def rk4_time_stands_still(f, y0, t):
    """All four slopes are taken at the time where the step begins: the time goes along, half a step and a whole one."""
    return stepped(f, y0, t, places=(0, 0, 0, 0))


@mistake("rk4", "orders")
def rk4_last_slope_half_way(f, y0, t):
    """The last slope is taken from values half a step along, and not at the end of the whole step."""
    return stepped(f, y0, t, ways=(0, 0.5, 0.5, 0.5))


@mistake("rk4", "orders")
def rk4_third_slope_from_first(f, y0, t):
    """The third slope goes along the first one: it goes along the second, which is why there are two in the middle."""
    return stepped(f, y0, t, before=(0, 0, 0, 2))


@mistake("rk4", "orders")
def rk4_whole_steps_to_middle(f, y0, t):
    """The slopes in the middle are taken at values a whole step along, and not half a step."""
    return stepped(f, y0, t, ways=(0, 1, 1, 1))


@mistake("rk4")
def rk4_with_equal_steps(f, y0, t):
    """All steps are as long as the first: the times need not be at equal distances."""
    return stepped(f, y0, t[0] + (t[1] - t[0]) * np.arange(len(t)))


@mistake("rk4")
def rk4_without_start(f, y0, t):
    """The values at the first time are missing: there is one row for each time."""
    return stepped(f, y0, t)[1:]
