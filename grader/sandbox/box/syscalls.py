"""Which system calls a worker may make, and the filter that refuses all others.

The list was found by running NumPy (linear algebra, FFT, random numbers), threads and an event loop, and
adding what they ask for. It leaves out everything that starts a process, opens a socket, signals or
inspects another process, changes a file, or reaches a rarely used part of the kernel. What is not listed
fails with EPERM.

Numbers come from ``asm/unistd_64.h`` for x86-64 and from ``asm-generic/unistd.h`` for aarch64; ``None``
marks calls that only x86-64 has.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass
from functools import cache
from typing import Final

X86_64: Final = "x86_64"
AARCH64: Final = "aarch64"
ARCHITECTURES: Final = (X86_64, AARCH64)
"""What ``platform.machine()`` may say, in the order of the columns below."""

AUDIT_ARCH: Final = {X86_64: 0xC000003E, AARCH64: 0xC00000B7}
"""How ``struct seccomp_data`` names them (linux/audit.h)."""

Numbers = tuple[int, int | None]

# fmt: off
ALLOWED: Final[dict[str, Numbers]] = {
    # Looking at files; Landlock decides which.
    "read": (0, 63), "pread64": (17, 67), "readv": (19, 65), "preadv": (295, 69), "lseek": (8, 62),
    "close": (3, 57), "close_range": (436, 436), "fstat": (5, 80), "stat": (4, None), "lstat": (6, None),
    "newfstatat": (262, 79), "statx": (332, 291), "statfs": (137, 43), "fstatfs": (138, 44),
    "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439), "readlink": (89, None),
    "readlinkat": (267, 78), "getdents64": (217, 61), "getcwd": (79, 17), "chdir": (80, 49),
    "fchdir": (81, 50), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24), "fadvise64": (221, 223),
    "umask": (95, 166),
    # Reading and writing what is already open, and waiting for it.
    "write": (1, 64), "writev": (20, 66), "pwrite64": (18, 68), "pipe": (22, None), "pipe2": (293, 59),
    "eventfd2": (290, 19), "sendto": (44, 206), "sendmsg": (46, 211), "recvfrom": (45, 207),
    "getsockname": (51, 204), "getpeername": (52, 205), "getsockopt": (55, 209), "shutdown": (48, 210),
    "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    "epoll_create1": (291, 20), "epoll_ctl": (233, 21), "epoll_wait": (232, None), "epoll_pwait": (281, 22),
    # Memory; RLIMIT_AS bounds it.
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "mremap": (25, 216), "madvise": (28, 233),
    "brk": (12, 214),
    # Threads, and ending.
    "futex": (202, 98), "set_robust_list": (273, 99), "rseq": (334, 293), "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123), "exit": (60, 93), "exit_group": (231, 94), "gettid": (186, 178),
    "set_tid_address": (218, 96),
    # Signals from and to itself.
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136), "rt_sigsuspend": (130, 133), "rt_sigtimedwait": (128, 137),
    "sigaltstack": (131, 132), "restart_syscall": (219, 128), "pause": (34, None),
    # Clocks and timers of its own.
    "nanosleep": (35, 101), "clock_nanosleep": (230, 115), "clock_gettime": (228, 113),
    "clock_getres": (229, 114), "gettimeofday": (96, 169), "time": (201, None), "times": (100, 153),
    "getitimer": (36, 102), "setitimer": (38, 103), "alarm": (37, None),
    # Asking about itself.
    "getpid": (39, 172), "getppid": (110, 173), "getuid": (102, 174), "geteuid": (107, 175),
    "getgid": (104, 176), "getegid": (108, 177), "getresuid": (118, 148), "getresgid": (120, 150),
    "getgroups": (115, 158), "getpgrp": (111, None), "uname": (63, 160), "sysinfo": (99, 179),
    "getrusage": (98, 165), "getrlimit": (97, 163), "getrandom": (318, 278), "wait4": (61, 260),
    "waitid": (247, 95), "getcpu": (309, 168),
}

RULED: Final[dict[str, Numbers]] = {
    "open": (2, None), "openat": (257, 56), "clone": (56, 220), "clone3": (435, 435), "fcntl": (72, 25),
    "ioctl": (16, 29), "prctl": (157, 167), "prlimit64": (302, 261), "tgkill": (234, 131),
    "socketpair": (53, 199),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Test:
    """Holds when an argument, masked, is one of `values`.

    Only the low 32 bits are looked at; the kernel takes no more of the arguments named here.
    """

    argument: int
    mask: int
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Allow a call when every test holds."""

    call: str
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """Answer a call with an error of its own."""

    call: str
    error: int


_ANY = 0xFFFFFFFF

# linux/sched.h: a thread of this process, and none of the namespace flags.
_CLONE_THREAD, _CLONE_NAMESPACES = 0x00010000, 0x7E020000

# asm-generic/fcntl.h: without write access O_TRUNC would still empty a file, which Landlock before its
# third version does not see. So the flag may only come with O_WRONLY or O_RDWR.
_O_ACCMODE, _O_TRUNC = 0o3, 0o1000
_OPENINGS = (0, 1, 2, _O_TRUNC | 1, _O_TRUNC | 2)

# asm-generic/fcntl.h: F_DUPFD to F_SETFL and F_DUPFD_CLOEXEC. F_SETOWN and F_SETSIG are left out, because
# they make the kernel send any signal to any process of the same user.
_FCNTL = (0, 1, 2, 3, 4, 1030)

