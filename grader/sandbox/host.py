"""Open a box, fork workers in it and close it again: the grader's side of the fork server."""

from __future__ import annotations

import math
import os
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.course.limits import Limits
from grader.sandbox import launch
from grader.sandbox.box.channel import Channel, Closed
from grader.sandbox.box.codec import Malformed, encode
from grader.sandbox.box.server import CONTROL
from grader.sandbox.deadline import Deadline
from grader.sandbox.errors import BoxFailed
from grader.sandbox.isolation import Isolation
from grader.sandbox.process import HostProcess, threads_of
from grader.sandbox.provisions import DEVICES, Provisions, library_entries, provisions
from grader.sandbox.scratch import temporary_folder
from grader.sandbox.spec import BoxSpec, real_folders
from grader.sandbox.wire import Late, Wire
from grader.sandbox.worker import Worker

# Starting takes a fraction of a second; a machine that needs longer than this will grade nothing.
_START_SECONDS = 30.0

# Threads a worker may have beside those its user runs already, since RLIMIT_NPROC counts per user.
_THREADS = 128

# Folder of the view that holds matplotlib's cache. No module can have the name.
_FONTS = "fonts-of-matplotlib"


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
        roots, visible, data = spec.real_roots(), spec.visible(), spec.real_data()
        entries, found = library_entries(spec.libraries), provisions()
        view = _view(entries, spec.fonts)
        folder = Path(view.name).resolve()
        try:
            started = launch.start(isolation, found, folder, [*entries.values(), *visible, *data])
        except BoxFailed:
            view.cleanup()
            raise
        box = cls(started, view, isolation, limits)
        readable = [*found.readable, folder, *entries.values(), *data]
        shell = "" if spec.fonts is None else str(folder / _FONTS)
        stages = "" if spec.stages is None else str(spec.stages.resolve())
        box._begin(roots, _setup(found, readable, isolation, limits) | {"shell": shell, "stages": stages})
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

    @property
    def pid(self) -> int:
        """Process number of the fork server, in tier A of the program around it."""
        return self._started.process.pid

    def worker(self, root: str, seed: int = 0) -> Worker:
        """Fork a fresh, locked-down process that sees the submission in `root` alone.

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
            inside = self._fork(root, seed, theirs, writable)
            worker = self._greet(wire, inside)
        except BaseException:
            wire.close()
            raise
        self._workers.append(worker)
        return worker

    def show(self, roots: Mapping[str, Path]) -> None:
        """End all workers; those to come see `roots`, below the box's stages, and nothing of the roots before.

        Raises
        ------
        BoxFailed
            One is no folder or closed to the box, or the fork server did not do its work.
        """
        self._end_workers()
        real = real_folders(roots)
        self._control(["show", {name: str(root) for name, root in real.items()}, _threads()])
        self._roots = frozenset(real)

    def close(self) -> None:
        """End every process of the box and wait until they are gone."""
        self._end_workers()
        self._started.stop()
        self._view.cleanup()

    def _end_workers(self) -> None:
        for worker in self._workers:
            worker.close()
        self._workers.clear()

    def _begin(self, roots: Mapping[str, Path], setup: dict[str, Any]) -> None:
        self._roots = frozenset(roots)
        try:
            note = self._control(setup | {"roots": {name: str(root) for name, root in roots.items()}})
        except BoxFailed:
            self.close()
            raise
        self.notes = (str(note),) if note else ()

    def _fork(self, root: str, seed: int, connection: socket.socket, output: int) -> int:
        """Have a worker forked that owns `connection` and `output`; return its process number in the box."""
        try:
            return int(self._control(["fork", root, seed], connection.fileno(), output))
        finally:
            connection.close()
            os.close(output)

    def _greet(self, wire: Wire, inside: int) -> Worker:
        try:
            pid = wire.first(Deadline(_START_SECONDS, lambda: 0.0))
        except (Late, Closed):
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
            _number, answer = self._channel.receive()
        except (Closed, Malformed, OSError) as error:
            control.close()  # an answer that still came would be taken for that to another request
            reason = self._started.complaint() or f"{type(error).__name__} {error}".strip()
            raise BoxFailed(f"the box (isolation {self.isolation}) does not answer: {reason}") from error
        return answer


def _view(entries: Mapping[str, Path], fonts: Mapping[str, bytes] | None) -> tempfile.TemporaryDirectory[str]:
    """Make a folder of links to what the box may import, to stand in for ``site-packages``."""
    view = temporary_folder("box-")
    folder = Path(view.name)
    for name, target in entries.items():
        (folder / name).symlink_to(target)
    if fonts is not None:
        (folder / _FONTS).mkdir()
        (folder / _FONTS).chmod(0o755)
        for name, content in fonts.items():
            (folder / _FONTS / name).write_bytes(content)
            (folder / _FONTS / name).chmod(0o644)
    folder.chmod(0o755)
    return view


def _threads() -> int:
    """Return how many threads the box's user may run from now on; asked anew for each submission."""
    return threads_of(launch.NOBODY if os.geteuid() == 0 else os.geteuid()) + _THREADS


def _setup(found: Provisions, readable: list[Path], isolation: Isolation, limits: Limits) -> dict[str, Any]:
    """Return the first frame to the fork server but for its roots; see `grader.sandbox.box.server.Setup`."""
    root = os.geteuid() == 0
    names = ("header_bytes", "reply_bytes", "arrays", "depth")
    return {
        "readable": [str(path) for path in readable],
        "listable": [str(path) for path in found.listable],
        "devices": [str(path) for path in DEVICES],
        "sealed": isolation.sealed,
        "user": launch.NOBODY if root else None,
        "bounds": {name: getattr(limits, name) for name in names},
        "quotas": {
            "cpu_seconds": math.ceil(limits.cpu_seconds),
            "address_space": limits.address_space,
            "open_files": limits.open_files,
            "threads": _threads(),
        },
    }
