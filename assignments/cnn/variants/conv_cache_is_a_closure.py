"""The cache is a function that computes the gradients."""

from nndl.conv_layers import conv_backward_naive as right_backward
from nndl.conv_layers import conv_forward_naive as right_forward


def conv_forward_naive(x, w, b, conv_param):
    out, cache = right_forward(x, w, b, conv_param)
    return out, lambda dout: right_backward(dout, cache)


def conv_backward_naive(dout, cache):
    return cache(dout)
