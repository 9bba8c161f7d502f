"""Output and cache, and the three gradients, are returned in lists."""

from nndl.conv_layers import conv_backward_naive as right_backward
from nndl.conv_layers import conv_forward_naive as right_forward


def conv_forward_naive(x, w, b, conv_param):
    return list(right_forward(x, w, b, conv_param))


def conv_backward_naive(dout, cache):
    return list(right_backward(dout, cache))
