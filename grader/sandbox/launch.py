"""Start the fork server of a box by exec, in a tier of isolation, with what it needs of this machine.

It needs the interpreter, the standard library and the shared libraries of both. Everything else stays out. In
particular what lies beside the chosen packages in ``site-packages``, the grader itself among it, can neither be
imported nor read.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from grader.course.limits import ONE_BLAS_THREAD
from grader.sandbox.errors import BoxFailed
from grader.sandbox.process import Child

BOX = Path(__file__).resolve().parent / "box"
"""The folder of what runs inside."""

DEVICES = (Path("/dev/null"), Path("/dev/zero"), Path("/dev/urandom"))
"""Harmless devices that programs open by name."""

NOBODY = 65534
"""The user a box becomes when the grader runs as root: the one the kernel reserves for having no rights."""

_ROOT_CAPABILITIES = ("CAP_SETUID", "CAP_SETGID", "CAP_DAC_READ_SEARCH")
_TOPS = ("/lib", "/lib32", "/lib64")
_SITES = ("site-packages", "dist-packages")
_SYSTEM = tuple(map(Path, ("/usr", *_TOPS)))
_LOADER_CONFIGURATION = (Path("/etc/ld.so.cache"), Path("/etc/alternatives"))

# With a fixed hash seed sets of strings keep their order from one grading to the next.
_ENVIRONMENT = {
    "HOME": "/",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8:backslashreplace",
    "TZ": "UTC",
    **ONE_BLAS_THREAD,
}


class Isolation(StrEnum):
    """How much stands between a submission and this machine.

    Attributes
    ----------
    A
        Namespaces of bubblewrap around the lockdown.
    B
        The lockdown alone: Landlock, system call filter, rlimits, parent-death signal.
    NONE
        A process of its own with rlimits. Every result must be stamped as not isolated.
    """

    A = "A"
    B = "B"
    NONE = "none"

    @property
    def sealed(self) -> bool:
        """Whether workers lock themselves down."""
        return self is not Isolation.NONE


@dataclass(frozen=True, slots=True)
class Provisions:
    """What a box sees of this machine beside the submission and the packages. All paths are real paths.

    Attributes
    ----------
    interpreter
        The program to start: the real interpreter, never a virtual environment's link to it.
    readable
        Files and folders that may be read with everything beneath.
    listable
        Folders of which only the names may be listed.
    system
        Folders that namespaces show as a whole.
    masked
        Folders inside `system` that namespaces cover with an empty one.
    """

    interpreter: Path
    readable: tuple[Path, ...]
    listable: tuple[Path, ...]
    system: tuple[Path, ...]
    masked: tuple[Path, ...]


def provisions() -> Provisions:
    """Return what the running interpreter needs."""
    # In a virtual environment the compiled part of the standard library still lies with the base interpreter.
    base = {"installed_base": sys.base_prefix, "platbase": sys.base_exec_prefix}
    standard = sorted(
        {Path(sysconfig.get_path(name, vars=base)).resolve() for name in ("stdlib", "platstdlib")}
    )
    shared = sorted(_shared_library_folders() - set(standard))
    sites = {folder: _sites_in(folder) for folder in (*standard, *shared)}
    readable = [each for folder in standard for each in folder.iterdir() if each.name not in _SITES]
    for folder in shared:
        readable += _libraries_in(folder, mixed=bool(sites[folder]))
    return Provisions(
        interpreter=Path(getattr(sys, "_base_executable", sys.executable)).resolve(),
        readable=(*readable, *(path for path in _LOADER_CONFIGURATION if path.exists())),
        listable=tuple(standard),
        system=(*standard, *shared),
        masked=tuple(sorted({each for found in sites.values() for each in found})),
    )


def _sites_in(folder: Path) -> list[Path]:
    """Return the folders of installed packages directly in `folder`, or in a ``python3.x`` there."""
    candidates = (parent / name for parent in (folder, *folder.glob("python*")) for name in _SITES)
    return [each for each in candidates if each.is_dir()]


def _libraries_in(folder: Path, *, mixed: bool) -> Iterable[Path]:
    """Return the folder when it is the system's and holds no packages, else its shared libraries one by one."""
    if not mixed and any(folder.is_relative_to(top) for top in _SYSTEM):
        return [folder]
    return [each for each in folder.glob("*.so*") if each.is_file()]


def _shared_library_folders() -> set[Path]:
    """Return the folders of the shared libraries this process has loaded, but for Python packages'."""
    try:
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return set()
    paths = map(Path, set(re.findall(r"(/\S*\.so(?:\.[0-9.]+)?)$", maps, re.MULTILINE)))
    return {path.parent for path in paths if not _of_python(path)}


def _of_python(path: Path) -> bool:
    extension = ".cpython-" in path.name or ".abi3." in path.name
    return extension or any(part in _SITES or part == "lib-dynload" for part in path.parts)


def start(isolation: Isolation, found: Provisions, view: Path, visible: list[Path]) -> Child:
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

    def command(descriptor: int) -> list[str]:
        return [*around, *python_command(found, view, descriptor)]

    try:
        return Child(command, environment=_ENVIRONMENT, folder="/")
    except OSError as error:
        raise BoxFailed(f"{command(0)[0]} did not start: {error.strerror}") from error


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
    # The order matters: each mount covers what those before it put there.
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
