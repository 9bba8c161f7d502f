"""The convolution gives every image the same output, the sum over all images: each image is looked at by itself."""

import numpy as np

from nndl.conv_layers import conv_forward_naive as right_forward

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    scores, cache = right_forward(x, w, np.zeros_like(b), conv_param)
    out = np.broadcast_to(scores.sum(axis=0), scores.shape) + b[:, np.newaxis, np.newaxis]
    return out, cache
