"""Restrict which files, TCP ports and processes this process can reach, with Linux's Landlock."""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Iterable

# The three calls have the same numbers on every architecture (include/uapi/asm-generic/unistd.h).
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_GET_VERSION = 1
_RULE_PATH_BENEATH = 1

# Access rights of include/uapi/linux/landlock.h.
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
READ = _READ_FILE | _READ_DIR
LIST = _READ_DIR
DEVICE = _READ_FILE | _WRITE_FILE
_OF_FILES = _READ_FILE | _WRITE_FILE

# How many file rights each ABI version knows, and from which version on the other fields exist.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NETWORK_SINCE, _SCOPE_SINCE = 4, 6
_BIND_AND_CONNECT = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class PathBeneath(ctypes.Structure):
    """One rule: which rights hold beneath which open path."""

    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


_LIBC = ctypes.CDLL(None, use_errno=True)


def _system_call(number: int, *arguments: object) -> int:
    result = int(_LIBC.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"landlock: {os.strerror(error)}")
    return result


def version() -> int:
    """Return the kernel's Landlock ABI version, 0 where there is none."""
    if not sys.platform.startswith("linux"):
        return 0  # where the same number is another call
    try:
        return _system_call(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_GET_VERSION))
    except OSError:
        return 0


def beneath(path: str, rights: int) -> PathBeneath | None:
    """Return the rule that allows `rights` (`READ`, `LIST` or `DEVICE`) on `path` and all beneath; None if not there.

    The rule holds the path open, for as many rule sets as it shall be part of.
    """
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    if not stat.S_ISDIR(os.fstat(parent).st_mode):
        rights &= _OF_FILES
    return PathBeneath(allowed_access=rights, parent_fd=parent)


def ruleset(rules: Iterable[PathBeneath]) -> int:
    """Return the descriptor of a rule set that allows `rules` and nothing else the kernel can restrict."""
    abi = version()
    attributes = _RulesetAttributes(
        handled_access_fs=(1 << _RIGHTS.get(abi, 16)) - 1,
        handled_access_net=_BIND_AND_CONNECT if abi >= _NETWORK_SINCE else 0,
        scoped=_ABSTRACT_SOCKETS_AND_SIGNALS if abi >= _SCOPE_SINCE else 0,
    )
    size = 24 if abi >= _SCOPE_SINCE else 16 if abi >= _NETWORK_SINCE else 8
    created = _system_call(
        _CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0)
    )
    unused, kind = ctypes.c_uint32(0), ctypes.c_int(_RULE_PATH_BENEATH)
    for rule in rules:
        _system_call(_ADD_RULE, ctypes.c_int(created), kind, ctypes.byref(rule), unused)
    return created


def restrict(created: int) -> None:
    """Apply the rule set to this thread and everything it starts, for good."""
    _system_call(_RESTRICT_SELF, ctypes.c_int(created), ctypes.c_uint32(0))
