"""The gradient of the biases holds the share of the last image only: the biases are shared by the whole
batch, so the images' shares add up.
"""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.db",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    dx, dw, _ = right_backward(dout, cache)
    db = np.zeros(dout.shape[1])
    for n, f in np.ndindex(*dout.shape[:2]):
        db[f] = np.sum(dout[n, f])
    return dx, dw, db
