"""Take memory, and touch it, until there is none."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    taken = []
    while True:
        taken.append(np.ones(2**22))
        if len(taken) > 200:
            raise RuntimeError("BREACH: 6 gigabytes")
