"""The fork server: the one process of a box that is started by exec. It never runs a line of a submission."""

from __future__ import annotations

import gc
import os
import signal
import socket
import traceback
from dataclasses import dataclass
from typing import Any, NoReturn

from . import landlock, lockdown, privileges, worker
from .channel import Channel, Closed


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of the wire, as the grader passes them."""

    header_bytes: int
    reply_bytes: int
    arrays: int
    depth: int


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


class Server:
    """Forks workers and reaps them."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._bounds = Bounds(**setup.bounds)
        self._quotas = lockdown.Quotas(**setup.quotas)
        # Made once, while everything can still be opened. A worker only has to apply its own.
        self._rulesets = self._make_rulesets() if setup.sealed else {}
        self._shell: Any = None

    def _make_rulesets(self) -> dict[str, int]:
        setup = self._setup
        common = [
            *((path, landlock.READ) for path in setup.readable),
            *((path, landlock.LIST) for path in setup.listable),
            *((path, landlock.DEVICE) for path in setup.devices),
        ]
        roots = setup.roots.items()
        return {name: landlock.ruleset([*common, (root, landlock.READ)]) for name, root in roots}

    def step_down(self) -> str:
        """Stop being root; return a note when a capability had to be kept."""
        setup = self._setup
        if setup.user is None:
            return ""
        return privileges.become(setup.user, setup.roots.values(), setup.readable)

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
            case ["reap", child]:
                # Asked for when the worker was killed or has ended.
                return os.waitpid(child, 0)[1]
        raise ValueError(f"unknown request {request!r}")

    def _fork(self, root: str, seed: int, connection: int, output: int) -> int:
        parent = os.getpid()
        child = os.fork()
        if not child:
            self._become_worker(parent, root, seed, connection, output)
        os.close(connection)
        os.close(output)
        return child

    def _become_worker(self, parent: int, root: str, seed: int, connection: int, output: int) -> NoReturn:
        status = 1
        try:
            os.dup2(output, 1)
            os.dup2(output, 2)
            ruleset = self._rulesets.get(root, -1)
            _close_all_but(connection, ruleset)
            lockdown.die_with_parent(parent)
            self._work(self._setup.roots[root], seed, ruleset, connection)
            status = 0
        except BaseException:  # nothing may return into the fork server's own code
            traceback.print_exc()
        finally:
            os._exit(status)

    def _work(self, folder: str, seed: int, ruleset: int, connection: int) -> None:
        session = worker.Session(folder, self._bounds, self._shell)
        worker.settle(folder, seed)
        lockdown.limit(self._quotas)
        if self._setup.sealed:
            lockdown.seal(ruleset)
        channel = Channel(socket.socket(fileno=connection), self._bounds)
        channel.send(0, "ready")
        worker.serve(channel, session)


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
