"""Both passes are wrapped by a decorator of the submission's own and keep counts in a module's dictionary."""

import functools

from nndl.conv_layers import conv_backward_naive as right_backward
from nndl.conv_layers import conv_forward_naive as right_forward

_COUNTS = {}


def _counted(function):
    @functools.wraps(function)
    def wrapper(*args):
        _COUNTS[function.__name__] = _COUNTS.get(function.__name__, 0) + 1
        return function(*args)

    return wrapper


@_counted
def conv_forward_naive(x, w, b, conv_param):
    return right_forward(x, w, b, conv_param)


@_counted
def conv_backward_naive(dout, cache):
    return right_backward(dout, cache)
