"""Abort, with a core file if there may be one."""

import os


def conv_forward_naive(x, w, b, conv_param):
    os.abort()
