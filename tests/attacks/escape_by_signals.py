"""Send signals to the grader, to the fork server and to everybody."""

import os
import signal


def conv_forward_naive(x, w, b, conv_param):
    for process in (int("@GRADER@"), os.getppid(), -1, 0):
        for number in (signal.SIGUSR1, signal.SIGCONT):
            try:
                os.kill(process, number)
            except OSError:
                continue
            raise RuntimeError(f"BREACH: signalled {process}")
    return None, None
