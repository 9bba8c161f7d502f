"""Start the fork server of a box by exec, and keep what it says when it does not start."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from grader.sandbox.errors import BoxFailed
from grader.sandbox.isolation import Isolation
from grader.sandbox.provisions import BOX, DEVICES, Provisions

NOBODY = 65534
"""The user a box becomes when the grader runs as root: the one the kernel reserves for having no rights."""

_ERROR_CHARACTERS = 4000
_LEAVING_SECONDS = 5.0
_ROOT_CAPABILITIES = ("CAP_SETUID", "CAP_SETGID", "CAP_DAC_READ_SEARCH")
_TOPS = ("/lib", "/lib32", "/lib64")

# One BLAS thread: forking stays safe, results repeat and CPU times compare. With a fixed hash seed sets of
# strings keep their order from one grading to the next.
_ENVIRONMENT = {
    "HOME": "/",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8:backslashreplace",
    "TZ": "UTC",
    **dict.fromkeys(
        (
            "OPENBLAS_NUM_THREADS",
            "OMP_NUM_THREADS",
            "MKL_NUM_THREADS",
            "BLIS_NUM_THREADS",
            "NUMEXPR_NUM_THREADS",
        ),
        "1",
    ),
}


class Started:
    """A running fork server and the socket to it."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket, errors: IO[bytes]) -> None:
        self.process = process
        self.control = control
        self._errors = errors

    def complaint(self) -> str:
        """Return what the processes of the box printed to their standard error."""
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")[-_ERROR_CHARACTERS:].strip()

    def stop(self) -> None:
        """End the box and wait for it."""
        # The fork server leaves when the grader hangs up. Then nothing needs killing, and all of it is gone
        # when the outermost process is.
        # Hanging up is said, not implied by closing: a process forked from the grader may hold the socket, too.
        with contextlib.suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)
        self.control.close()
        try:
            self.process.wait(_LEAVING_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._errors.close()


def start(isolation: Isolation, found: Provisions, view: Path, visible: list[Path]) -> Started:
    """Start a fork server.

    Parameters
    ----------
    view
        Folder of links to the packages that can be imported in the box.
    visible
        What namespaces must show beside `found` and the view: roots and packages.

    Raises
    ------
    BoxFailed
        The program that starts the box is missing.
    """
    around = bwrap_command(found, [view, *visible]) if isolation is Isolation.A else []
    ours, theirs = socket.socketpair()
    command = [*around, *python_command(found, view, theirs.fileno())]
    errors = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the box
    try:
        process = subprocess.Popen(  # noqa: S603  # nothing in the command comes from a submission
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=_ENVIRONMENT,
            cwd="/",
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
    except OSError as error:
        ours.close()
        errors.close()
        raise BoxFailed(f"{command[0]} did not start: {error.strerror}") from error
    finally:
        theirs.close()
    return Started(process, ours, errors)


def python_command(found: Provisions, view: Path, descriptor: int) -> list[str]:
    """Return how the interpreter is started, told to serve the socket `descriptor` and to import from `view`.

    The options are those of ``-I`` but for ``-E``: the environment is ours, and the hash seed has no other
    way in. Without the site module nothing of ``site-packages`` is importable.
    """
    options = ["-s", "-P", "-S", "-B", "-X", "utf8"]
    return [str(found.interpreter), *options, str(BOX / "__main__.py"), str(descriptor), str(view)]


def bwrap_command(found: Provisions, visible: list[Path]) -> list[str]:
    """Return how bubblewrap is started, up to the program it shall run.

    Raises
    ------
    BoxFailed
        There is no bubblewrap.
    """
    program = shutil.which("bwrap")
    if program is None:
        raise BoxFailed("bubblewrap is not installed (no program named bwrap)")
    return [
        program,
        *_namespaces(),
        *_loader(),
        *_bind(found.system),
        *_each("--tmpfs", found.masked),
        *_bind([found.interpreter, *_outside(found.readable, found.system), BOX, *visible]),
        *(word for device in DEVICES for word in ("--dev-bind", str(device), str(device))),
        # What bubblewrap mounts itself is writable until told otherwise.
        *_each("--remount-ro", found.masked),
        *("--remount-ro", "/"),
        *("--chdir", "/"),
        "--",
    ]


def _namespaces() -> Iterator[str]:
    yield from ("--die-with-parent", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts")
    if os.geteuid() == 0:
        # Root needs no user namespace, and in one it could map no user but itself: the box becomes another
        # user by itself instead, before it forks.
        yield from (word for name in _ROOT_CAPABILITIES for word in ("--cap-add", name))
    else:
        # Asked for by name, since --unshare-all does without it silently where it is forbidden.
        yield from ("--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY))


def _loader() -> Iterator[str]:
    """Put the dynamic loader where programs name it, through the links this machine has."""
    for top in map(Path, _TOPS):
        if top.is_symlink():
            yield from ("--symlink", str(top.readlink()), str(top))
        for loader in top.glob("ld-*.so*"):
            yield from ("--ro-bind", str(loader.resolve()), str(top.resolve() / loader.name))


def _bind(paths: Iterable[Path]) -> Iterator[str]:
    return (word for path in paths for word in ("--ro-bind", str(path), str(path)))


def _each(option: str, paths: Iterable[Path]) -> Iterator[str]:
    return (word for path in paths for word in (option, str(path)))


def _outside(paths: Iterable[Path], folders: tuple[Path, ...]) -> Iterator[Path]:
    return (path for path in paths if not any(path.is_relative_to(folder) for folder in folders))
