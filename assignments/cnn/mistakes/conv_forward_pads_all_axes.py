"""The padding of the convolution also adds empty images and channels: only height and width are padded.

np.pad with a single number pads every axis. The filters then meet a channel too many; here the last ones
are left out.
"""

import numpy as np

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, pad)
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :C, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)
