"""Name the process that holds a claim, so that others can tell whether it is still there."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PROC = Path("/proc")
_START_FIELD = 19
"""Place of a process's start time in /proc/PID/stat, counted behind the command's closing bracket."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A process, told apart from any later one that gets its number.

    Attributes
    ----------
    host
        The machine, its boot and its space of process numbers: a container counts its own.
    pid, start
        Its number and when it began, in the kernel's ticks; 0 where the kernel does not tell.
    """

    host: str
    pid: int
    start: int

    @classmethod
    def this_process(cls) -> Self:
        """Return the process that asks."""
        return cls(_host(), os.getpid(), _start_of(os.getpid()) or 0)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the owner that `str` wrote; None for anything else."""
        host, _, numbers = text.rpartition("#")
        pid, _, start = numbers.partition("@")
        if not (host and pid.isdigit() and start.isdigit()):
            return None
        return cls(host, int(pid), int(start))

    def __str__(self) -> str:
        return f"{self.host}#{self.pid}@{self.start}"

    def is_dead(self) -> bool:
        """Say whether the process is certainly gone; of another machine's nothing is certain."""
        if self.host != _host():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
        start = _start_of(self.pid)
        return start is not None and self.start not in {0, start}


def _host() -> str:
    return f"{platform.node()}/{_read(_PROC / 'sys/kernel/random/boot_id')[:8]}/{_namespace()}"


def _namespace() -> str:
    try:
        return str((_PROC / "self/ns/pid").stat().st_ino)
    except OSError:
        return ""


def _start_of(pid: int) -> int | None:
    fields = _read(_PROC / str(pid) / "stat").rpartition(")")[2].split()
    return int(fields[_START_FIELD]) if len(fields) > _START_FIELD else None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
