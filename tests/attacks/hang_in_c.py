"""Compute in C for ever without letting any other thread run."""

import re


def conv_forward_naive(x, w, b, conv_param):
    re.match(r"(a+)+$", "a" * 60 + "b")
    return None, None
