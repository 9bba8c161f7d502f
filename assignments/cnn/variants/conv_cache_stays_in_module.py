"""The cache of the convolution is None: what the backward pass needs stays in a variable of the module."""

from nndl.conv_layers import conv_backward_naive as right_backward
from nndl.conv_layers import conv_forward_naive as right_forward

LAST = {}


def conv_forward_naive(x, w, b, conv_param):
    out, LAST["cache"] = right_forward(x, w, b, conv_param)
    return out, None


def conv_backward_naive(dout, cache):
    return right_backward(dout, LAST["cache"])
