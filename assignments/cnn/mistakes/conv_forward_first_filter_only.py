"""Every channel of the convolution's output comes from the first filter: each filter makes a channel of its own."""

import numpy as np

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    out, _ = right_forward(x, np.broadcast_to(w[:1], w.shape), b, conv_param)
    return out, (x, w, b, conv_param)
