"""Both passes overwrite what they work on, but only copies of their own."""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward
from nndl.conv_layers import conv_forward_naive as right_forward


def conv_forward_naive(x, w, b, conv_param):
    images, filters = x.copy(), w.copy()
    images *= 2
    filters /= 2
    out, _ = right_forward(images, filters, b, dict(conv_param))
    images[...] = np.nan
    return out, (x.copy(), w.copy(), b.copy(), dict(conv_param))


def conv_backward_naive(dout, cache):
    upstream = dout.copy()
    gradients = right_backward(upstream, cache)
    upstream *= 0
    return gradients
