"""Know, time and kill one process of the box from outside, whatever it does."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from pathlib import Path

# The kernel numbers the CPU clock of a process by its process number (clock_getcpuclockid(3)); this is the
# scheduler's clock, in nanoseconds.
_CPUCLOCK_SCHED = 2

# A folder's link count is two and one for each folder in it.
_OWN_LINKS = 2


class HostProcess:
    """A worker as this side of the box sees it.

    Attributes
    ----------
    pid
        Its process number here, outside any namespace.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._last_cpu = self._last_stolen = 0.0
        self._descriptor = _descriptor(pid)

    def cpu_seconds(self) -> float:
        """Return the CPU time of all its threads so far; after its end, the last time read."""
        with contextlib.suppress(OSError):
            self._last_cpu = time.clock_gettime((~self.pid << 3) | _CPUCLOCK_SCHED)
        return self._last_cpu

    def stolen_seconds(self) -> float:
        """Return for how long it was ready to run while others ran; 0 where the kernel does not tell.

        After its end, the last time read.
        """
        with contextlib.suppress(OSError, ValueError, IndexError):
            counts = Path(f"/proc/{self.pid}/schedstat").read_text(encoding="ascii").split()
            self._last_stolen = int(counts[1]) / 1e9
        return self._last_stolen

    def prefer_for_killing(self) -> None:
        """Have the kernel choose this process first when memory runs out, where it lets us say so."""
        with contextlib.suppress(OSError):
            Path(f"/proc/{self.pid}/oom_score_adj").write_text("1000", encoding="ascii")

    def ended(self, seconds: float) -> bool:
        """Wait at most `seconds` for its end; say whether it came. Without a descriptor the answer is yes."""
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


def _descriptor(pid: int) -> int:
    """Return a descriptor that names this very process even when its number is used again, or -1."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return -1


def threads_of(user: int) -> int:
    """Return how many threads `user` runs, 0 where that cannot be seen."""
    count = 0
    with contextlib.suppress(OSError), os.scandir("/proc") as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and entry.stat().st_uid == user:
                    count += Path(entry.path, "task").stat().st_nlink - _OWN_LINKS
    return count
