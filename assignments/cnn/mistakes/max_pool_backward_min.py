"""The gradient of max pooling goes to the smallest pixel of each window instead of the largest."""

from nndl.conv_layers import max_pool_backward_naive as right_backward

PARTS = ("max_pool_backward_naive",)
SCOPE = "homework"


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    return right_backward(dout, (-x, pool_param))
