"""Answer with classes, modules, functions and the worker's own objects."""

import sys


def conv_forward_naive(x, w, b, conv_param):
    return sys, type


def conv_backward_naive(dout, cache):
    return sys.modules, print, sys._getframe()


def max_pool_forward_naive(x, pool_param):
    return sys._getframe().f_back.f_locals, None
