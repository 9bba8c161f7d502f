"""Processes beside this one, with a socket to each, timed and ended from outside.

They are started by exec, with nothing of ours; or forked before there is anything that they must not have.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, NoReturn, Protocol

from grader.course.limits import ONE_BLAS_THREAD

# The kernel numbers the CPU clock of a process by its process number, inverted and shifted (clock_getcpuclockid(3));
# this is the scheduler's clock, in nanoseconds and over all threads. No file of /proc has it as fine.
_CPUCLOCK_SCHED = 2

_COMPLAINT_CHARACTERS = 4000

# The number of the first file that a program opens, behind its standard input, output and error.
_FIRST_OWN = 3

_PROGRAM: Final = (
    "import importlib, json, sys; path, module, name, told = json.loads(sys.argv[1]); sys.path[:] = path; "
    "getattr(importlib.import_module(module), name)(*told)"
)


class Process(Protocol):
    """What is done with a process that was started; `subprocess.Popen` says more of it."""

    pid: int

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code, once it is there."""

    def terminate(self) -> None:
        """Ask it to end."""


class Child:
    """A process started by exec, and the socket to it.

    It is not forked: this process may have threads, and hold what a stranger's bytes must not come near. Nor is it
    started by multiprocessing, which would run the main module of whoever calls the library again.

    Attributes
    ----------
    process, control
        The process, and our end of the socket.

    Parameters
    ----------
    command
        Given the number of its end of the socket, returns how it is started.
    aloud
        Whether what it prints goes where this process prints; else only `complaint` tells of it.

    Raises
    ------
    OSError
        It does not start.
    """

    process: Process

    def __init__(
        self,
        command: Callable[[int], Sequence[str]],
        *,
        environment: Mapping[str, str] | None = None,
        folder: str | None = None,
        aloud: bool = False,
    ) -> None:
        self.control, theirs = socket.socketpair()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        try:
            self.process = subprocess.Popen(  # noqa: S603  # nothing in the command comes from a submission
                command(theirs.fileno()),
                stdin=subprocess.DEVNULL,
                stdout=None if aloud else subprocess.DEVNULL,
                stderr=None if aloud else self._errors,
                env=environment,
                cwd=folder,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # an interrupt at the terminal is for this process to handle
            )
        except OSError:
            self.control.close()
            self._errors.close()
            raise
        finally:
            theirs.close()

    def complaint(self) -> str:
        """Return the end of what it and the processes that it started printed to their standard error."""
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")[-_COMPLAINT_CHARACTERS:].strip()

    def stop(self, seconds: float = 0.0) -> int:
        """Hang up and return its exit code; with all that it started it is killed if it is there after `seconds`."""
        # Hanging up is said, not implied by closing: a process forked from this one may hold the socket, too.
        with contextlib.suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)
        self.control.close()
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            code = self.process.wait()
        self._errors.close()
        return code


class Fork(Child):
    """A process forked from this one, which has at once what is loaded here.

    It is for the first moments of a command, before there is a thread or a byte of a stranger's. What this process has
    open, and what it would do at its end, is not the other's.

    Parameters
    ----------
    entry, arguments
        As `of_this_python` takes them.
    aloud
        As `Child` says.
    """

    def __init__(self, entry: str, *arguments: object, aloud: bool = False) -> None:
        self.control, theirs = socket.socketpair()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        for stream in (sys.stdout, sys.stderr):
            stream.flush()  # what waits there would be printed by both
        pid = os.fork()
        if not pid:
            _become(theirs.fileno(), None if aloud else self._errors.fileno(), entry, arguments)
        theirs.close()
        self.process = _Forked(pid)


class _Forked:
    """A forked process as `Process` has it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._host = HostProcess(pid)
        self._code: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        if self._code is None:
            if timeout is not None and not self._host.ended(timeout):
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            self._host.close()
        return self._code

    def terminate(self) -> None:
        if self._code is None:
            os.kill(self.pid, signal.SIGTERM)


def _become(descriptor: int, errors: int | None, entry: str, arguments: Sequence[object]) -> NoReturn:
    """Be the forked process, which cleans up behind itself alone."""
    status = 1
    try:
        atexit._clear()
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for number, there in enumerate((nothing,) if errors is None else (nothing, nothing, errors)):
            os.dup2(there, number)
        os.closerange(_FIRST_OWN, descriptor)
        os.closerange(descriptor + 1, os.sysconf("SC_OPEN_MAX"))
        gc.freeze()  # what is shared is never looked through, and stays shared
        module, _, name = entry.partition(":")
        getattr(import_module(module), name)(descriptor, *arguments)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # nothing may return into what this process was
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)


def may_fork() -> bool:
    """Say whether no other thread runs here, of Python's or of a library's, which a fork would cut off."""
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


def begun(entry: str, *arguments: object, forked: bool = False, aloud: bool = False) -> Child:
    """Start a function in a process of its own, `forked` if that is wished and can be; see `of_this_python`.

    Raises
    ------
    OSError
        It does not start.
    """
    if forked and may_fork():
        return Fork(entry, *arguments, aloud=aloud)
    environment = {**os.environ, **ONE_BLAS_THREAD}
    return Child(of_this_python(entry, *arguments), environment=environment, aloud=aloud)


def of_this_python(entry: str, *arguments: object) -> Callable[[int], list[str]]:
    """Return how ``"package.module:function"`` is run in an interpreter that imports from where this one does.

    The function is called with the number of its socket and `arguments`, which cross as JSON.
    """
    module, _, name = entry.partition(":")
    return lambda descriptor: [
        sys.executable,
        "-c",
        _PROGRAM,
        json.dumps([sys.path, module, name, [descriptor, *arguments]]),
    ]


def ending(code: int) -> str:
    """Say how a process ended, by its exit code or minus the signal that ended it."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


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
