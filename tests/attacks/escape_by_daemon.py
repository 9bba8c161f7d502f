"""Leave a process behind that outlives the grading."""

import os
import time


def conv_forward_naive(x, w, b, conv_param):
    try:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.closerange(0, 256)
                time.sleep(600)
            os._exit(0)
    except OSError:
        pass
    else:
        raise RuntimeError("BREACH: forked")
    try:
        os.setsid()
    except OSError:
        return None, None
    raise RuntimeError("BREACH: a session of its own")
