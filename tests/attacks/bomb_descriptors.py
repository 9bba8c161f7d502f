"""Open files and pipes until no more can be opened."""

import os


def conv_forward_naive(x, w, b, conv_param):
    opened = []
    try:
        while len(opened) < 10_000:
            opened += os.pipe()
    except OSError:
        return None, None
    raise RuntimeError(f"BREACH: {len(opened)} descriptors")
