"""Attacks that use up time, memory, output and disk, or change files."""

import ctypes
import os
import posix
import signal
import sys
import time

import numpy as np
from trying import system_call, trying


def take_memory(facts):
    kept = []
    while True:
        kept.append(np.zeros(2**22))
        kept[-1][0] = 1


def one_huge_array(facts):
    return np.ones(10**12).shape


def deep_recursion(facts):
    return deep_recursion(facts)


def endless_stack(facts):
    sys.setrecursionlimit(10**9)
    return sorted([0], key=lambda _: endless_stack(facts))


def loop_ignoring_signals(facts):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    while True:
        pass


def loop_in_c(facts):
    return 7**10**9


def sleep_long(facts):
    time.sleep(600)


def catch_everything(facts):
    while True:
        try:
            time.sleep(600)
        except BaseException:
            continue


def print_a_lot(facts):
    line = "x" * 2**16
    for _ in range(2**9):
        print(line)
    return "printed"


def print_to_descriptor(facts):
    for _ in range(2**9):
        os.write(2, b"y" * 2**16)
    return "printed"


def _write(path):
    # Past the worker's own open, which lets code write beside itself to nowhere.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    return os.write(descriptor, b"x")


def write_temporary(facts):
    return trying(lambda: _write("/tmp/x"))


def write_root(facts):
    return trying(lambda: _write("/x"))


def write_dev(facts):
    return trying(lambda: _write("/dev/x"))


def write_shared_memory(facts):
    return trying(lambda: _write("/dev/shm/x"))


def write_own_file(facts):
    return trying(lambda: _write("trying.py"))


def write_new_file(facts):
    return trying(lambda: _write("new.py"))


def write_shared_folder(facts):
    return trying(lambda: _write(facts["writable"] + "/x"))


def write_numpy(facts):
    return trying(lambda: _write(np.__file__))


def write_runner(facts):
    return trying(lambda: _write(sys.modules["_numgrade_box"].__file__))


def make_file_without_name(facts):
    return trying(lambda: os.open(facts["writable"], os.O_TMPFILE | os.O_RDWR))


def empty_own_file(facts):
    return trying(lambda: os.open("trying.py", os.O_RDONLY | os.O_TRUNC))


def change_own_file(facts):
    """Return everything that was not refused."""
    attempts = {
        "chmod": lambda: os.chmod("trying.py", 0o777),
        "chown": lambda: os.chown("trying.py", os.getuid(), os.getgid()),
        "utime": lambda: os.utime("trying.py"),
        "truncate": lambda: os.truncate("trying.py", 0),
        "unlink": lambda: os.unlink("trying.py"),
        "rename": lambda: os.rename("trying.py", "other.py"),
        "link": lambda: os.link("trying.py", "other.py"),
        "symlink": lambda: os.symlink("trying.py", "other.py"),
        "mkdir": lambda: posix.mkdir("folder"),
        "mkfifo": lambda: os.mkfifo("fifo"),
        "setxattr": lambda: os.setxattr("trying.py", "user.x", b"x"),
        "chmod root": lambda: os.chmod(".", 0o777),
        "chmod shared": lambda: os.chmod(facts["writable"], 0o700),
    }
    outcomes = {name: trying(attempt) for name, attempt in attempts.items()}
    return {name: what for name, what in outcomes.items() if not what.startswith("refused")}


def uncounted_memory(facts):
    return system_call(319, b"x", 0)


def crash(facts):
    ctypes.string_at(0)


def abort(facts):
    os.abort()


def leave(facts):
    os._exit(0)


def unusual_death(facts):
    signal.raise_signal(40)
    return "alive"
