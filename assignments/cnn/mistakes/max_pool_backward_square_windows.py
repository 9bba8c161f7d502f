"""The backward pass of max pooling takes every window to be as wide as it is high: pool_height and
pool_width can differ.
"""

from nndl.conv_layers import max_pool_backward_naive as right_backward

PARTS = ("max_pool_backward_naive",)
SCOPE = "beyond"


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    return right_backward(dout, (x, {**pool_param, "pool_width": pool_param["pool_height"]}))
