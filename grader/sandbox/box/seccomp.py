"""Compile the system call list into a classic BPF filter and put it over this process."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from functools import cache

from .syscalls import ALLOWED, ARCHITECTURES, AUDIT_ARCH, RULED, Refusal, Rule, rules

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


def _answer(rule: Rule | Refusal) -> bytes:
    """Return the instructions that run when the call is the rule's; they end in an answer."""
    if isinstance(rule, Refusal):
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
