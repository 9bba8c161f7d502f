"""Count down the time of one exchange, without counting what the machine's other work took from it."""

from __future__ import annotations

import time
from collections.abc import Callable

# How long to wait before first looking at what other work took: short exchanges never pay for it.
_FIRST_LOOK_SECONDS = 0.25

# However busy the machine is, nobody waits longer than this many times the limit.
_LONGEST = 4.0


class Deadline:
    """The end of an exchange, `seconds` of a machine of its own from now.

    A time limit is a promise to the student. When several submissions are graded at once, a process that is ready
    to run waits for its turn; that time, which the kernel counts, is added to the limit. Sleeping is not.

    Parameters
    ----------
    stolen
        Seconds for which the process was ready and did not run, counted from some fixed moment.
    """

    def __init__(
        self,
        seconds: float,
        stolen: Callable[[], float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._stolen = stolen
        self._start = clock()
        self._seconds = seconds
        self._before: float | None = None

    def wait(self) -> float:
        """Return for how many seconds to wait before asking again; zero or less when time is up."""
        passed = self._clock() - self._start
        if self._before is None:
            if passed < _FIRST_LOOK_SECONDS:
                return min(_FIRST_LOOK_SECONDS, self._seconds) - passed
            self._before = self._stolen()
        left = self._seconds - passed
        if left <= 0:
            left += min(self._stolen() - self._before, (_LONGEST - 1) * self._seconds)
        return left
