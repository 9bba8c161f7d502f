"""The system call filter: its table against the kernel's headers, and its program run step by step."""

from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest

from grader.sandbox.box.syscalls import (
    AARCH64,
    ALLOWED,
    ARCHITECTURES,
    AUDIT_ARCH,
    RULED,
    X86_64,
    UnknownArchitecture,
    assemble,
    rules,
)

HEADERS = {
    X86_64: Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    AARCH64: Path("/usr/include/asm-generic/unistd.h"),
}
PID = 77
ALLOW, KILL = "allow", "kill"
NUMBERS = ALLOWED | RULED


def run(machine: str, number: int, *arguments: int, audit: int | None = None) -> str | int:
    """Interpret the filter for one call; return allow, kill or the error number."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, AUDIT_ARCH[machine] if audit is None else audit, 0, *padded)
    program = list(struct.iter_unpack("<HBBI", assemble(machine, PID)))
    accumulator = position = 0
    while True:
        code, if_true, if_false, value = program[position]
        position += 1
        if code == 0x20:
            accumulator = struct.unpack_from("<I", data, value)[0]
        elif code == 0x54:
            accumulator &= value
        elif code == 0x15:
            position += if_true if accumulator == value else if_false
        elif code == 0x35:
            position += if_true if accumulator >= value else if_false
        else:
            assert code == 0x06
            action = value & 0xFFFF0000
            return {0x7FFF0000: ALLOW, 0x80000000: KILL}.get(action, value & 0xFFFF)


def number_of(machine: str, call: str) -> int:
    """Return the call's number, skipping the test where the machine has none."""
    number = NUMBERS[call][ARCHITECTURES.index(machine)]
    if number is None:
        pytest.skip(f"{machine} has no {call}")
    return number


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_numbers_are_the_kernels(machine: str) -> None:
    """Every number in the table is the one in the kernel's own header."""
    if not HEADERS[machine].exists():
        pytest.skip("the kernel's headers are not installed")
    text = HEADERS[machine].read_text(encoding="utf-8")
    known = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", text)}
    known.setdefault("newfstatat", known.get("fstatat", -1))
    column = ARCHITECTURES.index(machine)
    ours = {name: numbers[column] for name, numbers in NUMBERS.items()}
    assert ours == {name: known.get(name) for name in NUMBERS}


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_only_listed_calls_are_allowed(machine: str) -> None:
    """Of all numbers, exactly those in the table are allowed or ruled on; the rest fail with EPERM."""
    column = ARCHITECTURES.index(machine)
    listed = {numbers[column] for numbers in ALLOWED.values()}
    ruled = {numbers[column] for numbers in RULED.values()}
    for number in set(range(600)) - ruled:
        assert run(machine, number) == (ALLOW if number in listed else errno.EPERM)


@pytest.mark.parametrize("machine", ARCHITECTURES)
@pytest.mark.parametrize(
    ("call", "arguments", "wanted"),
    [
        ("clone", (0x3D0F00,), ALLOW),  # what pthread_create asks for
        ("clone", (17,), errno.EPERM),  # what fork asks for
        ("clone", (0x3D0F00 | 0x10000000,), errno.EPERM),  # a thread in a user namespace
        ("clone3", (0, 88), errno.ENOSYS),
        ("openat", (0, 0, 0o2000000), ALLOW),
        ("openat", (0, 0, 0o1), ALLOW),
        ("openat", (0, 0, 0o1001), ALLOW),
        ("openat", (0, 0, 0o1000), errno.EPERM),  # read only, and yet truncating
        ("openat", (0, 0, 0o3), errno.EPERM),
        ("open", (0, 0o1000), errno.EPERM),
        ("fcntl", (0, 3), ALLOW),
        ("fcntl", (0, 8), errno.EPERM),  # F_SETOWN
        ("fcntl", (0, 10), errno.EPERM),  # F_SETSIG
        ("ioctl", (0, 0x5401), ALLOW),
        ("ioctl", (0, 0x5412), errno.EPERM),  # TIOCSTI
        ("ioctl", (0, 0x8901), errno.EPERM),  # FIOSETOWN
        ("prctl", (15,), ALLOW),
        ("prctl", (4, 1), errno.EPERM),  # PR_SET_DUMPABLE
        ("prlimit64", (0, 7), ALLOW),
        ("prlimit64", (1, 7), errno.EPERM),
        ("tgkill", (PID, PID, 6), ALLOW),
        ("tgkill", (1, 1, 9), errno.EPERM),
        ("socketpair", (1, 1 | 0o2000000, 0), ALLOW),
        ("socketpair", (1, 2, 0), errno.EPERM),  # datagrams can be sent anywhere
        ("socketpair", (2, 1, 0), errno.EPERM),
    ],
)
def test_arguments_are_ruled_on(
    machine: str, call: str, arguments: tuple[int, ...], wanted: str | int
) -> None:
    """Calls that are harmless with some arguments only are allowed with those only."""
    assert run(machine, number_of(machine, call), *arguments) == wanted


def test_high_half_of_an_argument_changes_nothing() -> None:
    """Bits the kernel does not look at cannot smuggle a value past a rule."""
    assert run(X86_64, NUMBERS["tgkill"][0], (1 << 32) | 1, 1, 9) == errno.EPERM


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_other_architecture_kills(machine: str) -> None:
    """A call by way of another architecture's numbers kills the process."""
    assert run(machine, 0, audit=0x40000003) == KILL


def test_x32_is_refused() -> None:
    """The second numbering of x86-64 is refused as a whole."""
    assert run(X86_64, 0x40000000 | 39) == errno.EPERM


def test_every_ruled_call_has_its_rule() -> None:
    """Each call in the table of ruled ones has exactly one rule."""
    assert sorted(rule.call for rule in rules(PID)) == sorted(RULED)


def test_unknown_architecture_is_refused() -> None:
    """Without a table there is no filter, and nothing runs."""
    with pytest.raises(UnknownArchitecture, match="riscv64"):
        assemble("riscv64", PID)
