"""Temporary folders of this process, below one folder that the next process removes if this one is killed."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

PREFIX = "numgrade-"

_ENTERED_BY_THE_BOX = 0o711
"""The box runs as another user and must be able to pass through; nobody else needs to see the names."""


def temporary_folder(prefix: str) -> TemporaryDirectory[str]:
    """Return a new temporary folder, which goes with its block, with this process, or after it."""
    return TemporaryDirectory(prefix=prefix, dir=scratch_folder())


def scratch_folder() -> Path:
    """Return the folder of this process, made at its first use; remove those of processes that are gone.

    A process holds a lock on its folder for as long as it lives, and the kernel releases it however it ends. So a
    folder that can be locked belongs to nobody, whatever became of the process numbers since.
    """
    return _folder_of(os.getpid())  # one that was forked has a folder of its own


@cache
def _folder_of(_process: int) -> Path:
    parent = Path(tempfile.gettempdir())
    for left in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):  # another user's, another's who lives, or gone by now
            _remove_if_left(left)
    folder = _locked(parent)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _locked(parent: Path) -> Path:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        with suppress(OSError):  # a file system without locks: nobody will take this one for left behind
            fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_EX)
        if folder.is_dir():  # else somebody saw it before it was locked
            folder.chmod(_ENTERED_BY_THE_BOX)
            return folder


def _remove_if_left(folder: Path) -> None:
    if folder.lstat().st_uid != os.geteuid():
        return
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    finally:
        os.close(opened)
