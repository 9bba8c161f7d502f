"""Feed the files below a folder to a collector, without following a link."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from grader.intake.collector import Collector
from grader.intake.whitelist import is_clutter

_NO_FOLLOW = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""A link is an error, and a named pipe does not wait for its other end."""


@contextmanager
def opened(path: str | os.PathLike[str], folder: int | None = None) -> Iterator[int]:
    """Open `path` for reading, below the open `folder` if given, and close it at the end.

    Raises
    ------
    OSError
        It cannot be opened, or is a link (``ELOOP``).
    """
    descriptor = os.open(path, _NO_FOLLOW, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def why_not_opened(error: OSError) -> str:
    """Say in a few words why a file could not be opened."""
    if error.errno in (errno.ELOOP, errno.EMLINK):
        return "is a symbolic link"
    return f"cannot be read ({error.strerror})"


def read_folder(folder: int, collector: Collector, prefix: str = "") -> None:
    """Take in what counts below the open `folder`.

    Every step opens a name relative to its own folder's descriptor: a path that is swapped for a link
    meanwhile leads nowhere.

    Raises
    ------
    SubmissionUnreadable
        A name is unsafe, or there is more than the caps allow.
    """
    for entry in _entries(folder, collector):
        path = collector.path_of(prefix + entry.name)
        if is_clutter(path) or is_clutter(f"{path}/"):
            continue
        if entry.is_symlink():
            collector.leave_out(path, "is a symbolic link")
        elif entry.is_dir(follow_symlinks=False):
            _descend(folder, entry.name, path, collector, f"{prefix}{entry.name}/")
        elif entry.is_file(follow_symlinks=False):
            _take_file(folder, entry.name, path, collector)
        else:
            collector.leave_out(path, "is a special file")


def _entries(folder: int, collector: Collector) -> list[os.DirEntry[str]]:
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            collector.count_entry()
            found.append(entry)
    return sorted(found, key=lambda entry: entry.name)


def _descend(folder: int, name: str, path: str, collector: Collector, prefix: str) -> None:
    try:
        with opened(name, folder) as descriptor:
            read_folder(descriptor, collector, prefix)
    except OSError as error:
        collector.leave_out(path, why_not_opened(error))


def _take_file(folder: int, name: str, path: str, collector: Collector) -> None:
    kind = collector.wants(path)
    if kind is None:
        return
    try:
        with opened(name, folder) as descriptor:
            status = os.fstat(descriptor)
            if stat.S_ISREG(status.st_mode):  # it may have been swapped since it was listed
                collector.keep(path, kind, lambda most: os.read(descriptor, most), status.st_size)
    except OSError as error:
        collector.leave_out(path, why_not_opened(error))
