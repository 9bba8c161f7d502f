"""Know, time and kill one process of the box from outside, whatever it does."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time

_CPUCLOCK_SCHED = 2


class HostProcess:
    """A worker as this side of the box sees it.

    Attributes
    ----------
    pid
        Its process number here, outside any namespace.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._last_cpu = 0.0
        # The descriptor names this very process even when its number is used again.
        self._descriptor = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else -1

    def cpu_seconds(self) -> float:
        """Return the CPU time of all its threads so far, the last known value after its end."""
        # The kernel's process clocks have no name in Python; the numbering is that of clock_getcpuclockid(3).
        with contextlib.suppress(OSError):
            self._last_cpu = time.clock_gettime((~self.pid << 3) | _CPUCLOCK_SCHED)
        return self._last_cpu

    def prefer_for_killing(self) -> None:
        """Have the kernel choose this process first when the machine runs out of memory, where it lets us say so."""
        with (
            contextlib.suppress(OSError),
            open(f"/proc/{self.pid}/oom_score_adj", "w", encoding="ascii") as file,
        ):
            file.write("1000")

    def ended(self, seconds: float) -> bool:
        """Wait at most `seconds` for its end; say whether it came. Without process descriptors the answer is yes."""
        if self._descriptor < 0:
            return True
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def kill(self) -> None:
        """Kill it; nothing happens when it is dead."""
        with contextlib.suppress(ProcessLookupError):
            if self._descriptor >= 0:
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)
            else:
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Let go of the process."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
