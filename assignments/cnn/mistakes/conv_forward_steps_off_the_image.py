"""The convolution takes one step too many where the stride does not divide the image: a filter that would
leave the padded image is not placed.

The size is rounded up; the patch is then smaller than the filter, which here meets only its pixels.
"""

import math

import numpy as np

PARTS = ("conv_forward_naive",)
SCOPE = "beyond"


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    H_out, W_out = (1 + math.ceil((size + 2 * pad - span) / stride) for size, span in ((H, HH), (W, WW)))
    out = np.zeros((N, F, H_out, W_out))
    for n, f, i, j in np.ndindex(*out.shape):
        patch = x_pad[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        out[n, f, i, j] = np.sum(patch * w[f, :, : patch.shape[1], : patch.shape[2]]) + b[f]
    return out, (x, w, b, conv_param)
