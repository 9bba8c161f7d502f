"""Mistakes in explicit Euler."""

import numpy as np

from grader.bank import mistake


def stepped(slope, step, y0, t):
    """Step from time to time along a slope that is given the number of the step, and the values."""
    y = [np.asarray(y0, dtype=float)]
    for k in range(len(t) - 1):
        y.append(y[-1] + step(t, k) * slope(k, y[-1]))
    return np.array(y)


def own_step(t, k):
    """Return the length of a step."""
    return t[k + 1] - t[k]


@mistake("euler")
def euler_with_equal_steps(f, y0, t):
    """All steps are as long as the first: the times need not be at equal distances."""
    return stepped(lambda k, y: f(t[k], y), lambda t, _: t[1] - t[0], y0, t)


@mistake("euler")
def euler_direction_of_later_time(f, y0, t):
    """The direction is taken at the time where the step ends; explicit Euler takes it where the step begins."""
    return stepped(lambda k, y: f(t[k + 1], y), own_step, y0, t)


@mistake("euler", "orders")
def euler_always_from_start(f, y0, t):
    """The direction is taken from the first values at every step, and not from those that the steps have led to."""
    return stepped(lambda k, _: f(t[k], np.asarray(y0)), own_step, y0, t)


@mistake("euler")
def euler_without_start(f, y0, t):
    """The values at the first time are missing: there is one row for each time."""
    return stepped(lambda k, y: f(t[k], y), own_step, y0, t)[1:]


@mistake("euler", "orders")
def euler_components_by_rows(f, y0, t):
    """Times and components are exchanged: each time has a row, and each component a column."""
    return stepped(lambda k, y: f(t[k], y), own_step, y0, t).T
