"""The gradient of the filters multiplies the upstream gradient by the filter instead of by the image: what a
weight was multiplied with is the pixel under it.

The lines of dx are copied and only the left side is changed.
"""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dw",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    _, w, _, _ = cache
    dx, _, db = right_backward(dout, cache)
    dw = np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        dw[f] += w[f] * dout[n, f, i, j]
    return dx, dw, db