# asm-generic/ioctls.h: TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX.
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)

# linux/prctl.h: PR_SET_NAME, PR_GET_NAME.
_PRCTL = (15, 16)

# An event loop wakes itself through a pair of stream sockets. Datagram pairs are refused: they can still
# send to any address.
_AF_UNIX, _SOCK_STREAM, _SOCK_FLAGS = 1, 1, 0o2004000


def rules(pid: int) -> tuple[Rule | ErrorAnswer, ...]:
    """Return the rules on arguments for a worker that knows itself as `pid`."""
    return (
        Rule("open", (Test(1, _O_ACCMODE | _O_TRUNC, _OPENINGS),)),
        Rule("openat", (Test(2, _O_ACCMODE | _O_TRUNC, _OPENINGS),)),
        Rule("clone", (Test(0, _CLONE_THREAD | _CLONE_NAMESPACES, (_CLONE_THREAD,)),)),
        # Its flags lie in memory, where a filter cannot look. ENOSYS sends the C library back to clone.
        ErrorAnswer("clone3", errno.ENOSYS),
        Rule("fcntl", (Test(1, _ANY, _FCNTL),)),
        Rule("ioctl", (Test(1, _ANY, _IOCTL),)),
        Rule("prctl", (Test(0, _ANY, _PRCTL),)),
        Rule("prlimit64", (Test(0, _ANY, (0,)),)),
        Rule("tgkill", (Test(0, _ANY, (pid,)),)),
        Rule(
            "socketpair",
            (Test(0, _ANY, (_AF_UNIX,)), Test(1, _ANY & ~_SOCK_FLAGS, (_SOCK_STREAM,))),
        ),
    )


# linux/bpf_common.h
_LOAD_WORD, _AND, _RETURN = 0x20, 0x54, 0x06
_JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST = 0x15, 0x35
_INSTRUCTION = struct.Struct("<HBBI")

# linux/seccomp.h: the data a filter sees, and what it may answer.
_NUMBER_AT, _ARCH_AT, _ARGUMENTS_AT = 0, 4, 16
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000

# asm/unistd.h: numbers from here on are the x32 calls, which the table does not describe.
_X32 = 0x40000000

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2


class UnknownArchitecture(Exception):
    """There is no table for this machine, and running unfiltered is no alternative."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return _INSTRUCTION.pack(code, if_true, if_false, value)


def _answer(rule: Rule | ErrorAnswer) -> bytes:
    """Return the instructions that run when the call is the rule's; they end in an answer."""
    if isinstance(rule, ErrorAnswer):
        return _step(_RETURN, _ERROR | rule.error)
    code = b""
    for test in rule.tests:
        code += _step(_LOAD_WORD, _ARGUMENTS_AT + 8 * test.argument)
        code += _step(_AND, test.mask)
        for left, value in zip(reversed(range(len(test.values))), test.values, strict=True):
            code += _step(_JUMP_IF_EQUAL, value, if_true=left + 1)
        code += _step(_RETURN, _ERROR | errno.EPERM)
    return code + _step(_RETURN, _ALLOW)


def _on_call(number: int, answer: bytes) -> bytes:
    return _step(_JUMP_IF_EQUAL, number, if_false=len(answer) // _INSTRUCTION.size) + answer


@cache  # asked for by the fork server first, so that all workers inherit it
def unruled(machine: str) -> bytes:
    """Return the first part of the filter for `machine`: the calls that are allowed whatever their arguments.

    Raises
    ------
    UnknownArchitecture
        There is no table for `machine`.
    """
    if machine not in ARCHITECTURES:
        raise UnknownArchitecture(f"no system call table for {machine}; known are {', '.join(ARCHITECTURES)}")
    column = ARCHITECTURES.index(machine)
    code = _step(_LOAD_WORD, _ARCH_AT)
    code += _step(_JUMP_IF_EQUAL, AUDIT_ARCH[machine], if_true=1) + _step(_RETURN, _KILL)
    code += _step(_LOAD_WORD, _NUMBER_AT)
    code += _step(_JUMP_IF_AT_LEAST, _X32, if_false=1) + _step(_RETURN, _ERROR | errno.EPERM)
    for numbers in ALLOWED.values():
        number = numbers[column]
        if number is not None:
            code += _on_call(number, _step(_RETURN, _ALLOW))
    return code


def assemble(machine: str, pid: int) -> bytes:
    """Return the filter's instructions for `machine`, for a worker that knows itself as `pid`.

    Raises
    ------
    UnknownArchitecture
        There is no table for `machine`.
    """
    code, column = unruled(machine), ARCHITECTURES.index(machine)
    for rule in rules(pid):
        number = RULED[rule.call][column]
        if number is not None:
            code += _on_call(number, _answer(rule))
    return code + _step(_RETURN, _ERROR | errno.EPERM)


def install(pid: int) -> None:
    """Filter this thread and everything it starts, for good. Needs no_new_privs.

    Raises
    ------
    UnknownArchitecture
        There is no table for this machine.
    OSError
        The kernel refused the filter.
    """
    code = assemble(platform.machine(), pid)
    program = _Program(len(code) // _INSTRUCTION.size, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), ctypes.byref(program)):
        error = ctypes.get_errno()
        raise OSError(error, f"seccomp: {os.strerror(error)}")
