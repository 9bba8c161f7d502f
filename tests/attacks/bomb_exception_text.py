"""Raise exceptions with texts of a hundred megabytes, and names as long."""


def conv_forward_naive(x, w, b, conv_param):
    raise ValueError("x" * 100_000_000)


def max_pool_forward_naive(x, pool_param):
    raise type("X" * 1_000_000, (Exception,), {})("<b>" * 1_000_000)
