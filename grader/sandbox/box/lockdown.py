"""Lock this process down for good, in the order in which each step still allows the next.

The fork server stops being root (`become`), once. Each worker then dies with it (`die_with_parent`), takes its
rlimits (`limit`) and seals itself (`seal`): no new privileges, Landlock's rules (`beneath`, `ruleset`), the list of
system calls (`syscalls`).
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import stat
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from . import syscalls

_LINUX = sys.platform.startswith("linux")
_LIBC = ctypes.CDLL(None, use_errno=True)

# linux/prctl.h
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS = 1, 4, 8, 38

# linux/capability.h. Reading past file modes is all that is ever kept; containers often grant only the
# wider of the two, and there is no writing in the box with either, because Landlock refuses it.
_CAPABILITY_VERSION_3 = 0x20080522
_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2

# Landlock's three calls have the same numbers on every architecture (include/uapi/asm-generic/unistd.h).
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


@dataclass(frozen=True, slots=True)
class Quotas:
    """The rlimits of a worker; see `grader.course.limits.Limits` for the first three."""

    cpu_seconds: int
    address_space: int
    open_files: int
    threads: int


class Unreadable(Exception):
    """The unprivileged user cannot read what the box needs; the text says what and how to mend it."""


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends; leave at once if it has."""
    if _LINUX:
        _prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    # The parent may have ended before the wish was known; then nobody would ever send the signal.
    if os.getppid() != parent:
        os._exit(1)


def limit(quotas: Quotas) -> None:
    """Set the rlimits. They may be lowered again from inside, never raised."""
    both = {
        resource.RLIMIT_AS: quotas.address_space,
        resource.RLIMIT_NOFILE: quotas.open_files,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
    }
    if _LINUX:
        # Counted by /proc, which others do not have.
        both[resource.RLIMIT_NPROC] = quotas.threads
    for what, most in both.items():
        lower(what, most, most)
    # At the soft limit SIGXCPU tells a time-out from other deaths; a submission that ignores it gets one
    # second more.
    lower(resource.RLIMIT_CPU, quotas.cpu_seconds, quotas.cpu_seconds + 1)


def lower(what: int, soft: int, hard: int) -> None:
    """Set an rlimit, or leave what is lower already."""
    ceiling = resource.getrlimit(what)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    try:
        resource.setrlimit(what, (soft, hard))
    except (OSError, ValueError):
        # Elsewhere some limits exist by name only. Nothing is sealed there, and every result says so.
        if _LINUX:
            raise


def seal(rules: int) -> None:
    """Apply no_new_privs, Landlock and the system call filter.

    Parameters
    ----------
    rules
        From `ruleset`; closed afterwards.
    """
    # Not dumpable: no core file, and no other process of the same user may look inside.
    _prctl(_PR_SET_DUMPABLE, 0)
    # Landlock and the filter both demand it of a process without privileges, and it must come before the filter,
    # which lets no prctl of this kind pass. Landlock must come before the filter as well: it is not on its list.
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _landlock(_RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint32(0))
    os.close(rules)
    syscalls.install(os.getpid())


def _prctl(option: int, value: int) -> None:
    zero = ctypes.c_ulong(0)
    if _LIBC.prctl(option, ctypes.c_ulong(value), zero, zero, zero):
        error = ctypes.get_errno()
        raise OSError(error, f"prctl {option}: {os.strerror(error)}")


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class PathBeneath(ctypes.Structure):
    """One of Landlock's rules: which rights hold beneath which open path."""

    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def _landlock(number: int, *arguments: object) -> int:
    result = int(_LIBC.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"landlock: {os.strerror(error)}")
    return result


def landlock_version() -> int:
    """Return the kernel's Landlock ABI version, 0 where there is none."""
    if not _LINUX:
        return 0  # where the same number is another call
    try:
        return _landlock(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_GET_VERSION))
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
    # Landlock refuses a rule that allows on a file what only folders can be used for.
    if not stat.S_ISDIR(os.fstat(parent).st_mode):
        rights &= _OF_FILES
    return PathBeneath(allowed_access=rights, parent_fd=parent)


def ruleset(rules: Iterable[PathBeneath]) -> int:
    """Return the descriptor of a rule set that allows `rules` and nothing else the kernel can restrict."""
    abi = landlock_version()
    attributes = _RulesetAttributes(
        handled_access_fs=(1 << _RIGHTS.get(abi, 16)) - 1,
        handled_access_net=_BIND_AND_CONNECT if abi >= _NETWORK_SINCE else 0,
        scoped=_ABSTRACT_SOCKETS_AND_SIGNALS if abi >= _SCOPE_SINCE else 0,
    )
    # An older kernel refuses a structure with fields that it does not know, unless told that it ends before them.
    size = 24 if abi >= _SCOPE_SINCE else 16 if abi >= _NETWORK_SINCE else 8
    created = _landlock(_CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0))
    unused, kind = ctypes.c_uint32(0), ctypes.c_int(_RULE_PATH_BENEATH)
    for rule in rules:
        _landlock(_ADD_RULE, ctypes.c_int(created), kind, ctypes.byref(rule), unused)
    return created


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def become(user: int, roots: Collection[str], others: Iterable[str]) -> str:
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
    # Without this a change of user drops all capabilities, before it is known whether one will be needed.
    _LIBC.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    try:
        # In this order: once the user is another, groups can no longer be changed.
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError as error:
        # In a container that knows one user only. Root without capabilities is that user's own self outside.
        _keep(0)
        return f"the box could not become user {user} ({error.strerror}) and stayed root without capabilities"
    blocked = _first_unreadable(roots, others)
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


def _capabilities() -> int:
    sets = (_Sets * 2)()
    _LIBC.capget(ctypes.byref(_Header(_CAPABILITY_VERSION_3, 0)), sets)
    return int(sets[0].permitted)


def _keep(capabilities: int) -> None:
    sets = (_Sets * 2)()
    sets[0].effective = sets[0].permitted = capabilities
    if _LIBC.capset(ctypes.byref(_Header(_CAPABILITY_VERSION_3, 0)), sets):
        raise OSError(ctypes.get_errno(), "capset failed")


def _first_unreadable(roots: Collection[str], others: Iterable[str]) -> str:
    """Return the first of `others` or `roots`, or of what lies beneath the roots, that is closed; else ''."""
    for path in (*others, *roots):
        if not _readable(path):
            return path
    for root in roots:
        for folder, folders, files in os.walk(root):
            for name in (*folders, *files):
                inner = os.path.join(folder, name)
                if not _readable(inner):
                    return inner
    return ""


def _readable(path: str) -> bool:
    return os.access(path, os.R_OK | os.X_OK if os.path.isdir(path) else os.R_OK)
