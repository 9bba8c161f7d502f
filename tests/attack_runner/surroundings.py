"""What an attack could get at if nothing stood in its way, and whether it did.

The words that attacks may use between ``@``:

==========  ======================================================================
``SECRET``  a file with a secret, readable for everybody
``REPO``    the assignment repository, with solutions and hidden checks
``OTHER``   another student's submission, which is right
``WATCHED`` a folder that everybody may write to
``PORT``    a port of this machine where the grader listens; TCP and UDP
``SOCKET``  a Unix socket where it listens
``GRADER``  the grader's process number
==========  ======================================================================
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

VARIABLE = "GRADER_ATTACK_SECRET"
"""An environment variable that holds the secret, too."""

_PR_SET_CHILD_SUBREAPER = 36
_LEAVING_SECONDS = 3.0


class Surroundings:
    """Bait around a grader in this process. Made once per process, used from its main thread.

    Attributes
    ----------
    facts
        What the words stand for.
    secret
        What no report may hold.
    """

    def __init__(self, root: Path, right_files: Mapping[str, bytes]) -> None:
        self._folder = TemporaryDirectory(prefix="bait-")
        folder = Path(self._folder.name)
        folder.chmod(0o755)
        self.secret = secrets.token_hex(16)
        self._signals = 0
        self._kept = _write(folder, self.secret, right_files)
        self._watched = folder / "watched"
        self._listening = _listen(folder / "socket")
        self.facts = {
            "SECRET": str(folder / "secret.txt"),
            "REPO": str(root),
            "OTHER": str(folder / "other"),
            "WATCHED": str(self._watched),
            "PORT": str(self._listening[0].getsockname()[1]),
            "SOCKET": str(folder / "socket"),
            "GRADER": str(os.getpid()),
        }
        os.environ[VARIABLE] = self.secret
        # A descriptor that somebody forgot to keep from being inherited.
        self._leaked = os.open(folder / "secret.txt", os.O_RDONLY)
        os.set_inheritable(self._leaked, True)
        signal.signal(signal.SIGUSR1, self._note_signal)
        with contextlib.suppress(AttributeError):  # orphans come to us, so that none is overlooked
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def harm(self) -> Iterator[str]:
        """Tell what has happened since the last time."""
        for path, content in self._kept.items():
            if not path.is_file() or path.read_bytes() != content:
                yield f"{path.name} was changed"
        for path in sorted(self._watched.iterdir()):
            if path not in self._kept:
                yield f"{path.name} was written outside"
                path.unlink()
        for listener in self._listening:
            if _reached(listener):
                yield f"somebody reached {listener.family.name} {listener.type.name}"
        if self._signals:
            yield f"{self._signals} signals reached the grader"
            self._signals = 0

    def close(self) -> None:
        """Stop listening and let go of the secret."""
        for listener in self._listening:
            listener.close()
        os.close(self._leaked)
        self._folder.cleanup()

    def _note_signal(self, _number: int, _frame: object) -> None:
        self._signals += 1


def _write(folder: Path, secret: str, right_files: Mapping[str, bytes]) -> dict[Path, bytes]:
    """Write what must stay as it is."""
    watched = folder / "watched"
    watched.mkdir()
    watched.chmod(0o777)
    kept = {
        folder / "secret.txt": secret.encode(),
        watched / "kept.txt": b"kept\n",
        **{folder / "other" / path: content for path, content in right_files.items()},
    }
    for path, content in kept.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (watched / "kept.txt").chmod(0o666)
    return kept


def _listen(path: Path) -> tuple[socket.socket, ...]:
    """Listen where attacks try to connect, without ever waiting."""
    tcp = socket.create_server(("127.0.0.1", 0))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(tcp.getsockname())
    unix = socket.socket(socket.AF_UNIX)
    unix.bind(str(path))
    path.chmod(0o777)
    unix.listen()
    for each in (tcp, udp, unix):
        each.setblocking(False)
    return tcp, udp, unix


def _reached(listener: socket.socket) -> bool:
    """Take in everything that has come since the last time; say whether there was anything."""
    reached = False
    with contextlib.suppress(BlockingIOError):
        while True:
            if listener.type == socket.SOCK_STREAM:
                listener.accept()[0].close()
            else:
                listener.recv(1)
            reached = True
    return reached


def children() -> frozenset[int]:
    """Return the process numbers of this process's children."""
    found = set()
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, IndexError, ValueError):
            if entry.name.isdigit():
                # The name, in brackets, may hold anything; state and parent follow.
                after = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
                if int(after.split()[1]) == os.getpid():
                    found.add(int(entry.name))
    return frozenset(found)


def left_behind(before: frozenset[int]) -> frozenset[int]:
    """Return the children that are new since `before` and do not end by themselves; then end them."""
    remaining = left = _wait_for(before)
    while remaining:  # children of those that are killed come to us
        for child in remaining:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        remaining = _wait_for(before)
    return left


def _wait_for(before: frozenset[int]) -> frozenset[int]:
    """Wait a while until there are no children but those `before`; return those that are left."""
    deadline = time.monotonic() + _LEAVING_SECONDS
    while (new := children() - before) and time.monotonic() < deadline:
        for child in new:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, os.WNOHANG)
        time.sleep(0.02)
    return new


class MemoryPeak:
    """How much larger than at the start this process became, in bytes; 0 where the kernel does not tell."""

    def __init__(self) -> None:
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # 5: forget the peak so far
        self._before = _status("VmRSS")

    def growth(self) -> int:
        """Return by how much the peak exceeds the size at the start."""
        return max(0, _status("VmHWM") - self._before)


def _status(name: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key == name:
                return int(value.split()[0]) * 1024
    return 0
