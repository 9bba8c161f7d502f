"""Wait for a lock that one holds oneself, and leave other threads waiting as well."""

import threading

LOCK = threading.Lock()
LOCK.acquire()


def conv_forward_naive(x, w, b, conv_param):
    for _ in range(10):
        threading.Thread(target=LOCK.acquire).start()
    LOCK.acquire()
