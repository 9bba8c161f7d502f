"""Give up root: become an unprivileged user, keeping at most the right to read what the box lists."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable

_PR_SET_KEEPCAPS = 8
_VERSION_3 = 0x20080522

# linux/capability.h. Reading past file modes is all that is ever kept; containers often grant only the
# wider of the two, and there is no writing in the box with either, because Landlock refuses it.
_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2


class Unreadable(Exception):
    """The unprivileged user cannot read what the box needs; the text says what and how to mend it."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def _capabilities() -> int:
    sets = (_Sets * 2)()
    ctypes.CDLL(None, use_errno=True).capget(ctypes.byref(_Header(_VERSION_3, 0)), sets)
    return int(sets[0].permitted)


def _keep(capabilities: int) -> None:
    sets = (_Sets * 2)()
    sets[0].effective = sets[0].permitted = capabilities
    if ctypes.CDLL(None, use_errno=True).capset(ctypes.byref(_Header(_VERSION_3, 0)), sets):
        raise OSError(ctypes.get_errno(), "capset failed")


def become(user: int, roots: Iterable[str], others: Iterable[str]) -> str:
    """Become `user`; return a note when that was not possible, or only by keeping a capability.

    Parameters
    ----------
    user
        User and group number. Must be called as root.
    roots
        Submission folders; everything beneath them must stay readable.
    others
        Files and folders that must themselves stay readable.

    Raises
    ------
    Unreadable
        Something is unreadable for `user`, and no capability is at hand that would change it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    try:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError as error:
        # In a container that knows one user only. Root without capabilities is that user's own self outside.
        _keep(0)
        return f"the box could not become user {user} ({error.strerror}) and stayed root without capabilities"
    blocked = first_unreadable(roots, others)
    if not blocked:
        _keep(0)
        return ""
    return _stay_able_to_read(user, blocked)


def _stay_able_to_read(user: int, blocked: str) -> str:
    held = _capabilities()
    for capability in (_DAC_READ_SEARCH, _DAC_OVERRIDE):
        if held & (1 << capability):
            _keep(1 << capability)
            return (
                f"{blocked} is closed to user {user}, so the box kept the capability to read past file modes"
            )
    raise Unreadable(
        f"{blocked} is not readable for user {user}; open it and the folders above it (chmod o+rX)"
    )


def first_unreadable(roots: Iterable[str], others: Iterable[str] = ()) -> str:
    """Return the first of `others` or `roots`, or of what lies beneath the roots, that is closed; else ''."""
    for path in others:
        if not _readable(path):
            return path
    for root in roots:
        if not _readable(root):
            return root
        for folder, folders, files in os.walk(root):
            for name in (*folders, *files):
                inner = os.path.join(folder, name)
                if not _readable(inner):
                    return inner
    return ""


def _readable(path: str) -> bool:
    return os.access(path, os.R_OK | os.X_OK if os.path.isdir(path) else os.R_OK)
