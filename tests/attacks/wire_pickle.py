"""Send a pickle that runs a command in place of an answer."""

FLAGGED = "tampering"

import os
import pickle


class Bomb:
    def __reduce__(self):
        return os.system, ("touch @WATCHED@/unpickled",)


def conv_forward_naive(x, w, b, conv_param):
    for number in range(3, 64):
        try:
            os.write(number, pickle.dumps(Bomb()))
        except OSError:
            continue
    while True:
        pass
