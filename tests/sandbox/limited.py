"""Work for a child with limits that goes wrong in every way that work can."""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from grader.sandbox.scratch import scratch_folder


def works(*arguments: str) -> Callable[[bytes], list[bytes]]:
    """Return the work; arguments that say so make the child fail before it is ready."""
    if "broken" in arguments:
        raise ValueError("there is no such homework")
    return lambda request: [_WAYS[request.partition(b" ")[0]](request)]


def look_around(descriptor: int) -> None:
    """Be a process of its own that tells what it has: open files, what its parent loaded, and its own folder."""
    found = sorted(int(each.name) for each in Path("/proc/self/fd").iterdir() if each.exists())
    own, loaded = scratch_folder(), getattr(sys, "loaded", "nothing")
    with socket.socket(fileno=descriptor) as connection:
        connection.sendall(f"{found == [0, 1, 2, descriptor]} {loaded} {own}".encode())
    sys.exit(3)


def _echo(request: bytes) -> bytes:
    return request


def _number(_request: bytes) -> bytes:
    return str(os.getpid()).encode()


def _spin(_request: bytes) -> bytes:
    while True:
        pass


def _sleep(_request: bytes) -> bytes:
    time.sleep(3600)
    return b""


def _grow(_request: bytes) -> bytes:
    return b"x" * 2**31


def _crash(_request: bytes) -> bytes:
    return ctypes.string_at(0)


def _leave(_request: bytes) -> bytes:
    os._exit(3)


def _fail(_request: bytes) -> bytes:
    raise ValueError("a fault of the grader's")


def _open(_request: bytes) -> bytes:
    return str([os.open("/dev/null", os.O_RDONLY) for _ in range(100)]).encode()


def _keep(request: bytes, kept: list[bytearray] = []) -> bytes:  # noqa: B006 - it is meant to stay
    kept.append(bytearray(b"x") * 2**27)
    return _number(request)


def _reach(request: bytes) -> bytes:
    """Return which of the ways out of the process were open."""
    ways: dict[str, Callable[[], object]] = {
        "write": lambda: os.open(request.partition(b" ")[2], os.O_WRONLY | os.O_CREAT),
        "remove": Path(os.fsdecode(request.partition(b" ")[2] + b".there")).unlink,
        "connect": socket.socket,
        "start": os.fork,
        "replace": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606 - it must not work
        "kill": lambda: os.kill(os.getppid(), 0),
    }
    opened = []
    for name, way in ways.items():
        with contextlib.suppress(OSError):
            if way() == 0 and name == "start":
                os._exit(0)
            opened.append(name)
    return " ".join(opened).encode()


_WAYS = {
    b"echo": _echo,
    b"number": _number,
    b"spin": _spin,
    b"sleep": _sleep,
    b"grow": _grow,
    b"crash": _crash,
    b"leave": _leave,
    b"fail": _fail,
    b"open": _open,
    b"keep": _keep,
    b"reach": _reach,
}
