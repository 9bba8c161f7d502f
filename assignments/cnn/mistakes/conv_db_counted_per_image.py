"""The gradient of the biases is too large by the number of images: a sum over the whole batch stands inside
a loop over the batch.
"""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.db",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    dx, dw, _ = right_backward(dout, cache)
    db = np.zeros(dout.shape[1])
    for _, f in np.ndindex(*dout.shape[:2]):
        db[f] += np.sum(dout[:, f])
    return dx, dw, db
