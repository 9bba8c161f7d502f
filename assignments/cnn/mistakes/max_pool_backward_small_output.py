"""The gradient of max pooling has the shape of the output: a gradient has the shape of what it belongs to,
here the input.
"""

PARTS = ("max_pool_backward_naive",)
SCOPE = "homework"


def max_pool_backward_naive(dout, cache):
    return dout.copy()
