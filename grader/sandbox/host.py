"""Open a box, fork workers in it, show it one submission after the other: the grader's side of the fork server."""

from __future__ import annotations

import math
import os
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from grader.course.limits import Limits
from grader.sandbox import launch
from grader.sandbox.box.channel import Channel, Closed
from grader.sandbox.box.codec import Malformed, encode
from grader.sandbox.box.server import CONTROL
from grader.sandbox.errors import BoxFailed
from grader.sandbox.launch import DEVICES, Isolation, Provisions, provisions
from grader.sandbox.libraries import CHECK_LIBRARIES, library_entries
from grader.sandbox.process import Child, HostProcess
from grader.sandbox.scratch import temporary_folder
from grader.sandbox.wire import Deadline, Late, Wire, bounds_of
from grader.sandbox.worker import Worker

# Starting takes a fraction of a second; a machine that needs longer than this will grade nothing.
_START_SECONDS = 30.0
_LEAVING_SECONDS = 5.0

# Threads a worker may have beside those its user runs already, since RLIMIT_NPROC counts per user.
_THREADS = 128

# Folder of the view that holds matplotlib's cache. No module can have the name.
_FONTS = "fonts-of-matplotlib"

# A folder's link count is two and one for each folder in it.
_OWN_LINKS = 2


@dataclass(frozen=True, slots=True)
class BoxSpec:
    """What a box holds.

    Attributes
    ----------
    roots
        Read-only folders by name. Exactly one becomes ``sys.path[0]`` and working folder of a worker, and
        the only one that worker can read. When the grader runs as root, the folders and all in them should
        be readable for others (0755 and 0644), because the box is another user.
    libraries
        Top-level packages of the grader's environment that a submission may import, with what they require.
    preload
        Modules of those that are loaded once, before any worker is forked; names that are none are passed over.
    fonts
        Given for a box whose workers run notebook cells, with IPython and matplotlib among its libraries: the
        files of matplotlib's cache of fonts, by name.
    data
        Folders that every worker may read beside its root, such as a data set.
    stages
        Folder in which the roots will lie that `Box.show` names later; None when there will be none.
    """

    roots: Mapping[str, Path] = field(default_factory=dict)
    libraries: tuple[str, ...] = CHECK_LIBRARIES
    preload: tuple[str, ...] = ()
    fonts: Mapping[str, bytes] | None = None
    data: tuple[Path, ...] = ()
    stages: Path | None = None

    def real_roots(self) -> dict[str, Path]:
        """Return the roots as real paths.

        Raises
        ------
        BoxFailed
            There is none, or one is no folder.
        """
        if not self.roots and self.stages is None:
            raise BoxFailed("a box needs at least one root: a folder that holds the staged submission")
        return real_folders(self.roots)

    def real_data(self) -> list[Path]:
        """Return the folders of data as real paths."""
        return [path.resolve() for path in self.data]

    def visible(self) -> list[Path]:
        """Return the folders that hold submissions, now and later, as real paths."""
        stages = [] if self.stages is None else [self.stages.resolve()]
        return [*self.real_roots().values(), *stages]


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
        started: Child,
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
        more = {"shell": shell, "stages": stages, "preload": list(spec.preload)}
        box._begin(roots, _setup(found, readable, isolation, limits) | more)
        return box

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
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
        self._started.stop(_LEAVING_SECONDS)  # hung up on, the fork server leaves, and all of its box with it
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
        # Our copies are closed: while one is open, the worker's end is never seen as the end of the socket.
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


class ReusableBox:
    """A box that is opened when first needed, shown one submission at a time, and opened anew after a fault.

    The fork server never runs student code, and the workers of a submission are gone before the next is shown, so
    two submissions share nothing but the memory of NumPy. Use it from one thread.

    Attributes
    ----------
    stages
        Where submissions must be staged; the box sees nothing else of them. Whoever stages one removes it. Boxes
        that show the same submissions share them.
    """

    def __init__(
        self,
        isolation: Isolation,
        limits: Limits,
        spec: BoxSpec | None = None,
        stages: Path | None = None,
    ) -> None:
        self._isolation = isolation
        self._limits = limits
        self._home = None if stages else temporary_folder("stages-")
        self.stages = stages or Path(self._home.name if self._home else "")
        self.stages.chmod(0o755)  # the box runs as another user and must be able to enter
        self._spec = replace(spec or BoxSpec(), stages=self.stages)
        self._box: Box | None = None

    @property
    def pid(self) -> int:
        """Process number of the present box, 0 when there is none."""
        return 0 if self._box is None else self._box.pid

    @contextmanager
    def showing(self, roots: Mapping[str, Path]) -> Iterator[Box]:
        """Yield the box with `roots` to fork workers in; end them afterwards.

        Raises
        ------
        BoxFailed
            The box does not start or does not do its work. The next submission gets a new one.
        """
        box = self.open()
        try:
            box.show(roots)
            yield box
            box.show({})
        except BaseException:
            self._drop()
            raise

    def open(self) -> Box:
        """Return the box, which is opened if it is not open yet.

        Raises
        ------
        BoxFailed
            It does not start.
        """
        if self._box is None:
            self._box = Box.open(self._spec, self._isolation, self._limits)
        return self._box

    def close(self) -> None:
        """End the box, and remove the stages unless they are another's."""
        self._drop()
        if self._home is not None:
            self._home.cleanup()

    def _drop(self) -> None:
        if self._box is not None:
            self._box.close()
            self._box = None


def real_folders(roots: Mapping[str, Path]) -> dict[str, Path]:
    """Return the folders as real paths.

    Raises
    ------
    BoxFailed
        One is no folder.
    """
    real = {name: Path(root).resolve() for name, root in roots.items()}
    for name, root in real.items():
        if not root.is_dir():
            raise BoxFailed(f"root {name!r} of the box is no folder: {root}")
    return real


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


def threads_of(user: int) -> int:
    """Return how many threads `user` runs, 0 where that cannot be seen."""
    count = 0
    with suppress(OSError), os.scandir("/proc") as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.name.isdigit() and entry.stat().st_uid == user:
                    count += Path(entry.path, "task").stat().st_nlink - _OWN_LINKS
    return count


def _setup(found: Provisions, readable: list[Path], isolation: Isolation, limits: Limits) -> dict[str, Any]:
    """Return the first frame to the fork server but for its roots; see `grader.sandbox.box.server.Setup`."""
    root = os.geteuid() == 0
    return {
        "readable": [str(path) for path in readable],
        "listable": [str(path) for path in found.listable],
        "devices": [str(path) for path in DEVICES],
        "sealed": isolation.sealed,
        "user": launch.NOBODY if root else None,
        "bounds": asdict(bounds_of(limits)),
        "quotas": {
            "cpu_seconds": math.ceil(limits.cpu_seconds),
            "address_space": limits.address_space,
            "open_files": limits.open_files,
            "threads": _threads(),
        },
    }
