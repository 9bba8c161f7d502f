"""Open a box, fork workers in it and close it again: the grader's side of the fork server."""

from __future__ import annotations

import math
import os
import socket
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.limits import Limits
from grader.sandbox import launch
from grader.sandbox.box.channel import Channel, Closed
from grader.sandbox.box.codec import Malformed, encode
from grader.sandbox.box.server import CONTROL
from grader.sandbox.errors import BoxFailed
from grader.sandbox.isolation import Isolation
from grader.sandbox.process import HostProcess
from grader.sandbox.provisions import DEVICES, Provisions, library_entries, provisions
from grader.sandbox.spec import BoxSpec
from grader.sandbox.wire import Late, Wire
from grader.sandbox.worker import Worker

# Starting takes 0.1 s; a machine that needs longer than this is not going to grade anything.
_START_SECONDS = 30.0

# Threads a worker may have beside those its user runs already (RLIMIT_NPROC counts per user).
_THREADS = 128


class Box:
    """A fork server behind its isolation, and the workers forked from it. Use it from one thread.

    The kernel ends a box when the thread that opened it ends, so open it in a thread that lives as long.

    Attributes
    ----------
    isolation
        The tier it was opened with.
    notes
        What staff may want to know about how it had to be started.
    """

    def __init__(
        self,
        started: launch.Started,
        view: tempfile.TemporaryDirectory[str],
        isolation: Isolation,
        limits: Limits,
    ) -> None:
        self.isolation = isolation
        self.notes: tuple[str, ...] = ()
        self._started = started
        self._view = view
        self._limits = limits
        self._channel = Channel(started.control, CONTROL)
        self._roots: frozenset[str] = frozenset()
        self._workers: list[Worker] = []
        self._count = 0

    @classmethod
    def open(cls, spec: BoxSpec, isolation: Isolation, limits: Limits) -> Self:
        """Start a fork server.

        Raises
        ------
        BoxFailed
            It did not start; the message holds what it printed.
        """
        roots, found = spec.real_roots(), provisions()
        entries = library_entries(spec.libraries)
        view = _view(entries)
        try:
            folder = Path(view.name).resolve()
            started = launch.start(isolation, found, folder, [*entries.values(), *roots.values()])
        except BoxFailed:
            view.cleanup()
            raise
        box = cls(started, view, isolation, limits)
        box._roots = frozenset(roots)
        box._begin(_setup(roots, folder, entries, found, isolation, limits))
        return box

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def worker(self, root: str, seed: int = 0) -> Worker:
        """Fork a fresh, locked-down process that sees the submission in `root`.

        Parameters
        ----------
        seed
            Start of the generators ``random`` and ``numpy.random`` in the worker, so that a regrade repeats.

        Raises
        ------
        BoxFailed
            There is no such root, or the fork server did not do its work.
        """
        if root not in self._roots:
            raise BoxFailed(f"the box has no root {root!r}; its roots are {', '.join(sorted(self._roots))}")
        ours, theirs = socket.socketpair()
        readable, writable = os.pipe()
        wire = Wire(ours, readable, self._limits)
        try:
            if hasattr(socket, "SO_PASSCRED"):
                ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            descriptors = (theirs.fileno(), writable)
            inside = int(self._control(["fork", root, seed], *descriptors))
            theirs.close()
            os.close(writable)
            writable = -1
            worker = self._greet(wire, inside)
        except BaseException:
            theirs.close()
            if writable >= 0:
                os.close(writable)
            wire.close()
            raise
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0) if hasattr(socket, "SO_PASSCRED") else None
        self._workers.append(worker)
        return worker

    def close(self) -> None:
        """End every process of the box and wait until they are gone."""
        for worker in self._workers:
            worker.close()
        self._workers.clear()
        self._started.stop()
        self._view.cleanup()

    def _begin(self, setup: dict[str, Any]) -> None:
        try:
            reply = self._control(setup)
        except BoxFailed:
            self.close()
            raise
        if reply:
            self.notes = (str(reply),)

    def _greet(self, wire: Wire, inside: int) -> Worker:
        try:
            pid = wire.receive_first(_START_SECONDS)
        except (Late, Closed):
            self._control(["reap", inside])
            raise BoxFailed(f"a worker could not lock itself down: {wire.printed()}") from None
        process = HostProcess(pid or inside)
        process.prefer_for_killing()
        self._count += 1
        return Worker(self._count, process, wire, self._limits, lambda: int(self._control(["reap", inside])))

    def _control(self, request: Any, *descriptors: int) -> Any:
        """Ask the fork server for something and return its answer."""
        control = self._started.control
        try:
            control.settimeout(_START_SECONDS)
            frame = encode(0, request, CONTROL)
            if descriptors:
                socket.send_fds(control, [frame], descriptors)
            else:
                control.sendall(frame)
            _number, (_word, answer) = self._channel.receive()
        except (Closed, Malformed, OSError) as error:
            reason = self._started.complaint() or type(error).__name__
            raise BoxFailed(f"the box ({self.isolation}) does not answer: {reason}") from error
        return answer


def _view(entries: Any) -> tempfile.TemporaryDirectory[str]:
    """Make a folder of links to what the box may import, to stand in for ``site-packages``."""
    view = tempfile.TemporaryDirectory(prefix="box-")
    folder = Path(view.name)
    for name, target in entries.items():
        (folder / name).symlink_to(target)
    folder.chmod(0o755)
    return view


def _setup(
    roots: dict[str, Path],
    view: Path,
    entries: Any,
    found: Provisions,
    isolation: Isolation,
    limits: Limits,
) -> dict[str, Any]:
    """Return the first frame to the fork server; see `grader.sandbox.box.server.Setup`."""
    root = os.geteuid() == 0
    user = launch.NOBODY if root else None
    return {
        "roots": {name: str(path) for name, path in roots.items()},
        "libraries": str(view),
        "readable": [str(path) for path in (*found.readable, *entries.values())],
        "listable": [str(path) for path in found.listable],
        "devices": [str(path) for path in DEVICES],
        "sealed": isolation.sealed,
        "user": user,
        "bounds": {
            name: getattr(limits, name) for name in ("header_bytes", "reply_bytes", "arrays", "depth")
        },
        "quotas": {
            "cpu_seconds": math.ceil(limits.cpu_seconds),
            "address_space": limits.address_space,
            "open_files": limits.open_files,
            "threads": _threads_of(launch.NOBODY if root else os.geteuid()) + _THREADS,
        },
    }


def _threads_of(user: int) -> int:
    """Return how many threads `user` runs, 0 where that cannot be seen."""
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == user:
                count += len(os.listdir(process / "task"))
        except OSError:
            continue
    return count
