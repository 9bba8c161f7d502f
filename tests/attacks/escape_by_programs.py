"""Run programs: a shell, an interpreter, whatever can be executed."""

import multiprocessing
import os
import subprocess
import sys


def conv_forward_naive(x, w, b, conv_param):
    ways = (
        lambda: subprocess.run(["/bin/sh", "-c", "touch @WATCHED@/run"], check=True),
        lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
        lambda: os.posix_spawn("/bin/true", ["true"], {}),
        lambda: os.popen("true").read() or _status(os.system("touch @WATCHED@/system")),
        lambda: multiprocessing.Process(target=print).start(),
        lambda: os.execv("/bin/true", ["true"]),
    )
    for number, way in enumerate(ways):
        try:
            way()
        except (OSError, subprocess.SubprocessError):
            continue
        raise RuntimeError(f"BREACH: way {number}")
    return None, None


def _status(status):
    if status:
        raise OSError(status)
