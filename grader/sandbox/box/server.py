"""The fork server: the one process of a box that is started by exec. It never runs a line of a submission."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import platform
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from . import lockdown, syscalls, worker
from .channel import Channel, Closed
from .codec import Bounds

CONTROL = Bounds(header_bytes=1 << 24, reply_bytes=0, arrays=0, depth=8)
"""For the frames between grader and fork server, where both ends are ours."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What the grader tells a new box, as the dict of its first frame.

    Attributes
    ----------
    roots
        Submission folders by name.
    readable, listable
        What every worker may read beside its root, and folders of which it may list the names only.
    devices
        Device files that may be written, too.
    sealed
        Whether workers apply Landlock and the system call filter.
    user
        Number of the unprivileged user to become, or None to stay who we are.
    shell
        Folder of matplotlib's list of fonts if workers shall run notebook cells, else empty.
    stages
        Folder of the roots that will be shown later, else empty.
    preload
        Modules that are loaded before the first fork; what they map, every worker may map beside its limit.
    """

    roots: dict[str, str]
    readable: list[str]
    listable: list[str]
    devices: list[str]
    sealed: bool
    user: int | None
    bounds: dict[str, int]
    quotas: dict[str, int]
    shell: str = ""
    stages: str = ""
    preload: Sequence[str] = ()


class Server:
    """Forks workers and reaps them."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._bounds = Bounds(**setup.bounds)
        self._quotas = lockdown.Quotas(**setup.quotas)
        self._roots = setup.roots
        self._common: list[lockdown.PathBeneath] = []
        if setup.sealed:
            self._common = self._common_rules()
            syscalls.unruled(platform.machine())
        self._rulesets: dict[str, int] = {}
        self._shell: Any = None

    def show(self, roots: dict[str, str], threads: int) -> None:
        """Have the workers to come see `roots` in place of those before, where their user may run `threads`."""
        self._roots = roots
        self._quotas = replace(self._quotas, threads=threads)
        for each in self._rulesets.values():
            os.close(each)
        self._rulesets.clear()

    def _common_rules(self) -> list[lockdown.PathBeneath]:
        """Return what every worker may do beside reading its root, the paths opened once for all."""
        setup = self._setup
        rules = [
            *(lockdown.beneath(path, lockdown.READ) for path in setup.readable),
            *(lockdown.beneath(path, lockdown.LIST) for path in setup.listable),
            *(lockdown.beneath(path, lockdown.DEVICE) for path in setup.devices),
        ]
        return [rule for rule in rules if rule is not None]

    def _ruleset(self, root: str) -> int:
        """Return the rule set of workers that see `root` alone, or -1 where nothing is sealed.

        It is made for the first of them, and kept until other roots are shown.
        """
        if not self._setup.sealed:
            return -1
        if root not in self._rulesets:
            own = lockdown.beneath(root, lockdown.READ)
            self._rulesets[root] = lockdown.ruleset(self._common if own is None else [*self._common, own])
            if own is not None:
                os.close(own.parent_fd)
        return self._rulesets[root]

    def step_down(self) -> str:
        """Stop being root; return a note when a capability had to be kept."""
        setup = self._setup
        if setup.user is None:
            return ""
        stages = [setup.stages] if setup.stages else []
        return lockdown.become(setup.user, self._roots.values(), [*setup.readable, *stages])

    def load_libraries(self) -> None:
        """Load what submissions will import, so that a worker inherits it for the price of a fork."""
        if not self._setup.preload:
            return
        before = _mapped()
        # Some ask for a folder of their own while they are loaded. Nobody can write here, so they get what is there.
        tempfile.tempdir = "/"
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = "/"
        for name in self._setup.preload:
            # What has a dot may be a function of a module; a library itself must be there.
            with contextlib.suppress(*([ImportError] if "." in name else [])):
                importlib.import_module(name)
        for name in _LOADED_LATE:
            if name.partition(".")[0] in sys.modules:
                with contextlib.suppress(Exception):  # the library may work without it
                    importlib.import_module(name)
        space = self._quotas.address_space + max(0, _mapped() - before)
        self._quotas = replace(self._quotas, address_space=space)

    def load_shell(self) -> None:
        """Make the shell that every worker inherits, if workers shall run notebook cells."""
        if self._setup.shell:
            from . import shell  # noqa: PLC0415  # most boxes have no IPython

            self._shell = shell.prepare(self._setup.shell)

    def perform(self, request: Any, descriptors: list[int]) -> int:
        """Carry out one request of the grader."""
        match request:
            case ["fork", root, seed]:
                return self._fork(root, seed, *descriptors)
            case ["show", roots, threads]:
                self.show(roots, threads)
                return len(roots)
            case ["reap", child]:
                # Asked for when the worker was killed or has ended.
                return os.waitpid(child, 0)[1]
        raise ValueError(f"unknown request {request!r}")

    def _fork(self, root: str, seed: int, connection: int, output: int) -> int:
        parent, ruleset = os.getpid(), self._ruleset(self._roots[root])
        child = os.fork()
        if not child:
            self._become_worker(parent, root, seed, connection, output, ruleset)
        os.close(connection)
        os.close(output)
        return child

    def _become_worker(
        self, parent: int, root: str, seed: int, connection: int, output: int, ruleset: int
    ) -> NoReturn:
        status = 1
        try:
            os.dup2(output, 1)
            os.dup2(output, 2)
            # The number is that of an open file of the fork server, so it cannot be the rule set's.
            os.dup2(connection, _CONNECTION)
            _close_all_but(_CONNECTION, ruleset)
            lockdown.die_with_parent(parent)
            self._work(self._roots[root], seed, ruleset)
            status = 0
        except BaseException:  # nothing may return into the fork server's own code
            traceback.print_exc()
        finally:
            os._exit(status)

    def _work(self, folder: str, seed: int, ruleset: int) -> None:
        session = worker.Session(folder, self._bounds, self._shell)
        worker.settle(folder, seed)
        lockdown.limit(self._quotas)
        if self._setup.sealed:
            lockdown.seal(ruleset)
        channel = Channel(socket.socket(fileno=_CONNECTION), self._bounds)
        channel.send(0, "ready")
        worker.serve(channel, session)


_LOADED_LATE = ("torch._dynamo",)
"""What libraries load on first use, when it is too late: there a worker may neither write nor start anything."""


def _mapped() -> int:
    """Return how many bytes of address space this process uses, 0 where that cannot be seen."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


# Number of a worker's socket to the grader.
_CONNECTION = 3


def _close_all_but(*kept: int) -> None:
    start = 3
    for descriptor in sorted(each for each in kept if each >= start):
        os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, os.sysconf("SC_OPEN_MAX"))


def main(descriptor: int) -> NoReturn:
    """Serve the grader at the other end of the socket `descriptor` until it hangs up."""
    parent = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = Channel(socket.socket(fileno=descriptor), CONTROL)
    number, setup = channel.receive()
    server = Server(Setup(**setup))
    note = server.step_down()
    # Becoming another user clears the wish to die with the parent, so it comes after.
    lockdown.die_with_parent(parent)
    server.load_libraries()
    server.load_shell()
    # What exists now is never collected, so that a worker's collections copy no page it shares with this
    # process.
    gc.collect()
    gc.freeze()
    channel.send(number, note)
    while True:
        try:
            number, request = channel.receive_with_descriptors()
        except (Closed, OSError):
            # The grader is done. There is nothing to tidy up that the kernel would not.
            os._exit(0)
        channel.send(number, server.perform(request, channel.descriptors))
