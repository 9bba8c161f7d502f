"""The gradient of max pooling leaves out part of an input that is wider than high: height and width each
have their own number of windows.
"""

from nndl.conv_layers import max_pool_backward_naive as right_backward

PARTS = ("max_pool_backward_naive",)
SCOPE = "beyond"


def max_pool_backward_naive(dout, cache):
    seen = dout.copy()
    seen[:, :, :, dout.shape[2] :] = 0
    return right_backward(seen, cache)
