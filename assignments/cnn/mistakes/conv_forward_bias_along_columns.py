"""The biases of the convolution end up along the columns of the output, or raise an error there: each
belongs to one filter's whole channel.

The biases are added to the finished output at once, and broadcasting lines them up with the last axis. A
shape that does not fit is filled up, so that the mistake stays silent.
"""

import numpy as np

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    out, _ = right_forward(x, w, np.zeros_like(b), conv_param)
    return out + np.resize(b, out.shape[-1]), (x, w, b, conv_param)
