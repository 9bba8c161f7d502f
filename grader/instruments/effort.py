"""Tell a gradient that was found by trying every entry from one that was derived, by what it costs.

A numeric derivative runs the forward pass at least once for each entry of its argument. So its cost grows as the
entries times the cost of a forward pass, and is hundreds of times that of a derived gradient long before either
takes a second. Plain loops, however slow, grow with the work alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

SHORTEST_TRIAL = 5e-6
"""Seconds that no forward pass gets below: it is several NumPy calls of a few microseconds each."""

SIGNIFICANT = 0.4
"""Seconds below which nothing is held against anybody. The slowest derived gradients known, Python loops over
every product, take a third of it on the largest sizes that checks use."""

ABSURD = 400.0
"""Ratio to the reference's time from which a cost is absurd. Python loops over every product reach 60, over every
product of every entry 150; one forward pass of plain NumPy loops for each entry takes 800 and more."""

QUADRATIC = 7.0
"""Growth of the cost from one size to the next, four times larger, that is absurd as well: derived gradients
grow by four, numeric ones by eight to sixteen once a forward pass costs more than being called."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What one size cost.

    Attributes
    ----------
    student
        CPU seconds of the submission's forward and backward pass together, so that neither can hide work of
        the other.
    reference
        CPU seconds of the reference for the same.
    entries
        Entries that a numeric derivative would have to try, at least.
    trial
        Seconds that trying one entry takes, at least. Whoever needs less than that for all entries has not
        tried them.
    """

    student: float
    reference: float
    entries: int
    trial: float = SHORTEST_TRIAL

    def or_less(self, other: Effort) -> Effort:
        """Return the smaller readings of two: other work on the machine only adds to them."""
        return replace(
            self, student=min(self.student, other.student), reference=min(self.reference, other.reference)
        )


def found_by_trying(run: Callable[[int], Effort], sizes: Iterable[int]) -> bool:
    """Say whether a gradient costs what trying every entry costs; when in doubt it does not.

    A derived gradient is acquitted by the first size or two, within milliseconds. Whoever is not is asked for
    larger sizes, until the cost is significant; then an absurd one must repeat to count.

    Parameters
    ----------
    run
        Runs one size, each time on other inputs, and returns what it cost. What it raises passes through: it
        checks that the answer is right, too, since a wrong one costs nothing.
    sizes
        Growing, each with four times the entries of the one before.
    """
    before: Effort | None = None
    for size in sizes:
        effort = run(size)
        if effort.student < effort.trial * effort.entries:
            return False
        if _is_absurd(effort, before):
            effort = effort.or_less(run(size))
            if _is_absurd(effort, before):
                return True
        before = effort
    return False


def _is_absurd(effort: Effort, before: Effort | None) -> bool:
    if effort.student < SIGNIFICANT:
        return False
    if effort.student >= ABSURD * effort.reference:
        return True
    return before is not None and effort.student >= QUADRATIC * before.student
