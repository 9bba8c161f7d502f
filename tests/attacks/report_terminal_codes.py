"""Raise and print codes that steer a terminal, reorder text or hide it."""

CODES = "\x1b[2J\x1b[1;31mhostile\x1b]8;;http://evil.example\x07link\x1b]8;;\x07\x9b1m\x00\x08\u202e\u2066\r"


def conv_forward_naive(x, w, b, conv_param):
    print(CODES)
    raise ValueError(CODES)


def max_pool_forward_naive(x, pool_param):
    raise type("E" + CODES.replace("\x00", ""), (Exception,), {})(CODES)
