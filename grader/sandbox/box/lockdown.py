"""Lock this process down for good, in the order in which each step still allows the next."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass

from . import landlock, seccomp

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_LINUX = sys.platform.startswith("linux")


@dataclass(frozen=True, slots=True)
class Quotas:
    """The rlimits of a worker; see `grader.course.limits.Limits` for the first three."""

    cpu_seconds: int
    address_space: int
    open_files: int
    threads: int


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends; leave at once if it has."""
    if _LINUX:
        _prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


def limit(quotas: Quotas) -> None:
    """Set the rlimits. They may be lowered again from inside, never raised."""
    both = {
        resource.RLIMIT_AS: quotas.address_space,
        resource.RLIMIT_NOFILE: quotas.open_files,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
    }
    if _LINUX:
        # Counted by /proc, which others do not have.
        both[resource.RLIMIT_NPROC] = quotas.threads
    for what, most in both.items():
        _lower(what, most, most)
    # At the soft limit SIGXCPU tells a time-out from other deaths; a submission that ignores it gets one
    # second more.
    _lower(resource.RLIMIT_CPU, quotas.cpu_seconds, quotas.cpu_seconds + 1)


def _lower(what: int, soft: int, hard: int) -> None:
    ceiling = resource.getrlimit(what)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    try:
        resource.setrlimit(what, (soft, hard))
    except (OSError, ValueError):
        # Elsewhere some limits exist by name only. Nothing is sealed there, and every result says so.
        if _LINUX:
            raise


def seal(ruleset: int) -> None:
    """Apply no_new_privs, Landlock and the system call filter.

    Parameters
    ----------
    ruleset
        From `landlock.ruleset`; closed afterwards.
    """
    # Not dumpable: no core file, and no other process of the same user may look inside.
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    landlock.restrict(ruleset)
    os.close(ruleset)
    seccomp.install(os.getpid())


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)):
        error = ctypes.get_errno()
        raise OSError(error, f"prctl {option}: {os.strerror(error)}")
