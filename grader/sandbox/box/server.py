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


# Until the grader has said what it allows, and for the few small frames between it and this process.
CONTROL = Bounds(header_bytes=1 << 24, reply_bytes=0, arrays=0, depth=8)


@dataclass(frozen=True, slots=True)
class Setup:
    """What the grader tells a new box; made from the first frame's dict.

    Attributes
    ----------
    roots
        Submission folders by name.
    libraries
        Folder that goes on ``sys.path`` for the packages a submission may use.
    readable, listable
        What a worker may read beside its root, and folders of which it may list the names only.
    devices
        Device files that may be written, too.
    sealed
        Whether workers apply Landlock and the system call filter.
    user
        Number of the unprivileged user to become, or None to stay who we are.
    """

    roots: dict[str, str]
    libraries: str
    readable: list[str]
    listable: list[str]
    devices: list[str]
    sealed: bool
    user: int | None
    bounds: dict[str, int]
    quotas: dict[str, int]


class Server:
    """Forks workers and reaps them."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._bounds = Bounds(**setup.bounds)
        self._quotas = lockdown.Quotas(**setup.quotas)
        self._rulesets = self._prepare_rulesets() if setup.sealed else {}

    def _prepare_rulesets(self) -> dict[str, int]:
        setup = self._setup
        common = [
            *((path, landlock.READ) for path in (*setup.readable, setup.libraries)),
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
        return privileges.become(setup.user, setup.roots.values(), [*setup.readable, setup.libraries])

    def perform(self, request: Any, descriptors: list[int]) -> Any:
        """Carry out one request of the grader."""
        operation, *arguments = request
        if operation == "fork":
            return self._fork(arguments[0], arguments[1], *descriptors)
        if operation == "reap":
            return _reap(arguments[0])
        raise ValueError(f"unknown operation {operation!r}")

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
            folder = self._setup.roots[root]
            os.chdir(folder)
            worker.settle(folder, seed)
            lockdown.limit(self._quotas)
            if self._setup.sealed:
                lockdown.seal(ruleset)
            self._work(folder, connection)
            status = 0
        except BaseException:  # nothing may return into the fork server's code
            traceback.print_exc()
        finally:
            os._exit(status)

    def _work(self, folder: str, connection: int) -> None:
        channel = Channel(socket.socket(fileno=connection), self._bounds)
        channel.send(0, ["ready"])
        worker.serve(channel, worker.Session(folder, self._bounds))


def _reap(child: int) -> int:
    """Wait for a worker that was killed or has ended; return its wait status."""
    return os.waitpid(child, 0)[1]


def _close_all_but(*kept: int) -> None:
    start = 3
    for descriptor in sorted(each for each in kept if each >= start):
        os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, os.sysconf("SC_OPEN_MAX"))


def main(descriptor: int) -> None:
    """Serve the grader at the other end of the socket `descriptor` until it hangs up."""
    parent = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=descriptor)
    channel = Channel(control, CONTROL)
    number, setup = channel.receive()
    server = Server(Setup(**setup))
    note = server.step_down()
    lockdown.die_with_parent(parent)
    # What exists now is never collected, so a worker's collections do not copy the pages it shares with this process.
    gc.collect()
    gc.freeze()
    channel.send(number, ["ready", note])
    while True:
        try:
            number, request = channel.receive_with_descriptors()
        except (Closed, OSError):
            return
        channel.send(number, ["done", server.perform(request, channel.descriptors)])
