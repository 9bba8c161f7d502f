"""Do one kind of work over and over in a child with limits: for bytes of a stranger's that have to be parsed.

The child is no box: it runs no code of a stranger's, only the parsers of Python's library, which may need more time
and memory than there is, or crash. So it may read what the grader may read, but its memory, processor time and open
files are limited, every request has a deadline, and whatever happens in it is an answer about that request. Where
the kernel knows Landlock it can do nothing but read files and answer. Its answers are bytes, to be decoded as
strictly as what comes out of a box.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import socket
import struct
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from math import ceil
from pathlib import Path
from typing import Final

from grader.course.limits import GIBIBYTE, MEBIBYTE
from grader.sandbox.box.channel import Closed, send_all
from grader.sandbox.box.codec import Buffer
from grader.sandbox.box.lockdown import READ, beneath, die_with_parent, lower, ruleset, seal
from grader.sandbox.box.syscalls import UnknownArchitecture
from grader.sandbox.errors import BoxFailed, ProtocolViolation, WorkerDied, WorkerOutOfMemory, WorkerTimeout
from grader.sandbox.process import Child, HostProcess, begun, ending
from grader.sandbox.wire import Deadline, Late

Work = Callable[[bytes], Sequence[Buffer]]
"""Answers a request."""

_MESSAGE: Final = struct.Struct("<BQ")
"""What precedes every message: what it is, and its length."""

_READY, _ANSWER, _FAULT, _NO_MEMORY = range(4)

_START_SECONDS = 60.0
_LEAVING_SECONDS = 2.0
_PIECE = 1 << 20
_MOMENT = 1e-3


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """What the child may use.

    Attributes
    ----------
    address_space
        ``RLIMIT_AS``, bytes.
    cpu_seconds, wall_seconds
        For one request. Time in which the child is ready and other processes run does not count.
    open_files
        ``RLIMIT_NOFILE``.
    answer_bytes
        Largest answer.
    used_up
        Bytes of memory beyond which the child is replaced before the next request, which shall find as much room as
        the first.
    """

    address_space: int = GIBIBYTE
    cpu_seconds: int = 20
    wall_seconds: float = 60.0
    open_files: int = 64
    answer_bytes: int = 700 * MEBIBYTE
    used_up: int = 256 * MEBIBYTE


class LimitedChild:
    """A child that answers one request at a time, started when first asked to, and anew after whatever ended it.

    Use it from one thread, which the kernel ends it with.

    Parameters
    ----------
    target
        ``"package.module:function"``: called once in the child with `arguments`, it returns the `Work`.
    """

    def __init__(self, target: str, arguments: Sequence[str], limits: ReaderLimits) -> None:
        self._target = target
        self._arguments = list(arguments)
        self._limits = limits
        self._running: _Running | None = None

    @property
    def pid(self) -> int:
        """Process number of the present child, 0 when there is none."""
        return 0 if self._running is None else self._running.pid

    def start(self, *, forked: bool = False) -> None:
        """Start the child if there is none, without waiting for it; `forked` if that is wished and can be."""
        self._present(forked=forked)

    def _present(self, *, forked: bool = False) -> _Running:
        if self._running is None:
            told = (os.getpid(), asdict(self._limits), self._target, *self._arguments)
            self._running = _Running(begun(f"{__name__}:serve", *told, forked=forked), self._limits)
        return self._running

    def ask(self, request: bytes) -> bytes:
        """Return the child's answer to `request`.

        Raises
        ------
        WorkerTimeout, WorkerOutOfMemory, WorkerDied, ProtocolViolation
            What was asked took too much of something, or ended the child. The next request gets a new one.
        BoxFailed
            The child does not start, or failed at the work through no fault of the request.
        """
        running = self._present()
        try:
            running.greet()
            kind, answer = running.exchange(request)
        except BaseException:
            self.close()
            raise
        if kind != _ANSWER or running.used() > self._limits.used_up:
            self.close()
        if kind == _NO_MEMORY:
            raise WorkerOutOfMemory("it took more memory than there is")
        if kind == _FAULT:
            raise BoxFailed(answer.decode("utf-8", "replace"))
        return answer

    def close(self) -> None:
        """End the child."""
        if self._running is not None:
            self._running.stop()
            self._running = None


class _Running:
    """A child that was started, and what is said to it."""

    def __init__(self, child: Child, limits: ReaderLimits) -> None:
        self._child = child
        self._connection = child.control
        self._host = HostProcess(child.process.pid)
        self._host.prefer_for_killing()
        self._limits = limits
        self._greeted = False

    @property
    def pid(self) -> int:
        return self._host.pid

    def used(self) -> int:
        """Return how much memory it has in use, 0 where the kernel does not tell."""
        with contextlib.suppress(OSError, IndexError):
            pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
            return int(pages) * resource.getpagesize()
        return 0

    def greet(self) -> None:
        """Wait until it is ready for the first request."""
        if self._greeted:
            return
        try:
            kind, told = self._message(_START_SECONDS)
            complaint = told.decode("utf-8", "replace")
        except (Late, Closed, ConnectionError):
            kind, complaint = _FAULT, self._child.complaint()
        if kind != _READY:
            raise BoxFailed(f"the reader of submissions does not start: {complaint}")
        self._greeted = True

    def exchange(self, request: bytes) -> tuple[int, bytes]:
        """Return what kind of answer came to `request`, and the answer."""
        try:
            self._connection.settimeout(None)
            _send(self._connection, _ANSWER, [request])
            return self._message(self._limits.wall_seconds)
        except Late:
            raise WorkerTimeout("it took too long") from None
        except (Closed, ConnectionError):
            raise self._death() from None

    def _message(self, seconds: float) -> tuple[int, bytes]:
        deadline = Deadline(seconds, self._host.stolen_seconds)
        kind, length = _MESSAGE.unpack(self._exactly(_MESSAGE.size, deadline))
        if kind > _NO_MEMORY or length > self._limits.answer_bytes:
            raise ProtocolViolation("an answer of no known kind, or too large")
        return kind, bytes(self._exactly(length, deadline))

    def _exactly(self, size: int, deadline: Deadline) -> bytearray:
        data = bytearray(size)
        rest = memoryview(data)
        while rest:
            seconds = deadline.wait()
            if seconds <= 0:
                raise Late
            self._connection.settimeout(seconds + _MOMENT)
            with contextlib.suppress(TimeoutError):  # the deadline may have moved, so it is asked again
                count = self._connection.recv_into(rest[:_PIECE])
                if not count:
                    raise Closed
                rest = rest[count:]
        return data

    def _death(self) -> WorkerTimeout | WorkerDied:
        """Say how it ended."""
        code = self._child.stop(_LEAVING_SECONDS)
        if code == -signal.SIGXCPU:
            return WorkerTimeout("it took too much of the processor's time")
        return WorkerDied(f"it ended the reader ({ending(code)})")

    def stop(self) -> None:
        """End it, whatever it is at."""
        self._child.stop()
        self._host.close()


def serve(descriptor: int, parent: int, limits: dict[str, int], target: str, *arguments: str) -> None:
    """Be the child: answer requests until the other end hangs up."""
    die_with_parent(parent)
    connection = socket.socket(fileno=descriptor)
    module, _, name = target.partition(":")
    try:
        work: Work = getattr(import_module(module), name)(*arguments)
    except Exception:
        _send(connection, _FAULT, [traceback.format_exc().encode()])
        return
    lower(resource.RLIMIT_AS, limits["address_space"], limits["address_space"])
    lower(resource.RLIMIT_NOFILE, limits["open_files"], limits["open_files"])
    lower(resource.RLIMIT_FSIZE, 0, 0)
    lower(resource.RLIMIT_CORE, 0, 0)
    _seal()
    # Parsed programs have no cycles, and looking for some takes longer than parsing; one that has grown is replaced.
    gc.disable()
    _send(connection, _READY, [])
    with connection.makefile("rb") as requests:
        while head := requests.read(_MESSAGE.size):
            request = requests.read(_MESSAGE.unpack(head)[1])
            _allow(limits["cpu_seconds"])
            _send(connection, *_answer(work, request))


def _seal() -> None:
    """Give up all but reading files and answering, as far as the kernel knows how; the parsers need no more."""
    with contextlib.suppress(OSError, UnknownArchitecture):
        seal(ruleset(filter(None, [beneath("/", READ)])))


def _allow(seconds: int) -> None:
    """Grant processor time for one more request: the kernel counts it since the process began."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    lower(resource.RLIMIT_CPU, ceil(time.process_time()) + seconds, most)


def _answer(work: Work, request: bytes) -> tuple[int, Sequence[Buffer]]:
    try:
        return _ANSWER, work(request)
    except MemoryError:
        return _NO_MEMORY, []
    except Exception:
        return _FAULT, [traceback.format_exc().encode("utf-8", "backslashreplace")]


def _send(connection: socket.socket, kind: int, buffers: Sequence[Buffer]) -> None:
    length = sum(memoryview(each).nbytes for each in buffers)
    send_all(connection, [_MESSAGE.pack(kind, length), *buffers])
