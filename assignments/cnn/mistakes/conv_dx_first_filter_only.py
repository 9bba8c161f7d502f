"""The gradient of the images goes through the first filter for every channel of the output: each channel goes back
through the filter that it came from.
"""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dx",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    _, dw, db = right_backward(dout, cache)
    dx, _, _ = right_backward(dout, (x, np.broadcast_to(w[:1], w.shape), b, conv_param))
    return dx, dw, db
