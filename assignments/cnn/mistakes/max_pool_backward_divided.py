"""The gradient of max pooling is too small by the number of pixels in a window: the output moves exactly as
its largest pixel does.
"""

import numpy as np

from nndl.conv_layers import max_pool_backward_naive as right_backward

PARTS = ("max_pool_backward_naive",)
SCOPE = "homework"


def max_pool_backward_naive(dout, cache):
    return right_backward(dout, cache) / np.prod([cache[1]["pool_height"], cache[1]["pool_width"]])
