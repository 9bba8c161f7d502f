"""The gradient of the biases is the same for all filters: each bias gets the gradients of its own filter's
channel only.
"""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.db",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    dx, dw, _ = right_backward(dout, cache)
    return dx, dw, np.full(dout.shape[1], dout.sum())
