"""Mistakes in Newton's method."""

import numpy as np

from grader.bank import mistake

BOTH = ("newton.iterates", "newton.stops")


@mistake(*BOTH)
def newton_steps_uphill(f, df, x0, tol=1e-10, max_steps=50):
    """The steps have the wrong sign and lead away from the root: where the tangent rises and the function is
    positive, it crosses zero to the left.
    """
    visited = [x0]
    for _ in range(max_steps):
        step = f(visited[-1]) / df(visited[-1])
        visited.append(visited[-1] + step)
        if abs(step) <= tol:
            break
    return np.array(visited)


@mistake(*BOTH)
def newton_keeps_first_slope(f, df, x0, tol=1e-10, max_steps=50):
    """The slope is taken once, where it begins: each step needs the tangent at the place that the one before led to,
    and with an old one it gains the same few digits every time.
    """
    visited, slope = [x0], df(x0)
    for _ in range(max_steps):
        step = f(visited[-1]) / slope
        visited.append(visited[-1] - step)
        if abs(step) <= tol:
            break
    return np.array(visited)


@mistake(*BOTH)
def newton_without_start(f, df, x0, tol=1e-10, max_steps=50):
    """The iterates lack the place where it began."""
    visited = [x0]
    for _ in range(max_steps):
        step = f(visited[-1]) / df(visited[-1])
        visited.append(visited[-1] - step)
        if abs(step) <= tol:
            break
    return np.array(visited[1:])


@mistake(*BOTH)
def newton_drops_last_step(f, df, x0, tol=1e-10, max_steps=50):
    """The last step, which is short enough to end with, is not taken: the iterates end one too early."""
    visited = [x0]
    for _ in range(max_steps):
        step = f(visited[-1]) / df(visited[-1])
        if abs(step) <= tol:
            break
        visited.append(visited[-1] - step)
    return np.array(visited)


@mistake("newton.stops")
def newton_one_step_too_many(f, df, x0, tol=1e-10, max_steps=50):
    """After the largest number of steps comes one more."""
    visited = [x0]
    for _ in range(max_steps + 1):
        step = f(visited[-1]) / df(visited[-1])
        visited.append(visited[-1] - step)
        if abs(step) <= tol:
            break
    return np.array(visited)


@mistake("newton.stops")
def newton_has_a_tol_of_its_own(f, df, x0, tol=1e-10, max_steps=50):
    """How short the last step must be is fixed: the argument that says so goes unused."""
    visited = [x0]
    for _ in range(max_steps):
        step = f(visited[-1]) / df(visited[-1])
        visited.append(visited[-1] - step)
        if abs(step) <= 1e-10:  # noqa: PLR2004
            break
    return np.array(visited)
