"""Mistakes in the Chebyshev points."""

import numpy as np

from grader.bank import mistake


@mistake("chebyshev")
def chebyshev_from_the_right(a, b, n):
    """The points come from right to left, as the cosine gives them: it falls where its angle grows."""
    return (a + b) / 2 + (b - a) / 2 * np.cos((2 * np.arange(n) + 1) * np.pi / (2 * n))


@mistake("chebyshev")
def chebyshev_with_ends(a, b, n):
    """These points have both ends of the interval among them: they are the places where the polynomial is largest,
    and not its zeros.
    """
    return (a + b) / 2 - (b - a) / 2 * np.cos(np.arange(n) * np.pi / (n - 1))


@mistake("chebyshev")
def chebyshev_on_twice_the_interval(a, b, n):
    """The points spread over twice the interval: from its middle to an end it is half its length."""
    return (a + b) / 2 - (b - a) * np.cos((2 * np.arange(n) + 1) * np.pi / (2 * n))


@mistake("chebyshev")
def chebyshev_of_unit_interval(a, b, n):
    """The points are those between minus one and one, wherever the interval is."""
    return -np.cos((2 * np.arange(n) + 1) * np.pi / (2 * n))
