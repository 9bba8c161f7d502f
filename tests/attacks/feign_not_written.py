"""Claim that parts are not written, are skipped or wait for something, in every way that Python has."""

import unittest


def conv_forward_naive(x, w, b, conv_param):
    raise NotImplementedError("excused")


def conv_backward_naive(dout, cache):
    raise unittest.SkipTest("excused")


def max_pool_forward_naive(x, pool_param):
    return NotImplemented


def max_pool_backward_naive(dout, cache):
    raise StopIteration


async def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    return x, None


def spatial_batchnorm_backward(dout, cache):
    yield dout
