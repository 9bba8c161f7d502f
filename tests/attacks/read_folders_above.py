"""List the folders above one's own, and those of the system."""

import os

FOLDERS = ("..", "../..", "/", "/home", "/root", "/tmp", "/proc", "/etc", "@REPO@", "@OTHER@", "@WATCHED@")


def conv_forward_naive(x, w, b, conv_param):
    for folder in FOLDERS:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        raise RuntimeError(f"BREACH: listed {folder}: {names[:5]}")
    return None, None
