"""Change the grader, its libraries, the solution, a secret and another student's work."""

import os

import numpy as np

PATHS = (
    "@REPO@/grader/scoring.py",
    "@REPO@/assignments/cnn/assignment.toml",
    "@REPO@/solutions/nndl/conv_layers.py",
    "@OTHER@/nndl/conv_layers.py",
    "@SECRET@",
    "@WATCHED@/kept.txt",
    np.__file__,
    os.__file__,
)


def conv_forward_naive(x, w, b, conv_param):
    for path in PATHS:
        ways = (
            lambda: open(path, "a"),
            lambda: os.chmod(path, 0o666),
            lambda: os.rename(path, path + ".old"),
            lambda: os.remove(path),
            lambda: os.open(os.path.join(os.path.dirname(path), "attack.py"), os.O_CREAT | os.O_WRONLY),
        )
        for number, way in enumerate(ways):
            try:
                way()
            except OSError:
                continue
            raise RuntimeError(f"BREACH: way {number} on {path}")
    return None, None
