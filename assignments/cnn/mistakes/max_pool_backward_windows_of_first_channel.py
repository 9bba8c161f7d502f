"""The backward pass of max pooling looks for every channel's maxima in the first channel: each channel has its own."""

import numpy as np

from nndl.conv_layers import max_pool_backward_naive as right_backward

PARTS = ("max_pool_backward_naive",)
SCOPE = "homework"


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    return right_backward(dout, (np.broadcast_to(x[:, :1], x.shape), pool_param))
