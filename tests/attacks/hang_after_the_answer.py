"""Answer right, and keep a thread busy from then on."""

BASE = "solution"
EARNS = "all"

import threading
import time


def _busy():
    while True:
        sum(range(10_000))
        time.sleep(0.005)


threading.Thread(target=_busy, daemon=True).start()
