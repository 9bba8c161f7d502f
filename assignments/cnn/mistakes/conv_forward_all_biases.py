"""Every channel of the convolution's output gets the sum of all biases: each filter adds its own."""

import numpy as np

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    out, _ = right_forward(x, w, np.full_like(b, b.sum()), conv_param)
    return out, (x, w, b, conv_param)
