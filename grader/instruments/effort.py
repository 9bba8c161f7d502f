"""Tell a gradient that was found by trying every entry from one that was derived, by how its cost grows.

A numeric derivative runs the forward pass at least once for each entry of its argument. So its cost grows as the
entries times the cost of a forward pass: as the square of the work, once a forward pass costs more than being called.
Derived gradients, in plain loops however slow, grow with the work alone. No verdict here hangs on seconds, which differ
from machine to machine; growth does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

FEWEST_SIZES = 4
"""Sizes from which a growth is told: with fewer, one odd reading decides it."""

MOST_SIZES = 5
"""Of a long ladder the largest sizes tell most: on small ones, what calls cost hides the work in them."""

CERTAIN_GROWTH = 1.3
"""Exponent of the work from which the cost grows as trying does. Derived gradients have at most 1, and readings that
are off by a fifth either way, in the worst order over four sizes, make 1.23 of that. Measured on numeric gradients of
the course's layers: 1.3 to 1.9 by the largest sizes."""

VISIBLE_GROWTH = 1.1
"""Exponent from which larger sizes must decide, and from which running into a limit does: who derives gets past it with
twice the work of the size before."""

ABSURD = 400.0
"""Ratio to what plain loops take from which a cost is absurd. Python loops over every product reach 60, over every
product of every entry 150; one forward pass of plain NumPy loops for each entry takes 800 and more."""


class LimitReached(Exception):
    """A size that the submission did not finish within its time or memory; `error` says which."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What forward and backward pass of one size cost.

    An example is a convolution. Its reference is written as plain loops, and the forward pass takes as long as the
    backward pass::

        Effort(student=seconds, entries=w.size, loops=2 * seconds_of_reference_backward)

    Attributes
    ----------
    student
        CPU seconds of the submission's forward and backward pass together, so that neither can hide work of
        the other.
    entries
        How many entries somebody would have to try: those of the smallest array whose gradient grows with the size.
    trial
        The least seconds that trying one entry takes on this machine. Who needs less for all entries has not tried
        them. Leave it out: it is measured.
    work
        A number with which the time of an honest solution grows, such as the multiplications of a forward pass. Leave
        it out where that is the number of entries, as when only the number of samples grows.
    loops
        CPU seconds that plain Python loops over NumPy arrays take for both passes, if the reference is written so.
        Leave it out if the reference works on whole arrays, which is hundreds of times as fast as honest loops.
    """

    student: float
    entries: int
    trial: float = 0.0
    work: float | None = None
    loops: float = math.inf

    @property
    def quick(self) -> bool:
        """Whether trying every entry takes longer."""
        return self.student < self.trial * self.entries

    @property
    def absurd(self) -> bool:
        """Whether it took so long that only repeated forward passes explain it."""
        return self.student >= ABSURD * self.loops


def found_by_trying(run: Callable[[int], Effort], sizes: Iterable[int]) -> bool:
    """Say whether a gradient costs what trying every entry costs; when in doubt it does not.

    A derived gradient is acquitted by the first size or two, within milliseconds. Whoever is not climbs a ladder of
    sizes until the cost is absurd or its growth is certain. Either must show twice, growth on the way down the ladder
    as well as up: a cost that only seems to grow, because the machine slows down meanwhile, shrinks on the way down.

    Parameters
    ----------
    run
        Runs one size, each time on other inputs, and returns what it cost. What it raises passes through: it
        checks that the answer is right, too, since a wrong one costs nothing.
    sizes
        Growing, by factors of 1.4 to 2 from one to the next.

    Raises
    ------
    LimitReached
        By `run`, before any growth was seen.
    """
    up: dict[int, Effort] = {}
    grown = 0.0
    for size in sizes:
        try:
            effort = up[size] = run(size)
        except LimitReached:
            if grown >= VISIBLE_GROWTH:
                return True
            raise
        if effort.quick:
            return False
        try:
            if effort.absurd and run(size).absurd:
                return True
            grown = _growth_both_ways(up, run)
        except LimitReached:  # over all readings together, since each of these sizes ended well once
            return growth(up) >= CERTAIN_GROWTH
        if grown >= CERTAIN_GROWTH:
            return True
    return False


def _growth_both_ways(up: Mapping[int, Effort], run: Callable[[int], Effort]) -> float:
    """Return the growth that shows on the way up the ladder and on the way down; nothing if none is visible."""
    if growth(up) < VISIBLE_GROWTH:
        return 0.0
    down = {size: run(size) for size in sorted(up, reverse=True)}
    return min(growth(up), growth(down))


def growth(efforts: Mapping[int, Effort]) -> float:
    """Return the power of the work with which the cost grows over the largest sizes; 0 where they are too few."""
    last = [efforts[size] for size in sorted(efforts)][-MOST_SIZES:]
    if len(last) < FEWEST_SIZES:
        return 0.0
    work = np.log([each.entries if each.work is None else each.work for each in last])
    slope, _ = np.polyfit(work, np.log([each.student for each in last]), 1)
    return float(slope)
