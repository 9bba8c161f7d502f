"""Raise exceptions whose text, class or traceback cannot be read."""


class Unreadable(Exception):
    def __str__(self):
        raise self

    __repr__ = __str__

    @property
    def __class__(self):
        raise ValueError("unreadable")


class Endless(Exception):
    def __str__(self):
        return "x" * (100 * 2**20)


def conv_forward_naive(x, w, b, conv_param):
    raise Unreadable


def max_pool_forward_naive(x, pool_param):
    raise Endless


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    error = ValueError("loop")
    error.__cause__ = error.__context__ = error
    raise error
